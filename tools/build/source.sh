#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# A source tree that versions.txt names, from Debian, read-only. STAMP then has
# the tree's version; it is empty where no suite of the mirror has a version
# that fits, and what is made of the tree is left out.
#
#   source.sh NAME DIR STAMP        NAME: a line of versions.txt
#   source.sh given DIR STAMP       DIR is the user's own tree
#   source.sh none DIR STAMP        there is to be no tree
#   source.sh unpack DSC DIR [CHECK...]   the last part of the work, for a test

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/apt-lists.sh
. "$here/apt-lists.sh"

versions() { # PACKAGE: those in the lists in use
    "${apt_cache[@]}" showsrc --only-source "$1" 2>/dev/null |
        sed -n 's/^Version: //p'
}

# the newest version that begins so, but for the epoch
newest() { # PACKAGE SERIES
    versions "$1" |
        awk -v p="$2" '{ v = $0; sub(/^[0-9]+:/, "", v) } index(v, p) == 1' |
        sort -rV | sed -n 1p
}

# A mirror may lack a .dsc whose tarballs it has. The index, whose signature apt
# has checked, says the same: dpkg-source goes by its checksums.
dsc_of_index() { # PACKAGE VERSION
    "${apt_cache[@]}" showsrc --only-source "$1" |
        awk -v v="Version: $2" 'BEGIN { RS = ""; ORS = "\n\n" }
            index("\n" $0 "\n", "\n" v "\n") { print; exit }' |
        sed -e 's/^Package:/Source:/' -e '/\.dsc$/d' \
            -e '/^Directory:/d' -e '/^Priority:/d' -e '/^Section:/d'
}

unpack() { # DSC DIR CHECK
    mkdir -p "${2%/*}"
    remove_tree "$2.new"
    dpkg-source "${@:3}" --no-copy -x "$1" "$2.new" || return
    remove_tree "$2"
    # newer than what was made of another version, whatever the archive says
    find "$2.new" -type f -exec touch {} +
    chmod -R a-w "$2.new"
    chmod u+w "$2.new" # a directory without it cannot be renamed
    mv "$2.new" "$2"
    chmod u-w "$2"
}

take() { # PACKAGE VERSION DIR, from the lists in use
    local dsc=${1}_${2#*:}.dsc check=--no-check
    cd "$state/debs"
    if ! fetch "${apt_get[@]}" source --only-source --download-only "$1=$2"; then
        say "trying $1 without its .dsc"
        dsc=${dsc%.dsc}.index.dsc check=--require-strong-checksums
        dsc_of_index "$1" "$2" > "$dsc"
    fi
    unpack "$dsc" "$3" "$check"
}

# the pinned version from any suite, else the newest of the series
fetch_tree() { # NAME DIR; sets version
    local try suite package pin series suites
    read -r _ package pin series suites < <(grep "^$1 " "$here/versions.txt") ||
        die "versions.txt has no line for $1"
    # a tree of the pinned version may be there from an earlier build
    if [ "$(version_of "$2")" = "$pin" ]; then
        version=$pin
        return
    fi
    for try in pinned newest; do
        for suite in ${suites//,/ }; do
            suite_lists "$suite" source deb-src
            fresh || continue
            case $try in
            pinned) version=$(versions "$package" | grep -Fxm 1 "$pin" || :) ;;
            newest) version=$(newest "$package" "$series") ;;
            esac
            [ -n "$version" ] || continue
            take "$package" "$version" "$2" && return
        done
    done
    version=
}

version_of() { # DIR
    [ ! -e "$1/debian/changelog" ] ||
        dpkg-parsechangelog -l "$1/debian/changelog" -S Version
}

fetch_named() { # NAME DIR
    local pin
    pin=$(awk -v n="$1" '$1 == n { print $3 }' "$here/versions.txt")
    fetch_tree "$1" "$2"
    if [ "$version" = "$pin" ]; then return; fi
    [ -z "$version" ] || {
        note "$1: the mirror no longer has $pin, which tools/build/versions.txt" \
             "asks for; $version is taken"
        return
    }
    case $1 in
    qemu-*) note "no source of QEMU ${1#qemu-} on this machine's mirror" ;;
    *) note "no source of $1 on this machine's mirror" ;;
    esac
}

name=$1
if [ "$name" = unpack ]; then
    unpack "${@:2}"
    exit
fi
dir=$(realpath -m "$2") stamp=$(realpath -m "$3") version=
case $name in
given) version=$dir ;;
none) ;;
*)
    # as asked for by this line of versions.txt, once
    key=$(grep "^$name " "$here/versions.txt")
    if [ -e "$dir" ] && [ "$(cat "$dir.key" 2>/dev/null)" = "$key" ]; then
        version=$(version_of "$dir")
    else
        fetch_named "$name" "$dir"
        [ -z "$version" ] || printf '%s\n' "$key" > "$dir.key"
    fi ;;
esac
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$version" ]; then
    printf '%s' "${version:+$version$'\n'}" > "$stamp"
fi
