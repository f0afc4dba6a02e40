#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Debian packages of what is built, in BUILD/deb, or in another folder. They are
# for the Debian of this machine: its version is at the end of theirs.
#
#   deb.sh BUILD [DIR]

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$(realpath "$1") dir=$(realpath -m "${2:-$1/deb}")
log=$build/logs/deb.log
umask 022
command -v dh > /dev/null || die "debhelper is not installed" \
    "install the packages of tools/build/packages-deb.txt: $here/deps.sh -y packages-deb.txt"
[ "$(cat "$build/devices.key" 2>/dev/null || echo full)" = full ] ||
    die "QEMU is built small: the packages have the full set" "make deb DEVICES=full"

mkdir -p "$dir"
rm -rf "$dir/tree" "$dir"/vmspec*.{deb,changes,buildinfo}
mkdir "$dir/tree"
cp -r "$repo/debian" "$dir/tree"
cd "$dir/tree"
REPO=$repo B=$build BUILT=1 dpkg-buildpackage -b -us -uc > "$log" 2>&1 < /dev/null || {
    tail -15 "$log" >&2
    die "the packages were not built; $log has all that was said"
}
cd "$dir"
rm -rf tree
for file in *.deb; do
    printf '%8s  %s\n' "$(du -h --apparent-size "$file" | cut -f1)" "$dir/$file"
done
next "apt-get install $dir/vmspec-*.deb"
