#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Composes a disk that boots Xen by UEFI: FAT without partitions, with xen.efi
# at the removable-media path, its configuration, and the dom0 beside it.
#
#   mkxen.sh XEN CONFIGURATION KERNEL INITRAMFS OUTPUT

set -eu

disk=$5.tmp
trap 'rm -f "$disk"' EXIT
rm -f "$disk"
truncate -s 64M "$disk"
PATH=$PATH:/sbin:/usr/sbin
mkfs.fat -F 32 -s 1 -n XEN --invariant "$disk" > /dev/null
mmd -i "$disk" ::/EFI ::/EFI/BOOT
mcopy -i "$disk" "$1" ::/EFI/BOOT/BOOTAA64.EFI
mcopy -i "$disk" "$2" ::/EFI/BOOT/BOOTAA64.cfg
mcopy -i "$disk" "$3" ::/EFI/BOOT/vmlinuz
mcopy -i "$disk" "$4" ::/EFI/BOOT/initramfs.cpio.gz
mv "$disk" "$5"
