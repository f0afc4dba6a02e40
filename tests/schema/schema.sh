#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The device trees against Linux' bindings, by dt-validate of Debian's
# dt-schema. It needs many Python modules, and stable Debian's is too old for the
# bindings of Debian's Linux: so a newer one runs in a chroot.
#
#   schema.sh prepare APT DIR OUTPUT   make the chroot DIR/root, process the
#                                      bindings in it; OUTPUT: what was made
#   schema.sh check DIR QEMU GOLDEN    a case for each .dts in GOLDEN: no
#                                      complaint at all; and one for virt, which
#                                      shows that dt-validate does complain

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
tools_suite=forky bindings_suite=trixie
bindings=Documentation/devicetree/bindings

# A user who is not root enters the chroot in a user namespace. The chroot has
# no locale but C, and the bindings are UTF-8.
export LC_ALL=C PYTHONUTF8=1
inside() { # ROOT CMD...
    if [ "$(id -u)" = 0 ]; then
        chroot "$@"
    else
        unshare --map-root-user chroot "$@"
    fi
}

prepare() { # APT DIR OUTPUT
    local apt=$1 root=$2/root linux
    set -e
    "$apt" chroot "$tools_suite" "$(dpkg --print-architecture)" "$root" \
        dt-schema
    linux=$("$apt" depends "$bindings_suite" arm64 linux-source)
    if [ ! -e "$root/$linux.json" ]; then
        "$apt" unpack "$bindings_suite" arm64 "$2/deb" "$linux"
        tar -xf "$2/deb/usr/src/$linux.tar.xz" -C "$root" "$linux/$bindings"
        inside "$root" dt-mk-schema -j -o "/$linux.new" "/$linux/$bindings"
        mv "$root/$linux.new" "$root/$linux.json"
        rm -rf "$2/deb"
    fi
    echo "$linux.json" > "$3"
}

# what dt-validate says of an FDT, by the bindings of check()
complaints() { # DTB
    cp "$1" "$root/fdt.dtb"
    inside "$root" dt-validate -s "/$schema" /fdt.dtb 2>&1 ||
        echo "dt-validate: exit status $?"
}

has_no_fault() { # DTS
    local seen
    dtc -q -I dts -O dtb -o "$tmp/fdt.dtb" "$1" || return
    seen=$(complaints "$tmp/fdt.dtb")
    [ -z "$seen" ] || { echo "$seen"; return 1; }
}

virt_has_faults() {
    local seen
    "$qemu" -M virt,dumpdtb="$tmp/fdt.dtb" -cpu cortex-a72 -smp 2 \
        -nodefaults -display none 2> "$tmp/virt.log" || :
    seen=$(complaints "$tmp/fdt.dtb" | grep -c '^/fdt')
    echo "virt: $seen complaints"
    [ "$seen" -gt 0 ]
}

check() { # DIR QEMU GOLDEN
    local root=$1/root qemu=$2 schema dts
    schema=$(cat "$1/schema.stamp") || exit
    set -- "$3"/*.dts
    tmp=$(mktemp -d) || exit
    trap 'rm -rf "$tmp"' EXIT
    tap_plan $(($# + 1))
    echo "# dt-validate $(inside "$root" dt-validate --version), $schema"
    for dts; do
        tap_case "${dts##*/}" has_no_fault "$dts"
    done
    tap_case 'virt is not without fault' virt_has_faults
}

cmd=$1; shift
"$cmd" "$@"
