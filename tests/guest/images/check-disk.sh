#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Demo disks against the rules for images of the VM System Specification:
# GPT (I1), an EFI application at the removable-media path (I2), an EFI system
# partition with FAT32 (I3), the architecture's file name (I4).  Boots nothing.
#
#   check-disk.sh DISK...         as demo-aarch64.img, demo-arm.img

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../../lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is_gpt() {
    sgdisk -v "$1" | grep 'No problems found' &&
        ! sgdisk -v "$1" 2>&1 | grep -i 'caution\|warning'
}

is_system_partition() {
    sgdisk -i 1 "$1" | grep C12A7328-F81F-11D2-BA4B-00A0C93EC93B
}

is_fat32() { # ESP: a FAT driver tells the type by the number of clusters
    minfo -i "$1" :: && minfo -i "$1" :: | grep 'disk type="FAT32   "' &&
        fsck.fat -n "$work/esp"
}

has_loader() { # ESP NAME MACHINE: a PE file for that machine
    local header machine
    mcopy -n -i "$1" "::/EFI/BOOT/$2" "$work/loader" || return
    header=$(od -A n -t u4 -j 60 -N 4 "$work/loader" | tr -d ' ')
    machine=$(od -A n -t x1 -j "$header" -N 6 "$work/loader" | tr -d ' ')
    echo "PE signature and machine: $machine, expected 50450000$3"
    [ "$machine" = "50450000$3" ]
}

# Another architecture's loader would be one that no test starts.
has_one_loader() {
    mdir -b -i "$1" ::/EFI/BOOT | tee "$work/loaders"
    [ "$(wc -l < "$work/loaders")" = 1 ]
}

tap_plan $((5 * $#))
for disk; do
    name=$(basename "$disk" .img)
    start=$(sgdisk -i 1 "$disk" | awk '/First sector/ { print $3 }')
    size=$(sgdisk -i 1 "$disk" | awk '/Partition size/ { print $3 }')
    esp=$disk@@$((start * 512))
    case $name in
    *-aarch64) loader=BOOTAA64.EFI machine=64aa ;;
    *-arm)     loader=BOOTARM.EFI machine=c201 ;;
    esac
    rm -f "$work/esp"
    dd if="$disk" of="$work/esp" bs=512 skip="$start" count="$size" \
        conv=sparse status=none
    tap_case "$name: I1 the disk has a valid GPT" is_gpt "$disk"
    tap_case "$name: I3 the partition's type is EFI system" \
        is_system_partition "$disk"
    tap_case "$name: I3 the partition holds FAT32" is_fat32 "$esp"
    tap_case "$name: I2 I4 /EFI/BOOT/$loader is a PE file for the architecture" \
        has_loader "$esp" "$loader" "$machine"
    tap_case "$name: I4 there is no other loader" has_one_loader "$esp"
    rm -f "$work/loader"
done
