#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Install what is built, remember each file for uninstall.sh, and say what to
# do next. Nothing that another package owns is overwritten.
#
#   install.sh BUILD       PREFIX: where to, if not as before; DESTDIR

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
build=$(realpath "$1")
log=$build/logs/install.log

[ -z "${PREFIX:-}" ] ||
    meson setup --reconfigure "$build" "$repo" -Dprefix="$PREFIX" > "$log"
DESTDIR=${DESTDIR:-} meson install -C "$build" --no-rebuild \
    < /dev/null >> "$log" 2>&1 || {
    tail -5 "$log" >&2
    die "the files could not be copied; $log has all that was said" \
        "sudo make install, or make install PREFIX=DIR with a folder of yours"
}
{
    grep -v '^#' "$build/meson-logs/install-log.txt"
    cat "$build/installed-files.txt"
} > "$build/installed.txt"
program=$(grep -- '/qemu-system-aarch64-vmspec$' "$build/installed.txt")
say "installed $(wc -l < "$build/installed.txt") files; $build/installed.txt names them"
next "$program -M vmspec ... starts a guest; make uninstall removes the files"
descriptors=$(dirname "$(grep -m 1 -- '-vmspec-.*\.json$' "$build/installed.txt")")
case $descriptors in
/usr/share/qemu/firmware|/etc/qemu/firmware) ;;
*) note "libvirt looks for firmware descriptors in /etc/qemu/firmware, or" \
        "$HOME/.config/qemu/firmware for a user's session: link $descriptors/*.json" \
        "into one of them" ;;
esac
