#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The command blocks of the manual that are marked "run" do what the page says. A
# block with prompts ("$ ") shows what each command prints; any other must succeed.
# The blocks of a page run one after another in a folder of their own.
#
#   commands.sh REPO QEMU_BUILD TOOLS FIRMWARE

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1 qemu=$2 tools=$3 firmware=$4
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/blocks"
ln -s "$qemu/qemu-system-aarch64" "$tmp/bin/qemu-system-aarch64-vmspec"
ln -s "$qemu/qemu-system-aarch64" "$qemu/qemu-img" "$tools"/vmspec* "$tmp/bin"
rm -f "$tmp"/bin/*.p
export PATH=$tmp/bin:/usr/bin:$PATH
export XDG_STATE_HOME=$tmp/state HOME=$tmp
unset DISPLAY WAYLAND_DISPLAY

# what a page takes to be there already
files_of() { # PAGE
    case $1 in
    *vmspec-nvram*|*uefi.md*) cp "$firmware/vmspec-vars-aarch64.fd" web.fd ;;
    *disks.md*) qemu-img create -q -f qcow2 disk.qcow2 64M ;;
    esac
    chmod -R u+w .
}

run_plain() { # FILE
    timeout 120 bash -euo pipefail "$1" < /dev/null
}

# a command, then what it prints
run_shown() { # FILE
    local line command='' want='' nl=$'\n'
    check() {
        local seen
        [ -n "$command" ] || return 0
        seen=$(timeout 120 bash -c "$command" < /dev/null 2>&1)
        [ "$seen" = "${want%"$nl"}" ] ||
            { printf '%s printed\n%s\nand not\n%s\n' "$command" "$seen" "$want"
              return 1; }
    }
    while IFS= read -r line; do
        case $line in
        '$ '*) check || return; command=${line#??} want='' ;;
        *) want+=$line$nl ;;
        esac
    done < "$1"
    check
}

run_block() { # FILE
    local page=${1##*/}
    mkdir -p "$tmp/${page%:*}.d"
    cd "$tmp/${page%:*}.d" || return
    [ -e .made ] || { files_of "${page%:*}"; touch .made; }
    if grep -q '^\$ ' "$1"; then run_shown "$1"; else run_plain "$1"; fi
}

python3 "$repo/tests/docs/pages.py" blocks "$repo" "$tmp/blocks" || exit 1
files=("$tmp"/blocks/*)
tap_plan ${#files[@]}
for file in "${files[@]}"; do
    tap_case "${file##*/}" run_block "$file"
done
