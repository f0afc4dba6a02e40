#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
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
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 9 "$3" "$1"
