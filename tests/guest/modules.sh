#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Which of QEMU's modules a start loads. A module brings libraries with it, and
# these cost more than the start itself.
#
#   modules.sh QEMU

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
qemu=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The files that QEMU with these options opens as libraries
loaded() { # OPTIONS...
    rm -f "$tmp"/ld.*
    echo quit | LD_DEBUG=files LD_DEBUG_OUTPUT=$tmp/ld timeout 100 "$qemu" -S \
        -display none -serial none -monitor stdio "$@" > "$tmp/said" 2>&1 ||
        { cat "$tmp/said"; return 1; }
    sed -n 's/.*calling init: //p' "$tmp"/ld.*
}

rule_the_libraries_of_a_start_are_seen() {
    loaded -M vmspec > "$tmp/files" && grep libglib "$tmp/files"
}

rule_default_options_load_no_sound_driver() {
    loaded -M vmspec > "$tmp/files" || return
    ! grep -e /audio- -e libpulse "$tmp/files"
}

rule_a_sound_card_finds_a_driver() {
    loaded -M vmspec -device virtio-sound-pci > "$tmp/files"
}

rule_a_chosen_sound_driver_is_the_only_one() {
    loaded -M vmspec -audio none -device virtio-sound-pci > "$tmp/files" || return
    ! grep /audio- "$tmp/files"
}

tap_run
