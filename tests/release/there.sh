#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Run a test of a release of QEMU in its build directory, if this machine's mirror
# has its source.
#
#   there.sh RELEASE STAMP BUILD CMD...   STAMP: of configure.sh, empty if it is not

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
release=$1 stamp=$2 build=$3
shift 3
[ -s "$stamp" ] || {
    tap_skip_all "no source of QEMU $release on this machine's mirror"
    exit
}
cd "$build" && exec "$@"
