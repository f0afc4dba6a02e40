#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Fetches what the benchmark compares vmspec with, and what the tests need not:
# Debian's own QEMU with its libraries, AAVMF of AArch32 and of sid. A row whose
# files could not be fetched is skipped.
#
#   fetch.sh APT DIR STAMP

set -euo pipefail
apt=$1 dir=$2 stamp=$3

"$apt" chroot trixie "$(dpkg --print-architecture)" "$dir/debian" \
    qemu-system-arm ||
    echo "vmspec: bench: NOTE: no QEMU of Debian's; its rows are skipped"
"$apt" unpack trixie arm64 "$dir/firmware" qemu-efi-arm ||
    echo "vmspec: bench: NOTE: no AAVMF32; its rows are skipped"
"$apt" unpack sid arm64 "$dir/firmware-sid" qemu-efi-aarch64 ||
    echo "vmspec: bench: NOTE: no AAVMF of sid; its rows are skipped"
touch "$stamp"
