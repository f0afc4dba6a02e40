#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Remove what the last "make install" of this build directory put in place, and
# the folders of ours that are empty then.
#
#   uninstall.sh BUILD

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$1
list=$build/installed.txt
[ -s "$list" ] || die "nothing was installed from $build" \
    "name the build directory that installed it: make uninstall B=DIR"

mapfile -t files < "$list"
count=0
for file in "${files[@]}"; do
    [ ! -d "$file" ] || continue
    [ -e "$file" ] || [ -L "$file" ] || continue
    rm "$file"
    count=$((count + 1))
done
for file in "${files[@]}"; do
    dir=$(dirname "$file")
    case $dir in */keymaps|*/qemu-vmspec|*/vmspec)
        rmdir "$dir" "$(dirname "$dir")" 2> /dev/null || : ;;
    esac
done
rm "$list"
say "removed $count files"
