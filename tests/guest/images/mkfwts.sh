#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the initramfs with the Firmware Test Suite: the demo guest's, and
# behind it an archive with Debian's fwts and its libraries.  Both are forky's,
# because older suites have no fwts for arm64.  The demo guest's own programs are
# static and use no library.
#
#   mkfwts.sh APT DIR DEMO_INITRAMFS OUTPUT

set -euo pipefail

apt=$1 dir=$2 demo=$3 output=$4
suite=forky

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

rm -rf "$dir"
"$apt" chroot "$suite" arm64 "$dir" fwts

mkdir -p "$root/lib" "$root/usr/bin" "$root/usr/share"
ln -s /usr/lib/ld-linux-aarch64.so.1 "$root/lib"
cp -a "$dir/usr/bin/fwts" "$root/usr/bin"
cp -a "$dir/usr/share/fwts" "$root/usr/share"
cp -a "$dir/usr/lib" "$root/usr"
rm -rf "$root"/usr/lib/*/{gconv,engines-*,ossl-modules,gio}

"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 1 "$output" "$demo"
