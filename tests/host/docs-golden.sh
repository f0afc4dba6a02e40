#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the manual says of FDT and ACPI is in the golden files, which are those
# of the running machine: every node, compatible, ACPI device and _HID, and
# each ACPI table's revision; and no golden table is missing in the manual.
#
#   docs-golden.sh RST GOLDEN

set -uo pipefail
rst=$1 golden=$2
bad=0 n=0
q="\`\`"

table() { # TITLE: its rows, without heading
    awk -v t="$1" 'index($0, ".. table:: ") == 1 { on = $0 == ".. table:: " t
                                                   rules = 0 }
        on && /^ *=+ / { rules++; next }
        on && rules == 2' "$rst"
}

verdict() { # NUMBER NAME
    [ "$bad" = 0 ] || printf 'not '
    echo "ok $1 - $2"
    bad=0
}

echo 1..3

# the first literal is the platform's own name for the device
while read -r word; do
    grep -rqF -e "$word {" -e "\"$word\"" -e "Device ($word)" \
        -e "Device (\\_SB.$word)" -e "Signature : \"$word\"" "$golden" ||
        { echo "$word is in no golden file" >&2; bad=1; }
    n=$((n + 1))
done < <(table 'Devices in FDT and ACPI' |
    sed -E "s/^ *${q}[^\`]*${q}//" | grep -oE "${q}[^\`]+${q}" | tr -d "$q" | sort -u)
[ "$n" -gt 20 ] || bad=1
echo "# $n names"
verdict 1 names-are-those-of-the-machine

rows=$(table 'ACPI tables' | tr -d "$q" | awk '{ print $1, $2 }')
for file in "$golden"/acpi/*/*.dsl; do
    name=${file##*/} # a second SSDT is SSDT2
    revision=$(sed -nE -e 's/^Revision : ([0-9A-F]+)$/\1/p' \
        -e 's/^DefinitionBlock \("", "....", ([0-9]+),.*/\1/p' "$file" | head -1)
    grep -qx "${name:0:4} $((16#$revision))" <<< "$rows" ||
        { echo "$file: revision $revision is not in the manual" >&2; bad=1; }
done
while read -r signature _; do
    # a TPM needs a running emulator: in no configuration
    [ "$signature" = TPM2 ] || compgen -G "$golden/acpi/*/$signature*.dsl" > /dev/null ||
        { echo "$signature is in no golden file" >&2; bad=1; }
done <<< "$rows"
verdict 2 revisions-are-those-of-the-machine

for file in "$golden"/acpi/*/*.dsl; do
    name=${file##*/}
    # a second SSDT is SSDT2
    table 'ACPI tables' | grep -qF "$q${name:0:4}$q" ||
        { echo "$name is not in the manual" >&2; bad=1; }
done
verdict 3 every-table-is-in-the-manual
