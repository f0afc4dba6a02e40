#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The groups in meson.build are those of guest-test: meson runs a group by its
# name, so that a case in a group which is not listed would never run.
#
#   groups.sh GUEST_TEST GROUP...

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
guest_test=$1; shift
listed=("$@")

rule_each_group_of_guest_test_is_listed() {
    diff <(printf '%s\n' "${listed[@]}" | sort) \
        <("$guest_test" -l | sed -n 's,^/guest/\([^/]*\)/.*,\1,p' | sort -u)
}

tap_run
