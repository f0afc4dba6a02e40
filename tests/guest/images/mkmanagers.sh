#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Fetches the boot managers of Debian that the demo disk does not have, and makes a
# FAT disk of each with a configuration that starts the demo guest's kernel. Fetches
# UEFI for virt of Debian 12 and sid, too.
#
#   mkmanagers.sh APT DIR CONFIGURATIONS KERNEL INITRAMFS SYSTEMD_BOOT REFIND IPXE
#       GRUB AAVMF_BOOKWORM AAVMF_SID
#
# CONFIGURATIONS is the folder with the files of tests/guest/images/managers.

set -euo pipefail
apt=$1 dir=$2 from=$3 kernel=$4 initramfs=$5
shift 5
esp=$(dirname "$0")/../../../tools/build/esp.sh

rm -rf "$dir"
"$apt" unpack trixie arm64 "$dir/trixie" systemd-boot-efi refind ipxe
"$apt" unpack bookworm arm64 "$dir/bookworm" grub-efi-arm64-bin \
    qemu-efi-aarch64
"$apt" unpack sid arm64 "$dir/sid" qemu-efi-aarch64

disk() { # OUTPUT LOADER FILE=PATH...
    local output=$1 loader=$2
    shift 2
    "$esp" new "$output" 64 1 MANAGER "$loader=EFI/BOOT/BOOTAA64.EFI" \
        "$kernel=vmlinuz" "$initramfs=initramfs.cpio.gz" "$@"
}

disk "$1" "$dir/trixie/usr/lib/systemd/boot/efi/systemd-bootaa64.efi" \
    "$from/loader.conf=loader/loader.conf" \
    "$from/entry.conf=loader/entries/demo.conf"
disk "$2" "$dir/trixie/usr/share/refind/refind/refind_aa64.efi" \
    "$from/refind.conf=EFI/BOOT/refind.conf"
disk "$3" "$dir/trixie/usr/lib/ipxe/ipxe-arm64.efi" \
    "$from/autoexec.ipxe=autoexec.ipxe"
disk "$4" "$dir/bookworm/usr/lib/grub/arm64-efi/monolithic/grubaa64.efi" \
    "$from/grub.cfg=EFI/debian/grub.cfg"
cp "$dir/bookworm/usr/share/AAVMF/AAVMF_CODE.fd" "$5"
cp "$dir/sid/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd" "$6"
