#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Makes the demo disk bootable with Secure Boot: Debian's signed shim is at the
# removable-media path, and Debian's signed GRUB beside it. The demo disk's
# kernel is signed by Debian anyway.
#
#   mksigned.sh APT DIR DISK OUTPUT

set -eu

apt=$1 dir=$2 disk=$3 output=$4
esp=$(dirname "$0")/../../../tools/build/esp.sh

rm -rf "$dir"
"$apt" unpack trixie arm64 "$dir" shim-signed grub-efi-arm64-signed
trap 'rm -f "$output.tmp"' EXIT
cp --sparse=always "$disk" "$output.tmp"
# at 1 MiB: where demo/mkdisk.sh puts the partition
"$esp" add "$output.tmp@@1M" \
    "$dir/usr/lib/shim/shimaa64.efi.signed=EFI/BOOT/BOOTAA64.EFI" \
    "$dir/usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed=EFI/BOOT/grubaa64.efi"
mv "$output.tmp" "$output"
