#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Two costs of the variable store.
#
# A nearly full store: the script counts the guest's instructions from reset to
# the first one of an EFI application, with the store that a first boot leaves,
# and with the same store after variables of 8,000 bytes have filled it. The
# firmware finds less free room there than it wants, and packs the store at each
# boot. The ratio is at most 1.6.
#
# Durability: a guest sets 420 variables. The script measures the time when QEMU
# flushes each program and erase to stable storage, as it always does, and when
# the block layer is told not to flush. The times depend on the host's disk; the
# number of flushes, which the script counts too, does not.
#
#   bench/nvram.sh [BUILD]          VMSPEC_BENCH_RUNS: runs of each (3)

set -euo pipefail
here=$(dirname "$(realpath "$0")")
build=$(realpath "${1:-build}")
qemu=$build/qemu-10.0
tool=$build/tools/vmspec-nvram
firmware=$build/firmware/vmspec-uefi-aarch64.fd
runs=${VMSPEC_BENCH_RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ninja --quiet -C "$qemu" tests/tcg/plugins/libinsn.so
aarch64-linux-gnu-gcc -c "$here/off.S" -o "$work/off.o"
aarch64-linux-gnu-objcopy -O binary -j .text "$work/off.o" "$work/off.efi"

start() { # MACHINE OPTION...
    timeout 600 "$qemu/qemu-system-aarch64" -M "vmspec$1" -m 512M -nodefaults \
        -display none -bios "$firmware" "${@:2}"
}

boot() { # STORE: instructions of a boot; changes a copy
    cp "$1" "$work/copy.fd"
    start ",dtb-randomness=off,nvram=$work/copy.fd" -serial null \
        -kernel "$work/off.efi" \
        -plugin "$qemu/tests/tcg/plugins/libinsn.so" -d plugin 2>&1 |
        sed -n 's/^total insns: //p'
}

write() { # NO-FLUSH: on or off
    cp "$work/normal.fd" "$work/written.fd"
    start ",pflash1=store" -serial stdio -kernel "$build/tests/nvram/vars.efi" \
        -append "w 0 420" -blockdev "raw,node-name=store,file.driver=file,\
file.filename=$work/written.fd,file.cache.no-flush=$1" > "$work/out"
    grep -q "op 419 0" "$work/out"
}

start ",nvram=$work/normal.fd" -serial null -kernel "$work/off.efi"
cp "$work/normal.fd" "$work/full.fd"
head -c 8000 /dev/zero > "$work/filler"
i=0
while "$tool" write "$work/full.fd" \
    "Filler$((i++))-3c7e115a-9b42-4d4f-8a21-6e9033d107c4" "$work/filler" \
    2> "$work/no-room"; do :; done
"$tool" check "$work/full.fd"

strace -f -qq -c -e trace=fdatasync,fsync -o "$work/calls" \
    bash -c "$(declare -f start write); $(declare -p build qemu work firmware)
             write off"
awk '/sync$/ { n += $4 } END { printf "420 SetVariables: %d flushes\n", n }' \
    "$work/calls"

TIMEFORMAT=%R
for ((i = 0; i < runs; i++)); do
    normal=$(boot "$work/normal.fd")
    full=$(boot "$work/full.fd")
    on=$({ time write off; } 2>&1)
    off=$({ time write on; } 2>&1)
    awk -v n="$normal" -v f="$full" -v on="$on" -v off="$off" 'BEGIN {
        printf "full store %.1f M, normal %.1f M instructions: ratio %.3f; ",
               f / 1e6, n / 1e6, f / n
        printf "flushed %.2f s, not flushed %.2f s: ratio %.3f\n",
               on, off, on / off }'
done
