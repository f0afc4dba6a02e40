#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What hot-plug ports cost when the machine starts.
#
# - Host instructions until the machine is ready, with 0, 4 and 32 ports. The
#   script counts them with callgrind and takes the least of some runs, because
#   waiting adds instructions.
# - Time of 4 ports against none, by the clock and by the processor (user and
#   system): the median of pairs of samples. The clock's time means something on
#   an idle host only.
#
#   bench/ports.sh [BUILD]          VMSPEC_BENCH_COUNTS: runs of each count (3)
#                                   VMSPEC_BENCH_RUNS: pairs of samples (21),
#                                   of 10 starts each

set -euo pipefail
qemu=$(realpath "${1:-build}")/qemu-10.0/qemu-system-aarch64
runs=${VMSPEC_BENCH_RUNS:-21}
starts=10 # a sample: what bash measures by has steps of 1 ms
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

sample() { # PORTS: milliseconds a start, by the clock and by the processor
    local TIMEFORMAT='%3R %3U %3S'
    {
        time for ((k = 0; k < starts; k++)); do
            start "$1" > "$work/log" 2>&1
        done
    } 2>&1 | awk -v n="$starts" '{ print $1 / n * 1e3, ($2 + $3) / n * 1e3 }'
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
    # each first in turn
    if ((i % 2)); then
        four=$(sample 4) zero=$(sample 0)
    else
        zero=$(sample 0) four=$(sample 4)
    fi
    echo "$zero $four"
done > "$work/pairs"
for what in 'clock 1' 'processor 2'; do
    read -r name column <<< "$what"
    awk -v c="$column" '{ print $(c + 2) - $c }' "$work/pairs" | sort -n |
        awk -v name="$name" '{ t[NR] = $1 } END {
            printf "4 ports against none, by the %s: median %.2f ms, ", name,
                   t[int((NR + 1) / 2)]
            printf "quartiles %.2f to %.2f, %d pairs\n", t[int((NR + 3) / 4)],
                   t[int((3 * NR + 3) / 4)], NR }'
done
echo "load of the host: $(cut -d ' ' -f 1-3 /proc/loadavg)"
