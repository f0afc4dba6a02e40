#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The guest of the libvirt suite: the demo guest, with drivers for what people
# plug. The same as an initramfs and as a disk.
#
#   mkguest.sh PACKAGES BUSYBOX LOADER MENU KERNEL INITRAMFS DISK

set -eu
demo=$(dirname "$0")/../../demo
packages=$1 busybox=$2 loader=$3 menu=$4 kernel=$5 initramfs=$6 disk=$7

"$demo/mkinitramfs.sh" "$packages" "$busybox" "$initramfs" \
    virtio_balloon virtio_input scsi_common scsi_mod sd_mod cdrom sr_mod \
    virtio_scsi usb-common usbcore xhci-hcd xhci-pci usb-storage hid usbhid \
    hid-generic i6300esb virtiofs
"$demo/mkdisk.sh" "$loader" BOOTAA64.EFI "$menu" "$kernel" "$initramfs" "$disk"
