#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# A FAT file system with files in it, as an EFI system partition is, made
# without root. Directories of PATH are made; what is there is overwritten.
#
#   esp.sh new IMAGE MIB SECTORS LABEL FILE=PATH...    SECTORS: of a cluster
#   esp.sh add IMAGE[@@OFFSET] FILE=PATH...            OFFSET: of the partition
#
# From 32 MiB up a new one is FAT32.

set -euo pipefail
PATH=$PATH:/sbin:/usr/sbin
export MTOOLS_SKIP_CHECK=1 TZ=UTC

add() { # IMAGE FILE=PATH...
    local image=$1 entry path tree
    shift
    [ $# -gt 0 ] || return 0
    tree=$(mktemp -d)
    # shellcheck disable=SC2064 # its name is known now
    trap "rm -rf '$tree'" EXIT
    for entry; do
        path=$tree/${entry#*=}
        mkdir -p "${path%/*}"
        cp "${entry%%=*}" "$path"
    done
    find "$tree" -exec touch -d '1980-01-01 00:00:00 UTC' {} +
    mcopy -i "$image" -s -m -o -D o "$tree"/* ::
}

new() { # IMAGE MIB SECTORS LABEL FILE=PATH...
    local image=$1 type=()
    [ "$2" -lt 32 ] || type=(-F 32)
    rm -f "$image.new"
    truncate -s "$2M" "$image.new"
    mkfs.fat "${type[@]}" -s "$3" -n "$4" --invariant "$image.new" > /dev/null
    add "$image.new" "${@:5}"
    mv "$image.new" "$image"
}

cmd=${1:-}; shift || :
case $cmd in
new|add) "$cmd" "$@" ;;
*) sed -n 's/^#  *\(esp.sh .*\)/usage: \1/p' "$0" >&2; exit 2 ;;
esac
