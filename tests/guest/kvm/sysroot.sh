#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The arm64 libraries and headers that QEMU needs, as files, of the release of Debian
# that this machine's cross compiler is of: both have the same C library.
#
#   sysroot.sh APT_SH DIR STAMP

set -euo pipefail
apt_sh=$1 dir=$2 stamp=$3
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
"$apt_sh" chroot "$suite" arm64 "$dir" libglib2.0-dev libfdt-dev zlib1g-dev \
    libattr1-dev
echo "$suite" > "$stamp"
