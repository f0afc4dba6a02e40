#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The DEBUG build prints what it does, and none of EDK2's assertions fails until
# the guest runs: on the default machine, and with devices that need more
# drivers. The test calls firmware/edk2.sh as -Dfirmware_debug=true does; that
# option itself would replace the firmware of the other tests.
#
#   debug.sh REPO BUILD EDK2 WORK

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2 edk2=$3 work=$4

boots() { # ARCH OPTION...
    local arch=$1 log=$work/boot-$1.txt seen pid
    shift
    firmware/edk2.sh "$edk2" "$work" "${arch^^}" DEBUG "$(nproc)" \
        > "$work/debug-$arch.log" 2>&1 ||
        { tail -20 "$work/debug-$arch.log"; return 1; }
    : > "$log"
    "$build/qemu/qemu-system-aarch64" -M vmspec -m 512M "$@" \
        -display none -monitor none -serial "file:$log" \
        -bios "$work/Build/Vmspec-${arch^^}/DEBUG_GCCNOLTO/FV/VMSPEC_CODE.fd" \
        -drive "if=virtio,format=raw,snapshot=on,file=$build/demo/demo-$arch.img" &
    pid=$!
    seen=$(grep -a -m 1 -E 'ASSERT|Welcome to the vmspec demo guest' \
        < <(timeout 900 tail -n +1 -F --pid=$pid "$log" 2> /dev/null))
    kill $pid && wait $pid
    echo "$arch: $(grep -a -c . "$log") lines, then: $seen"
    grep -a -q 'Loading driver' "$log" && [[ $seen = Welcome* ]]
}

has_source() { [ -d "$edk2" ] || { echo "no EDK2 source here"; return 77; }; }

rule_the_debug_build_boots_aarch64() {
    has_source || return
    boots aarch64
}
rule_the_debug_build_boots_aarch64_with_many_devices() {
    has_source || return
    boots aarch64 -device virtio-gpu-pci -device qemu-xhci -device usb-kbd \
        -device virtio-scsi-pci -device nvme,serial=1,drive=none \
        -blockdev null-co,node-name=none,size=1048576,read-zeroes=on \
        -device virtio-rng-pci -netdev user,id=net \
        -device virtio-net-pci,netdev=net,bootindex=9
}
rule_the_debug_build_boots_arm() {
    has_source || return
    boots arm -cpu cortex-a15
}

tap_run
