#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Makes FAT disks whose \EFI\BOOT\BOOTAA64.EFI boots no guest.
#
#   mkloaders.sh EMPTY LOADER OUTPUT [LOADER OUTPUT]...

set -euo pipefail
empty=$1; shift
esp=$(dirname "$0")/../../../tools/build/esp.sh
while [ $# -gt 0 ]; do
    cp "$empty" "$2.new"
    "$esp" add "$2.new" "$1=EFI/BOOT/BOOTAA64.EFI"
    mv "$2.new" "$2"
    shift 2
done
