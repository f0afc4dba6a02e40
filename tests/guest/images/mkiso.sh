#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Makes an ISO 9660 image like that of an installer: firmware finds the loader in
# the FAT image that the El Torito catalogue names for EFI (UEFI 2.10, 13.3.2.1).
# EMPTY is that FAT image without the loader.
#
#   mkiso.sh LOADER NAME OUTPUT EMPTY   NAME: what firmware looks for in EFI/BOOT

set -euo pipefail
loader=$1 name=$2 output=$3 empty=$4
esp=$(dirname "$0")/../../../tools/build/esp.sh
tree=$output.tree
trap 'rm -rf "$tree"' EXIT
rm -rf "$tree"
mkdir "$tree"
"$esp" new "$empty" 8 4 EFI
cp "$empty" "$tree/efi.img"
"$esp" add "$tree/efi.img" "$loader=EFI/BOOT/$name"
xorriso -as mkisofs -quiet -e efi.img -no-emul-boot -o "$output.new" "$tree"
mv "$output.new" "$output"
