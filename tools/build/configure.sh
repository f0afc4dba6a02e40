#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run the configure script of a staged QEMU in its own build directory. The
# flags are here and nowhere else. With DEVICES=small, QEMU has the machine, user
# networking and VNC; with full, it has what Debian's package has besides, but
# for what a guest of this machine cannot use and for Ceph and GlusterFS, whose
# libraries are larger than all others. A directory named *-fuzz has the least
# that QEMU's fuzzer takes, with ASan; one named *-asan is small, with ASan and
# UBSan. One named *-kvm is for a host of arm64 with KVM, with the libraries of a
# folder.
#
#   configure.sh BUILD FARM STAGED STAMP [DEVICES]   STAGED: the stamp of stage.sh;
#                                     DEVICES: for *-kvm the folder of the libraries

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$1 devices=${5:-small} farm=$(realpath -m "$2") staged=$(realpath "$3") stamp=$(realpath -m "$4")
if [ ! -s "$staged" ]; then # this version is not there
    : > "$stamp"
    exit 0
fi

flags=(--target-list=aarch64-softmmu --with-devices-aarch64=vmspec
    --without-default-features --enable-system --enable-tcg --enable-tools
    --enable-slirp --enable-fdt=system --enable-plugins --enable-tpm
    --enable-pixman --enable-vnc --enable-virtfs --enable-attr
    --enable-vhost-user --enable-vhost-net --enable-seccomp --enable-werror
    --disable-download --disable-install-blobs
    # our data in a folder of ours; then, for other machines of this QEMU, the
    # ROMs that Debian's packages bring
    --with-suffix=qemu-vmspec
    --firmwarepath=share/qemu-vmspec:/usr/share/qemu-firmware:/usr/share/qemu:/usr/share/seabios:/usr/lib/ipxe/qemu)
# What has libraries of its own to load is a module where QEMU can have it as
# one: a start without it loads none of them. packages-full.txt names the libraries.
full=(--enable-modules --enable-malloc-trim
    # windows and screens
    --enable-gtk --enable-gtk-clipboard --enable-vte --enable-sdl
    --enable-curses --enable-iconv --enable-spice --enable-spice-protocol
    --enable-dbus-display --enable-gio --enable-opengl --enable-virglrenderer
    --enable-png --enable-vnc-jpeg --enable-vnc-sasl
    # sound
    --audio-drv-list=default --enable-pa --enable-pipewire --enable-alsa
    --enable-jack
    # USB
    --enable-libusb --enable-usb-redir --enable-smartcard --enable-libudev
    # secrets, compression, disks
    --enable-gnutls --enable-libkeyutils --enable-keyring --enable-zstd
    --enable-curl --enable-libssh --enable-libiscsi --enable-libnfs
    --enable-linux-aio --enable-linux-io-uring --enable-libpmem
    --enable-vmdk --enable-vdi --enable-vhdx --enable-vpc --enable-qed
    --enable-qcow1 --enable-parallels --enable-bochs --enable-cloop
    --enable-vvfat --enable-dmg --enable-bzip2 --enable-replication
    # devices in the host's kernel and in other processes, the host itself
    --enable-vhost-kernel --enable-vhost-vdpa --enable-vhost-crypto
    --enable-l2tpv3 --enable-colo-proxy --enable-numa --enable-cap-ng
    --enable-capstone)
case $build in
*-fuzz)
    flags=(--target-list=aarch64-softmmu --with-devices-aarch64=vmspec
        --without-default-features --enable-system --enable-tcg
        --enable-fdt=system --enable-attr --disable-download
        --disable-install-blobs --cc=clang --cxx=clang++ --enable-fuzzing
        --enable-asan --disable-werror) ;;
*-asan) # line tables alone, as debug information takes half of the time
    flags+=(--disable-werror --disable-plugins --cc=clang --cxx=clang++
        --enable-asan --enable-ubsan --disable-debug-info
        '--extra-cflags=-O1 -gline-tables-only -fno-omit-frame-pointer') ;;
*-kvm)
    flags=(--target-list=aarch64-softmmu --with-devices-aarch64=vmspec
        --without-default-features --enable-system --enable-kvm
        --enable-fdt=system --enable-attr --enable-tpm --enable-vhost-net
        --enable-vhost-kernel --enable-werror --disable-download
        --disable-install-blobs --with-suffix=qemu-vmspec
        --cross-prefix=aarch64-linux-gnu- "--extra-cflags=--sysroot=$devices"
        "--extra-ldflags=--sysroot=$devices")
    export PKG_CONFIG=pkg-config PKG_CONFIG_SYSROOT_DIR=$devices
    export PKG_CONFIG_LIBDIR=$devices/usr/lib/aarch64-linux-gnu/pkgconfig:$devices/usr/share/pkgconfig ;;
*)
    if [ "$devices" = full ]; then
        flags+=("${full[@]}")
        # QEMU 10.2 uses AVX2 where the host has it and takes no option for it
        if grep -q -- --enable-avx2 "$farm/scripts/meson-buildoptions.sh"; then
            flags+=(--enable-avx2)
        fi
    fi ;;
esac
# hosts of arm64 have KVM; others have none for these guests
case $build/${VMSPEC_CROSS:-$(uname -m)} in
*-fuzz/*|*-asan/*|*-kvm/*) ;;
*/aarch64*) flags+=(--enable-kvm) ;;
esac
# for another architecture of the host, which setup.sh knows, too
if [ -n "${VMSPEC_CROSS:-}" ]; then
    flags+=("--cross-prefix=$VMSPEC_CROSS-" "--libdir=/usr/local/lib/$VMSPEC_CROSS")
fi

mkdir -p "$build"
cd "$build"
# meson cannot follow a build directory that has moved
if [ -e .vmspec-path ] && [ "$(cat .vmspec-path)" != "$PWD" ]; then
    find . -mindepth 1 -delete
fi
echo "$PWD" > .vmspec-path
[ -e build.ninja ] || rm -f .vmspec-key

configure() {
    "../${farm##*/}/configure" --python=/usr/bin/python3 "${flags[@]}" ||
        die "QEMU's configure failed" "see $PWD/meson-logs/meson-log.txt"
}
if_changed .vmspec-key "$({ echo "${flags[@]}"; cat "$staged"; } | sha256sum)" configure
cmp -s .vmspec-key "$stamp" || cp .vmspec-key "$stamp"
