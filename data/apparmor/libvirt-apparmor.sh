#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Let libvirt's AppArmor profiles include the rules of vmspec, or no longer.
# Newer profiles read a folder; Debian 12's include one file, which the
# administrator owns: it gets a line of ours, and nothing else of it changes.
#
#   libvirt-apparmor add|remove [DIR]      DIR: /etc/apparmor.d

set -eu
dir=${2:-/etc/apparmor.d}

# once, at the end of a file that is there; says whether the file has changed
add_line() { # FILE LINE
    [ -f "$1" ] || return
    ! grep -qxF "$2" "$1" || return
    printf '%s\n' "$2" >> "$1"
}

remove_line() { # FILE LINE
    grep -qsxF "$2" "$1" || return
    rest=$(grep -vxF "$2" "$1" || :)
    # in place: the file keeps its owner and mode
    if [ -n "$rest" ]; then
        printf '%s\n' "$rest" > "$1"
    else
        : > "$1"
    fi
}

# Profiles of VMs are made anew at each start of a VM; a daemon's is loaded once.
reload() { # PROFILE
    [ "$dir" = /etc/apparmor.d ] || return 0
    grep -qs "^$1 \|^/usr/sbin/${1#usr.sbin.} \|^${1#usr.sbin.} " \
        /sys/kernel/security/apparmor/profiles || return 0
    echo "vmspec: AppArmor reads its profile $dir/$1 again"
    apparmor_parser -r "$dir/$1" || echo "vmspec: next: apparmor_parser -r $dir/$1" >&2
}

vm='include if exists <abstractions/libvirt-qemu.d/vmspec>'
daemon='include if exists <abstractions/vmspec-libvirtd>'

case ${1:-} in
add)
    if ! grep -qs '<abstractions/libvirt-qemu\.d>' "$dir/abstractions/libvirt-qemu"
    then
        add_line "$dir/local/abstractions/libvirt-qemu" "$vm" || :
    fi
    [ -e "$dir/abstractions/vmspec-libvirtd" ] || exit 0
    for profile in usr.sbin.libvirtd usr.sbin.virtqemud; do
        ! add_line "$dir/local/$profile" "$daemon" || reload "$profile"
    done ;;
remove)
    remove_line "$dir/local/abstractions/libvirt-qemu" "$vm" || :
    for profile in usr.sbin.libvirtd usr.sbin.virtqemud; do
        ! remove_line "$dir/local/$profile" "$daemon" || reload "$profile"
    done ;;
*)
    sed -n 's/^#  *\(libvirt-apparmor .*\)/usage: \1/p' "$0" >&2
    exit 2 ;;
esac
