#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Empty the build directory, if it is one of ours.
#
#   clean.sh BUILD [KEEP...]     KEEP: names in it that stay

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$1; shift
[ -e "$build" ] || exit 0
[ -e "$build/.vmspec-build" ] ||
    die "$build was not made by make: it is not touched"
for entry in "$build"/* "$build"/.[!.]*; do
    for keep in "$@" .vmspec-build; do
        [ "${entry##*/}" != "$keep" ] || continue 2
    done
    remove_tree "$entry"
done
# kept until now: it marks the directory as ours
[ $# -gt 0 ] || { rm -f "$build/.vmspec-build"; rmdir "$build"; }
