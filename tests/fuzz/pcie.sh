#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# QEMU's generic fuzzer (libFuzzer, ASan) on the host bridge's ECAM, and through
# it on the configuration space of 00:00.0, two root ports and a device behind
# one. New inputs and inputs that fail go to FOUND. Leaks are not looked for,
# because QEMU frees little before it ends. The filter-buffer is there for its
# timer: the fuzzer moves the clock to the next timer, and fails without one.
#
#   pcie.sh FUZZER CORPUS FOUND [ARGUMENT...]   more arguments of libFuzzer's
#
# To renew the corpus: pcie.sh FUZZER FOUND NEW -merge=1 copies to NEW those
# inputs of FOUND that reach code which no other input reaches.

set -euo pipefail
fuzzer=$1 corpus=$2 found=$3; shift 3
mkdir -p "$found"
found=$(realpath "$found")
stub=$(mktemp)
trap 'rm -f "$stub"' EXIT
printf '\000\000\000\024' > "$stub"
truncate -s 4K "$stub"

QEMU_FUZZ_ARGS="-M vmspec,hotplug-ports=2 -nodefaults -bios $stub
    -device virtio-rng-pci,bus=hotplug0 -device edu,addr=3
    -netdev hubport,id=hub,hubid=0
    -object filter-buffer,id=timer,netdev=hub,interval=1000"
QEMU_FUZZ_ARGS=${QEMU_FUZZ_ARGS//$'\n'/}
export QEMU_FUZZ_ARGS
export QEMU_FUZZ_OBJECTS='pcie-mmcfg-mmio*'
export ASAN_OPTIONS=detect_leaks=0

"$fuzzer" --fuzz-target=generic-fuzz -max_total_time=120 -max_len=512 \
    -artifact_prefix="$found/failed-" "$@" "$found" "$corpus"
