#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run the configure script of a staged QEMU in its own build directory. The
# flags are here and nowhere else: a small build, with this machine alone; for
# a directory named *-fuzz, the least that QEMU's fuzzer takes, with ASan; for
# one named *-asan, the same small build with ASan and UBSan.
#
#   configure.sh BUILD FARM STAGED STAMP     STAGED: the stamp of stage.sh

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$1 farm=$(realpath -m "$2") staged=$(realpath "$3") stamp=$(realpath -m "$4")
if [ ! -s "$staged" ]; then # this version is not there
    : > "$stamp"
    exit 0
fi

flags=(--target-list=aarch64-softmmu --with-devices-aarch64=vmspec
    --without-default-features --enable-system --enable-tcg --enable-tools
    --enable-slirp --enable-fdt=system --enable-plugins --enable-tpm
    --enable-pixman --enable-vnc --enable-virtfs --enable-attr
    --enable-vhost-user --enable-vhost-net --enable-seccomp --enable-werror
    --disable-download --disable-install-blobs
    # our data in a folder of ours; then, for other machines of this QEMU, the
    # ROMs that Debian's packages bring
    --with-suffix=qemu-vmspec
    --firmwarepath=share/qemu-vmspec:/usr/share/qemu-firmware:/usr/share/qemu:/usr/share/seabios:/usr/lib/ipxe/qemu)
case $build in
*-fuzz)
    flags=(--target-list=aarch64-softmmu --with-devices-aarch64=vmspec
        --without-default-features --enable-system --enable-tcg
        --enable-fdt=system --enable-attr --disable-download
        --disable-install-blobs --cc=clang --cxx=clang++ --enable-fuzzing
        --enable-asan --disable-werror) ;;
*-asan) # line tables alone, as debug information takes half of the time
    flags+=(--disable-werror --disable-plugins --cc=clang --cxx=clang++
        --enable-asan --enable-ubsan --disable-debug-info
        '--extra-cflags=-O1 -gline-tables-only -fno-omit-frame-pointer') ;;
esac

mkdir -p "$build"
cd "$build"
# meson cannot follow a build directory that has moved
if [ -e .vmspec-path ] && [ "$(cat .vmspec-path)" != "$PWD" ]; then
    find . -mindepth 1 -delete
fi
echo "$PWD" > .vmspec-path
[ -e build.ninja ] || rm -f .vmspec-key

configure() {
    "../${farm##*/}/configure" --python=/usr/bin/python3 "${flags[@]}" ||
        die "QEMU's configure failed" "see $PWD/meson-logs/meson-log.txt"
}
if_changed .vmspec-key "$({ echo "${flags[@]}"; cat "$staged"; } | sha256sum)" configure
cmp -s .vmspec-key "$stamp" || cp .vmspec-key "$stamp"
