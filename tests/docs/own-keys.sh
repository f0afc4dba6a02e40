#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The section of the manual about Secure Boot with one's own keys does what it says:
# its blocks run as they stand there, on a disk with Debian's shim and GRUB. Before the
# loader is signed the firmware refuses it; afterwards Linux starts.
#
#   own-keys.sh REPO QEMU_BUILD TOOLS DISK

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1 qemu=$2 tools=$3 disk=$4
command -v sbsign > /dev/null || {
    tap_skip_all "no sbsign here: tools/build/packages-tests.txt names the package"
    exit
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/blocks"
ln -s "$qemu/qemu-system-aarch64" "$tmp/bin/qemu-system-aarch64-vmspec"
ln -s "$tools/vmspec-nvram" "$tmp/bin"
export PATH=$tmp/bin:/usr/bin:$PATH XDG_STATE_HOME=$tmp/state HOME=$tmp
cd "$tmp" || exit 1
python3 "$repo/tests/docs/pages.py" blocks "$repo" blocks docs-own-keys || exit 1

# the block that has a line with TEXT
block() { # TEXT
    local file
    file=$(grep -lF -e "$1" blocks/*)
    echo "$file"
    [ "$(wc -l <<< "$file")" = 1 ] || { echo "not one block has $1" >&2; return 1; }
}

run_block() { # TEXT
    local file
    file=$(block "$1") && timeout 120 bash -euo pipefail "$file" < /dev/null
}

store_with_keys() {
    run_block 'openssl req' && run_block le32 && run_block 'web.fd PK my.esl' |
        tee seen && grep '^PK-' seen && grep '^KEK-' seen && grep '^db-' seen
}

# The block that starts the machine, until the console has TEXT
starts_until() { # TEXT
    local file qemu_pid status=1 i
    file=$(block 'secure-boot=on,nvram=web.fd') || return
    : > screen
    timeout 300 bash -c "exec $(cat "$file")" < /dev/null > screen 2>&1 &
    qemu_pid=$!
    for ((i = 0; i < 1200; i++)); do
        ! grep -aqF -e "$1" screen || { status=0; break; }
        kill -0 "$qemu_pid" 2> /dev/null || break
        sleep 0.2
    done
    kill "$qemu_pid" && wait "$qemu_pid"
    [ "$status" = 0 ] || { echo "never on the console: $1"; tail -c 1500 screen; }
    tr -d '\r' < screen | grep -aiE 'secure|demo:/' || :
    return "$status"
}

loader_that_others_signed_is_refused() {
    starts_until 'is refused by Secure'
}

signed_loader_boots() {
    run_block sbsign && starts_until 'demo:/# '
}

# the blocks, all of them: none is left out
no_other_block() {
    local count
    count=$(find blocks -type f | wc -l)
    echo "$count blocks"
    [ "$count" = 5 ]
}

tap_plan 4
cp --sparse=always "$disk" disk.img
vmspec-nvram create web.fd || exit 1
tap_case keys-in-a-store store_with_keys
tap_case loader-that-others-signed-is-refused loader_that_others_signed_is_refused
tap_case signed-loader-boots signed_loader_boots
tap_case no-block-is-left-out no_other_block
