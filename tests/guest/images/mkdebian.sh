#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Makes a disk as Debian's cloud image is: Debian 13 for arm64 with cloud-init, an ssh
# server, Debian's cloud kernel and GRUB on a file system of its own; no user has a
# password. All of it comes from Debian's packages. Their scripts are arm64 programs,
# which the host runs by qemu-user-static. This needs root and takes some minutes.
#
#   mkdebian.sh APT ESP GRUB DIR OUTPUT     DIR: for the system's files

set -euo pipefail
apt=$1 esp_tool=$2 grub=$3 dir=$4 output=$5
PATH=$PATH:/sbin:/usr/sbin
# the EFI system partition, and Debian; in MiB
esp_mib=64 root_mib=2048
root_uuid=6d617073-7065-4364-9d6f-000000000002
work=$output.work
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"

[ -e "$dir" ] || {
    "$apt" root trixie arm64 "$dir.system" systemd-sysv udev dbus cloud-init \
        openssh-server sudo iproute2 initramfs-tools zstd e2fsprogs \
        linux-image-cloud-arm64
    mv "$dir.system" "$dir"
}
system=$work/system
cp -a "$dir" "$system"
rm -rf "$system"/var/cache/apt/archives/*.deb "$system"/var/lib/apt/lists/*
rm -f "$system"/etc/ssh/ssh_host_* "$system"/etc/resolv.conf
: > "$system/etc/machine-id"
echo "UUID=$root_uuid / ext4 defaults 0 1" > "$system/etc/fstab"
# cloud-init has the first word, as on Debian's image: which name, which network
rm -f "$system/etc/hostname"
ln -sf /lib/systemd/system/systemd-networkd.service \
    "$system/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
# the packages' scripts have made the caches that systemd would make anew
touch "$system/etc/.updated" "$system/var/.updated"

kernel=$(cd "$system/boot" && echo vmlinuz-*)
cat > "$work/grub.cfg" <<END
set timeout=1
search --no-floppy --fs-uuid --set=root $root_uuid
menuentry "Debian" {
    linux /boot/$kernel root=UUID=$root_uuid ro
    initrd /boot/initrd.img-${kernel#vmlinuz-}
}
END
"$esp_tool" new "$work/esp" "$esp_mib" 1 ESP "$grub=EFI/BOOT/BOOTAA64.EFI" \
    "$work/grub.cfg=EFI/debian/grub.cfg"
mke2fs -q -t ext4 -U "$root_uuid" -d "$system" "$work/root" "${root_mib}M"

disk=$work/disk
truncate -s "$((1 + esp_mib + root_mib + 1))M" "$disk"
sgdisk -a 2048 -n "1:1M:+${esp_mib}M" -t 1:EF00 -n "2:$((1 + esp_mib))M:+${root_mib}M" \
    -t 2:8305 "$disk" > /dev/null
dd if="$work/esp" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
dd if="$work/root" of="$disk" bs=1M seek=$((1 + esp_mib)) conv=notrunc,sparse status=none
mv "$disk" "$output"
