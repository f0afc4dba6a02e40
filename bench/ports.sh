#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What hot-plug ports cost at start-up: host instructions until the machine is
# ready, with 0, 4 and 32 of them, counted by callgrind, the least of some runs,
# as waiting adds to it; then the time of 4 against none, the median of paired
# runs, which means something on an idle host only.
#
#   bench/ports.sh [BUILD]          VMSPEC_BENCH_COUNTS: runs of each count (3)
#                                   VMSPEC_BENCH_RUNS: pairs of timed runs (41)

set -euo pipefail
qemu=$(realpath "${1:-build}")/qemu-10.0/qemu-system-aarch64
runs=${VMSPEC_BENCH_RUNS:-41}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
truncate -s 4K "$work/stub.fd"

start() { # PORTS [WRAPPER...]
    local ports=$1; shift
    timeout 300 "$@" "$qemu" -M "vmspec,hotplug-ports=$ports" -nodefaults \
        -display none -bios "$work/stub.fd" -accel tcg,thread=single -S \
        -monitor stdio <<< quit
}

instructions() { # PORTS
    for ((i = 0; i < ${VMSPEC_BENCH_COUNTS:-3}; i++)); do
        start "$1" valgrind --tool=callgrind --callgrind-out-file=/dev/null 2>&1
    done | sed -n 's/.*Collected : //p' | sort -n | head -1
}

microseconds() { # PORTS
    local t0=${EPOCHREALTIME/[.,]/}
    start "$1" > "$work/log"
    echo $((${EPOCHREALTIME/[.,]/} - t0))
}

none=
for ports in 0 4 32; do
    n=$(instructions "$ports")
    none=${none:-$n}
    awk -v p="$ports" -v n="$n" -v z="$none" 'BEGIN {
        printf "%2d ports: %.2f M instructions, ratio %.3f\n", p, n / 1e6,
               n / z }'
done

for ((i = 0; i < runs; i++)); do
    echo $(($(microseconds 4) - $(microseconds 0)))
done | sort -n | awk '{ t[NR] = $1 / 1000 } END {
    printf "4 ports against none: median %.2f ms, quartiles %.2f to %.2f, ",
           t[int((NR + 1) / 2)], t[int((NR + 3) / 4)], t[int((3 * NR + 3) / 4)]
    printf "%d pairs\n", NR }'
echo "load of the host: $(cut -d ' ' -f 1-3 /proc/loadavg)"
