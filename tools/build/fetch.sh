#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fetch a QEMU source tree from Debian. The base version must be there; any
# other is for a test, which is skipped if the mirror has moved on.
#
#   fetch.sh SUITES VERSION DIR STAMP

set -u
if [ "$2" != 10.0 ]; then
    export VMSPEC_HINT="nothing: only the tests of QEMU $2 will be skipped"
fi
"$(dirname "$0")/apt.sh" source "$1" "qemu=$2." "$3"
rc=$?
if [ $rc -eq 77 ] && [ "$2" = 10.0 ]; then
    echo "vmspec: fetch: name a QEMU 10.0.x tree of yours instead:" \
        "make QEMU_SOURCE=DIR" >&2
    exit 1
fi
[ $rc -eq 0 ] || [ $rc -eq 77 ] || exit $rc
[ -e "$4" ] || : > "$4"
