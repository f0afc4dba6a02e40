#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run the tests of a finished build; the last line counts them: each line of
# a TAP test, and a test that crashed or ran out of time as one that failed.
#
#   check.sh BUILD [SETUP]      SETUP: see tests/meson.build

set -u
build=$1 setup=${2:-}
log=$build/meson-logs/testlog${setup:+-$setup}.json
rm -f "$log"
meson test -C "$build" --no-rebuild --print-errorlogs ${setup:+--setup "$setup"}
rc=$?
echo "vmspec: check: logs in $build/meson-logs"

# what docs/pcie.md calls shown was shown in this run
here=$(dirname "$0")
"$here/../docs/pcie-table.sh" "$here/../../tests/data/pcie-rules.txt" - - "$log" \
    > /dev/null || rc=1

# one JSON object a line; inside a string every quote is escaped
awk '
function field(name,  s) {
    if (!match($0, "\"" name "\": \"([^\"\\\\]|\\\\.)*\"")) return ""
    s = substr($0, RSTART + length(name) + 5, RLENGTH - length(name) - 6)
    return s
}
{
    result = field("result"); n = split(field("stdout"), line, "\\\\n")
    ok = bad = skip = tap = 0
    for (i = 1; i <= n; i++) {
        if (line[i] ~ /^1\.\.[0-9]/) tap = 1
        if (line[i] ~ /^not ok.*# *TODO/) skip++ # a known fault, with reason
        else if (line[i] ~ /^not ok/) bad++
        else if (line[i] ~ /^ok.*# *[Ss][Kk][Ii][Pp]/) skip++
        else if (line[i] ~ /^ok/) ok++
    }
    if (!tap) ok = bad = skip = 0
    failed = result !~ /^(OK|SKIP|EXPECTEDFAIL)$/
    if (failed && (!bad || result == "TIMEOUT")) bad++
    if (!failed && !ok && !skip) { if (result == "SKIP") skip++; else ok++ }
    passed += ok; fails += bad; skipped += skip
}
END {
    printf "%d passed, %d failed, %d skipped\n", passed, fails, skipped
    exit fails > 0 || passed == 0
}' "$log" || rc=1
exit $rc
