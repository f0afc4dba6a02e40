#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# All that "make" builds, from nothing, by an ordinary user in a copy of this
# tree; then the demo guest, and the tests that need no machine. steps.sh does
# the steps of the set-up alone, in seconds.
#
#   user.sh REPO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1
# some gigabytes: /tmp may be memory
tmp=$(mktemp -d -p /var/tmp vmspec-user-XXXXXX)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
# shellcheck source=tests/lib/user.sh
. "$(dirname "$0")/../lib/user.sh"

a_user_builds_everything() {
    as_user make && [ -x "$clone/build/qemu/qemu-system-aarch64" ] &&
        [ -s "$clone/build/firmware/vmspec-uefi-aarch64-secure.fd" ] &&
        [ -s "$clone/build/demo/demo-arm.img" ]
}

nothing_is_built_twice() {
    local said
    said=$(as_user make V=1 2>&1) || { echo "$said"; return 1; }
    [[ $said != *Linking* ]] || { echo "$said"; return 1; }
}

# What is typed before the guest's shell is there goes to the firmware.
type_poweroff_to_the_shell() { # LOG
    # no pipeline: it would wait for tail, which ends at its next line
    grep -q -m 1 "^Enter 'help'" < <(timeout 300 tail -n +1 -f "$1")
    echo poweroff
}

a_user_runs_the_demo_guest() {
    local log=$tmp/guest.log
    : > "$log"
    # shellcheck disable=SC2094 # one appends, the other follows
    type_poweroff_to_the_shell "$log" | as_user timeout 300 ./run >> "$log" 2>&1
    cat "$log"
    [[ $(< "$log") == *"the guest starts"*vmspec*"Power down"* ]]
}

a_user_runs_the_tests_without_a_machine() {
    as_user meson test -C build --no-rebuild --print-errorlogs \
        --suite host --suite tools
}

cases=(a_user_builds_everything nothing_is_built_twice
    a_user_runs_the_demo_guest a_user_runs_the_tests_without_a_machine)
copy_clone
tap_plan ${#cases[@]}
for case in "${cases[@]}"; do
    tap_case "${case//_/-}" "$case" < /dev/null
done
