#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Debian's Chromium as files, for the test that looks at the manual's pages:
# nothing is installed. A machine that has chromium needs none.
#
#   docs-browser.sh DIR

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/apt-lists.sh
. "$here/apt-lists.sh"

if command -v chromium > /dev/null; then
    say "this machine has chromium"
else
    "$here/apt.sh" chroot "$(codename)" "$(dpkg --print-architecture)" "$1" \
        chromium fonts-dejavu-core
fi
