#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Debian packages as files, of any suite and architecture: nothing is installed
# on this machine. Lists and packages are kept in the build directory,
# under apt/SUITE-ARCH.
#
#   apt.sh unpack SUITE ARCH DIR PKG...   these packages alone, into DIR
#   apt.sh chroot SUITE ARCH DIR PKG...   with what they depend on, into DIR,
#                                         where their programs run
#   apt.sh root SUITE ARCH DIR PKG...     the same as a whole system, configured;
#                                         this one needs root
#   apt.sh depends SUITE ARCH PKG         print the first package PKG depends on

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/apt-lists.sh
. "$here/apt-lists.sh"

cmd_unpack() { # SUITE ARCH DIR PKG...
    local suite=$1 arch=$2 dir pkg deb todo=()
    dir=$(realpath -m "$3"); shift 3
    for pkg; do
        [ -e "$dir/.unpacked/$suite-$arch-$pkg" ] || todo+=("$pkg")
    done
    [ ${#todo[@]} -gt 0 ] || return 0
    suite_lists "$suite" "$arch" deb
    cd "$state/debs"
    fetch "${apt_get[@]}" download "${todo[@]}" ||
        die "no $suite/$arch package: ${todo[*]}" "$reach"
    mkdir -p "$dir/.unpacked"
    for pkg in "${todo[@]}"; do
        # the file's name: asked where it does not lie, else nothing is said
        deb=$(cd "$state/none" &&
              "${apt_get[@]}" download --print-uris "$pkg" | awk '{print $2}')
        dpkg-deb -x "$deb" "$dir"
        touch "$dir/.unpacked/$suite-$arch-$pkg"
    done
}

# Nothing is configured, and so nothing needs root: the files are the user's.
cmd_chroot() { # SUITE ARCH DIR PKG...
    local suite=$1 arch=$2 dir mode=chrootless
    dir=$(realpath -m "$3"); shift 3
    [ ! -e "$dir" ] || return 0
    [ "$(id -u)" != 0 ] || mode=root
    suite_lists "$suite" "$arch" deb
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    mmdebstrap --mode="$mode" --architectures="$arch" --variant=extract \
        --skip=check/qemu \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$(IFS=,; echo "base-files,$*")" \
        "$suite" "$dir.tar" "$state/sources.list" ||
        die "no $suite/$arch packages: $*" "$reach"
    tar -xf "$dir.tar" -C "$dir.new" --exclude='./dev/*'
    rm "$dir.tar"
    mv "$dir.new" "$dir"
}

cmd_root() { # SUITE ARCH DIR PKG...
    local suite=$1 arch=$2 dir
    dir=$(realpath -m "$3"); shift 3
    [ ! -e "$dir" ] || return 0
    suite_lists "$suite" "$arch" deb
    mkdir -p "${dir%/*}"
    rm -rf "$dir.new"
    mmdebstrap --mode=root --architectures="$arch" --variant=minbase \
        --skip=check/qemu \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='APT::Install-Recommends "false"' \
        --include="$(IFS=,; echo "$*")" \
        "$suite" "$dir.new" "$state/sources.list" ||
        die "no $suite/$arch system with $*" "$reach"
    mv "$dir.new" "$dir"
}

cmd_depends() { # SUITE ARCH PKG
    suite_lists "$1" "$2" deb
    fresh >&2
    "${apt_cache[@]}" --no-all-versions show "$3" |
        sed -n 's/^Depends: \([^ ,|]*\).*/\1/p' | sed q
}

cmd=${1:-}; shift || :
case $cmd in
unpack|chroot|root|depends) "cmd_$cmd" "$@" ;;
*) sed -n 's/^#  *\(apt.sh .*\)/usage: \1/p' "$0" >&2; exit 2 ;;
esac
