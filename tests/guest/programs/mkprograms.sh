#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the initramfs with the programs: the demo guest's, and behind it an
# archive with the programs and, in /vfio in the order of loading, with the modules
# that give one of them a PCI device.
#
#   mkprograms.sh PACKAGES OUTPUT DEMO_INITRAMFS PROGRAM...
#
# PACKAGES is the folder with the unpacked kernel package.

set -eu

packages=$1 output=$2 demo=$3
shift 3
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/vfio"
install -m 755 "$@" "$root/bin"
n=10
for module in vfio vfio_iommu_type1 vfio-pci-core vfio-pci; do
    xz -dc "$(find "$packages/usr/lib/modules" -name "$module.ko.xz")" \
        > "$root/vfio/$n-$module.ko"
    n=$((n + 1))
done
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 9 "$output" "$demo"
