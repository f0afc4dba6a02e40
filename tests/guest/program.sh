#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The program vmspec with the demo guest: from vmspec run to vmspec stop. The
# guest boots once; the cases go on from each other, in the order of tap_case.
#
#   program.sh VMSPEC BUILD DEMO       DEMO: the folder of the demo disks

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
vmspec=$(realpath "$1") build=$2 disk=$3/demo-aarch64.img
tmp=$(mktemp -d)
export XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp/run QEMU_IMG=$build/qemu-img
mkdir "$tmp/run"
cd "$tmp" || exit 1
run_pid=
limit=150

# The VM ends with the test, whatever has failed.
cleanup() {
    [ -z "$run_pid" ] || { kill "$run_pid"; wait "$run_pid"; } 2> /dev/null
    rm -rf "$tmp"
}
trap cleanup EXIT

# Wait until FILE has TEXT behind its first SKIP bytes.
expect() { # FILE TEXT [SKIP]
    local i
    for ((i = 0; i < limit * 10; i++)); do
        ! tail -c +$((${3:-0} + 1)) "$1" | grep -aqF -e "$2" || return 0
        kill -0 "$run_pid" 2> /dev/null || break
        sleep 0.1
    done
    echo "$1 has no '$2':"
    tail -c 2000 "$1"
    return 1
}

# Type a line on the console; wait for what it prints, after the line itself.
ask() { # LINE TEXT
    local size
    size=$(stat -c %s screen)
    printf '%s\r' "$1" >&3
    expect screen "$2" "$size"
}

says() { # STATUS PATTERN ARGUMENT...
    local wanted=$1 pattern=$2 out status
    shift 2
    out=$("$vmspec" "$@" 2>&1 < /dev/null)
    status=$?
    printf 'vmspec %s: %s\n%s\n' "$*" "$status" "$out"
    [ "$status" = "$wanted" ] && grep -qE -e "$pattern" <<< "$out"
}

start() {
    rm -f keys
    mkfifo keys
    exec 3<> keys
    : > screen
    timeout 600 "$vmspec" run demo.qcow2 --qemu "$build/qemu-system-aarch64" \
        -m 512M < keys > screen 2> said &
    run_pid=$!
}

boots() {
    expect screen 'demo:/#' && expect said 'stage: login' && cat said &&
        grep -q 'stage: firmware' said && grep -q 'stage: loader' said
}

second_run_is_refused() {
    says 1 "is the disk of the VM 'demo', which runs \(process [0-9]+\)" run \
        demo.qcow2 --qemu "$build/qemu-system-aarch64" &&
        says 1 "the VM 'demo' runs already" reset demo &&
        says 1 "the VM 'demo' runs already" delete demo --yes
}

is_listed() {
    says 0 '^demo +login \([0-9]+\) .*demo.qcow2$' list &&
        says 0 '"stage":"login"' list --json
}

disk_comes_and_goes() {
    "$QEMU_IMG" create -q -f qcow2 data.qcow2 96M
    says 0 '^disk1$' attach demo disk data.qcow2 &&
        ask 'grep vdb /proc/partitions' '98304 vdb' &&
        says 0 'the guest has let go of disk1' detach demo disk1 &&
        ask 'grep -c vdb /proc/partitions' '0' &&
        says 1 "has no device 'disk1'" detach demo disk1
}

card_comes_and_goes() {
    says 0 '^net1$' attach demo net &&
        ask 'ls /sys/class/net' 'eth1' &&
        says 0 'the guest has let go of net1' detach demo net1
}

share_needs_a_share() {
    says 1 'virtiofsd|started with a share' attach demo share "$tmp"
}

snapshot_and_revert() {
    # shellcheck disable=SC2016 # the guest's shell expands it
    ask 'echo mark-$((40 + 1)) > /tmp/mark; cat /tmp/mark' mark-41 &&
        says 0 '^one$' snapshot demo one &&
        says 1 "has a snapshot 'one' already" snapshot demo one &&
        ask 'rm /tmp/mark; ls /tmp/mark; echo gone-$((40 + 1))' gone-41 &&
        says 0 '^one$' revert demo &&
        ask 'cat /tmp/mark' mark-41 &&
        says 0 '^one .*running' snapshot --list demo
}

# Another terminal types and reads, too; the first one sees it.
console_is_for_two() {
    local size console
    size=$(stat -c %s screen)
    : > other
    # shellcheck disable=SC2016 # the guest's shell expands it
    "$vmspec" console demo > other 2> /dev/null \
        < <(printf 'echo two-$((40 + 1))\r'; exec sleep 60) &
    console=$!
    expect other two-41 && expect screen two-41 "$size" || return
    kill "$console"
}

has_ended() { # PROCESS
    local i
    for ((i = 0; i < limit * 10; i++)); do
        grep -qs '^State:[^Z]*$' "/proc/$1/status" || return 0
        sleep 0.1
    done
    echo "process $1 has not ended"
    return 1
}

stops() {
    says 0 '' stop demo && has_ended "$run_pid" &&
        [ ! -e "$XDG_RUNTIME_DIR/vmspec/demo" ]
}

variables_are_beside_the_disk() {
    [ "$(stat -c %a demo.qcow2.nvram)" = 600 ] &&
        "$QEMU_IMG" info demo.qcow2.nvram | grep 'file format: qcow2'
}

snapshot_of_a_stopped_vm() {
    says 0 '^two$' snapshot demo two && says 0 '^two .*stopped' snapshot --list demo &&
        says 0 'go|disk and variables are those of .one' revert demo one
}

# QEMU ends with vmspec run, however that ends, and no VM is left.
a_killed_run_leaves_no_vm() {
    local program qemu
    start
    expect screen 'UEFI firmware' || return
    program=$(sed -n 's/^pid=//p' "$XDG_RUNTIME_DIR/vmspec/demo/state")
    qemu=$(cat "/proc/$program/task/$program/children")
    kill -9 "$program"
    has_ended "${qemu% }" && says 0 '^demo +- ' list &&
        says 1 "the VM 'demo' does not run" stop demo
}

"$QEMU_IMG" convert -f raw -O qcow2 "$disk" demo.qcow2 || exit 1
tap_plan 13
start
tap_case vmspec-run-boots-and-tells-the-stages boots
tap_case a-second-run-of-the-disk-is-refused second_run_is_refused
tap_case vmspec-list-shows-it is_listed
tap_case vmspec-attach-and-detach-a-disk disk_comes_and_goes
tap_case vmspec-attach-and-detach-a-card card_comes_and_goes
tap_case vmspec-attach-share-says-what-it-needs share_needs_a_share
tap_case vmspec-snapshot-and-revert snapshot_and_revert
tap_case vmspec-console-is-a-second-terminal console_is_for_two
tap_case vmspec-stop-shuts-it-down stops
run_pid=
tap_case variables-are-beside-the-disk variables_are_beside_the_disk
tap_case vmspec-snapshot-of-a-stopped-vm snapshot_of_a_stopped_vm
tap_case a-killed-run-leaves-no-vm a_killed_run_leaves_no_vm
tap_case vmspec-delete-forgets-it says 0 "VM 'demo' is forgotten" delete demo --yes
