#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# A checked-in file must be what a program prints.
#
#   docs-drift.sh FILE PROGRAM [ARGUMENT...]

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

is_printed() { # FILE PROGRAM [ARGUMENT...]
    local file=$1
    shift
    "$@" | diff -u "$file" - ||
        { echo 'to bring it up to date: make refresh-docs'; return 1; }
}

tap_plan 1
tap_case "${1##*/} is up to date" is_printed "$@"
