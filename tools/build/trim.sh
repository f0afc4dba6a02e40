#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Copy a flash image without its padding, zeros or erased flash at the end,
# down to a multiple of 4 KiB. One erased block stays: a reader of a firmware
# volume finds its end there.
#
#   trim.sh IMAGE OUTPUT

set -euo pipefail
# od prints a run of equal lines once: the last line of padding, if only the
# end follows it, begins the padding
length=$(od -A d -t x8 -w4096 "$1" | awk '
    NF == 1 && $1 != "*" { size = $1; next }
    NF > 1 { zero = erased = 1
             for (i = 2; i <= NF; i++) {
                 if ($i !~ /^0+$/) zero = 0
                 if ($i !~ /^f+$/) erased = 0
                 if (!zero && !erased) break
             }
             start = $1 }
    END { print (zero ? start : erased ? start + 4096 : size) + 0 }')
head -c "$length" "$1" > "$2.new"
mv "$2.new" "$2"
