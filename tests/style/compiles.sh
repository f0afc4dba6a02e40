#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The overlay's objects, and no others, compile on a second QEMU version:
# ninja makes just the headers that they need.
#
#   compiles.sh BUILD STAMP      STAMP is empty if that version is not here

set -uo pipefail
build=$1 stamp=$2
if [ ! -s "$stamp" ]; then
    echo "1..0 # SKIP no source of ${build##*/} on this machine's mirror"
    exit 0
fi
ninja -C "$build" build.ninja > "$build/overlay.log" 2>&1
mapfile -t objects < <(ninja -C "$build" -t targets all |
    sed -nE 's,^([^:]*vmspec[^:/]*\.o):.*,\1,p' | sort -u)
echo "1..1"
echo "# ${#objects[@]} objects, log: $build/overlay.log"
if [ ${#objects[@]} -gt 0 ] &&
   ninja -C "$build" "${objects[@]}" >> "$build/overlay.log" 2>&1; then
    echo "ok 1 - overlay-compiles-on-${build##*/}"
else
    grep -A20 -iE '^FAILED|error:' "$build/overlay.log" >&2
    echo "not ok 1 - overlay-compiles-on-${build##*/}"
fi
