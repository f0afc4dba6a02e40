#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How much firmware costs: guest instructions from reset to the first one of
# \EFI\BOOT\BOOTAA64.EFI on a virtio disk, with our UEFI and with Debian's AAVMF
# of the same EDK2 version, on the same machine and QEMU. Instructions, because
# they are the same in every run and on every host; the first boot of a new
# store, which is the longest.
#
#   bench/firmware.sh [BUILD]       VMSPEC_BENCH_RUNS: runs of each (3)

set -euo pipefail
here=$(dirname "$(realpath "$0")")
build=$(realpath "${1:-build}")
export VMSPEC_BUILD=$build
qemu=$build/qemu-10.0
runs=${VMSPEC_BENCH_RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ninja --quiet -C "$qemu" tests/tcg/plugins/libinsn.so
"$here/../tools/apt.sh" unpack trixie "$(dpkg --print-architecture)" \
    "$build/firmware/debian" qemu-efi-aarch64 >&2
"$here/../tools/trim.sh" \
    "$build/firmware/debian/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd" \
    "$work/aavmf.fd"

aarch64-linux-gnu-gcc -c "$here/off.S" -o "$work/off.o"
aarch64-linux-gnu-objcopy -O binary -j .text "$work/off.o" "$work/off.efi"
truncate -s 64M "$work/disk.img"
sgdisk -n 1:2048:0 -t 1:ef00 "$work/disk.img" > "$work/log"
mformat -i "$work/disk.img@@1M" -F -T $((62 * 2048)) ::
mmd -i "$work/disk.img@@1M" ::/EFI ::/EFI/BOOT
mcopy -i "$work/disk.img@@1M" "$work/off.efi" ::/EFI/BOOT/BOOTAA64.EFI

count() { # IMAGE
    timeout 120 "$qemu/qemu-system-aarch64" -M vmspec,dtb-randomness=off \
        -m 512M -nodefaults -display none -serial null -bios "$1" \
        -drive "if=none,id=disk,format=raw,snapshot=on,file=$work/disk.img" \
        -device virtio-blk-pci,drive=disk \
        -plugin "$qemu/tests/tcg/plugins/libinsn.so" -d plugin 2>&1 |
        sed -n 's/^total insns: //p'
}

for ((i = 0; i < runs; i++)); do
    ours=$(count "$build/firmware/vmspec-uefi-aarch64.fd")
    theirs=$(count "$work/aavmf.fd")
    awk -v o="$ours" -v t="$theirs" 'BEGIN {
        printf "vmspec-uefi %.1f M, AAVMF %.1f M instructions: ratio %.3f\n",
               o / 1e6, t / 1e6, o / t }'
done
