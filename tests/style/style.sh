#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The house style, rule by rule, on the sources alone.
#
#   style.sh REPO FARM SOURCES

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
farm=$2 sources=$3

files() { # PATTERN...: our files by name, outside any build directory
    local args=() pattern
    for pattern; do args+=(-o -name "$pattern"); done
    find . -type d \( -name .git -o -exec test -e '{}/.vmspec-build' \; \) \
        -prune -o \
        -type f \( "${args[@]:1}" \) -print | sed 's,^\./,,' | sort
}

mapfile -t c_files < <(files '*.c' '*.h')
map=include/hw/arm/vmspec-map.h
compat=include/hw/arm/vmspec-compat.h

# QEMU's own script on what is built into QEMU: not one warning. In the compat
# header it takes __has_include for an architecture's define.
rule_checkpatch() {
    local file seen=''
    [ -e "$farm/scripts/checkpatch.pl" ] || { echo "QEMU not staged"; return 77; }
    for file in "${c_files[@]}"; do
        case $file in hw/*|include/*|tests/*) ;; *) continue ;; esac
        seen+=$(perl "$farm/scripts/checkpatch.pl" --no-tree --terse -q \
                    -f "$file" | grep -E 'ERROR|WARNING')$'\n'
    done
    ! grep -v "^$compat:.*architecture specific defines" <<< "$seen" | grep .
}

# "LENGTH FILE:LINE FUNCTION" of each function: from the line of the name to
# the closing brace
functions() {
    ctags --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne --sort=no \
        -D STATIC=static -D EFIAPI= -f - "${c_files[@]}" |
        awk -F'\t' '!/^!/ {
                        for (i = 3; i <= NF; i++) {
                            if ($i ~ /^line:/) line = substr($i, 6)
                            if ($i ~ /^end:/) end = substr($i, 5) }
                        printf "%d %s:%d %s\n", end - line + 1, $2, line, $1 }' |
        sort -rn
}

rule_functions_up_to_80_lines() {
    local longest
    longest=$(functions)
    [ -n "$longest" ] || { echo "ctags found no function"; return 1; }
    echo "the five longest of $(wc -l <<< "$longest"):"
    head -5 <<< "$longest"
    ! awk '$1 > 80 { print "too long: " $0 }' <<< "$longest" | grep .
}

rule_files_up_to_500_lines() {
    ! awk 'FNR == 501 { print FILENAME " is longer than 500 lines" }' \
        "${c_files[@]}" | grep .
}

# a hexadecimal number from 64 MiB up that is a multiple of 4 KiB is an address
rule_addresses_only_in_the_map() {
    local x='[0-9a-fA-F]'
    ! grep -rnE "\b0[xX]0*([4-9a-fA-F]$x{3}|[1-9a-fA-F]$x{4,})000[uUlL]*\b" \
        hw include | grep -v "^$map:" | grep .
}

rule_qemu_versions_only_in_compat() {
    ! grep -nE 'QEMU_VERSION_|__has_include' "${c_files[@]}" |
        grep -v "^$compat:" | grep .
}

# GPL-2.0-or-later as QEMU, but what may go to EDK2 has EDK2's licence
rule_licence_and_copyright_in_every_file() {
    local file licence
    while read -r file; do
        case $file in
        firmware/VmspecPkg/*) licence=BSD-2-Clause-Patent ;;
        *) licence=GPL-2.0-or-later ;;
        esac
        head -60 "$file" | grep -q "SPDX-License-Identifier: $licence" ||
            { echo "no SPDX line of $licence: $file"; false; } || return
        head -60 "$file" | grep -q 'Copyright (c) 2026 The vmspec authors' ||
            { echo "no copyright line: $file"; false; } || return
    done < <(files '*.[chS]' '*.sh' '*.py' meson.build meson.options Kconfig \
                   Makefile)
}

rule_maintainers_names_each_file() { tests/style/maintainers.py; }

# by name or by the first line
scripts() {
    files '*.sh'
    files '*' | grep -v '\.[a-z]*$' | while read -r f; do
        ! head -1 "$f" | grep -qE '^#! ?/bin/(ba)?sh' || echo "$f"
    done
}

rule_shellcheck() {
    command -v shellcheck >/dev/null || { echo "no shellcheck"; return 77; }
    local list
    mapfile -t list < <(scripts)
    shellcheck -x -f gcc "${list[@]}"
}

hook_applies() { # VERSION
    local p
    [ -e "$sources/qemu-$1" ] || { echo "no QEMU $1 source here"; return 77; }
    while read -r p; do
        patch --dry-run -p1 -F0 -f -d "$sources/qemu-$1" < "patches/$p" ||
            return 1
    done < <(grep -v '^#' patches/series)
}

rule_hook_applies_to_10_0() { hook_applies 10.0; }
rule_hook_applies_to_10_2() { hook_applies 10.2; }

tap_run
