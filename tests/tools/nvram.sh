#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The program vmspec-nvram as a person uses it: help, mistakes, boot options, JSON,
# new stores. What it does to a store's bytes is in tests/host/vmspec-nvram-tool-test.c.
#
#   nvram.sh VMSPEC_NVRAM REPO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
nvram=$(realpath "$1") repo=$(realpath "$2")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export XDG_STATE_HOME=$tmp/state
cd "$tmp" || exit 1

says() { # STATUS PATTERN ARGUMENT...
    local wanted=$1 pattern=$2 out status
    shift 2
    out=$("$nvram" "$@" 2>&1 < /dev/null)
    status=$?
    if [ "$status" != "$wanted" ] || ! grep -qE -e "$pattern" <<< "$out"; then
        printf 'vmspec-nvram %s: status %s, expected %s and "%s":\n%s\n' "$*" \
            "$status" "$wanted" "$pattern" "$out"
        return 1
    fi
}

utf16() { printf %s "$1" | iconv -t UTF-16LE; }

# A boot option: attributes, the path's length, description, path, its end
boot_option() { # ACTIVE DESCRIPTION PATH-AS-PRINTF
    local size
    size=$(($(printf '%b' "$3" | wc -c) + 4))
    # shellcheck disable=SC2059 # the number is the format
    printf "\\x$(printf %02x "$1")\\0\\0\\0\\x$(printf %02x "$size")\\0"
    utf16 "$2"
    printf '\0\0'
    printf '%b' "$3"
    printf '\x7f\xff\x04\x00'
}

# HD(1,GPT,11223344-5566-7788-99aa-bbccddeeff00)/\EFI\a
zeros='\0\0\0\0\0\0\0\0'
hd='\x04\x01\x2a\0\x01\0\0\0'$zeros$zeros
hd+='\x44\x33\x22\x11\x66\x55\x88\x77\x99\xaa\xbb\xcc\xdd\xee\xff\0\x02\x02'
file='\x04\x04\x12\0\\\0E\0F\0I\0\\\0a\0\0\0'
pci='\x02\x01\x0c\0\xd0\x41\x03\x0a\0\0\0\0\x01\x01\x06\0\0\x02'

with_options() { # FILE: a store with two boot options
    rm -f "$1"
    "$nvram" create "$1" &&
        boot_option 1 debian "$hd$file" | "$nvram" write "$1" Boot0001 - &&
        boot_option 0 disk "$pci" | "$nvram" write "$1" Boot00AF - &&
        printf '\xaf\0\x01\0' | "$nvram" write "$1" BootOrder -
}

rule_help_and_version_are_no_error() {
    says 0 '^usage: vmspec-nvram' --help && says 0 '^usage: ' -h &&
        says 0 '^usage: ' list --help &&
        says 0 '^vmspec-nvram [0-9]+\.[0-9]+\.[0-9]+$' --version
}

rule_mistakes_say_what_was_wrong() {
    says 2 'no command; vmspec-nvram --help' &&
        says 2 "there is no command 'lst'" lst x.fd &&
        says 2 "there is no option '--jsn'" --jsn list x.fd &&
        says 2 "there is no option '--format=vmdk'" --format=vmdk list x.fd &&
        says 2 "there is no option '--format=vmdk'" list --format=vmdk x.fd &&
        says 2 'something is missing; it is: vmspec-nvram list FILE' list &&
        says 2 'it is: vmspec-nvram write FILE VARIABLE DATA' write x.fd A &&
        says 2 "'c' is too much; it is: vmspec-nvram read" read a.fd b c &&
        says 1 'none: cannot open: No such file' list none
}

rule_what_is_no_store_is_said_so() {
    echo text > text.fd
    truncate -s 1M disk.fd
    printf 'EFI PART' | dd of=disk.fd bs=512 seek=1 conv=notrunc status=none
    says 1 'text.fd is not a variable store' list text.fd &&
        says 1 'disk.fd is not a variable store, but a disk image' check disk.fd &&
        says 1 'disk.fd is not a variable store, but a disk image' reset disk.fd
}

rule_list_decodes_boot_options() {
    with_options l.fd && "$nvram" list l.fd > out || return
    grep -F ': "debian" HD(1,GPT,11223344-5566-7788-99aa-bbccddeeff00)/\EFI\a' out &&
        grep -F ': "disk" PciRoot(0x0)/Pci(0x2,0x0) (off)' out &&
        grep -E '^BootOrder-.* 4 bytes: 00AF 0001$' out || return
    printf '\x01\0\0\0\xff\0d\0\0\0' | "$nvram" write l.fd Boot0002 - &&
        says 0 'Boot0002-.*: \(no sound boot option\)' list l.fd || return
    boot_option 1 x '\x04\x01\xff\0' | "$nvram" write l.fd Boot0003 - &&
        says 0 'Boot0003-.*: "x" \(damaged\)' list l.fd
}

rule_boot_order_shows_and_sets() {
    with_options o.fd || return
    [ "$("$nvram" boot-order o.fd | cut -c1-4)" = $'00AF\n0001' ] &&
        says 0 '^0001 "debian"' boot-order o.fd 0001 Boot00af &&
        [ "$("$nvram" boot-order o.fd | cut -c1-4)" = $'0001\n00AF' ] &&
        says 1 'has no boot option Boot0007; list' boot-order o.fd 0007 &&
        says 1 "not a boot option: '1'; write its four" boot-order o.fd 1 &&
        [ "$("$nvram" read o.fd BootOrder | od -An -tx1)" = ' 01 00 af 00' ]
}

rule_json_everywhere() {
    local command
    with_options j.fd || return
    for command in check list export boot-order; do
        "$nvram" --json "$command" j.fd > out.json && valid || return
    done
    "$nvram" read j.fd Boot0001 --json > out.json && valid &&
        grep -q '"data": *"01000000' out.json &&
        "$nvram" list j.fd --json > out.json &&
        grep -qF '"description":"debian"' out.json &&
        printf '\x05\0' | "$nvram" --json write j.fd Timeout - > out.json && valid &&
        "$nvram" --json delete j.fd Timeout > out.json && valid &&
        "$nvram" --json create k.fd > out.json && valid &&
        "$nvram" --json reset k.fd > out.json && valid &&
        grep -qF '"backup":"k.fd.bak"' out.json
}
valid() { python3 -m json.tool out.json > /dev/null || { cat out.json; return 1; }; }

rule_create_makes_an_empty_store_once() {
    "$nvram" create c.fd && says 0 'raw, 0 variables' check c.fd &&
        says 1 'c.fd exists; vmspec-nvram reset' create c.fd &&
        [ "$(stat -c %a c.fd)" = 600 ] || return
    [ -x "${QEMU_IMG:-}" ] || return 0
    "$nvram" create c.qcow2 && says 0 'qcow2, 0 variables' check c.qcow2
}

rule_reset_keeps_the_old_store() {
    with_options r.fd && cp r.fd before &&
        says 0 'the old store is r.fd.bak beside it' reset r.fd &&
        cmp before r.fd.bak && says 0 '0 variables' check r.fd &&
        says 0 'r.fd.bak2' reset r.fd || return
    # a damaged one too
    printf '\0' | dd of=r.fd bs=1 seek=92 conv=notrunc status=none
    says 1 'corrupt' check r.fd && says 0 'r.fd.bak3' reset r.fd &&
        says 0 '0 variables' check r.fd
}

rule_a_vm_can_be_named() {
    mkdir -p "$XDG_STATE_HOME/vmspec/vms" "$XDG_STATE_HOME/vmspec/nvram"
    with_options "$tmp/web.fd" || return
    printf '[vm]\nstore=%s\n' "$tmp/web.fd" > "$XDG_STATE_HOME/vmspec/vms/web.conf"
    says 0 '"debian"' list web || return
    [ -x "${QEMU_IMG:-}" ] || return 0
    "$nvram" create "$XDG_STATE_HOME/vmspec/nvram/auto.qcow2" &&
        says 0 'qcow2, 0 variables' check auto
}

rule_no_binary_to_a_terminal() {
    command -v script > /dev/null || { echo "no script(1)"; return 77; }
    with_options t.fd || return
    printf 'en-US' | "$nvram" write t.fd PlatformLang -
    export nvram
    # shellcheck disable=SC2016 # the shell of script(1) expands it
    { script -qec '"$nvram" read t.fd BootOrder' /dev/null > out < /dev/null
      script -qec '"$nvram" read t.fd PlatformLang' /dev/null > text < /dev/null; }
    grep 'BootOrder: the data is binary.*hexdump' out && grep 'en-US' text
}

rule_each_command_is_in_its_manuals() {
    local command page
    for command in $("$nvram" --help | sed -n 's/^  \([a-z-]*\) *FILE.*/\1/p'); do
        for page in vmspec-nvram.md man/vmspec-nvram.rst; do
            grep -q "\`$command " "$repo/docs/$page" ||
                { echo "docs/$page lacks $command"; return 1; }
        done
    done
}

tap_run
