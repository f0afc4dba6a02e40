#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Fetches what the guest tests start besides the demo guests, and gives it fixed
# names: Debian's U-Boot of both architectures, Xen, and UEFI for virt.
#
#   fetch.sh APT DIR U_BOOT_AARCH64 U_BOOT_ARM XEN AAVMF

set -eu

apt=$1 dir=$2
suite=trixie

rm -rf "$dir"
"$apt" unpack "$suite" arm64 "$dir" u-boot-qemu \
    xen-hypervisor-4.20-arm64 qemu-efi-aarch64
cp "$dir/usr/lib/u-boot/qemu_arm64/u-boot.bin" "$3"
cp "$dir/usr/lib/u-boot/qemu_arm/u-boot.bin" "$4"
cp "$dir/boot/xen-4.20-arm64" "$5"
cp "$dir/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd" "$6"
