#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# One line of context can land a hook in the wrong place without a word, so
# see that each has had its effect in the built QEMU.
#
#   hooks.sh REPO QEMU_BUILD SOURCES QTEST...

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2; shift 3
qtests=("$@")
export QTEST_QEMU_BINARY=./qemu-system-aarch64

rule_machine_is_listed() {
    local list
    list=$("$build/qemu-system-aarch64" -M help) || return 1
    [ "$(grep -cE '^(virt-vmspec-1.0|vmspec) ' <<< "$list")" = 2 ] ||
        { echo "-M help lists:"; echo "$list"; return 1; }
}

rule_qtests_are_listed() {
    local name list rc=0
    list=$(cd "$build" && pyvenv/bin/meson test --list 2>/dev/null) || return 1
    for name in "${qtests[@]}"; do
        grep -q "qtest-aarch64/$name\$" <<< "$list" ||
            { echo "QEMU's build does not know $name"; rc=1; }
    done
    return $rc
}

rule_qos_node_is_listed() {
    local n
    n=$(cd "$build" && tests/qtest/qos-test --tap -l | grep -c /aarch64/vmspec/)
    echo "$n tests of qos-test run on vmspec"
    [ "$n" -gt 0 ]
}

rule_manual_page_is_in_the_toctree() {
    grep -q '^ *arm/vmspec$' \
        "$build-src/docs/system/target-arm.rst"
}

tap_run
