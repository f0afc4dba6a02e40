#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build our UEFI platform, firmware/VmspecPkg, on EDK2. EDK2's tree is only
# read: its build tools are copied beside the objects and made there.
#
#   edk2.sh SOURCE WORK ARCH TARGET JOBS
#           SOURCE: EDK2's tree  ARCH: AARCH64|ARM  TARGET: RELEASE|DEBUG
#   The images are then in WORK/Build/Vmspec-ARCH/TARGET_GCCNOLTO/FV.

set -euo pipefail
packages=$(dirname "$(realpath "$0")")
source=$(realpath "$1") arch=$3 target=$4 jobs=$5
mkdir -p "$2"
work=$(realpath "$2")
cd "$work"

# A module that a patch of ours changes is built from a copy, which is found
# first; the rest of EDK2 is built where it is.
rm -rf patched
mkdir patched
while read -r patch; do
    sed -n 's|^+++ b/||p' "$packages/../patches/edk2/$patch" | xargs -n1 dirname |
        sort -u | (cd "$source" && xargs cp -r --parents -n -t "$work/patched")
    patch -s -p1 -d patched -i "$packages/../patches/edk2/$patch"
done < "$packages/../patches/edk2/series"

export WORKSPACE=$work PACKAGES_PATH=$work/patched:$source:$packages
export EDK_TOOLS_PATH=$work/tools/BaseTools CONF_PATH=$work/Conf
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$source/debian/changelog" \
    -S Timestamp 2>/dev/null || echo 0) # what the banner gives as its date
export SOURCE_DATE_EPOCH
export GCCNOLTO_AARCH64_PREFIX=aarch64-linux-gnu-
export GCCNOLTO_ARM_PREFIX=arm-linux-gnueabihf-
export PYTHON_COMMAND=/usr/bin/python3 PYTHONHASHSEED=0 TZ=UTC LC_ALL=C
export PATH=$EDK_TOOLS_PATH/BinWrappers/PosixLike:$PATH
unset MAKEFLAGS MFLAGS MAKELEVEL # each is a make of its own

if [ ! -e ready.stamp ]; then
    rm -rf tools Conf
    mkdir tools Conf
    cp -r "$source/BaseTools" tools
    chmod -R u+w tools
    ln -s "$source/MdePkg" tools
    make -C tools/BaseTools/Source/C -j "$jobs"
    for file in target tools_def build_rule; do
        cp "tools/BaseTools/Conf/$file.template" "Conf/$file.txt"
    done
    # GenFw leaves room for the name of its input even where it blanks it: a
    # name without folders, or an image depends on how long their names are
    # shellcheck disable=SC2016 # the rule's variables
    sed -i 's|"$(GENFW)" -e $(MODULE_TYPE) -o ${dst} ${src}|cd "$(DEBUG_DIR)" \&\& "$(GENFW)" -e $(MODULE_TYPE) -o ${dst} $(MODULE_NAME).dll|' \
        Conf/build_rule.txt
    touch ready.stamp
fi

# EDK2 draws stack cookies by lot where it finds no list of them, and no two
# builds are the same. Who has the image has them anyway: ours follow from their
# number. What was built with others is stale; and so is a module that another
# patch made a copy of since, which EDK2's build does not notice.
cookies() { # BITS
    local i hash separator='['
    for i in {1..100}; do
        hash=$(sha256sum <<< "vmspec stack cookie $i")
        printf '%s%u' "$separator" "0x${hash:0:$(($1 / 4))}"
        separator=', '
    done
    echo ']'
}

objects=Build/Vmspec-$arch/${target}_GCCNOLTO
lists=$(cookies 32)$'\n'$(cookies 64)
copies=$(find patched -name '*.inf' | sort)
if [ "$(cat "$objects"/{StackCookieValues{32,64}.json,copies} 2> /dev/null)" != "$lists"$'\n'"$copies" ]; then
    rm -rf "$objects"
    mkdir -p "$objects"
    head -n 1 <<< "$lists" > "$objects/StackCookieValues32.json"
    tail -n 1 <<< "$lists" > "$objects/StackCookieValues64.json"
    echo "$copies" > "$objects/copies"
fi

ram_base=$("$packages/../tools/build/map.sh" RAM_LOW_BASE)
block_size=$("$packages/../tools/build/map.sh" FLASH_BLOCK_SIZE)

build -p VmspecPkg/VmspecPkg.dsc -D "VMSPEC_RAM_BASE=$ram_base" \
    -D "VMSPEC_BLOCK_SIZE=$block_size" -D "VMSPEC_SOURCE=$source" \
    -a "$arch" -t GCCNOLTO -b "$target" -n "$jobs" -q -Y PCD -y "$work/report-$arch.txt"
