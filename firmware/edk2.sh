#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Build our UEFI platform, firmware/VmspecPkg, on EDK2. The script only reads
# EDK2's tree: it copies the build tools beside the objects and builds them there.
#
#   edk2.sh SOURCE WORK ARCH TARGET JOBS
#           SOURCE: EDK2's tree  ARCH: AARCH64|ARM  TARGET: RELEASE|DEBUG
#   The images are then in WORK/Build/Vmspec-ARCH/TARGET_GCCNOLTO/FV.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/../tools/build/lib.sh"
packages=$repo/firmware
source=$(realpath "$1") arch=$3 target=$4 jobs=$5
mkdir -p "$2"
work=$(realpath "$2")
cd "$work"

export WORKSPACE=$work PACKAGES_PATH=$work/patched:$source:$packages
export EDK_TOOLS_PATH=$work/tools/BaseTools CONF_PATH=$work/Conf
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$source/debian/changelog" \
    -S Timestamp 2>/dev/null || echo 0) # the date in the banner
export SOURCE_DATE_EPOCH
export GCCNOLTO_AARCH64_PREFIX=aarch64-linux-gnu-
export GCCNOLTO_ARM_PREFIX=arm-linux-gnueabihf-
export PYTHON_COMMAND=/usr/bin/python3 PYTHONHASHSEED=0 TZ=UTC LC_ALL=C
export PATH=$EDK_TOOLS_PATH/BinWrappers/PosixLike:$PATH
unset MAKEFLAGS MFLAGS MAKELEVEL # EDK2's makes do not share ours

make_tools() {
    rm -rf tools Conf
    mkdir tools Conf
    cp -r "$source/BaseTools" tools
    chmod -R u+w tools
    ln -s "$source/MdePkg" tools
    make -C tools/BaseTools/Source/C -j "$jobs"
    for file in target tools_def build_rule; do
        cp "tools/BaseTools/Conf/$file.template" "Conf/$file.txt"
    done
    gcc -O2 -Wall -o tools/pe-pack "$packages/pe-pack.c"
    # GenFw leaves room for the name of its input even where it blanks the name.
    # Without folders in it, the image does not depend on their length.
    # shellcheck disable=SC2016 # the rule's variables
    sed -i 's|"$(GENFW)" -e $(MODULE_TYPE) -o ${dst} ${src}\([^\r]*\)|cd "$(DEBUG_DIR)" \&\& "$(GENFW)" -e $(MODULE_TYPE) -o ${dst} $(MODULE_NAME).dll\1 \&\& "$(EDK_TOOLS_PATH)/../pe-pack" $(MODULE_TYPE) ${dst}|' \
        Conf/build_rule.txt
}

# Without a list of stack cookies EDK2 makes random ones, and no two builds are
# the same. Fixed ones lose no secret, because everybody who has the image has its
# cookies: each of ours is the hash of its number.
cookies() { # BITS
    local i hash separator='['
    for i in {1..100}; do
        hash=$(sha256sum <<< "vmspec stack cookie $i")
        printf '%s%u' "$separator" "0x${hash:0:$(($1 / 4))}"
        separator=', '
    done
    echo ']'
}

# Remove the objects of an earlier build.
start_afresh() {
    rm -rf "$objects"
    mkdir -p "$objects"
    cookies 32 > "$objects/StackCookieValues32.json"
    cookies 64 > "$objects/StackCookieValues64.json"
}

tree="$source $SOURCE_DATE_EPOCH"
patches=$(cat "$repo"/patches/edk2/* "$packages/edk2-patch.sh" | sha256sum)
tools="$tree $({ cat "$packages/pe-pack.c"; declare -f make_tools cookies; } | sha256sum)"
objects=Build/Vmspec-$arch/${target}_GCCNOLTO
objects_key() {
    echo "$tools"
    find patched -name '*.inf' | sort
}
if_changed tools.key "$tools" make_tools
if_changed patched.key "$tree $patches" "$packages/edk2-patch.sh" "$source" patched
# EDK2's build does not notice that the tree, a tool or the cookies changed, or that
# a patch makes a copy of one more module.
[ -d "$objects" ] || rm -f "$objects.key"
mkdir -p "${objects%/*}"
if_changed "$objects.key" "$(objects_key)" start_afresh

ram_base=$("$here/map.sh" RAM_LOW_BASE)
block_size=$("$here/map.sh" FLASH_BLOCK_SIZE)

build -p VmspecPkg/VmspecPkg.dsc -D "VMSPEC_RAM_BASE=$ram_base" \
    -D "VMSPEC_BLOCK_SIZE=$block_size" -D "VMSPEC_SOURCE=$source" \
    -D "VMSPEC_INCLUDE=$(realpath "$packages/../include/hw/arm")" \
    -a "$arch" -t GCCNOLTO -b "$target" -n "$jobs" -q -Y PCD -y "$work/report-$arch.txt"
