#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What QEMU says of its own streams: the state descriptions of two builds, compared
# by QEMU's checker in both directions. vmstate-known.txt has what is known to
# differ in devices of QEMU's.
#
#   vmstate.sh STAMP CHECKER QEMU OTHER     STAMP: empty if OTHER is not here

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
stamp=$1 checker=$2 qemu=$3 other=$4
known=$(dirname "$0")/vmstate-known.txt
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

is_here() {
    [ -s "$stamp" ] || { echo "no source of the other release here"; return 77; }
}

dump() { # QEMU FILE
    timeout 60 "$1" -M vmspec -nodefaults -dump-vmstate "$tmp/$2"
}

compare() { # FROM TO
    is_here || return
    dump "$qemu" first.json && dump "$other" second.json || return
    python3 "$checker" -s "$tmp/$1.json" -d "$tmp/$2.json" > "$tmp/said"
    ! grep -vf <(sed '/^#/d; /^$/d' "$known") "$tmp/said"
}

rule_streams_of_the_first_load_in_the_second() { compare first second; }
rule_streams_of_the_second_load_in_the_first() { compare second first; }

tap_run
