#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The overlay's objects, and no others, compile on a second QEMU version:
# ninja makes just the headers that they need.
#
#   compiles.sh BUILD STAMP      STAMP is empty if that version is not here

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
build=$1 stamp=$2

compiles() {
    local objects
    [ -s "$stamp" ] ||
        { echo "no source of ${build##*/} on this machine's mirror"; return 77; }
    ninja -C "$build" build.ninja > "$build/overlay.log" 2>&1
    mapfile -t objects < <(ninja -C "$build" -t targets all |
        sed -nE 's,^([^:]*vmspec(-test\.a\.p/)?[^:/]*\.o):.*,\1,p' | sort -u)
    echo "${#objects[@]} objects, log: $build/overlay.log"
    if [ ${#objects[@]} -eq 0 ] ||
       ! ninja -C "$build" "${objects[@]}" >> "$build/overlay.log" 2>&1; then
        grep -A20 -iE '^FAILED|error:' "$build/overlay.log"
        return 1
    fi
}

tap_plan 1
tap_case "overlay-compiles-on-${build##*/}" compiles
