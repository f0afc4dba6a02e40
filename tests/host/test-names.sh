#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Every qtest is in the list, a name in tests/ means one thing, and TAP is printed
# in one way.
#
#   test-names.sh REPO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
list=tests/qtest/vmspec/tests.txt

listed() {
    grep -v '^#' "$list" | sort
}

qtests() {
    local file
    for file in tests/qtest/vmspec-*-test.c; do
        basename "$file" .c
    done | sort
}

rule_each_qtest_is_in_the_list() {
    local name missing
    missing=$(comm -13 <(listed) <(qtests))
    for name in $missing; do
        echo "tests/qtest/$name.c is never run: add the line $name to $list"
    done
    [ -z "$missing" ]
}

rule_each_line_of_the_list_has_a_qtest() {
    local name surplus
    surplus=$(comm -23 <(listed) <(qtests))
    for name in $surplus; do
        echo "$list: there is no tests/qtest/$name.c: remove the line"
    done
    [ -z "$surplus" ]
}

rule_no_two_files_of_one_name() {
    local twice
    twice=$(find tests -name '*.[ch]' -printf '%f\n' | sort | uniq -d)
    [ -z "$twice" ] || find tests -name '*.[ch]' |
        grep -E "/(${twice//$'\n'/|})\$"
    [ -z "$twice" ]
}

# main() and what a frame calls by its name have one meaning in all programs
rule_no_two_functions_of_one_name() {
    local tags twice bare='bare_(main|irq|second|fault)'
    command -v ctags >/dev/null || { echo "no ctags"; return 77; }
    tags=$(find tests -name '*.c' -exec ctags -x --kinds-C=f {} + |
           awk '{ print $1, $4 }' | sort -u)
    twice=$(awk '{ print $1 }' <<< "$tags" | uniq -d |
            grep -vxE "main|add_tests|efi_main|LLVMFuzzerTestOneInput|$bare")
    [ -z "$twice" ] || grep -wF "$twice" <<< "$tags"
    [ -z "$twice" ]
}

# A verdict that a script prints by itself escapes tap.sh's numbering and plan.
rule_shell_tests_print_tap_by_tap_sh() {
    ! grep -rnE "(echo|printf) .*[\"'](not )?ok |(echo|printf) .*1\.\.[0-9\$]" \
        tests --include='*.sh' | grep -v '^tests/lib/tap\.sh:' | grep .
}

tap_run
