#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bundled UEFI of one execution state: our platform built on EDK2, or,
# where EDK2's source is not to be had, Debian's build for virt. CODE is the
# image, VARS the empty variable store that instances begin with; SECURE and
# KEYS are the same for Secure Boot.
#
#   firmware.sh NVRAM ARCH RELEASE|DEBUG EDK2 CODE VARS [SECURE KEYS]
#               NVRAM: the program vmspec-nvram    ARCH: aarch64 or arm
#               EDK2: a source tree, 'Debian' for Debian's, or 'none'

set -euo pipefail
nvram=$(realpath "$1") arch=$2 target=$3 source=$4 code=$5 vars=$6
secure=${7:-} keys=${8:-}
here=$(dirname "$(realpath "$0")")
work=${VMSPEC_BUILD:-build}/firmware
VMSPEC_BUILD=$(realpath -m "${VMSPEC_BUILD:-build}")
export VMSPEC_BUILD
# the variables, the working area and the spare are a block of the flash each
store_size=$((3 * $("$here/map.sh" FLASH_BLOCK_SIZE)))

fetch_edk2() {
    [ "$source" = Debian ] || return 0
    source=$VMSPEC_BUILD/source/edk2
    VMSPEC_HINT="nothing: Debian's build of UEFI is taken instead" \
        "$here/apt.sh" source trixie edk2=2025.02 "$source"
}

from_edk2() {
    local arch=${arch^^} images
    "$here/step.sh" "build UEFI $arch" "$work/edk2-$arch.log" \
        "$here/../../firmware/edk2.sh" "$source" "$work/edk2" "$arch" "$target" \
        "$(nproc)"
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
    echo "vmspec: firmware: NOTE: no EDK2 source: ${code##*/} is Debian's" \
        "build for the machine virt (slower, one description, tries the" \
        "network); give meson -Dedk2_source=DIR, or reach a mirror"
}

# The template for Secure Boot: the keys that Debian enrols, its own (PK, KEK)
# and Microsoft's (KEK, db), as Debian's template has them, and nothing else
enrol_keys() {
    local name db=d719b2cb-3d3a-4596-a3bc-dad00e67656f # UEFI 2.10, 32.6.1
    unpack_debian
    head -c "$store_size" "$debian/AAVMF_VARS.ms.fd" > "$work/debian/keys.fd"
    cp "$vars" "$keys.new"
    for name in "dbx-$db" "db-$db" KEK PK; do
        "$nvram" read "$work/debian/keys.fd" "$name" > "$work/debian/key"
        # non-volatile, for both services, authenticated by time
        "$nvram" write "$keys.new" "$name" "$work/debian/key" 0x27
    done
    mv "$keys.new" "$keys"
}

# a build that fails is no reason to take another: only a missing source is
if [ "$source" != none ] && fetch_edk2; then
    from_edk2
else
    from_debian
fi
[ -z "$secure" ] || enrol_keys
echo "vmspec: firmware: ${code##*/}, $(stat -c %s "$code") bytes"
