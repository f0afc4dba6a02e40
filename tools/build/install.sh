#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What meson install does beside its own files: QEMU's programs, which the
# inner build has made, and templates of the variable store in the format that
# live snapshots need. QEMU finds its data beside where it lies, so that it may
# be built for one prefix and installed in another.
#
#   install.sh QEMU BINDIR DATADIR     the last two below the prefix

set -eu
qemu=$1 bin=$MESON_INSTALL_DESTDIR_PREFIX/$2 data=$MESON_INSTALL_DESTDIR_PREFIX/$3

for program in qemu-system-aarch64 qemu-img; do
    if [ ! -x "$qemu/$program" ]; then
        echo "vmspec: install: $program is not built: run make build first" >&2
        exit 1
    fi
    install -D -m 755 "$qemu/$program" "$bin/$program"
done
# keyboard layouts, which -vnc and -display want
for layout in "$qemu"/qemu-bundle/usr/local/share/qemu/keymaps/*; do
    [ ! -f "$layout" ] || install -D -m 644 -t "$data/keymaps" "$layout"
done
for template in "$data"/vmspec-vars-*.fd; do
    "$qemu/qemu-img" convert -f raw -O qcow2 "$template" "${template%.fd}.qcow2"
    chmod 644 "${template%.fd}.qcow2"
done
