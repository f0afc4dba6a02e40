#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Makes the guest for memory hot-plug: Debian's cloud kernel for arm64, because
# the kernel of the demo guest lacks ACPI memory hot-plug, and an initramfs with
# util-linux's lsmem behind the demo's.
#
#   fetch-cloud.sh APT MKINITRAMFS DIR KERNEL INITRAMFS

set -eu

apt=$1 mkinitramfs=$2 dir=$3 kernel=$4 initramfs=$5
suite=trixie

image=$("$apt" depends "$suite" arm64 linux-image-cloud-arm64)
rm -rf "$dir"
"$apt" unpack "$suite" arm64 "$dir" "$image" busybox-static util-linux \
    libsmartcols1 libc6
cp "$dir/boot/vmlinuz-${image#linux-image-}" "$kernel"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
"$mkinitramfs" "$dir" "$dir/usr/bin/busybox" "$root/demo.cpio.gz"
# The kernel unpacks archives one after the other, the demo's first.
mkdir -p "$root/lsmem/bin" "$root/lsmem/lib"
cp "$dir/usr/bin/lsmem" "$root/lsmem/bin"
for file in ld-linux-aarch64.so.1 libc.so.6 libsmartcols.so.1; do
    cp "$dir/usr/lib/aarch64-linux-gnu/$file" "$root/lsmem/lib"
done
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root/lsmem" 9 "$initramfs" \
    "$root/demo.cpio.gz"
