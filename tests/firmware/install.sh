#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What "meson install" installs: the firmware descriptors follow QEMU's schema
# and name installed files, the installed QEMU finds its firmware, and nothing has
# a name that the distribution's QEMU uses.
#
#   install.sh REPO BUILD FARM PREFIX DESTDIR

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2 farm=$3 prefix=$4 dest=$5
data=$dest$prefix/share/qemu-vmspec
qemu=$dest$prefix/bin/qemu-system-aarch64-vmspec

rm -rf "$dest"
DESTDIR=$dest meson install -C "$build" --no-rebuild > "$dest.log" 2>&1 ||
    { cat "$dest.log" >&2; exit 1; }
trap 'rm -rf "$dest"' EXIT
mapfile -t descriptors < <(find "$dest" -name '*-vmspec-*.json')

rule_descriptors_follow_the_schema() {
    PYTHONPATH=$farm/scripts /usr/bin/python3 tests/firmware/descriptors.py \
        "$farm/docs/interop/firmware.json" "${descriptors[@]}"
}

rule_the_schema_check_can_fail() {
    sed 's/"flash"/"flush"/' "${descriptors[0]}" \
        > "$dest.wrong.json"
    ! PYTHONPATH=$farm/scripts /usr/bin/python3 tests/firmware/descriptors.py \
        "$farm/docs/interop/firmware.json" "$dest.wrong.json" 2> /dev/null
}

named() { sed -n 's/.*"filename": "\(.*\)",/\1/p' "${descriptors[@]}"; }

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
                                "${descriptors[@]}")
    for pattern in "${patterns[@]}"; do
        echo "$pattern"
        # shellcheck disable=SC2053 # a glob
        [[ virt-vmspec-1.0 == $pattern ]] || return
        # shellcheck disable=SC2053
        [[ virt-10.0 != $pattern && $pattern != *virt* ]] || return
        n=$((n + 1))
    done
    [ $n = ${#descriptors[@]} ]
}

rule_templates_are_formatted_as_said() {
    local file format
    for file in "$data"/vmspec-vars-*; do
        format=raw
        [[ $file == *.fd ]] || format=${file##*.}
        "$build/qemu/qemu-img" info "$file" |
            grep -x "file format: $format" || return
        QEMU_IMG=$build/qemu/qemu-img "$dest$prefix/bin/vmspec-nvram" check "$file" || return
    done
}

rule_qemu_finds_its_firmware() {
    local seen
    seen=$(echo 'qom-get /machine firmware-file' | timeout 60 \
           "$qemu" -M vmspec -S -display none \
           -serial none -monitor stdio < <(cat; echo quit) | tr -d '\r\033')
    seen=$(sed -n 's/^"\(.*\)"$/\1/p' <<< "$seen")
    echo "$seen"
    [ "$(realpath "$seen")" = "$(realpath "$data/vmspec-uefi-aarch64.fd")" ]
}

# libvirt and users take the first qemu-system-aarch64 and qemu-img in PATH for
# all guests and volumes of the host
rule_nothing_takes_the_place_of_another_package() {
    local file
    find "$dest" ! -type d | sed "s|^$dest||" | sort > "$dest.files"
    [ -s "$dest.files" ] || return
    while read -r file; do
        case $file in
        "$prefix"/share/qemu-vmspec/*|*/qemu/firmware/??-vmspec-*.json) ;;
        "$prefix"/bin/qemu-system-aarch64-vmspec) ;;
        "$prefix"/bin/vmspec|"$prefix"/bin/vmspec-nvram) ;;
        "$prefix"/lib*/qemu-vmspec/*) ;; # modules; a helper in libexec
        "$prefix"/share/doc/vmspec/*|"$prefix"/share/man/man?/*vmspec*) ;;
        "$prefix"/share/bash-completion/completions/*vmspec*) ;;
        "$prefix"/share/zsh/site-functions/_*vmspec*) ;;
        "$prefix"/share/fish/vendor_completions.d/*vmspec*.fish) ;;
        /etc/apparmor.d/abstractions/libvirt-qemu.d/vmspec) ;;
        /etc/apparmor.d/abstractions/vmspec-libvirtd) ;;
        *) echo "$file"; return 1 ;;
        esac
    done < "$dest.files"
}

# A card's boot ROM is the distribution's.
rule_virt_finds_roms() {
    [ -e /usr/lib/ipxe/qemu/efi-virtio.rom ] ||
        { echo "Debian's package ipxe-qemu is not installed"; return 77; }
    echo quit | timeout 60 "$qemu" -M virt -S -display none -serial none \
        -monitor stdio -nic user,model=virtio 2>&1 | tee "$dest.roms"
    ! grep romfile "$dest.roms"
}

# libvirt 11.3 asks the image for the store's format.
rule_a_qcow2_store_has_a_qcow2_image() {
    /usr/bin/python3 - "${descriptors[@]}" <<'END'
import json, sys
for path in sys.argv[1:]:
    with open(path, encoding='utf-8') as f:
        mapping = json.load(f)['mapping']
    store = mapping.get('nvram-template', mapping['executable'])
    print(path, mapping['mode'])
    assert store['format'] == mapping['executable']['format']
    assert ('nvram-template' in mapping) == (mapping['mode'] == 'split')
END
}

rule_uninstall_removes_what_install_put() {
    local record=$dest.build
    mkdir -p "$record"
    find "$dest" ! -type d > "$record/installed.txt"
    touch "$data/keymaps/of-the-user"
    tools/build/uninstall.sh "$record" || return
    rmdir "$record" && [ "$(find "$dest" ! -type d)" = "$data/keymaps/of-the-user" ]
}

tap_plan 10
for rule in descriptors-follow-the-schema the-schema-check-can-fail \
    descriptors-name-installed-files descriptors-are-for-this-machine-alone \
    templates-are-formatted-as-said qemu-finds-its-firmware \
    nothing-takes-the-place-of-another-package virt-finds-roms \
    a-qcow2-store-has-a-qcow2-image uninstall-removes-what-install-put; do
    tap_case "$rule" "rule_${rule//-/_}"
done
