#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the demo disk, without root: a raw disk with a GPT and one EFI
# system partition (FAT32) that holds GRUB at the removable-media path, its
# menu, the kernel and the initramfs.
#
#   mkdisk.sh LOADER NAME MENU KERNEL INITRAMFS OUTPUT
#
# NAME is the loader's name on the disk: BOOTAA64.EFI or BOOTARM.EFI.

set -eu

loader=$1 name=$2 menu=$3 kernel=$4 initramfs=$5 output=$6
PATH=$PATH:/sbin:/usr/sbin

# Sizes in MiB.  FAT32 with clusters of 4 KiB, which firmware reads several
# times faster than those of 512 bytes, starts at 256 MiB; the file is sparse.
esp_start=1 esp_size=272 disk_size=274
disk=$output.tmp
esp=$output.esp
trap 'rm -f "$disk" "$esp"' EXIT
rm -f "$disk" "$esp"

"$(dirname "$0")/../tools/build/esp.sh" new "$esp" "$esp_size" 8 DEMO \
    "$loader=EFI/BOOT/$name" "$menu=EFI/debian/grub.cfg" "$kernel=vmlinuz" \
    "$initramfs=initramfs.cpio.gz"

truncate -s "${disk_size}M" "$disk"
sgdisk -a 2048 -n "1:${esp_start}M:+${esp_size}M" \
    -t 1:C12A7328-F81F-11D2-BA4B-00A0C93EC93B -c 1:"EFI system partition" \
    -U 6D617073-7065-4364-9D6F-000000000000 \
    -u 1:6D617073-7065-4364-9D6F-000000000001 "$disk" > /dev/null
dd if="$esp" of="$disk" bs=1M seek="$esp_start" conv=notrunc,sparse status=none
mv "$disk" "$output"
