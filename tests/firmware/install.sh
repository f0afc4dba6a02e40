#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What "meson install" installs: the firmware descriptors follow QEMU's schema
# and name installed files, and the installed QEMU finds its firmware.
#
#   install.sh REPO BUILD FARM PREFIX DESTDIR

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2 farm=$3 prefix=$4 dest=$5
data=$dest$prefix/share/qemu

rm -rf "$dest"
DESTDIR=$dest meson install -C "$build" --no-rebuild > "$dest.log" 2>&1 ||
    { cat "$dest.log" >&2; exit 1; }
trap 'rm -rf "$dest"' EXIT

rule_descriptors_follow_the_schema() {
    PYTHONPATH=$farm/scripts /usr/bin/python3 tests/firmware/descriptors.py \
        "$farm/docs/interop/firmware.json" "$data"/firmware/*.json
}

rule_the_schema_check_can_fail() {
    sed 's/"flash"/"flush"/' "$data/firmware/30-vmspec-aarch64.json" \
        > "$dest/wrong.json"
    ! PYTHONPATH=$farm/scripts /usr/bin/python3 tests/firmware/descriptors.py \
        "$farm/docs/interop/firmware.json" "$dest/wrong.json" 2> /dev/null
}

named() { sed -n 's/.*"filename": "\(.*\)",/\1/p' "$data"/firmware/*.json; }

rule_descriptors_name_installed_files() {
    local file
    [ -n "$(named)" ] || return
    for file in $(named); do
        echo "$file"
        [ -s "$dest$file" ] || return
    done
}

# Each pattern is a glob. It matches this machine's name. It does not match the
# name of virt, and does not contain it either, as some tools search for it.
rule_descriptors_are_for_this_machine_alone() {
    local patterns pattern n=0
    mapfile -t patterns < <(sed -n 's/.*"machines": \[ "\(.*\)" \].*/\1/p' \
                                "$data"/firmware/*.json)
    for pattern in "${patterns[@]}"; do
        echo "$pattern"
        # shellcheck disable=SC2053 # a glob
        [[ virt-vmspec-1.0 == $pattern ]] || return
        # shellcheck disable=SC2053
        [[ virt-10.0 != $pattern && $pattern != *virt* ]] || return
        n=$((n + 1))
    done
    [ $n = "$(find "$data/firmware" -name '*.json' | wc -l)" ]
}

rule_templates_are_formatted_as_said() {
    local file format
    for file in "$data"/vmspec-vars-*; do
        format=raw
        [[ $file == *.fd ]] || format=${file##*.}
        "$dest$prefix/bin/qemu-img" info "$file" |
            grep -x "file format: $format" || return
        PATH=$dest$prefix/bin:$PATH vmspec-nvram check "$file" || return
    done
}

rule_qemu_finds_its_firmware() {
    local seen
    seen=$(echo 'qom-get /machine firmware-file' | timeout 60 \
           "$dest$prefix/bin/qemu-system-aarch64" -M vmspec -S -display none \
           -serial none -monitor stdio < <(cat; echo quit) | tr -d '\r\033')
    seen=$(sed -n 's/^"\(.*\)"$/\1/p' <<< "$seen")
    echo "$seen"
    [ "$(realpath "$seen")" = "$(realpath "$data/vmspec-uefi-aarch64.fd")" ]
}

tap_run
