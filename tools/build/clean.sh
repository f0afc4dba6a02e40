#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Empty the build directory, if it is one of ours. Pristine trees in it are
# read-only, so they are made writable first.
#
#   clean.sh BUILD [KEEP...]     KEEP: names in it that stay

set -eu
build=$1; shift
[ -e "$build" ] || exit 0
[ -e "$build/.vmspec-build" ] || {
    echo "vmspec: clean: $build was not made by 'make setup': not touched" >&2
    exit 1
}
for entry in "$build"/* "$build"/.[!.]*; do
    for keep in "$@" .vmspec-build; do
        [ "${entry##*/}" != "$keep" ] || continue 2
    done
    [ ! -d "$entry" ] || [ -L "$entry" ] || chmod -R u+w "$entry"
    rm -rf "$entry"
done
# kept until now: it marks the directory as ours
[ $# -gt 0 ] || { rm -f "$build/.vmspec-build"; rmdir "$build"; }
