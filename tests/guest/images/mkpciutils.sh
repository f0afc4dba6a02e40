#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the initramfs with lspci: the demo guest's, and behind it an archive
# with Debian's pciutils and its libraries.  The list of vendors' names is left
# out, because the tests read numbers.
#
#   mkpciutils.sh APT ARCH DIR DEMO_INITRAMFS OUTPUT

set -euo pipefail

apt=$1 arch=$2 dir=$3 demo=$4 output=$5
suite=trixie

case $arch in
aarch64) debian=arm64 loader=ld-linux-aarch64.so.1 ;;
arm)     debian=armhf loader=ld-linux-armhf.so.3 ;;
*)       echo "mkpciutils.sh: unknown architecture '$arch'" >&2; exit 2 ;;
esac

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

rm -rf "$dir"
"$apt" chroot "$suite" "$debian" "$dir" pciutils

mkdir -p "$root/lib" "$root/usr/bin" "$root/usr/lib"
cp "$dir/usr/bin/lspci" "$root/usr/bin"
cp -a "$dir"/usr/lib/*-linux-gnu* "$root/usr/lib"
rm -rf "$root"/usr/lib/*/{gconv,engines-*,ossl-modules}
cp -L "$dir"/usr/lib/*/"$loader" "$root/lib"

"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 1 "$output" "$demo"
