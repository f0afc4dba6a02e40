#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# An archive for the kernel's initramfs of all that is in ROOT, byte for byte
# the same from the same files. The times of ROOT's files are changed.
#
#   cpio.sh ROOT LEVEL OUTPUT [BEFORE]
#           LEVEL: gzip's, 0 for none    BEFORE: an archive to put in front of
#           it, which the kernel unpacks first

set -euo pipefail
root=$1 level=$2 output=$3 before=${4:-/dev/null}

pack() { if [ "$level" = 0 ]; then cat; else gzip "-${level}n"; fi; }

find "$root" -exec touch -h -d @0 {} +
{
    cat "$before"
    (cd "$root" && find . | LC_ALL=C sort |
        cpio --quiet -o -H newc -R 0:0 --reproducible) | pack
} > "$output.new"
mv "$output.new" "$output"
