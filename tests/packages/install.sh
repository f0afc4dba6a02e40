#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# make install and make uninstall, on a root of their own that has files where a
# distribution and its administrator have theirs. tests/firmware/install.sh looks
# at the firmware and its descriptors.
#
#   install.sh REPO BUILD

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
unset PREFIX
export DESTDIR=$root

listing() { # each file with its mode and content, each folder with its mode
    (cd "$root" && find . -mindepth 1 \( -type d -printf '%M %p\n' \) -o \
        \( -printf '%M %p ' -exec sha256sum {} \; \)) | sort
}

theirs() { # FILE CONTENT
    mkdir -p "$root/${1%/*}"
    echo "$2" > "$root/$1"
}

# what Debian's packages of QEMU and libvirt have, and an administrator
for file in usr/bin/qemu-system-aarch64 usr/bin/qemu-img usr/local/bin/qemu-img \
    usr/local/share/qemu/keymaps/de usr/share/qemu/firmware/60-edk2-aarch64.json \
    etc/qemu/firmware/20-mine.json etc/apparmor.d/abstractions/libvirt-qemu \
    etc/apparmor.d/local/usr.sbin.libvirtd usr/local/share/man/man1/mine.1
do
    theirs "$file" "of another"
done
chmod 700 "$root/etc/apparmor.d/local"
listing > "$tmp/before"
tools/build/install.sh "$build" > "$tmp/said" 2>&1
installed=$?
(cd "$root" && find . ! -type d -printf '/%P\n') | sort > "$tmp/installed"
listing > "$tmp/between"
prefix=$(sed -n 's,\(.*\)/bin/qemu-system-aarch64-vmspec$,\1,p' "$tmp/installed")
top=$root$prefix

rule_installs() {
    cat "$tmp/said"
    [ $installed = 0 ]
}

rule_nothing_of_others_is_changed() {
    ! comm -23 "$tmp/before" "$tmp/between" | grep .
}

rule_files_are_for_all_to_read() {
    [ "$(find "$top/bin" -name '*vmspec*' -printf '%m\n' | sort -u)" = 755 ] &&
        ! find "$top/share/qemu-vmspec" ! -perm -444 | grep .
}

# no library of a test, no object, no tool of the build, no link into the build
rule_programs_are_what_is_documented() {
    local file
    while read -r file; do
        head -c 4 "$root$file" | grep -q ELF || continue
        echo "$file"
        case ${file#"$prefix"} in
        /bin/qemu-system-aarch64-vmspec|/bin/vmspec-nvram|/bin/vmspec) ;;
        /lib*/qemu-vmspec/*.so) ;;
        *) return 1 ;;
        esac
        ! readelf -SW "$root$file" | grep '\.debug_info' || return
        ! readelf -d "$root$file" | grep -E 'RUNPATH|RPATH' || return
    done < "$tmp/installed"
}

rule_no_installed_text_names_the_build_directory() {
    # the tree's own pages say build/ as any clone has it
    ! grep -rlI "$build/" "$top/share" "$top/libexec" "$root/etc" 2> /dev/null |
        grep .
}

rule_licences_of_all_parts_are_there() {
    local dir=$top/share/doc/vmspec/licences
    ls "$dir"
    grep -q 'GNU GENERAL PUBLIC LICENSE' "$dir/vmspec-GPL-2" &&
        grep -q 'GNU GENERAL PUBLIC LICENSE' "$dir/QEMU-GPL-2" &&
        grep -q 'Subject to the terms and conditions of this license' \
            "$dir/firmware-BSD-2-Clause-Patent" || return
    [ -e "$dir/EDK2-parts" ] || [ -e "$dir/OpenSSL-Apache-2" ] || return
    [ ! -e "$build/source/edk2/License.txt" ] || {
        grep -q 'Apache License' "$dir/OpenSSL-Apache-2" &&
            [ -s "$dir/EDK2-BSD-2-Clause-Patent" ]
    }
}

# elsewhere than where it was installed, and with no build tree in sight: an empty
# folder hides it
rule_lists_are_those_of_the_build() {
    local list elsewhere=$tmp/elsewhere
    mkdir -p "$elsewhere"
    cp -r "$top/." "$elsewhere"
    for list in '-display help' '-device help' '-audio driver=help' \
                '-M none -chardev help'; do
        # shellcheck disable=SC2086 # an option and its value
        timeout 60 "$build/qemu/qemu-system-aarch64" $list \
            2>&1 < /dev/null | sort > "$tmp/of-build"
        # shellcheck disable=SC2086
        unshared timeout 60 "$elsewhere/bin/qemu-system-aarch64-vmspec" $list \
            2>&1 < /dev/null | sort > "$tmp/of-installed"
        echo "$list: $(wc -l < "$tmp/of-installed") lines"
        diff "$tmp/of-build" "$tmp/of-installed" || return
    done
}

# run a command that sees no build directory, where that is possible
unshared() {
    if [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null; then
        # shellcheck disable=SC2016 # of the inner shell
        unshare -m sh -c 'mount -t tmpfs none "$0" && exec "$@"' "$build" "$@"
    else
        "$@"
    fi
}

# QEMU refuses a module of another build by this symbol
rule_modules_are_of_one_build() {
    local module
    for module in "$top"/lib*/qemu-vmspec/*.so "$top"/lib*/*/qemu-vmspec/*.so; do
        [ ! -e "$module" ] ||
            nm -D --defined-only "$module" | sed -n 's/.* \(qemu_stamp_\)/\1/p'
    done > "$tmp/stamps"
    sort "$tmp/stamps" | uniq -c
    [ -s "$tmp/stamps" ] || { echo "this QEMU has no modules"; return 77; }
    [ "$(sort -u "$tmp/stamps" | wc -l)" = 1 ]
}

rule_apparmor_knows_the_installed_paths() {
    local drop=$root/etc/apparmor.d/abstractions
    case $prefix in /usr|/usr/local) ;; *)
        echo "nothing is put into /etc for the prefix $prefix"; return 77 ;;
    esac
    cat "$drop/libvirt-qemu.d/vmspec"
    grep -qx "  $prefix/bin/qemu-system-aarch64-vmspec rmix," \
        "$drop/libvirt-qemu.d/vmspec" || return
    [ "$prefix" = /usr ] ||
        grep -qx "  $prefix/bin/qemu-system-aarch64-vmspec PUx," \
            "$drop/vmspec-libvirtd"
}

# On a copy, as Debian 12's libvirt has it and as Debian 13's. What the
# administrator has written stays.
rule_apparmor_lines_come_and_go() {
    local dir=$tmp/aa tool=data/apparmor/libvirt-apparmor.sh
    mkdir -p "$dir"/{abstractions,local/abstractions}
    echo '#include <local/abstractions/libvirt-qemu>' > "$dir/abstractions/libvirt-qemu"
    : > "$dir/local/abstractions/libvirt-qemu"
    echo '  /srv/mine r,' > "$dir/local/usr.sbin.libvirtd"
    touch "$dir/abstractions/vmspec-libvirtd"
    cp -r "$dir" "$dir.before"
    $tool add "$dir" && $tool add "$dir" || return
    grep -r vmspec "$dir"
    [ "$(grep -rc 'libvirt-qemu\.d/vmspec' "$dir/local/abstractions/libvirt-qemu")" = 1 ] &&
        [ "$(grep -c vmspec-libvirtd "$dir/local/usr.sbin.libvirtd")" = 1 ] || return
    $tool remove "$dir" && diff -r "$dir.before" "$dir" || return
    echo 'include if exists <abstractions/libvirt-qemu.d>' >> "$dir/abstractions/libvirt-qemu"
    $tool add "$dir" && [ ! -s "$dir/local/abstractions/libvirt-qemu" ]
}

rule_a_second_installation_changes_nothing() {
    tools/build/install.sh "$build" || return
    listing > "$tmp/again"
    diff "$tmp/between" "$tmp/again"
}

rule_uninstall_leaves_the_root_as_it_was() {
    echo mine > "$top/share/qemu-vmspec/of-the-user"
    tools/build/uninstall.sh "$build" || return
    cat "$top/share/qemu-vmspec/of-the-user" || return
    rm "$top/share/qemu-vmspec/of-the-user"
    rmdir "$top/share/qemu-vmspec"
    listing > "$tmp/after"
    diff "$tmp/before" "$tmp/after"
}

rule_uninstall_twice_says_what_to_do() {
    ! tools/build/uninstall.sh "$build" > "$tmp/said" 2>&1 || return
    cat "$tmp/said"
    grep -q 'nothing was installed' "$tmp/said" && grep -q 'next: ' "$tmp/said"
}

tap_run
