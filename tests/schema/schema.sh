#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's judge of device trees: dt-validate of Debian's dt-schema, with
# the bindings of Debian's Linux. dt-schema is Python with many parts, and
# stable Debian's is too old for the bindings: so it runs in a chroot.
#
#   schema.sh prepare APT DIR OUTPUT   make the chroot DIR/root, process the
#                                      bindings in it; OUTPUT: what was made
#   schema.sh check DIR QEMU GOLDEN    a TAP line for each .dts in GOLDEN: no
#                                      complaint at all; and one for virt, as
#                                      a check that the judge does judge

set -euo pipefail
tools_suite=forky bindings_suite=trixie
bindings=Documentation/devicetree/bindings

# A user's chroot is in a namespace in which the user is root. It has no
# locale but C, and the bindings are UTF-8.
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
    "$apt" install mmdebstrap
    "$apt" chroot "$tools_suite" "$root" dt-schema
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

# what dt-validate says of the FDT in file $1
complaints() { # DTB
    cp "$1" "$root/fdt.dtb"
    inside "$root" dt-validate -s "/$schema" /fdt.dtb 2>&1 ||
        echo "dt-validate: exit status $?"
}

check() { # DIR QEMU GOLDEN
    local root=$1/root qemu=$2 schema n=0 dts seen verdict=not
    schema=$(cat "$1/schema.stamp")
    set -- "$3"/*.dts
    tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
    echo "1..$(($# + 1))"
    echo "# dt-validate $(inside "$root" dt-validate --version), $schema"
    for dts; do
        n=$((n + 1))
        dtc -q -I dts -O dtb -o "$tmp/fdt.dtb" "$dts"
        seen=$(complaints "$tmp/fdt.dtb")
        if [ -z "$seen" ]; then
            echo "ok $n - ${dts##*/}"
        else
            echo "not ok $n - ${dts##*/}"
            echo "$seen" >&2
        fi
    done
    "$qemu" -M virt,dumpdtb="$tmp/fdt.dtb" -cpu cortex-a72 -smp 2 \
        -nodefaults -display none 2> "$tmp/virt.log" || :
    seen=$(complaints "$tmp/fdt.dtb" | grep -c '^/fdt')
    echo "# virt: $seen complaints"
    [ "$seen" = 0 ] || verdict=
    echo "$verdict ok $((n + 1)) - virt is not without fault" | sed 's/^ //'
}

cmd=$1; shift
"$cmd" "$@"
