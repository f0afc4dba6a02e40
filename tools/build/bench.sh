#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run the benchmark of a finished build, or take its results as the baseline.
#
#   bench.sh BUILD run|quick|baseline     ROWS: patterns of rows; all without

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$1 goal=$2
bench=$build/bench/vmspec-bench
baseline=$repo/bench/results.json
results=$build/bench/results.json
read -ra rows <<< "${ROWS:-}"
VMSPEC_BENCH_COMMIT=$(git -C "$repo" describe --always --dirty 2> /dev/null) ||
    unset VMSPEC_BENCH_COMMIT
export VMSPEC_BENCH_COMMIT

case $goal in
run)
    "$bench" run "$build" "$results" "${rows[@]}"
    "$bench" compare "$baseline" "$results" || :
    say "results: $results; next: make bench-baseline takes them into $baseline and docs/performance.md" ;;
quick)
    "$bench" quick "$build" "$build/bench/quick.json" "${rows[@]}"
    "$bench" compare "$baseline" "$build/bench/quick.json" ||
        die 'host or guest instructions have grown' \
            'find the cause; if the growth is wanted: make bench, make bench-baseline' ;;
baseline)
    [ -e "$results" ] || die "there is no $results yet" 'measure first: make bench'
    "$bench" merge "$baseline" "$results"
    "$bench" report "$baseline" "$repo/docs" ;;
*) sed -n 's/^#  *\(bench.sh .*\)/usage: \1/p' "$0" >&2; exit 2 ;;
esac
