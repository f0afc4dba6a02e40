#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Composes the initramfs with the inventory: the demo guest's, and behind it
# an archive with that one script.
#
#   mkinventory.sh DEMO_INITRAMFS SCRIPT OUTPUT

set -eu

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin"
install -m 755 "$2" "$root/bin/inventory"
find "$root" -exec touch -d @0 {} +
{
    cat "$1"
    (cd "$root" && find . | LC_ALL=C sort |
        cpio --quiet -o -H newc -R 0:0 --reproducible) | gzip -9n
} > "$3"
