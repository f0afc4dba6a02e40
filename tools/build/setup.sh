#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The build directory: see that it is fit, and let meson set it up.
#
#   setup.sh check BUILD      is it fit? No program is needed for that
#   setup.sh BUILD            set it up. QEMU: a release, or QEMU_SOURCE:
#                             the user's own QEMU tree; DEVICES: full or small; VMSPEC_CROSS, DEB_HOST_ARCH:
#                             for this other architecture, as debian/rules says

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

# QEMU's build takes no spaces and colons, QEMU's options no commas, and scripts
# and makefiles of others stumble over the rest.
check_name() { # PATH WHAT
    case $1 in
    *[[:space:]:\;,\'\"\\\$\`\&\|\<\>\*\?\[\]\(\)\{\}\#%!]*)
        die "the path of the $2, '$1', has a space or another character that QEMU's or EDK2's build does not take: : ; , # % ! \$ & | < > * ? \\, a quote or a bracket" \
            "move it to a path without such a character" ;;
    esac
}

# Whoever owns a folder on the way, or a link in it, decides what is built: that
# must be root, the caller, or the owner of the clone. The folders that the clone
# is in are trusted as the clone is.
check_owners() { # PATH
    local path='' part owner
    local -a parts
    IFS=/ read -r -a parts <<< "${1#/}"
    for part in "${parts[@]}"; do
        path=$path/$part
        case $repo/ in "$path"/*) continue ;; esac
        [ -e "$path" ] || [ -L "$path" ] || return 0
        owner=$(stat -c %u "$path")
        case $owner in
        0|"$(id -u)"|"$(stat -c %u "$repo")") ;;
        *) die "$path, on the way to the build directory, belongs to another user ($(id -un "$owner" 2>/dev/null || echo "$owner"))" \
               "name a build directory of your own: make B=DIR" ;;
        esac
    done
}

check() { # BUILD
    local path
    # as it is written, with links, and as it is
    path=$(realpath -ms "$1")
    check_name "$repo" clone
    check_name "$path" 'build directory'
    check_owners "$path"
    path=$(realpath -m "$1")
    check_name "$path" 'build directory'
    check_owners "$path"
    # only a directory with the mark is ever emptied by clean.sh
    if [ -e "$path" ] && [ ! -e "$path/.vmspec-build" ] &&
       [ ! -d "$path/meson-info" ] && [ -n "$(ls -A "$path")" ]; then
        die "$path holds something else" "name another build directory: make B=DIR"
    fi
}

if [ "$1" = check ]; then
    check "$2"
    exit
fi
build=$1
mkdir -p "$build"
touch "$build/.vmspec-build"
[ -e "$build/build.ninja" ] || rm -f "$build/setup.key"
# what is not given again stays as it was
case ${QEMU_SOURCE:-} in
'') [ -n "${QEMU:-}" ] || user_tree=$(cat "$build/setup.key" 2>/dev/null || :) ;;
*) user_tree=$(realpath "$QEMU_SOURCE") ;;
esac
: "${user_tree:=}"
release=${QEMU:-$(cat "$build/qemu.key" 2>/dev/null || echo 10.0)}
devices=${DEVICES:-$(cat "$build/devices.key" 2>/dev/null || echo full)}

set_up() {
    local again=()
    [ ! -e "$build/build.ninja" ] || again=(--reconfigure)
    if [ -n "${VMSPEC_CROSS:-}" ] && [ ${#again[@]} = 0 ]; then
        meson env2mfile --cross --debarch "$DEB_HOST_ARCH" -o "$build/cross.txt"
        again=(--cross-file "$build/cross.txt" "-Dlibdir=lib/$VMSPEC_CROSS")
    fi
    meson setup "${again[@]}" "-Dqemu_source=$user_tree" "-Dqemu=$release" \
        "-Ddevices=$devices" "$build" "$repo"
    rm -f "$build"/{devices,qemu}.key
}
if_changed "$build/setup.key" "$user_tree" set_up
if_changed "$build/devices.key" "$devices" \
    meson configure "$build" "-Ddevices=$devices"
if_changed "$build/qemu.key" "$release" meson configure "$build" "-Dqemu=$release"
# when a meson.build has changed, here and not within another step
ninja -C "$build" build.ninja
