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
lines=() awaited=
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The files that QEMU with these options opens as libraries. Its monitor reads the
# lines, and quit when it has opened the library that is awaited.
loaded() { # OPTIONS...
    rm -f "$tmp"/ld.*
    {
        trap '' PIPE
        printf '%s\n' "${lines[@]}"
        until [ -z "$awaited" ] || grep -q "$awaited" "$tmp"/ld.*; do
            echo info name || break # QEMU has ended
            sleep 0.1
        done
        echo quit || :
    } 2> /dev/null |
        LD_DEBUG=files LD_DEBUG_OUTPUT=$tmp/ld timeout 100 "$qemu" -S \
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

# RAM that is a file of persistent memory, and a program that writes a cache line of it
# for good: adr x0, .; dc cvap, x0; then PSCI's SYSTEM_OFF
with_persistent_memory() {
    printf '\0\0\0\020\040\174\013\325\0\200\260\122\0\1\200\162\2\0\0\324' \
        > "$tmp/program"
    loaded -M vmspec,memory-backend=m -m 128M -nodefaults -kernel "$tmp/program" \
        -object "memory-backend-file,id=m,mem-path=$tmp/memory,size=128M,share=on,pmem=on" \
        > "$tmp/files" && return
    ! grep 'Lack of libpmem support' "$tmp/said" || return 77
    cat "$tmp/files"
    return 1
}

rule_a_start_loads_no_libpmem() {
    with_persistent_memory || return
    ! grep -e libpmem -e libcrypto "$tmp/files"
}

rule_persistent_memory_is_written_by_libpmem() {
    local lines=(cont) awaited='calling init: .*libpmem'
    with_persistent_memory
}

tap_run
