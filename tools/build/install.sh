#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Install what is built, and say what to do next. The files are gathered in the
# build directory first, so that it is known what would be written before anything
# is: nothing that another package owns is overwritten. What was put in place,
# files and folders, is recorded for uninstall.sh.
#
#   install.sh BUILD       PREFIX: where to, if not as before; DESTDIR

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
umask 022
build=$(realpath "$1") root=${DESTDIR:-}
log=$build/logs/install-copy.log image=$build/install-image
record=$("$here/uninstall.sh" record "$build")

owner() { # FILE: the package that owns it
    if command -v dpkg-query > /dev/null; then
        dpkg-query -S "$1" 2> /dev/null | sed -n '/^diversion by /!s/: .*//p'
    elif command -v rpm > /dev/null; then
        rpm -qf "$1" 2> /dev/null || :
    elif command -v pacman > /dev/null; then
        pacman -Qoq "$1" 2> /dev/null || :
    fi
}

# Files of an earlier installation from here are in the record, and those of other
# build directories belong to no package.
check_owners() {
    local file package
    [ -z "$root" ] || return 0
    for file in "${files[@]}"; do
        [ -e "/$file" ] || continue
        package=$(owner "/$file" | sed q || :)
        [ -z "$package" ] ||
            die "/$file belongs to the package $package: nothing was installed" \
                "remove that package, or name another folder: make install PREFIX=/usr/local"
    done
}

# One line each: a folder that was not there, with a slash at its end; a file
copy() {
    local name
    for name in "${folders[@]}"; do
        [ ! -d "$root/$name" ] || continue
        mkdir "$root/$name" || return
        echo "$root/$name/"
    done
    for name in "${files[@]}"; do
        cp -P --preserve=mode,timestamps --remove-destination \
            "$image/$name" "$root/$name" || return
        echo "$root/$name"
    done
}

tell() {
    local descriptors
    say "installed ${#files[@]} files; $record names them"
    next "$program -M vmspec ... starts a guest; make uninstall removes the files"
    descriptors=$(printf '%s\n' "${files[@]}" |
        sed -n 's,\(.*\)/[^/]*-vmspec-[^/]*\.json$,/\1,p' | sed q)
    case $descriptors in
    /usr/share/qemu/firmware|/etc/qemu/firmware) ;;
    *) note "libvirt looks for firmware descriptors in /etc/qemu/firmware, or" \
            "$HOME/.config/qemu/firmware for a user's session: link $descriptors/*.json" \
            "into one of them" ;;
    esac
}

# remembered: make install without PREFIX is as before
if [ -n "${PREFIX:-}" ]; then
    mkdir -p "$build/logs"
    meson setup --reconfigure "$build" "$repo" -Dprefix="$PREFIX" \
        > "$build/logs/install-prefix.log"
fi
PREFIX='' "$here/gather.sh" "$build" "$image"
mapfile -t folders < <(cd "$image" && find . -mindepth 1 -type d -printf '%P\n' | sort)
mapfile -t files < <(cd "$image" && find . ! -type d -printf '%P\n' | sort)
program=$(printf '%s\n' "${files[@]}" | grep -x '.*/bin/qemu-system-aarch64-vmspec')
program=/$program
check_owners
mkdir -p "$root/"
# what was there before, too: a folder of ours must not be forgotten
{
    [ ! -e "$record" ] || cat "$record"
    if ! copy; then touch "$record.failed"; fi
} > "$record.new" 2> "$log"
awk '!seen[$0]++' "$record.new" > "$record"
rm "$record.new"
if [ -e "$record.failed" ]; then
    rm "$record.failed"
    tail -3 "$log" >&2
    die "the files could not be copied" \
        "sudo make install, or make install PREFIX=DIR with a folder of yours"
fi
rm -rf "$image"
rules=$(printf '%s\n' "${files[@]}" | grep '/libvirt-apparmor$' || :)
if [ -z "$root" ] && [ "$(id -u)" = 0 ] && [ -n "$rules" ]; then
    "/$rules" add
fi
tell
