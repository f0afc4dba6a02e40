#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Builds an EFI application for 32-bit Arm. The linker writes the machine number
# of Windows into the header (0x01c4, Thumb-2), where UEFI wants 0x01c2, Arm and
# Thumb (UEFI 2.10, 2.1.1). The code is the same.
#
#   mkarm.sh OPTION... -o OUTPUT

set -eu
for output; do :; done
clang --target=thumbv7-unknown-windows -mfpu=none "$@"
header=$(od -An -tu4 -j60 -N4 "$output")
printf '\302\001' |
    dd of="$output" bs=1 seek=$((header + 4)) conv=notrunc status=none
