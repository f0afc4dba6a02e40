#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The options of vmspec run that other guests than that of program.sh show: each case
# starts one, looks at what the option gives it, and ends it.
#
#   options.sh VMSPEC QEMU_BUILD DEMO IMAGES     DEMO, IMAGES: folders of the disks

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
here=$(dirname "$(realpath "$0")")
vmspec=$(realpath "$1") build=$2 demo=$3 images=$4
limit=200
tmp=$(mktemp -d)
export XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp/run QEMU_IMG=$build/qemu-img
unset WAYLAND_DISPLAY DISPLAY
mkdir "$tmp/run"
cd "$tmp" || exit 1
trap 'rm -rf "$tmp"' EXIT
run_pid='' xvfb_pid=''

start() { # ARGUMENT...
    rm -rf keys
    mkfifo keys
    exec 3<> keys
    : > screen
    timeout 600 "$vmspec" run "$@" --qemu "$build/qemu-system-aarch64" -m 512M \
        < keys > screen 2> said 3>&- &
    run_pid=$!
}

finish() {
    [ -z "$run_pid" ] || { kill "$run_pid"; wait "$run_pid"; } 2> /dev/null
    [ -z "$xvfb_pid" ] || { kill "$xvfb_pid"; wait "$xvfb_pid"; } 2> /dev/null
}

until_true() { # CMD...
    local i
    for ((i = 0; i < limit * 5; i++)); do
        ! "$@" > seen 2>&1 || return 0
        kill -0 "$run_pid" 2> /dev/null || break
        sleep 0.2
    done
    echo "never: $*"
    cat said
    tail -c 1000 screen
    return 1
}

shows() { # TEXT [SIZE]: behind the first SIZE bytes
    tail -c "+$((${2:-0} + 1))" screen | grep -aqF -e "$1"
}

# Type a line and wait for what it prints, after the line itself
ask() { # LINE TEXT
    local size
    size=$(stat -c %s screen)
    printf '%s\r' "$1" >&3
    until_true shows "$2" "$size"
}

copy() { # DISK NAME
    "$QEMU_IMG" create -q -f qcow2 -F raw -b "$1" "$2.qcow2"
}

# A case is a function, which runs in a subshell; what it has started ends with it.
rule_secure_boot() {
    trap finish EXIT
    copy "$images/signed-aarch64.img" signed || return
    start signed.qcow2 --secure-boot
    until_true shows 'demo:/#' && ask 'dmesg | grep -i "secure boot"' 'enabled'
}

rule_secure_boot_refuses_what_nobody_signed() {
    trap finish EXIT
    copy "$demo/demo-aarch64.img" unsigned || return
    start unsigned.qcow2 --secure-boot
    until_true shows 'is refused by Secure' &&
        until_true grep -F 'leave --secure-boot out' said && cat seen
}

rule_tpm() {
    trap finish EXIT
    command -v swtpm > /dev/null || { echo 'no swtpm here'; return 77; }
    copy "$demo/demo-aarch64.img" measured || return
    start measured.qcow2 --tpm
    # Linux has the TPM, and the firmware's measurements in it
    # shellcheck disable=SC2016 # the guest's shell expands it
    until_true shows 'demo:/#' && ask 'dmesg | grep TPMEventLog' 'TPMEventLog=' &&
        ask 'cat /sys/class/tpm/tpm0/pcr-sha256/16' 00000000000000000000000000000000 &&
        ask 'grep -q 00000000 /sys/class/tpm/tpm0/pcr-sha256/4 || echo has-$((40 + 2))' \
            has-42 &&
        [ -d measured.qcow2.tpm ] && ls measured.qcow2.tpm
}

rule_iso() {
    trap finish EXIT
    "$QEMU_IMG" create -q -f qcow2 empty.qcow2 64M || return
    start empty.qcow2 --iso "$images/boot-aarch64.iso"
    until_true shows 'grub> ' && grep -F 'so the ISO starts' said
}

rule_kernel() {
    trap finish EXIT
    start --kernel "$demo/vmlinuz-aarch64" --initrd "$demo/initramfs-aarch64.cpio.gz" \
        --append 'quiet word=here' --name direct
    until_true shows 'demo:/#' && ask 'cat /proc/cmdline' 'quiet word=here' &&
        ask 'report' 'firmware: none'
}

# By 9p, as the manual has it
rule_share() {
    local line
    trap finish EXIT
    mkdir shared && echo 'from the host' > shared/host || return
    copy "$demo/demo-aarch64.img" share || return
    start share.qcow2 --share shared
    until_true shows 'demo:/#' || return
    line=$(sed -n 's/.*in the guest: \(mount .*\)/\1/p' said)
    echo "$line"
    # shellcheck disable=SC2016 # the guest's shell expands it
    ask "mkdir /mnt; $line; cat /mnt/host" 'from the host' &&
        ask 'echo back > /mnt/guest; sync; echo done-$((40 + 2))' done-42 &&
        grep -x back shared/guest
}

rule_window() {
    local name
    trap finish EXIT
    for name in Xvfb xdotool; do
        command -v "$name" > /dev/null || { echo "no $name here"; return 77; }
    done
    Xvfb -displayfd 4 -screen 0 2000x1500x24 -fbdir "$tmp" -nolisten tcp \
        4> display 2> xvfb.log &
    xvfb_pid=$! run_pid=$!
    until_true test -s display || return
    DISPLAY=:$(cat display)
    export DISPLAY
    copy "$demo/demo-aarch64.img" seen || return
    start seen.qcow2 --window
    until_true shows 'demo:/#' &&
        until_true xdotool search --onlyvisible --class qemu || return
    xdotool windowsize "$(tail -n 1 seen)" 1280 900 mousemove 1999 1499
    until_true screen_is_in_window && cat seen
}

screen_is_in_window() {
    "$here/window.py" qmp run/vmspec/seen/qmp "{\"execute\": \"screendump\",
        \"arguments\": {\"filename\": \"$tmp/screen.ppm\"}}" &&
        "$here/window.py" inside Xvfb_screen0 screen.ppm
}

tap_run
