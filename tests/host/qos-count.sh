#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# QEMU's qos-test runs on vmspec whatever it runs on virt.
#
#   qos-count.sh QOS_TEST   run where QEMU's own build would run it

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
list=$("$1" -l) || list=

tests_on() { # MACHINE
    printf '%s\n' "$list" | sed -n "s,^/aarch64/$1/,,p" | sort
}

count() { # MACHINE
    tests_on "$1" | grep -c .
}

rule_virt_has_tests() {
    [ "$(count virt)" -gt 0 ]
}

rule_vmspec_has_each_test_of_virt() {
    local missing
    echo "tests on virt: $(count virt), on vmspec: $(count vmspec)"
    missing=$(comm -23 <(tests_on virt | sort -u) <(tests_on vmspec | sort -u))
    [ -z "$missing" ] || echo "only on virt:" "$missing"
    [ -z "$missing" ] && [ "$(count vmspec)" -ge "$(count virt)" ]
}

tap_run
