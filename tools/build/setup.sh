#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a build needs, and only if it is missing: Debian packages, then the
# build directory. Done when there is nothing to do, in a fraction of a second.
#
#   setup.sh BUILD     QEMU_SOURCE: the user's own QEMU tree

set -eu
cd "$(dirname "$0")/../.."
build=$1

# only a directory with the mark is ever emptied by tools/build/clean.sh
mkdir -p "$build"
if [ ! -e "$build/.vmspec-build" ]; then
    if [ -n "$(ls -A "$build")" ] && [ ! -d "$build/meson-info" ]; then
        echo "vmspec: setup: $build holds something else; name another build" \
            "directory: make B=DIR" >&2
        exit 1
    fi
    : > "$build/.vmspec-build"
fi
VMSPEC_BUILD=$(realpath "$build")
export VMSPEC_BUILD

# the driver; QEMU; the demo disk; the tests
tools/build/apt.sh install \
    'meson>=1.5' ninja-build gcc libc6-dev pkgconf dpkg-dev patch xz-utils \
    python3 python3-venv 'python3-pycotap>=1.3' flex bison libglib2.0-dev \
    libpixman-1-dev libfdt-dev libslirp-dev libattr1-dev \
    libseccomp-dev device-tree-compiler mtools gdisk dosfstools cpio kmod \
    acpica-tools shellcheck g++ uuid-dev gcc-aarch64-linux-gnu \
    gcc-arm-linux-gnueabihf libjson-c-dev strace clang lld xorriso swtpm \
    universal-ctags

# meson looks at these when it configures: do it again when they change
key="$(find firmware -type f | sort; ls demo/meson.build tests/*/meson.build tests/qtest/vmspec-*-test.c \
      2>/dev/null || :) ${QEMU_SOURCE:-}"
if [ -e "$build/build.ninja" ] &&
   [ "$(cat "$build/vmspec-setup.key" 2>/dev/null)" = "$key" ]; then
    exit 0
fi
again=
[ ! -e "$build/build.ninja" ] || again=--reconfigure
# shellcheck disable=SC2086 # none or one
tools/build/step.sh 'configure vmspec' "$build/setup.log" \
    meson setup $again ${QEMU_SOURCE:+-Dqemu_source="$(realpath "$QEMU_SOURCE")"} \
    "$build" .
echo "$key" > "$build/vmspec-setup.key"
