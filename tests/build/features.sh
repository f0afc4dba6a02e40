#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# QEMU as it is built here against the QEMU of the same version that Debian 13
# ships: what Debian's has and ours has not is in features.txt, with the reason.
# Debian's emulator runs in a tree of its packages.
#
#   features.sh APT DIR QEMU       DIR: where Debian's packages are kept

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
apt=$1 debian=$2/debian qemu=$(realpath "$3") reasons=$(dirname "$0")/features.txt
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Of devices, those count whose bus a guest of this machine can have: I2C, SSI and
# the system bus have no connector here.
names() { # WHAT: the names in QEMU's answer, one a line
    case $1 in
    device) sed -n '/bus \(i2c-bus\|i3c-bus\|aux-bus\|SSI\|System\)/d
                    s/^name "\([^"]*\)".*/\1/p' ;;
    *) sed -n 's/^  *//; /^[a-z0-9][a-z0-9_-]*$/p' ;;
    esac | LC_ALL=C sort -u
}

help_of() { # WHAT PROGRAM...
    local what=$1 option=-$1
    shift
    case $what in
    audio) timeout 60 "$@" -M virt -audio driver=help ;;
    *) timeout 60 "$@" -M virt "$option" help ;;
    esac
}

has_what_debian_has() { # WHAT
    help_of "$1" unshare -rR "$debian" /usr/bin/qemu-system-aarch64 |
        names "$1" > "$tmp/debian"
    help_of "$1" "$qemu" | names "$1" > "$tmp/ours"
    sed -n "s/^$1  *\([^ ]*\).*/\1/p" "$reasons" |
        LC_ALL=C sort > "$tmp/explained"
    echo "$(wc -l < "$tmp/debian") in Debian's, $(wc -l < "$tmp/ours") in ours"
    [ -s "$tmp/debian" ] || { echo "Debian's QEMU says nothing"; return 1; }
    LC_ALL=C comm -23 "$tmp/debian" "$tmp/ours" > "$tmp/missing"
    diff -u --label explained --label missing "$tmp/explained" "$tmp/missing"
}

whats=(device display audio netdev chardev object)
tap_plan ${#whats[@]}
if ! "$apt" chroot trixie amd64 "$debian" qemu-system-arm qemu-system-gui \
        qemu-system-modules-spice qemu-system-modules-opengl >&2; then
    for what in "${whats[@]}"; do
        tap_case "$what" sh -c 'echo "no packages of Debian 13"; exit 77'
    done
    exit
fi
for what in "${whats[@]}"; do
    tap_case "${what}s-of-debian" has_what_debian_has "$what"
done
