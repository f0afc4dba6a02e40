#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What the manual says of FDT and ACPI is in the golden files, which are those
# of the running machine: every node, compatible, ACPI device and _HID, and
# each ACPI table's revision; and no golden table is missing in the manual.
#
#   docs-golden.sh RST GOLDEN

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
rst=$1 golden=$2
q="\`\`"

table() { # TITLE: its rows, without heading
    awk -v t=".. csv-table:: $1" '/^\.\. / { on = $0 == t; rows = 0; next }
        on && NF && !/^ *:/ && rows++' "$rst"
}

table_rows() { # of the table of ACPI tables: signature and revision
    table 'ACPI tables' | tr -d "$q," | awk '{ print $1, $2 }'
}

# The first literal of a row is the platform's own name for the device.
rule_names_are_those_of_the_machine() {
    local word n=0 bad=0
    while read -r word; do
        grep -rqF -e "$word {" -e "\"$word\"" -e "Device ($word)" \
            -e "Device (\\_SB.$word)" -e "Signature : \"$word\"" "$golden" ||
            { echo "$word is in no golden file"; bad=1; }
        n=$((n + 1))
    done < <(table 'Devices in FDT and ACPI' |
        sed -E "s/^ *${q}[^\`]*${q}//" | grep -oE "${q}[^\`]+${q}" |
        tr -d "$q" | sort -u)
    echo "$n names"
    [ "$n" -gt 20 ] && [ "$bad" = 0 ]
}

rule_revisions_are_those_of_the_machine() {
    local file name revision signature rows bad=0
    rows=$(table_rows)
    for file in "$golden"/acpi/*/*.dsl; do
        name=${file##*/} # a second SSDT is SSDT2
        revision=$(sed -nE -e 's/^Revision : ([0-9A-F]+)$/\1/p' \
            -e 's/^DefinitionBlock \("", "....", ([0-9]+),.*/\1/p' "$file" |
            head -1)
        grep -qx "${name:0:4} $((16#$revision))" <<< "$rows" ||
            { echo "$file: revision $revision is not in the manual"; bad=1; }
    done
    while read -r signature _; do
        # TPM2 needs a running emulator: no golden configuration has it
        [ "$signature" = TPM2 ] ||
            compgen -G "$golden/acpi/*/$signature*.dsl" > /dev/null ||
            { echo "$signature is in no golden file"; bad=1; }
    done <<< "$rows"
    [ "$bad" = 0 ]
}

rule_every_table_is_in_the_manual() {
    local file name bad=0
    for file in "$golden"/acpi/*/*.dsl; do
        name=${file##*/}
        table 'ACPI tables' | grep -qF "$q${name:0:4}$q" ||
            { echo "$name is not in the manual"; bad=1; }
    done
    [ "$bad" = 0 ]
}

tap_run
