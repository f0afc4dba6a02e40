#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What one release of QEMU saves, the other one loads, and back: the machines and
# the checks of vmspec-recorded-test.
#
#   streams.sh STAMP BUILD OTHER      STAMP: empty if OTHER is not here

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
stamp=$1 first=$2 second=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export VMSPEC_STREAMS=$tmp

run() { # BUILD [VARIABLE=VALUE]: the test on the QEMU of this build
    local build=$1
    shift
    (cd "$build" && env "$@" tests/qtest/vmspec-recorded-test --tap -k)
}

hop() { # FROM TO
    [ -s "$stamp" ] || { echo "no source of the other release here"; return 77; }
    rm -rf "${tmp:?}"/*
    run "$1" VMSPEC_RECORD=new > "$tmp/recorded" || { cat "$tmp/recorded"; return 1; }
    rm "$tmp/recorded"
    run "$2" > "$tmp.said" || { grep -v '^# ' "$tmp.said"; rm "$tmp.said"; return 1; }
    grep -c '^ok .*/loads/' "$tmp.said"
    rm "$tmp.said"
}

rule_the_second_loads_what_the_first_saves() { hop "$first" "$second"; }
rule_the_first_loads_what_the_second_saves() { hop "$second" "$first"; }

tap_run
