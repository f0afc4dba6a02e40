#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The bundled UEFI of one execution state: our platform built on EDK2, or,
# where there is no tree of EDK2, Debian's build for virt. CODE is the image,
# VARS the empty variable store that instances begin with; SECURE and KEYS are
# the same for Secure Boot.
#
#   firmware.sh [-d DEPFILE] NVRAM ARCH RELEASE|DEBUG EDK2 \
#               CODE VARS [SECURE KEYS]
#               NVRAM: the program vmspec-nvram    ARCH: aarch64 or arm
#               EDK2: a source tree, or a name where there is none

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
depfile=
[ "$1" != -d ] || { depfile=$2; shift 2; }
nvram=$(realpath "$1") arch=$2 target=$3 source=$4 code=$5 vars=$6
secure=${7:-} keys=${8:-}
VMSPEC_BUILD=$(build_directory)
export VMSPEC_BUILD
work=$VMSPEC_BUILD/firmware
# the variables, the working area and the spare are a block of the flash each
store_size=$((3 * $("$here/map.sh" FLASH_BLOCK_SIZE)))

from_edk2() {
    local arch=${arch^^} images
    "$repo/firmware/edk2.sh" "$source" "$work/edk2" "$arch" "$target" "$(nproc)"
    images=$work/edk2/Build/Vmspec-$arch/${target}_GCCNOLTO/FV
    "$here/trim.sh" "$images/VMSPEC_CODE.fd" "$code"
    cp "$images/QEMU_VARS.fd" "$vars"
    [ -z "$secure" ] || "$here/trim.sh" "$images/VMSPEC_SECURE.fd" "$secure"
}

debian=$work/debian/usr/share/AAVMF
unpack_debian() {
    "$here/apt.sh" unpack trixie "$(dpkg --print-architecture)" \
        "$work/debian" "qemu-efi-$arch"
}

from_debian() {
    local prefix image
    [ "$arch" = arm ] && prefix=AAVMF32 || prefix=AAVMF
    unpack_debian
    for image in "${prefix}_CODE.no-secboot.fd" "${prefix}_CODE.fd"; do
        [ ! -e "$debian/$image" ] || break
    done
    "$here/trim.sh" "$debian/$image" "$code"
    [ -z "$secure" ] ||
        "$here/trim.sh" "$debian/AAVMF_CODE.secboot.fd" "$secure"
    head -c "$store_size" "$debian/${prefix}_VARS.fd" > "$vars.new"
    mv "$vars.new" "$vars"
    note "no EDK2 source: ${code##*/} is Debian's build for the machine virt" \
        "(slower, one description, tries the network); give meson" \
        "-Dedk2_source=DIR, or reach a mirror"
}

# Debian's newest template that the mirror has: Microsoft replaces certificates,
# and dbx grows. Debian's stable suites keep the ones of their release.
newest_keys() {
    local suite
    for suite in sid forky trixie; do
        keys_of=$suite
        ! ("$here/apt.sh" unpack "$suite" "$(dpkg --print-architecture)" \
            "$work/keys-$suite" qemu-efi-aarch64) || break
    done
    template=$work/keys-$keys_of/usr/share/AAVMF/AAVMF_VARS.ms.fd
    [ -e "$template" ] || die "no package qemu-efi-aarch64 with keys on the mirror"
    [ "$keys_of" = sid ] || note "the keys for Secure Boot are those of Debian" \
        "$keys_of: the mirror has no sid, whose certificates and dbx are newer"
}

# The template for Secure Boot: the keys that Debian enrols, its own (PK, KEK)
# and Microsoft's (KEK, db, dbx), and nothing else. The JSON has their times too,
# without which a signed update of any age would be newer.
enrol_keys() {
    local variable
    newest_keys
    head -c "$store_size" "$template" > "$work/keys.fd"
    while read -r variable _; do
        case $variable in
        PK-*|KEK-*|db-*|dbx-*) ;;
        *) "$nvram" delete "$work/keys.fd" "$variable" ;;
        esac
    done < <("$nvram" list "$work/keys.fd")
    "$nvram" export "$work/keys.fd" > "$work/keys.json"
    cp "$vars" "$keys.new"
    "$nvram" --format=raw import "$keys.new" "$work/keys.json"
    mv "$keys.new" "$keys"
}

# what ninja is to watch; EDK2's own tree is watched by its version
write_depfile() {
    {
        echo "$code:"
        find "$repo/firmware/VmspecPkg" "$repo/patches/edk2" -type f
        printf '%s\n' "$repo"/firmware/{edk2.sh,edk2-patch.sh,pe-pack.c} \
            "$here"/{firmware,lib,map,trim}.sh \
            "$repo"/include/hw/arm/vmspec-{map,firmware}.h
    } | sed 's/ /\\ /g' | paste -s -d ' ' > "$depfile"
}

# a build that fails is no reason to take another: only a missing source is
if [ -e "$source" ]; then from_edk2; else from_debian; fi
[ -z "$secure" ] || enrol_keys
[ -z "$depfile" ] || write_depfile
say "${code##*/}, $(stat -c %s "$code") bytes"
