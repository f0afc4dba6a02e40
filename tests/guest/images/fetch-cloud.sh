#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the guest that takes memory while it runs: Debian's cloud kernel for
# arm64, which has ACPI memory hot-plug where the kernel of the demo guest has
# not, and an initramfs that adds util-linux's lsmem to the demo's.
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
