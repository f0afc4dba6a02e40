#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Gather all that is installed in a folder of its own, as it will lie below /.
#
#   gather.sh BUILD DIR    PREFIX: for this prefix; the build directory keeps its own
#                          VMSPEC_STRIP: what strips QEMU, or : to leave the symbols
#                          VMSPEC_TAGS=runtime: without the firmware and the pages

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
umask 022
build=$(realpath "$1") image=$(realpath -m "$2")
log=$build/logs/install.log
options=(--strip)
[ "${VMSPEC_STRIP:-}" != : ] || options=()
[ -z "${VMSPEC_TAGS:-}" ] || options+=("--tags=$VMSPEC_TAGS")
mkdir -p "$build/logs"
: > "$log"

prefix_of_build() {
    meson introspect "$build" --buildoptions | /usr/bin/python3 -c '
import json, sys
print(*(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))'
}

configure() { # PREFIX
    meson setup --reconfigure "$build" "$repo" -Dprefix="$1" >> "$log" 2>&1 ||
        { tail -5 "$log" >&2; die "meson does not take the prefix $1; see $log"; }
}

if [ -n "${PREFIX:-}" ]; then
    before=$(prefix_of_build)
    if [ "$before" != "$PREFIX" ]; then
        trap 'configure "$before"' EXIT
        configure "$PREFIX"
    fi
fi
rm -rf "$image"
DESTDIR=$image meson install -C "$build" --no-rebuild "${options[@]}" \
    < /dev/null >> "$log" 2>&1 || {
    tail -5 "$log" >&2
    die "the files could not be gathered; $log has all that was said"
}
grep '^vmspec: .*NOTE' "$log" || :
