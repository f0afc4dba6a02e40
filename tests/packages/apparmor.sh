#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The AppArmor profiles of libvirt in Debian 12 and 13, from their packages, take
# our rules in: AppArmor's parser compiles them, and its expanded text has our lines.
# Nothing is loaded into a kernel.
#
#   apparmor.sh REPO BUILD

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
command -v apparmor_parser > /dev/null ||
    { tap_plan 1; tap_case profiles sh -c 'echo "apparmor is not installed"; exit 77'
      exit; }
tool=data/apparmor/libvirt-apparmor.sh

# what the packages bring, and what their scripts make
profiles() { # SUITE PACKAGE...
    local suite=$1 dir=$build/libvirt-profiles-$1
    shift
    tools/build/apt.sh unpack "$suite" "$(dpkg --print-architecture)" "$dir" "$@" \
        > "$tmp/log" 2>&1 || { tail -3 "$tmp/log"; return 77; }
    cp -r "$dir/etc/apparmor.d" "$tmp/$suite"
    root=$tmp/$suite
    mkdir -p "$root/local/abstractions"
    : > "$root/local/abstractions/libvirt-qemu"
    : > "$root/local/usr.sbin.libvirtd"
    : > "$root/local/usr.lib.libvirt.virt-aa-helper"
    # the profile of a VM, as libvirt makes it
    sed 's/LIBVIRT_TEMPLATE/libvirt-0001/' "$root/libvirt/TEMPLATE.qemu" > "$root/libvirt/vm"
}

ours() { # what make install puts there for /usr/local
    local file
    mkdir -p "$root/abstractions/libvirt-qemu.d"
    for file in libvirt-qemu libvirtd; do
        sed -e 's,@bin@,/usr/local/bin,' -e 's,@data@,/usr/local/share/qemu-vmspec,' \
            -e 's,@images@,/usr/local/share/qemu-vmspec,' \
            -e 's,@modules@,/usr/local/lib/x86_64-linux-gnu/qemu-vmspec,' \
            "data/apparmor/$file.in" > "$tmp/$file"
    done
    cp "$tmp/libvirt-qemu" "$root/abstractions/libvirt-qemu.d/vmspec"
    cp "$tmp/libvirtd" "$root/abstractions/vmspec-libvirtd"
    $tool add "$root"
}

has() { # PROFILE RULE...
    local profile=$root/$1 rule
    shift
    apparmor_parser -QKS --base "$root" "$profile" > /dev/null || return
    apparmor_parser -p --base "$root" "$profile" > "$tmp/expanded" || return
    for rule; do
        grep -xF "  $rule" "$tmp/expanded" || { echo "no '$rule'"; return 1; }
    done
}

check() { # SUITE PACKAGE...
    profiles "$@" || return
    ! has libvirt/vm '/usr/local/bin/qemu-system-aarch64-vmspec rmix,' || return
    ours || return
    has libvirt/vm '/usr/local/bin/qemu-system-aarch64-vmspec rmix,' \
        '/usr/local/lib/x86_64-linux-gnu/qemu-vmspec/*.so mr,' \
        '/usr/local/share/qemu-vmspec/** rk,' || return
    has usr.sbin.libvirtd '/usr/local/bin/qemu-system-aarch64-vmspec PUx,' || return
    $tool remove "$root" &&
        [ ! -s "$root/local/abstractions/libvirt-qemu" ] &&
        [ ! -s "$root/local/usr.sbin.libvirtd" ]
}

# what the package needs no rule for
rule_usr_bin() {
    root=$tmp/bookworm
    [ -d "$root" ] || { echo "no profiles here"; return 77; }
    has usr.sbin.libvirtd '/usr/bin/* PUx,'
}

tap_plan 3
tap_case debian-12 check bookworm apparmor libvirt-daemon-system
tap_case debian-13 check trixie apparmor libvirt-daemon libvirt-daemon-common \
    libvirt-daemon-driver-qemu
tap_case libvirtd-may-start-what-is-in-usr-bin rule_usr_bin
