#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes an archive of the kernel modules for disks on SCSI and USB, which the
# demo guest lacks.  A number before each name gives the order of loading.
#
#   mkmodules.sh PACKAGES OUTPUT
#
# PACKAGES is the folder with the unpacked kernel package.

set -eu

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

n=10
for module in scsi_common scsi_mod sd_mod virtio_scsi usb-common usbcore \
    xhci-hcd xhci-pci usb-storage; do
    file=$(find "$1"/usr/lib/modules -name "$module.ko.xz")
    if [ -z "$file" ]; then
        echo "mkmodules.sh: no module '$module' in $1" >&2
        exit 1
    fi
    xz -dc "$file" > "$root/$n-$module.ko"
    n=$((n + 1))
done
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 0 "$2"
