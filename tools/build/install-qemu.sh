#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What meson install does beside its own files: QEMU, which the inner build has
# made, and its modules; keyboard layouts; images and templates in the format that
# live snapshots need. All of it has names and a folder of its own, so that the
# distribution's QEMU stays as it is: libvirt takes the first qemu-system-aarch64
# and qemu-img in PATH for every guest and volume of the host. QEMU finds its data
# beside where it lies, so that it may be built for one prefix and installed in
# another.
#
# Where libvirt may read firmware in another folder alone, the images lie there, and
# links to them beside the rest.
#
#   install-qemu.sh QEMU BINDIR DATADIR IMAGEDIR     the last three below the prefix
#
# VMSPEC_STRIP is what strips the programs: strip, or : to leave the symbols.

set -eu
umask 022
qemu=$1 bin=$MESON_INSTALL_DESTDIR_PREFIX/$2 data=$MESON_INSTALL_DESTDIR_PREFIX/$3
images=$MESON_INSTALL_DESTDIR_PREFIX/$4

put() { # MODE SOURCE TARGET
    install -D -m "$1" "$2" "$3"
}

if [ ! -x "$qemu/qemu-system-aarch64" ] || [ ! -x "$qemu/qemu-img" ]; then
    echo "vmspec: install: QEMU is not built: run make build first" >&2
    exit 1
fi
put 755 "$qemu/qemu-system-aarch64" "$bin/qemu-system-aarch64-vmspec"
"${VMSPEC_STRIP:-strip}" "$bin/qemu-system-aarch64-vmspec"
# where QEMU looks for modules is fixed in relation to its own folder; those of
# its tests, and of other machines, are left out
bundle=$qemu/qemu-bundle/usr/local
for module in "$bundle"/lib/*/qemu-vmspec/*.so; do
    [ -f "$module" ] || continue
    case ${module##*/} in accel-qtest-*|hw-s390x-*) continue ;; esac
    target=$MESON_INSTALL_DESTDIR_PREFIX/${module#"$bundle"/}
    put 644 "$module" "$target"
    "${VMSPEC_STRIP:-strip}" --strip-unneeded "$target"
done
for layout in "$bundle"/share/qemu-vmspec/keymaps/*; do
    [ ! -f "$layout" ] || put 644 "$layout" "$data/keymaps/${layout##*/}"
done
for image in "$data"/vmspec-*.fd; do
    [ -f "$image" ] || continue
    qcow2=${image%.fd}.qcow2
    "$qemu/qemu-img" convert -f raw -O qcow2 "$image" "$qcow2"
    chmod 644 "$qcow2"
done
[ "$images" != "$data" ] || exit 0
for image in "$data"/vmspec-uefi-*; do
    if [ ! -f "$image" ] || [ -L "$image" ]; then continue; fi
    put 644 "$image" "$images/${image##*/}"
    ln -srf "$images/${image##*/}" "$image"
done
