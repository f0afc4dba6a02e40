# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# shellcheck shell=bash
#
# A rule that cannot fail guards nothing. A test sources this file to show that
# a rule fails: it runs the rule on a copy of the sources in which a violation
# was planted.

planted_copy=$(mktemp -d)
trap 'rm -rf "$planted_copy"' EXIT

# Make the copy anew: the sources, and no build directory.
planted_sources() {
    rm -rf "${planted_copy:?}"/*
    cp -r docs firmware hw include tests tools ./*.md "$planted_copy"
}

# Plant TEXT at the end of the new or existing FILE of the copy.
plant() { # FILE TEXT
    mkdir -p "$planted_copy/$(dirname "$1")"
    printf '%s\n' "$2" >> "$planted_copy/$1"
}

# COMMAND fails in the copy, for the planted FILE: its output names that.
caught() { # FILE COMMAND...
    local file=$1 seen
    shift
    if seen=$(cd "$planted_copy" && "$@" 2>&1); then
        echo "$* did not fail with what was planted in $file"
        return 1
    fi
    grep -F "$file" <<< "$seen" && return
    echo "$* failed without naming $file:"
    echo "$seen"
    return 1
}
