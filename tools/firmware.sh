#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bundled UEFI of one execution state: our platform built on EDK2, or,
# where EDK2's source is not to be had, Debian's build for virt. CODE is the
# image, VARS the empty variable store that instances begin with.
#
#   firmware.sh CODE VARS aarch64|arm RELEASE|DEBUG [EDK2]
#               EDK2: the user's own source tree, or 'none'

set -euo pipefail
code=$1 vars=$2 arch=$3 target=$4 source=${5:-}
here=$(dirname "$(realpath "$0")")
work=${VMSPEC_BUILD:-build}/firmware
VMSPEC_BUILD=$(realpath -m "${VMSPEC_BUILD:-build}")
export VMSPEC_BUILD

fetch_edk2() {
    [ -z "$source" ] || return 0
    source=$VMSPEC_BUILD/source/edk2
    VMSPEC_HINT="nothing: Debian's build of UEFI is taken instead" \
        "$here/apt.sh" source trixie edk2=2025.02 "$source"
}

from_edk2() {
    local arch=${arch^^} images
    "$here/step.sh" "build UEFI $arch" "$work/edk2-$arch.log" \
        "$here/../firmware/edk2.sh" "$source" "$work/edk2" "$arch" "$target" \
        "$(nproc)"
    images=$work/edk2/Build/Vmspec-$arch/${target}_GCCNOLTO/FV
    "$here/trim.sh" "$images/VMSPEC_CODE.fd" "$code"
    cp "$images/QEMU_VARS.fd" "$vars"
}

from_debian() {
    local dir=$work/debian pkg=qemu-efi-$arch prefix image
    [ "$arch" = arm ] && prefix=AAVMF32 || prefix=AAVMF
    "$here/apt.sh" unpack trixie "$(dpkg --print-architecture)" "$dir" "$pkg"
    for image in "${prefix}_CODE.no-secboot.fd" "${prefix}_CODE.fd"; do
        [ ! -e "$dir/usr/share/AAVMF/$image" ] || break
    done
    "$here/trim.sh" "$dir/usr/share/AAVMF/$image" "$code"
    # the store, its work area and the spare are a block of 256 KiB each
    head -c 786432 "$dir/usr/share/AAVMF/${prefix}_VARS.fd" > "$vars.new"
    mv "$vars.new" "$vars"
    echo "vmspec: firmware: NOTE: no EDK2 source: ${code##*/} is Debian's" \
        "build for the machine virt (slower, one description, tries the" \
        "network); give meson -Dedk2_source=DIR, or reach a mirror"
}

# a build that fails is no reason to take another: only a missing source is
if [ "$source" != none ] && fetch_edk2; then
    from_edk2
else
    from_debian
fi
echo "vmspec: firmware: ${code##*/}, $(stat -c %s "$code") bytes"
