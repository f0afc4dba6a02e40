#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What the firmware costs until it starts a boot loader: our UEFI against
# Debian's AAVMF, which is built from the same version of EDK2. The loader is on
# a virtio disk and turns the machine off at once. Each run boots with a new
# variable store, which is the slowest kind of boot. The script prints two
# ratios; the runs of both firmwares alternate, on the QEMU built here:
#
# - Instructions from reset to the loader's first one, both firmwares on the
#   machine vmspec. The number is the same in every run and on every host.
# - Time from exec() to power-off: vmspec with its own firmware against virt
#   with AAVMF, with default options except for the CPU. This is what a user
#   waits for. A busy host slows both, so only the ratio means something.
#
#   bench/firmware.sh [BUILD]       VMSPEC_BENCH_RUNS: runs of each (7)

set -euo pipefail
here=$(dirname "$(realpath "$0")")
build=$(realpath "${1:-build}")
export VMSPEC_BUILD=$build
qemu=$build/qemu-10.0
runs=${VMSPEC_BENCH_RUNS:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ninja --quiet -C "$qemu" tests/tcg/plugins/libinsn.so
"$here/../tools/build/apt.sh" unpack trixie "$(dpkg --print-architecture)" \
    "$build/firmware/debian" qemu-efi-aarch64 >&2
aavmf=$build/firmware/debian/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd
"$here/../tools/build/trim.sh" "$aavmf" "$work/aavmf.fd"

aarch64-linux-gnu-gcc -c "$here/off.S" -o "$work/off.o"
aarch64-linux-gnu-objcopy -O binary -j .text "$work/off.o" "$work/off.efi"
truncate -s 64M "$work/disk.img"
sgdisk -n 1:2048:0 -t 1:ef00 "$work/disk.img" > "$work/log"
"$here/../tools/build/esp.sh" new "$work/esp" 62 1 BENCH \
    "$work/off.efi=EFI/BOOT/BOOTAA64.EFI"
dd if="$work/esp" of="$work/disk.img" bs=1M seek=1 conv=notrunc status=none

boot() { # MACHINE OPTION...
    timeout 300 "$qemu/qemu-system-aarch64" -M "$@" -display none \
        -serial null -monitor none \
        -drive "if=none,id=disk,format=raw,snapshot=on,file=$work/disk.img" \
        -device virtio-blk-pci,drive=disk
}

instructions() { # IMAGE
    boot vmspec,dtb-randomness=off -m 512M -nodefaults -bios "$1" \
        -plugin "$qemu/tests/tcg/plugins/libinsn.so" -d plugin 2>&1 |
        sed -n 's/^total insns: //p'
}

microseconds() { # MACHINE OPTION...
    local start=${EPOCHREALTIME/./}
    boot "$@" >&2
    echo $((${EPOCHREALTIME/./} - start))
}

# of lines "OURS THEIRS": column 1, 2, or 3, the ratio, at a part of its order
at() { # COLUMN PART
    awk -v n="$1" '{ print n == 3 ? $1 / $2 : $n / 1e6 }' "$work/runs" |
        sort -g | awk -v part="$2" '{ value[NR] = $1 }
            END { printf "%.3f", value[int((NR - 1) * part + 1.5)] }'
}

summary() { # WHAT UNIT
    cat > "$work/runs"
    echo "$1: vmspec-uefi $(at 1 0.5) $2, AAVMF $(at 2 0.5) $2," \
        "ratio $(at 3 0.5) (quartiles $(at 3 0.25) to $(at 3 0.75)," \
        "$(at 3 0) to $(at 3 1) in $runs runs of each)"
}

ours=$build/firmware/vmspec-uefi-aarch64.fd
for ((i = 0; i < runs; i++)); do
    mine=$(instructions "$ours") theirs=$(instructions "$work/aavmf.fd")
    echo "$mine $theirs"
done | summary "instructions to the loader" M

# virt's own network card, but without the iPXE ROM that is not built here
for ((i = 0; i < runs; i++)); do
    mine=$(microseconds vmspec)
    theirs=$(microseconds virt -cpu max -bios "$aavmf" -netdev user,id=net \
        -device virtio-net-pci,netdev=net,romfile=)
    echo "$mine $theirs"
done | summary "time from exec to the loader" s
