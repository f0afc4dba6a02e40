#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What a person sees of a step, and how test results are counted.
#
#   display.sh REPO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# "step 3 NAME LOG CMD", without a terminal
shown() { # CMD...
    bash -c 'set -euo pipefail; . "$1/tools/build/step.sh"; total=7; shift
             step 3 build "$@"' shown "$repo" "$tmp/log" "$@" 2>&1
}

rule_a_step_is_one_line() {
    local said
    said=$(shown echo compiled)
    echo "$said"
    [[ $said = '[3/7] build: '[0-9]' s' ]] && [ "$(cat "$tmp/log")" = compiled ]
}

rule_a_long_step_says_that_it_begins() {
    local said
    said=$(shown bash -c 'sleep 1.5; echo compiled')
    echo "$said"
    [[ $said = '[3/7] build ...'$'\n''[3/7] build: '[0-9]' s' ]]
}

rule_a_step_with_nothing_to_do_is_not_shown() {
    local said
    echo before > "$tmp/log"
    said=$(shown printf '%s\n' 'ninja: no work to do.')
    [ -z "$said" ] && [ "$(cat "$tmp/log")" = before ]
}

rule_a_note_is_shown() {
    local said
    said=$(shown echo 'vmspec: source: NOTE: another version is taken')
    echo "$said"
    [[ $said == *$'\n''vmspec: source: NOTE: another version is taken' ]]
}

rule_a_failure_shows_log_and_way_out() {
    local said
    said=$(shown bash -c 'seq 100; echo "vmspec: apt: next: reach a mirror"; exit 3') &&
        return 1
    echo "$said"
    [[ $said == '[3/7] build: failed after '* && $said == *"$tmp/log"* ]] &&
        [[ $said == *$'\n''vmspec: next: reach a mirror' ]] &&
        [ "$(grep -c '^  | ' <<< "$said")" = 20 ]
}

rule_with_v_1_the_tools_are_heard() {
    local said
    said=$(V=1 shown echo compiled)
    echo "$said"
    [[ $said == *$'\n'compiled$'\n'* ]] && [ "$(cat "$tmp/log")" = compiled ]
}

# TERM is a terminal's, the screen is what script(1) records
rule_a_terminal_has_a_live_line() {
    command -v script > /dev/null || { echo "no script(1) here"; return 77; }
    local said
    said=$(TERM=xterm script -qec "bash -c '
        set -euo pipefail; . $repo/tools/build/step.sh; total=7
        step 3 build $tmp/log bash -c \"sleep 1; echo [1/9] one; sleep 1.5\"'" \
        /dev/null)
    echo "${said//[^[:print:]]/ }"
    [[ $said == *'[3/7] build  '[0-9]' s'*'[1/9] one'*'[3/7] build: '[0-9]' s'* ]]
}

log_line() { # RESULT TEXT
    printf '{"name": "t", "result": "%s", "stdout": "%s"}\n' "$1" "$2"
}

rule_results_are_counted() {
    {
        log_line OK '1..4\nok 1 /a/b\nok 2 - c # SKIP no \"x\"\nnot ok 3 /d # TODO\nok 4 /e\n'
        log_line FAIL '1..2\nok 1 /f\nnot ok 2 /g\n'
        log_line TIMEOUT '1..2\nok 1 /h\n'
        log_line OK 'no TAP\nok 1 nothing\n'
        log_line SKIP '1..0 # SKIP\n'
        log_line ERROR ''
    } > "$tmp/json"
    "$repo/tools/build/testlog.py" passed "$tmp/json" > "$tmp/passed"
    "$repo/tools/build/testlog.py" count "$tmp/json" > "$tmp/count" && return 1
    cat "$tmp/count" "$tmp/passed"
    [ "$(cat "$tmp/count")" = '5 passed, 3 failed, 3 skipped' ] &&
        [ "$(xargs < "$tmp/passed")" = '/a/b /e /f /h' ]
}

tap_run
