#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run the tests of a finished build; the last line counts them.
#
#   check.sh BUILD [SETUP [SUITE]]      see tests/meson.build

set -u
here=$(dirname "$0")
build=$1 setup=${2:-} suite=${3:-}
log=$build/meson-logs/testlog${setup:+-$setup}.json
rm -f "$log"
meson test -C "$build" --no-rebuild --print-errorlogs ${setup:+--setup "$setup"} \
    ${suite:+--suite "$suite"}
rc=$?
echo "vmspec: check: logs in $build/meson-logs"

# what docs/pcie.md calls shown was shown in this run, if it was a whole one
[ -n "$suite" ] ||
    "$here/../docs/pcie-table.sh" "$here/../../tests/data/pcie-rules.txt" - - \
        "$log" > /dev/null || rc=1
"$here/testlog.py" count "$log" || rc=1
exit $rc
