#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes an archive for the demo guest's initramfs with what it needs to run the
# demo guest itself, by KVM: QEMU for arm64 with its libraries, a kernel, an initramfs
# and the firmware, in /kvm. /kvm/qemu starts QEMU.
#
#   mkkvm.sh SYSROOT QEMU PACKAGES KERNEL INITRAMFS KERNEL32 INITRAMFS32 FIRMWARE
#            TEMPLATE OUTPUT
#
# KERNEL32 and INITRAMFS32 are for an AArch32 guest. PACKAGES is the folder with the
# unpacked kernel package.

set -euo pipefail
sysroot=$1 qemu=$2 packages=$3 kernel=$4 initramfs=$5 kernel32=$6 initramfs32=$7
firmware=$8 template=$9 output=${10}
# what the demo guest lacks for vhost-net, in the order of loading
modules='vhost_iotlb vhost tap tun vhost_net'
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# the libraries that a program names, and those that they name
libraries() { # FILE...
    local file name found
    for file; do
        while read -r name; do
            [ ! -e "$root/kvm/lib/$name" ] || continue
            for found in "$sysroot"/{usr/,}lib/aarch64-linux-gnu/"$name"; do
                [ -e "$found" ] && break
            done
            cp -L "$found" "$root/kvm/lib/$name"
            libraries "$found"
        done < <(aarch64-linux-gnu-objdump -p "$file" |
                 awk '$1 == "NEEDED" { print $2 }')
    done
}

mkdir -p "$root/kvm/lib" "$root/kvm/share" "$root/kvm/modules"
aarch64-linux-gnu-strip -o "$root/kvm/qemu-system-aarch64" "$qemu"
libraries "$qemu"
cp "$kernel" "$root/kvm/vmlinuz"
cp "$initramfs" "$root/kvm/initramfs.cpio.gz"
cp "$kernel32" "$root/kvm/vmlinuz-arm"
cp "$initramfs32" "$root/kvm/initramfs-arm.cpio.gz"
cp "$firmware" "$template" "$root/kvm/share/"
n=10
for module in $modules; do
    file=$(find "$packages"/usr/lib/modules -name "$module.ko.xz")
    xz -dc "$file" > "$root/kvm/modules/$n-$module.ko"
    n=$((n + 1))
done
cat > "$root/kvm/qemu" <<'EOF'
#!/bin/sh
exec /kvm/lib/ld-linux-aarch64.so.1 --library-path /kvm/lib \
    /kvm/qemu-system-aarch64 -L /kvm/share -accel kvm -M vmspec -cpu host "$@"
EOF
chmod +x "$root/kvm/qemu"
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 1 "$output" "$initramfs"
