#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the demo guest's initramfs, without root and byte for byte the same
# from the same inputs: busybox, the kernel modules a virtual machine needs,
# and the scripts that lie beside this one.  It owns the list of modules.
#
#   mkinitramfs.sh PACKAGES BUSYBOX OUTPUT [MODULE...]
#
# PACKAGES is the folder with the unpacked kernel package, each MODULE one more
# that is there to be loaded.

set -eu

packages=$1 busybox=$2 output=$3
shift 3
here=$(dirname "$0")

# Loaded at start; those that this kernel has built in are left out.  Few, as
# each costs a 32-bit kernel with many CPUs seconds under emulation.  Modules
# that another one needs are listed too.
modules="virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover
net_failover virtio_net virtio_blk virtio_mmio evdev gpio_keys"
# Loaded when the user asks for what needs them.
on_demand="efivarfs virtio-rng virtio_mem libnvdimm nfit of_pmem nd_pmem
nd_btt nvme nvme-core nvme-auth nvme-keyring e1000e ptp pps_core $*"
# The same, and packed: most guests have no screen and share no folder, and
# would unpack 3 MB for nothing.  Loaded for a screen, a USB keyboard and a
# folder of the host by 9p; virtiofs is in the kernel.
packed="virtio-gpu drm drm_kms_helper drm_shmem_helper virtio_dma_buf
xhci-pci xhci-hcd usbcore usb-common usbhid hid hid-generic virtio_input
9p 9pnet 9pnet_virtio netfs"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

from=$(echo "$packages"/usr/lib/modules/*)
to=$root/lib/modules/${from##*/}
for dir in bin dev proc sys tmp root etc/acpi/PWRF; do
    mkdir -p "$root/$dir"
done
mkdir -p "$to"

cp "$from"/modules.builtin* "$from/modules.order" "$to"
# Debian 12 does not pack its modules, later releases do.
for module in $modules $on_demand; do
    file=$(find "$from/kernel" -name "$module.ko.xz" -o -name "$module.ko")
    case $file in
    *.xz) xz -dc "$file" > "$to/$module.ko" ;;
    ?*) cp "$file" "$to" ;;
    esac
done
for module in $packed; do
    file=$(find "$from/kernel" -name "$module.ko.xz" -o -name "$module.ko")
    if [ -n "$file" ]; then
        cp "$file" "$to"
    fi
done
echo "$modules" > "$root/etc/modules"
PATH=$PATH:/sbin:/usr/sbin depmod -b "$root" "${from##*/}"

install -m 755 "$busybox" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
ln -s bin "$root/sbin" # where the kernel looks for modprobe
ln -s bin/busybox "$root/init"
install -m 644 "$here/inittab" "$root/etc/inittab"
install -m 755 "$here/start" "$root/etc/start"
install -m 755 "$here/screen" "$root/etc/screen"
install -m 755 "$here/report" "$root/bin/report"
install -m 755 "$here/udhcpc" "$root/etc/udhcpc"
install -m 755 "$here/power-button" "$root/etc/acpi/PWRF/00000080"
install -m 644 "$here/profile" "$root/etc/profile"

"$here/../tools/build/cpio.sh" "$root" 9 "$output"
