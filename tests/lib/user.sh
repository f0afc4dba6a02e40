# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Sourced by tests that build as an ordinary user: root is let write into
# read-only directories, and so does not see each fault. They set $repo, the
# tree, and $tmp, a folder of their own.

clone=${tmp:?}/clone

# as nobody, or as who runs this
user=()
[ "$(id -u)" != 0 ] ||
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
as_user() {
    (cd "$clone" && env -u VMSPEC_BUILD -u QEMU -u QEMU_SOURCE -u V HOME="$tmp" \
        "${user[@]}" "$@")
}

# The tree without its build directory, as the user's
copy_clone() {
    local entry
    mkdir "$clone"
    for entry in "${repo:?}"/*; do
        [ -e "$entry/.vmspec-build" ] || cp -r "$entry" "$clone"
    done
    [ ${#user[@]} = 0 ] || chown -R 65534:65534 "$tmp"
}
