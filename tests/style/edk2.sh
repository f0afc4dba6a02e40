#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# EDK2's style, by EDK2's own rules, on firmware/VmspecPkg. Each rule is also
# shown to fail, on a copy with a violation planted in it, and to pass on a
# module of EDK2.
#
#   edk2.sh REPO EDK2      EDK2: its source tree

cd "$1" || exit 1
edk2=$2
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

package=firmware/VmspecPkg
example=$edk2/OvmfPkg/PlatformHasAcpiDtDxe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need() { # FILE PACKAGE
    [ -e "$edk2/BaseTools" ] || { echo "no EDK2 source here"; return 77; }
    [ -e "$1" ] || { echo "needs the Debian package $2"; return 77; }
}

without_indentation() { sed 's/^ *//; s/\r$//'; }

# EDK2 formats by a fork of uncrustify. Three options of its configuration are
# the fork's own: Debian's uncrustify does not know them, indents the arguments
# of calls in another way and splits DEBUG ((...)). So indentation is left out,
# and files with a DEBUG of more than one line cannot be checked.
uncrustify_is_content() { # FOLDER
    local file status=0
    sed -E '/^(indent_func_call_edk2_style|align_edk2_style|cmt_align_doxygen_javadoc_tags)/d' \
        "$edk2/.pytool/Plugin/UncrustifyCheck/uncrustify.cfg" > "$work/cfg"
    while read -r file; do
        uncrustify -q -c "$work/cfg" -f "$file" > "$work/formatted" \
            2> "$work/log" || { cat "$work/log"; return 1; }
        diff <(without_indentation < "$file") \
             <(without_indentation < "$work/formatted") ||
            { echo "uncrustify would change ${file#"$work/"} like that"; status=1; }
    done < <(find "$1" -name '*.[ch]' | sort)
    return $status
}

# Ecc's report on the folder, as report.csv. Ecc wants the line ends of EDK2's tree.
run_ecc() { # FOLDER
    rm -rf "$work/ecc"
    mkdir -p "$work/ecc/packages"
    cp -rL "$1" "$work/ecc/packages/VmspecPkg"
    chmod -R u+w "$work/ecc"
    find "$work/ecc" -type f -exec sed -i 's/\r*$/\r/' {} +
    cp "$edk2"/BaseTools/Source/Python/Ecc/{config.ini,exception.xml} "$work/ecc"
    (cd "$work/ecc" || exit
     export WORKSPACE=$PWD PACKAGES_PATH=$PWD/packages:$edk2
     export EDK_TOOLS_PATH=$edk2/BaseTools PYTHONDONTWRITEBYTECODE=1
     export PYTHONPATH=$edk2/BaseTools/Source/Python
     /usr/bin/python3 "$OLDPWD/tests/style/ecc.py" -c config.ini \
         -e exception.xml -t "$PWD/packages" -r report.csv > log 2>&1)
    [ -s "$work/ecc/report.csv" ] || { cat "$work/ecc/log"; return 1; }
}

# What Ecc says of library classes (100..) is left out: it cannot know those of
# packages that it does not read.
ecc_is_content() { # FOLDER
    run_ecc "$1" || return
    ! grep -vE '^(No|[0-9]+,100[0-9]+),' "$work/ecc/report.csv" |
        sed "s,/*$work/ecc/packages/,," | grep .
}

# CHECK fails on a copy of the package with TEXT at the end of a file.
catches() { # CHECK TEXT
    rm -rf "$work/copy"
    cp -r $package "$work/copy"
    printf '%s\n' "$2" >> "$work/copy/MenuApp/MenuApp.c"
    ! "$1" "$work/copy" > "$work/seen" || { echo "$1 saw nothing"; return 1; }
    grep -m1 MenuApp.c "$work/seen"
}

rule_uncrustify() {
    need /usr/bin/uncrustify uncrustify || return
    uncrustify_is_content "$example" > /dev/null 2>&1 ||
        { echo "this uncrustify would change EDK2's own files"; return 77; }
    uncrustify_is_content $package
}

need_ecc() {
    need /usr/lib/python3/dist-packages/antlr4 python3-antlr4 || return
    run_ecc "$example" > /dev/null 2>&1 ||
        { echo "Ecc does not run here: $(tail -1 "$work/ecc/log")"; return 77; }
}

rule_ecc() {
    need_ecc || return
    ecc_is_content $package
}

rule_planted_formatting_is_caught() {
    need /usr/bin/uncrustify uncrustify || return
    catches uncrustify_is_content 'STATIC UINTN mPlanted=sizeof(UINTN);'
}

rule_planted_name_is_caught() {
    need_ecc || return
    catches ecc_is_content 'VOID planted_name(VOID) { }'
}

# EDK2's licence, so that the package can go there
rule_licence() {
    local file rc=0
    while read -r file; do
        head -20 "$file" |
            grep -q 'SPDX-License-Identifier: BSD-2-Clause-Patent' ||
            { echo "not under BSD-2-Clause-Patent: $file"; rc=1; }
    done < <(find $package -type f)
    return $rc
}

tap_run
