#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Fetches the Debian packages of one demo guest, unpacks them and places the
# kernel, GRUB and busybox under fixed names.  It owns the list of packages;
# how packages are fetched is tools/build/apt.sh's.
#
#   fetch.sh APT ARCH DIR KERNEL LOADER BUSYBOX
#
# APT is tools/build/apt.sh, ARCH is aarch64 or arm, the packages go into DIR,
# and the last three are the files to make.

set -eu

apt=$1 arch=$2 dir=$3 kernel=$4 loader=$5 busybox=$6
suite=trixie

case $arch in
aarch64) debian=arm64 flavour=arm64 grub=arm64 efi=aa64 ;;
arm)     debian=armhf flavour=armmp-lpae grub=arm efi=arm ;;
*)       echo "fetch.sh: unknown architecture '$arch'" >&2; exit 2 ;;
esac

image=$("$apt" depends "$suite" "$debian" "linux-image-$flavour")
rm -rf "$dir"
"$apt" unpack "$suite" "$debian" "$dir" \
    "$image" "grub-efi-$grub-unsigned" busybox-static

cp "$dir/boot/vmlinuz-${image#linux-image-}" "$kernel"
cp "$dir/usr/lib/grub/$grub-efi/monolithic/grub$efi.efi" "$loader"
cp "$dir/usr/bin/busybox" "$busybox"
