#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The demo disk as Secure Boot wants it: Debian's signed shim at the removable
# media path, and behind it Debian's signed GRUB. The kernel of the demo disk is
# Debian's signed one.
#
#   mksigned.sh APT DIR DISK OUTPUT

set -eu

apt=$1 dir=$2 disk=$3 output=$4
esp=$output.tmp@@1M # where demo/mkdisk.sh puts the partition
folder=::/EFI/BOOT

rm -rf "$dir"
"$apt" unpack trixie arm64 "$dir" shim-signed grub-efi-arm64-signed
trap 'rm -f "$output.tmp"' EXIT
cp --sparse=always "$disk" "$output.tmp"
export MTOOLS_SKIP_CHECK=1
mcopy -o -i "$esp" "$dir/usr/lib/shim/shimaa64.efi.signed" \
    "$folder/BOOTAA64.EFI"
mcopy -o -i "$esp" "$dir/usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed" \
    "$folder/grubaa64.efi"
mv "$output.tmp" "$output"
