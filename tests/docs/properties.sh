#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Each property that "-M vmspec,help" prints, and that not every machine has, is in
# the manual of the machine and in its man page; and these name no other.
#
#   properties.sh REPO QEMU

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1 qemu=$2
manual=$repo/docs/system/arm/vmspec.rst
man=$repo/docs/man/qemu-system-aarch64-vmspec.rst

names() { # MACHINE
    "$qemu" -M "$1,help" | sed -n 's/^  \([a-z0-9-]*\)=.*/\1/p' | sort -u
}
all=$(names vmspec)
ours=$(comm -23 <(echo "$all") <(names none))

documented() { # FILE
    local name
    [ "$(wc -w <<< "$ours")" -gt 20 ] || { echo "too few: $ours"; return 1; }
    for name in $ours; do
        grep -qE "(^|[\`, ])$name(\`|=|,|\$)" "$1" || { echo "not there: $name"; false; }
    done
}

rule_in_the_manual() { documented "$manual"; }
rule_in_the_man_page() { documented "$man"; }

# the terms of the list below "Properties of the machine"
rule_the_man_page_names_no_other() {
    local term unknown
    unknown=$(sed -n '/^Properties of the machine/,/^Properties of QEMU/p' "$man" |
        grep -E '^[a-z][a-z0-9-]*(=[^ ]*)?(, [a-z0-9=A-Z-]*)*$' |
        tr ',' '\n' | sed 's/=.*//; s/ //g' | grep . |
        while read -r term; do
            # help has neither read-only ones nor those of each machine's making
            grep -qx "$term" <<< "$all" || grep -qx "$term" "$manual" ||
                grep -rqF "\"$term\"" "$repo/hw/arm/vmspec" || echo "$term"
        done)
    [ -z "$unknown" ] || { echo "no property: $unknown"; return 1; }
}

tap_run
