#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What a person at a terminal without a window system sees of the machine.
# script(1) plays the terminal.
#
#   terminal.sh QEMU

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
qemu=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export VMSPEC_QEMU=$qemu
said='the console is on this terminal'

# On a terminal, QEMU with OPTIONS... until the text; then $keys, which end QEMU
keys=$'\001x'
until_text() { # TEXT OPTIONS...
    local text=$1 quit=0
    shift
    rm -f "$tmp/keys" "$tmp/screen"
    mkfifo "$tmp/keys"
    touch "$tmp/screen"
    exec 3<> "$tmp/keys"
    env -u DISPLAY -u WAYLAND_DISPLAY timeout 200 \
        script -qefc "\"\$VMSPEC_QEMU\" $*" "$tmp/screen" \
        < "$tmp/keys" > /dev/null 2>&1 &
    grep -a -q -m 1 "$text" \
        < <(timeout 150 tail -n +1 -f --pid=$! "$tmp/screen" 2> /dev/null) || quit=1
    printf %s "$keys" >&3
    wait $! || quit=2
    exec 3>&-
    tr -d '\000-\010\033' < "$tmp/screen"
    return $quit
}

rule_the_console_is_on_the_terminal() {
    until_text 'nothing to boot' -M vmspec || return
    grep -a "$said, Ctrl-A X ends" "$tmp/screen" && ! grep -a VNC "$tmp/screen"
}

rule_a_disk_by_its_name_alone_is_started() {
    truncate -s 1M "$tmp/disk.img"
    until_text 'nothing to boot:.*no partition table' -M vmspec \
        "-drive file=$tmp/disk.img,format=raw" || return
    grep -a "$said" "$tmp/screen"
}

rule_what_is_asked_for_is_not_changed() {
    until_text 'nothing to boot' -M vmspec -nographic || return
    ! grep -a "$said" "$tmp/screen"
}

rule_with_nodefaults_nothing_is_added() {
    keys=$'quit\r'
    until_text '(qemu)' -M vmspec -nodefaults -S -monitor stdio || return
    ! grep -a "$said" "$tmp/screen"
}

tap_run
