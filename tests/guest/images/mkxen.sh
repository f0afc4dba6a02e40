#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes a disk that boots Xen by UEFI: FAT without partitions, with xen.efi
# at the removable-media path, its configuration, and the dom0 beside it.
#
#   mkxen.sh XEN CONFIGURATION KERNEL INITRAMFS OUTPUT

set -eu

exec "$(dirname "$0")/../../../tools/build/esp.sh" new "$5" 64 1 XEN \
    "$1=EFI/BOOT/BOOTAA64.EFI" "$2=EFI/BOOT/BOOTAA64.cfg" \
    "$3=EFI/BOOT/vmlinuz" "$4=EFI/BOOT/initramfs.cpio.gz"
