#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes an archive for the demo guest as Xen's dom0 with what it needs to start a
# domain: Xen's programs with their libraries where they expect them, modules, and
# in /domu the kernel and the initramfs of that domain with the scripts of
# tests/guest/images/domu.
#
#   mkdomu.sh APT SUITE VERSION DIR PACKAGES SCRIPTS KERNEL INITRAMFS XEN OUTPUT
#
# SUITE is Debian's that has this VERSION of Xen, PACKAGES the folder with the unpacked
# kernel package. XEN gets the hypervisor.

set -euo pipefail
apt=$1 suite=$2 version=$3 dir=$4 packages=$5 scripts=$6
kernel=$7 initramfs=$8 xen=$9 output=${10}
cpio=$(dirname "$0")/../../../tools/build/cpio.sh
bin=usr/lib/xen-$version/bin lib=usr/lib/aarch64-linux-gnu
"$apt" chroot "$suite" arm64 "$dir" "xen-utils-$version" xenstore-utils \
    "xen-hypervisor-$version-arm64"
cp "$dir/boot/xen-$version-arm64" "$xen"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/dom0

library() { # NAME: Debian 12 has some outside /usr
    local found
    for found in "$dir/$lib/$1" "$dir/${lib#usr/}/$1"; do
        [ ! -e "$found" ] || break
    done
    cp -L "$found" "$root/$lib/$1"
}

# the libraries that a program names, and those that they name
libraries() { # FILE...
    local file name
    for file; do
        while read -r name; do
            [ ! -e "$root/$lib/$name" ] || continue
            library "$name"
            libraries "$root/$lib/$name"
        done < <(aarch64-linux-gnu-objdump -p "$file" |
                 awk '$1 == "NEEDED" { print $2 }')
    done
}

modules() { # FOLDER MODULE...: in the order of loading
    local to=$1 n=10 module
    shift
    mkdir -p "$to"
    for module; do
        xz -dc "$(find "$packages/usr/lib/modules" -name "$module.ko.xz")" \
            > "$to/$n-$module.ko"
        n=$((n + 1))
    done
}

mkdir -p "$root/$bin" "$root/$lib" "$root/lib" "$root/usr/bin" "$root/domu"
for program in xenstored xenconsoled xenconsole xl xen-init-dom0; do
    cp "$dir/$bin/$program" "$root/$bin"
    libraries "$dir/$bin/$program"
done
for program in xenstore-read xenstore-write; do
    cp -L "$dir/usr/bin/$program" "$root/usr/bin"
    libraries "$dir/usr/bin/$program"
done
library libgcc_s.so.1 # to end a thread
library ld-linux-aarch64.so.1
mv "$root/$lib/ld-linux-aarch64.so.1" "$root/lib"
mkdir -p "$root/etc/xen"
: > "$root/etc/xen/xl.conf"
modules "$root/domu/modules" xen-evtchn xen-gntdev xen-gntalloc xen-privcmd \
    xenfs loop xen-blkback xen-netback
install -m 755 "$scripts"/{start,block,vif} "$root/domu"
cp "$scripts/domu.cfg" "$root/domu"
cp "$kernel" "$root/domu/vmlinuz"

modules "$work/front/front" xen-blkfront xen-netfront
"$cpio" "$work/front" 1 "$root/domu/initramfs.cpio.gz" "$initramfs"
"$cpio" "$root" 1 "$output" "$initramfs"
