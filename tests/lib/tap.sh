# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# shellcheck shell=bash
#
# The one way in which a shell test prints TAP. A test sources this file, which
# also sets -u and pipefail, and then has one of two forms:
#
#   rule_NAME() { ... }         a function for each case ...
#   tap_run                     ... and all of them are run, in this order: by
#                               name
#
#   tap_plan NUMBER             a test that computes its cases says how many
#   tap_case NAME COMMAND...    there will be, and then runs each of them
#
# A rule and a command are alike: they print what they saw and return 0 if the
# case passes, 77 if it cannot be checked here (what they printed is the
# reason), anything else if it fails. They run in a subshell: no variable that
# they set is seen by the next one. What a case saw follows its verdict as
# comments; of a failed case it goes to stderr, the one stream that "meson test
# --print-errorlogs" shows of a TAP test.

set -uo pipefail

tap_count=0

tap_plan() { # NUMBER
    echo "1..$1"
}

# A test none of whose cases can be checked here says so, and why, and ends.
tap_skip_all() { # REASON
    echo "1..0 # SKIP $1"
}

tap_case() { # NAME COMMAND...
    local name=$1 seen status
    shift
    seen=$("$@" 2>&1)
    status=$?
    tap_count=$((tap_count + 1))
    case $status in
    0)  echo "ok $tap_count - $name" ;;
    77) echo "ok $tap_count - $name # SKIP ${seen//$'\n'/ }" ;;
    *)  echo "not ok $tap_count - $name"
        printf '%s:\n%s\n' "$name" "$seen" >&2
        return ;;
    esac
    [ -z "$seen" ] || printf '%s\n' "$seen" | sed 's/^/# /'
}

tap_run() {
    local rules rule
    mapfile -t rules < <(declare -F | sed -n 's/^declare -f rule_//p')
    tap_plan "${#rules[@]}"
    for rule in "${rules[@]}"; do
        tap_case "${rule//_/-}" "rule_$rule"
    done
}
