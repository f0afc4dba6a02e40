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

if [ ! -e tools.stamp ]; then
    rm -rf tools Conf
    mkdir tools Conf
    cp -r "$source/BaseTools" tools
    chmod -R u+w tools
    ln -s "$source/MdePkg" tools
    make -C tools/BaseTools/Source/C -j "$jobs"
    for file in target tools_def build_rule; do
        cp "tools/BaseTools/Conf/$file.template" "Conf/$file.txt"
    done
    touch tools.stamp
fi

build -p VmspecPkg/VmspecPkg.dsc -a "$arch" -t GCCNOLTO -b "$target" \
    -n "$jobs" -q -Y PCD -y "$work/report-$arch.txt"
