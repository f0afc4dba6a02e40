#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes the initramfs with the programs: the demo guest's, and behind it an
# archive with the programs.
#
#   mkprograms.sh OUTPUT DEMO_INITRAMFS PROGRAM...

set -eu

output=$1 demo=$2
shift 2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin"
install -m 755 "$@" "$root/bin"
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 9 "$output" "$demo"
