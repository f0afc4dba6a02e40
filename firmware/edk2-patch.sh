#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Make patched copies, in DIR, of the modules of EDK2 that our patches change.
# EDK2's build finds the copies first, and the rest of EDK2 where it is.
#
#   edk2-patch.sh SOURCE DIR       SOURCE: EDK2's tree, which is only read

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/../tools/build/lib.sh"
source=$(realpath "$1") dir=$(realpath -m "$2") patches=$repo/patches/edk2

# the nearest folder above a file with the description of a module
module_of() { # FILE
    local folder=${1%/*}
    while ! compgen -G "$source/$folder/*.inf" > /dev/null; do folder=${folder%/*}; done
    echo "$folder"
}

remove_tree "$dir"
mkdir -p "$dir"
while read -r patch; do
    case $patch in ''|'#'*) continue ;; esac
    sed -n 's|^+++ b/||p' "$patches/$patch" | tr -d '\r' |
        while read -r file; do module_of "$file"; done | sort -u |
        (cd "$source" && xargs cp -r --parents -n -t "$dir")
    chmod -R u+w "$dir" # the source's directories are read-only
    patch -s -p1 -d "$dir" -i "$patches/$patch"
done < "$patches/series"
