#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Fetches a kernel of a Debian suite and architecture, in a flavour such as arm64 or
# rt-arm64, and makes the demo's initramfs with its modules.
#
#   fetch-kernel.sh APT MKINITRAMFS SUITE ARCH FLAVOUR DIR KERNEL INITRAMFS

set -eu

apt=$1 mkinitramfs=$2 suite=$3 arch=$4 flavour=$5 dir=$6 kernel=$7 initramfs=$8

release=$("$apt" depends "$suite" "$arch" "linux-image-$flavour")
case $release in
linux-base-*) # sid has the kernel, its modules and their lists in packages
    release=$("$apt" depends "$suite" "$arch" "$release")
    release=${release#linux-base-}
    packages="linux-binary-$release linux-modules-$release linux-base-$release"
    ;;
*)
    packages=$release
    release=${release#linux-image-}
    ;;
esac
rm -rf "$dir"
# shellcheck disable=SC2086 # one package or three
"$apt" unpack "$suite" "$arch" "$dir" $packages busybox-static
if [ -e "$dir/boot/vmlinuz-$release" ]; then
    cp "$dir/boot/vmlinuz-$release" "$kernel"
else
    cp "$dir/usr/lib/modules/$release/vmlinuz" "$kernel"
fi
# Debian 12 has its programs and modules outside /usr.
mkdir -p "$dir/usr/lib" "$dir/usr/bin"
[ -e "$dir/usr/lib/modules" ] || mv "$dir/lib/modules" "$dir/usr/lib"
[ -e "$dir/usr/bin/busybox" ] || mv "$dir/bin/busybox" "$dir/usr/bin"
"$mkinitramfs" "$dir" "$dir/usr/bin/busybox" "$initramfs"
