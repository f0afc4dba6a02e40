#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The Debian packages: made twice, looked at by lintian, and in clean systems of
# Debian 12 and 13, beside Debian's own QEMU, installed, booted, upgraded, removed
# and purged.
#
# Packages are for the Debian that they are built on: libraries that Debian 13 has
# under other names (libaio1, libcapstone4, libnfs13 of Debian 12) are in what they
# depend on. On the other one, apt must refuse them by name and change nothing.
#
#   packages.sh REPO BUILD DEMO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2 demo=$3
skip() { tap_plan 1; tap_case packages sh -c "echo '$1'; exit 77"; exit; }
command -v dh > /dev/null || skip "debhelper is not installed"
[ "$(id -u)" = 0 ] || skip "chroots need root"
# of the system that is built on
# shellcheck source=/dev/null
release=$(. /etc/os-release; echo "$VERSION_CODENAME")
tmp=$(mktemp -d "$build/packages.XXXXXX")
finish() {
    for root in "$tmp"/*/proc; do umount "$root" 2> /dev/null; done
    rm -rf --one-file-system "$tmp"
}
trap finish EXIT
# shellcheck source=tools/build/lib.sh
. tools/build/lib.sh
# shellcheck source=tools/build/apt-lists.sh
. tools/build/apt-lists.sh
mirror=$(mirror)
cache=$build/packages-systems debs=$tmp/debs previous=$tmp/previous

rule_packages_are_built() {
    tools/build/deb.sh "$build" "$debs" && [ -z "$(ls -d "$debs/tree" 2> /dev/null)" ]
}

rule_the_build_directory_keeps_its_prefix() {
    local now
    now=$(meson introspect "$build" --buildoptions | /usr/bin/python3 -c '
import json, sys
print(*(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
    echo "$now"
    [ "$now" != /usr ]
}

rule_two_builds_are_the_same() {
    local file
    tools/build/deb.sh "$build" "$tmp/again" > /dev/null || return
    for file in "$debs"/*.deb; do
        sha256sum "$file" | sed "s|$debs/||"
        cmp "$file" "$tmp/again/${file##*/}" || return
    done
    rm -r "$tmp/again"
}

rule_lintian_finds_no_error() {
    command -v lintian > /dev/null || { echo "no lintian here"; return 77; }
    lintian --fail-on error --allow-root --suppress-tags bad-distribution-in-changes-file \
        "$debs"/*.changes
}

rule_versions_agree() {
    local version
    version=$(dpkg-parsechangelog -l debian/changelog -S Version)
    echo "$version"
    grep "version: '$version'" meson.build
}

# packages-full.txt and packages.txt name what a build needs, for people and here
rule_build_dependencies_are_those_of_make() {
    local name rest
    while read -r name rest; do
        case $name in ''|'#'*) continue ;; esac
        case $rest in 'the tests'*|'the demo disks') continue ;; esac
        name=${name%%>=*} name=${name//+/.}
        case $name in gcc|libc6-dev|dpkg-dev|python3*) continue ;; esac # essential, :native
        grep -qE "^ $name([ ,:].*)?\$" debian/control ||
            { echo "debian/control lacks $name"; return 1; }
    done < <(cat tools/build/packages.txt tools/build/packages-full.txt)
}

# The same packages with a lower version
make_previous() {
    local file version dir
    mkdir -p "$previous"
    for file in "$debs"/*.deb; do
        dir=$tmp/unpacked
        version=$(dpkg-deb -f "$file" Version)
        rm -rf "$dir"
        dpkg-deb -R "$file" "$dir" || return
        sed -i "s/$version/$version~/g" "$dir/DEBIAN/control"
        dpkg-deb --root-owner-group -Znone -b "$dir" "$previous" > /dev/null || return
    done
    rm -rf "$dir"
}

# ---- in a clean system: $root ----

inside() { # CMD...: with a network for apt, and no service started
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        HOME=/root DEBIAN_FRONTEND=noninteractive "$@" < /dev/null
}

# Each file outside of apt's and dpkg's own, of logs and of caches
listing() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev \
        -o -path ./tmp -o -path ./run -o -path ./var/lib/dpkg \
        -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \
        -o -path ./debs -o -path ./root \) -prune -o \
        \( -type f -printf '%M %u %p ' -exec sha256sum {} \; \) -o \
        \( ! -type f -printf '%M %u %p %l\n' \)) | sort
}

make_system() { # SUITE
    root=$tmp/$1
    mkdir -p "$root" "$cache"
    # kept, as it takes minutes; what the mirror has newer since is fetched
    if [ ! -e "$cache/$1.tar" ]; then
        mmdebstrap --mode=root --variant=minbase --skip=check/qemu,cleanup/apt \
            --aptopt='Acquire::Check-Valid-Until "false"' \
            --include=qemu-system-arm,ipxe-qemu,ca-certificates \
            "$1" "$cache/$1.new.tar" "deb [signed-by=$keyring] $mirror $1 main" &&
            mv "$cache/$1.new.tar" "$cache/$1.tar" || return
    fi
    tar -xf "$cache/$1.tar" -C "$root" || return
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    inside apt-get update > /dev/null || return
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    mount -t proc proc "$root/proc"
    mkdir -p "$root/debs"
    cp "$debs"/*.deb "$root/debs"
    cp --sparse=always "$demo" "$root/debs/demo.img"
    cp debian/tests/boot-demo "$root/debs"
    # as libvirt of Debian 12 has them
    mkdir -p "$root"/etc/apparmor.d/{abstractions,local/abstractions}
    echo '#include <local/abstractions/libvirt-qemu>' \
        > "$root/etc/apparmor.d/abstractions/libvirt-qemu"
    : > "$root/etc/apparmor.d/local/abstractions/libvirt-qemu"
}

ours() { # PATTERN: packages by name, in the system
    (cd "$root/debs" && find . -name "$1" -printf '/debs/%P\n')
}

# what ours depend on, first: not ours, so not in what is compared
rule_dependencies() {
    local names files
    mapfile -t files < <(ours '*.deb')
    names=$(inside apt-get install -s --no-install-recommends "${files[@]}" |
        sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -v '^vmspec-')
    # shellcheck disable=SC2086 # a list
    inside apt-get install -y --no-install-recommends $names > "$tmp/apt.log" 2>&1 ||
        { tail "$tmp/apt.log"; return 1; }
    wc -w <<< "$names"
    listing > "$tmp/before"
}

apt_install() { # PATTERN
    local files
    mapfile -t files < <(ours "$1")
    inside apt-get install -y --no-install-recommends "${files[@]}" \
        > "$tmp/apt.log" 2>&1 || { tail -20 "$tmp/apt.log"; return 1; }
}

# a guest of virt on Debian's emulator, with a card that needs a ROM
debians_qemu() {
    inside readlink -f /usr/bin/qemu-system-aarch64 || return
    echo quit | chroot "$root" timeout 60 qemu-system-aarch64 -M virt -S \
        -display none -serial none -monitor stdio -nic user,model=virtio \
        > "$tmp/seen" 2>&1 || { cat "$tmp/seen"; return 1; }
    ! grep -iE 'rom|error|fail' "$tmp/seen"
}

# with make install, below /usr/local
rule_make_install_harms_nobody() {
    DESTDIR=$root tools/build/install.sh "$build" || return
    listing > "$tmp/between"
    ! comm -23 "$tmp/before" "$tmp/between" | grep . || return
    debians_qemu &&
        inside /usr/local/bin/qemu-system-aarch64-vmspec -display help || return
    DESTDIR=$root tools/build/uninstall.sh "$build" || return
    listing > "$tmp/after"
    diff "$tmp/before" "$tmp/after"
}

rule_install() {
    cp "$previous"/*.deb "$root/debs" || return
    apt_install '*~_*.deb' && inside dpkg -l 'vmspec-*'
    [ -z "$(inside dpkg --audit)" ] || return
    listing > "$tmp/between"
    # nothing of Debian's changed, but for the line in the administrator's file
    ! comm -23 "$tmp/before" "$tmp/between" | grep -v ./etc/apparmor.d/local/ |
        grep . && debians_qemu
}

rule_upgrade() {
    rm "$root"/debs/*~_*.deb
    apt_install '*.deb' || return
    inside dpkg -l 'vmspec-*' | tail -n +6
    ! inside dpkg -l 'vmspec-*' | grep '~ '
}

rule_boot() {
    timeout 1000 chroot "$root" env -i PATH=/usr/bin:/bin \
        VMSPEC_DEMO=/debs/demo.img /debs/boot-demo < /dev/null
}

rule_lists() {
    inside qemu-system-aarch64-vmspec -display help | tee "$tmp/seen"
    grep -x gtk "$tmp/seen" && grep -x curses "$tmp/seen" || return
    inside qemu-system-aarch64-vmspec -device help > "$tmp/seen" &&
        grep -c '^name' "$tmp/seen" && grep 'virtio-gpu-gl-pci' "$tmp/seen"
}

rule_apparmor() {
    # below /usr/share libvirt's helper lets a VM read firmware of few folders
    grep -h 'filename.*vmspec-uefi' "$root"/usr/share/qemu/firmware/*-vmspec-*.json \
        > "$tmp/named" || return
    ! grep -v '"/usr/share/edk2/' "$tmp/named" || return
    grep -r vmspec "$root/etc/apparmor.d/local" || return
    grep '/usr/bin/qemu-system-aarch64-vmspec rmix' \
        "$root/etc/apparmor.d/abstractions/libvirt-qemu.d/vmspec"
}

rule_remove_and_purge() {
    inside apt-get remove -y 'vmspec-*' > "$tmp/apt.log" 2>&1 ||
        { tail "$tmp/apt.log"; return 1; }
    (cd "$root" && find . -xdev -name '*vmspec*' ! -path './debs/*' \
        ! -path './proc/*' ! -path './var/*') | sort
    inside apt-get purge -y 'vmspec-*' > "$tmp/apt.log" 2>&1 ||
        { tail "$tmp/apt.log"; return 1; }
    listing > "$tmp/after"
    diff "$tmp/before" "$tmp/after" &&
        ! find "$root/var" -name '*vmspec*' ! -path '*/archives/*' | grep .
}

# built for another Debian: installed as a whole, or refused and nothing is changed
rule_foreign() {
    local files
    mapfile -t files < <(ours 'vmspec-qemu_*.deb'; ours 'vmspec-firmware_*.deb')
    listing > "$tmp/before"
    if inside apt-get install -y --no-install-recommends "${files[@]}" \
        > "$tmp/apt.log" 2>&1; then
        inside qemu-system-aarch64-vmspec --version || return
        echo "these packages install here, too"
        return
    fi
    grep Depends: "$tmp/apt.log" || return
    listing > "$tmp/after"
    diff "$tmp/before" "$tmp/after"
}

case $release in
bookworm|trixie) tap_plan $((6 + 10 + 3)) ;;
*) tap_plan $((6 + 3 + 3)) ;;
esac
for rule in packages-are-built the-build-directory-keeps-its-prefix \
    two-builds-are-the-same lintian-finds-no-error versions-agree \
    build-dependencies-are-those-of-make; do
    tap_case "$rule" "rule_${rule//-/_}"
done
for suite in bookworm trixie; do
    root=$tmp/$suite
    tap_case "$suite-clean-system" make_system "$suite"
    if [ "$suite" = "$release" ]; then
        tap_case "$suite-previous-version" make_previous
        for rule in dependencies make-install-harms-nobody install upgrade boot \
            lists apparmor remove-and-purge; do
            tap_case "$suite-$rule" "rule_${rule//-/_}"
        done
    else
        tap_case "$suite-packages-of-$release" rule_foreign
        # these have no library of a release
        tap_case "$suite-firmware-alone" apt_install 'vmspec-firmware_*.deb'
    fi
    umount "$root/proc"
    rm -rf --one-file-system "$root"
done
