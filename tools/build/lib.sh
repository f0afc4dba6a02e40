# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# shellcheck shell=bash
#
# What the steps of the build share: how a step speaks, how it asks whether
# something has changed, and where things are.
#
# What a step prints goes to its log (step.sh). Two kinds of lines reach the
# person at the terminal as well: a NOTE, which tells of a choice that was made
# for him, and, when the step has failed, the last "next".

export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH # Debian's own tools first
# shellcheck disable=SC2034 # for those who source this file
repo=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
# shellcheck disable=SC2034 # for those who source this file
here=$repo/tools/build
area=$(basename "$0" .sh)

say()  { echo "vmspec: $area: $*"; }
note() { say "NOTE: $*"; }
next() { say "next: $*" >&2; }

die() { # WHAT IS WRONG [WHAT TO DO]
    say "$1" >&2
    [ -z "${2:-}" ] || next "$2"
    exit 1
}

# The build directory: VMSPEC_BUILD, or where ninja runs its commands, or build/
build_directory() {
    if [ -z "${VMSPEC_BUILD:-}" ] && [ -e .vmspec-build ]; then
        VMSPEC_BUILD=$PWD
    fi
    realpath -m "${VMSPEC_BUILD:-$repo/build}"
}

# if_changed FILE KEY CMD...: run CMD unless FILE says that it has succeeded
# with the same KEY. Call it as a command of its own, so that set -e holds.
# It has no variables, not even local ones: a function CMD would share them.
if_changed() {
    if [ -e "$1" ] && [ "$(cat "$1")" = "$2" ]; then return; fi
    rm -f "$1"
    "${@:3}"
    printf '%s\n' "$2" > "$1"
}

# Pristine sources are read-only, and only root can delete what is in a
# read-only directory.
remove_tree() { # DIR...
    local dir
    for dir; do
        [ ! -d "$dir" ] || [ -L "$dir" ] || chmod -R u+w "$dir"
        rm -rf "$dir"
    done
}
