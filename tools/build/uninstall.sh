#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Remove what "make install" of this build directory put in place, and the folders
# that it made and that are empty then.
#
#   uninstall.sh BUILD            DESTDIR: as make install had it
#   uninstall.sh record BUILD     print the name of the list of what is installed

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

record() { # BUILD: one for each DESTDIR
    echo "$1/installed${DESTDIR//\//-}.txt"
}

DESTDIR=${DESTDIR:-}
if [ "$1" = record ]; then
    record "$2"
    exit
fi
build=$1
list=$(record "$build")
[ -s "$list" ] || die "nothing was installed from $build${DESTDIR:+ in $DESTDIR}" \
    "name what installed it: make uninstall B=DIR DESTDIR=DIR"

# those of folders first, as they come before what is in them
mapfile -t lines < <(tac "$list")
for line in "${lines[@]}"; do
    case $line in
    */libvirt-apparmor)
        if [ -z "$DESTDIR" ] && [ "$(id -u)" = 0 ] && [ -x "$line" ]; then
            "$line" remove
        fi ;;
    esac
done
count=0
for line in "${lines[@]}"; do
    case $line in */) continue ;; esac
    [ -e "$line" ] || [ -L "$line" ] || continue
    rm "$line"
    count=$((count + 1))
done
for line in "${lines[@]}"; do
    case $line in */) rmdir "$line" 2> /dev/null || : ;; esac
done
rm "$list"
say "removed $count files"
