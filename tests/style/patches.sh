#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The patches to QEMU, EDK2 and virtinst: small, and ready to be sent. The suite of
# libvirt applies those to virtinst.
#
#   patches.sh REPO SOURCES EDK2   SOURCES: the folder of the pristine QEMU trees,
#                                  EDK2: a pristine tree

cd "$1" || exit 1
sources=$2 edk2=$3
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each line that is added and not blank counts: it has to be carried.
added() { grep -c '^+[^+[:space:]]\|^+[[:space:]]*[^[:space:]+]' "$1"; }

adds_at_most() { # LINES PATCH...
    local most=$1 patch n status=0
    shift
    for patch; do
        n=$(added "$patch")
        echo "${patch##*/}: $n lines added"
        [ "$n" -le "$most" ] || status=1
    done
    return $status
}

rule_hooks_add_at_most_12_lines() { adds_at_most 12 patches/0001-*.patch; }
rule_each_patch_adds_at_most_20_lines() {
    adds_at_most 20 patches/*.patch patches/{10.?,edk2,virtinst}/*.patch
}

rule_series_name_each_patch() {
    local folder
    for folder in patches patches/{10.?,edk2,upstream,virtinst}; do
        diff "$folder/series" <(cd "$folder" && printf '%s\n' *.patch) || return
    done
}

# DEP-3: who, what, and whether it was sent; the message is the description
rule_each_patch_says_what_it_is() {
    local patch field status=0
    for patch in patches/*.patch patches/{10.?,edk2,upstream,virtinst}/*.patch; do
        for field in '^From: .* <.*>$' '^Subject: \[PATCH' \
            '^Forwarded: \(no\|not-needed\|https://.*\)$' \
            '^Last-Update: 20..-..-..$' '^Signed-off-by: .* <.*>$'; do
            grep -q "$field" "$patch" ||
                { echo "$patch: no line '$field'"; status=1; }
        done
    done
    return $status
}

# A patch that was not sent yet names the test that shows the bug.
rule_each_bug_fix_names_its_test() {
    local patch name found
    while read -r patch; do
        found=0
        while read -r name; do
            [ -e "$name" ] || [ -e "tests/qtest/$name.c" ] ||
                { echo "$patch: there is no $name"; return 1; }
            found=1
        done < <(grep -o 'vmspec-[a-z-]*-test\|tests/[a-z/-]*\.c\|tests/[a-z/-]*\.sh' "$patch")
        [ $found = 1 ] || { echo "$patch: names no test"; return 1; }
    done < <(grep -l '^Forwarded: no$' patches/*.patch patches/{10.?,edk2,upstream,virtinst}/*.patch)
}

# git am takes the patches of a folder on the pristine files
am() { # SOURCE FOLDER FILE...       FILE: also needed by a checker
    local patches=$2 source=$1 file series=()
    [ -e "$source" ] || { echo "no source here: $source"; return 77; }
    shift 2
    rm -rf "$work/tree"
    mkdir -p "$work/tree"
    while read -r file; do
        mkdir -p "$work/tree/$(dirname "$file")"
        cp "$source/$file" "$work/tree/$file"
    done < <([ $# = 0 ] || printf '%s\n' "$@"
             sed -n 's,^+++ b/,,p' "$patches"/*.patch | tr -d '\r' | sort -u)
    chmod -R u+w "$work/tree"
    while read -r file; do series+=("$PWD/$patches/$file"); done < "$patches/series"
    cd "$work/tree" || return
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t \
        GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
    git init -q -b main . && git config core.autocrlf false &&
        git add -A && git commit -q -m pristine &&
        git am -q --keep-cr "${series[@]}" && git log --format=%s
}

am_on_qemu() { # FOLDER RELEASE
    local qemu=$sources/qemu-$2
    [ -e "$qemu" ] || { echo "no source of QEMU $2 here"; return 77; }
    am "$qemu" "$1" || return
    git format-patch -q -o sent HEAD~"$(grep -c . "$OLDPWD/$1/series")"
    perl "$qemu/scripts/checkpatch.pl" --no-tree -q sent/*.patch
}

rule_git_am_takes_them_on_10_0() { am_on_qemu patches 10.0; }
rule_git_am_takes_them_on_10_2() { am_on_qemu patches 10.2; }
rule_git_am_takes_those_of_10_0() { am_on_qemu patches/10.0 10.0; }
rule_git_am_takes_those_of_10_2() { am_on_qemu patches/10.2 10.2; }
rule_git_am_takes_the_form_for_qemu_itself() { am_on_qemu patches/upstream 10.0; }

rule_git_am_takes_them_on_edk2() {
    am "$edk2" patches/edk2 {ArmVirt,MdeModule,Mde,Ovmf}Pkg/*.dec || return
    PYTHONDONTWRITEBYTECODE=1 python3 "$edk2/BaseTools/Scripts/PatchCheck.py" \
        HEAD~"$(grep -c . "$OLDPWD/patches/edk2/series")"..HEAD
}

tap_run
