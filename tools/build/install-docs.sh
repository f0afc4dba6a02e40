#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What meson install does for those who read: the pages, as Markdown and, where
# "make docs" has made it, as HTML; man pages; the licences of what is installed.
#
#   install-docs.sh QEMU EDK2 DOCDIR MANDIR     the last two below the prefix

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
umask 022
qemu=$1 edk2=$2
doc=$MESON_INSTALL_DESTDIR_PREFIX/$3 man=$MESON_INSTALL_DESTDIR_PREFIX/$4
build=$MESON_BUILD_ROOT

put() { # SOURCE TARGET
    install -D -m 644 "$1" "$2"
}

pages() {
    local file
    for file in README.md CHANGELOG.md SECURITY.md docs/*.md \
                docs/system/arm/vmspec.rst docs/performance/* docs/libvirt/*; do
        [ ! -f "$file" ] || put "$file" "$doc/$file"
    done
    [ -d "$build/docs/html" ] || return 0
    while read -r file; do
        put "$build/docs/html/$file" "$doc/html/$file"
    done < <(find "$build/docs/html" -type f ! -name .buildinfo -printf '%P\n' | sort)
}

# as Sphinx has made them, else made here of the same text
man_pages() {
    local file name section about
    for file in "$build"/docs/man/*.[1-8]; do
        [ ! -f "$file" ] || put "$file" "$man/man${file##*.}/${file##*/}"
    done
    for file in docs/man/*.rst; do
        [ -f "$file" ] || continue
        name=${file##*/} name=${name%.rst}
        case $name in *.[1-8]) ;; *) name=$name.1 ;; esac
        section=${name##*.}
        [ ! -f "$build/docs/man/$name" ] || continue
        if ! command -v rst2man > /dev/null; then
            note "no man page $name: rst2man, of the package python3-docutils," \
                "is not installed"
            continue
        fi
        mkdir -p "$build/install-man"
        about=$(sed -n "s/.*('${name%.*}', '\([^']*\)', [1-8]).*/\1/p" docs/conf.py)
        # rst2man has no roles of Sphinx, and asks the page for what conf.py knows
        # shellcheck disable=SC2016 # the quotes of reStructuredText
        sed -E 's/:[a-z]+:`([^`<]*[^`< ])( ?<[^`>]*>)?`/*\1*/g' "$file" |
            awk -v n="$section" -v about="$about" '
                { print }
                /^====*$/ && ++lines == 2 {
                    line = about; gsub(/./, "~", line)
                    print "\n" about "\n" line "\n"
                    print ":Manual section: " n "\n:Manual group: vmspec" }' |
            rst2man --report=3 > "$build/install-man/$name"
        put "$build/install-man/$name" "$man/man$section/$name"
    done
}

licences() {
    local to=$doc/licences file
    put LICENSE "$to/vmspec-GPL-2"
    put "$qemu/COPYING" "$to/QEMU-GPL-2"
    put "$qemu/COPYING.LIB" "$to/QEMU-LGPL-2.1"
    put "$qemu/LICENSE" "$to/QEMU-parts"
    put firmware/VmspecPkg/License.txt "$to/firmware-BSD-2-Clause-Patent"
    for file in "EDK2-BSD-2-Clause-Patent $edk2/License.txt" \
        "OpenSSL-Apache-2 $edk2/CryptoPkg/Library/OpensslLib/openssl/LICENSE.txt" \
        "MbedTLS-Apache-2 $edk2/CryptoPkg/Library/MbedTlsLib/mbedtls/LICENSE" \
        "EDK2-parts $edk2/debian/copyright" \
        "EDK2-parts $build/firmware/debian/usr/share/doc/qemu-efi-aarch64/copyright"
    do
        [ ! -f "${file#* }" ] || put "${file#* }" "$to/${file%% *}"
    done
}

cd "$repo"
pages
man_pages
licences
