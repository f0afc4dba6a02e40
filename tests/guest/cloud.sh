#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# A Debian disk with cloud-init, as a distribution publishes one, from vmspec run to
# ssh: the seed, the port, folders shared by virtiofs, a second start. The VM
# boots twice; the cases go on from each other, in the order of tap_case.
#
#   cloud.sh VMSPEC QEMU_BUILD BUILD REPO      the disk is made in BUILD, once

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
vmspec=$(realpath "$1") qemu=$2 build=$3/tests/guest/cloud repo=$4
boot_limit=600 limit=120

skip() { tap_skip_all "$1"; exit; }
[ "$(id -u)" = 0 ] || skip 'the disk of Debian is made by root'
command -v ssh > /dev/null || skip 'no ssh here'
grep -qs enabled /proc/sys/fs/binfmt_misc/qemu-aarch64 ||
    skip 'this host runs no arm64 programs: install qemu-user-static'
mkdir -p "$build"
[ -e "$build/debian.img" ] ||
    "$repo/tests/guest/images/mkdebian.sh" "$repo/tools/build/apt.sh" \
        "$repo/tools/build/esp.sh" "$3/demo/grub-aarch64.efi" "$build/system" \
        "$build/debian.img" > "$build/make.log" 2>&1 ||
    { tail -20 "$build/make.log" >&2; exit 1; }
tmp=$(mktemp -d)
export XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp/run QEMU_IMG=$qemu/qemu-img
mkdir "$tmp/run" "$tmp/bin" "$tmp/shared"
cd "$tmp" || exit 1
run_pid=

cleanup() {
    [ -z "$run_pid" ] || { kill "$run_pid"; wait "$run_pid"; } 2> /dev/null
    rm -rf "$tmp"
}
trap cleanup EXIT

# virtiofsd of Debian 13, by its own libraries
if "$repo/tools/build/apt.sh" chroot trixie amd64 "$build/virtiofsd" virtiofsd >&2; then
    printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
        "$build/virtiofsd/lib64/ld-linux-x86-64.so.2" \
        "$build/virtiofsd/usr/lib/x86_64-linux-gnu" \
        "$build/virtiofsd/usr/libexec/virtiofsd" > bin/virtiofsd
    chmod +x bin/virtiofsd
    PATH=$tmp/bin:$PATH
fi

# Wait until CMD... is true, while vmspec run runs
until_true() { # SECONDS CMD...
    local i end=$1
    shift
    for ((i = 0; i < end; i++)); do
        ! "$@" > seen 2>&1 || { cat seen; return 0; }
        kill -0 "$run_pid" 2> /dev/null || break
        sleep 1
    done
    echo "never: $*"
    cat seen said
    tail -c 1500 screen
    return 1
}

# By ACPI: Debian's cloud kernel has no driver for the power button of the FDT
start() { # OPTION...
    rm -f keys
    mkfifo keys
    exec 3<> keys
    : > screen
    timeout 3000 "$vmspec" run web.qcow2 --qemu "$qemu/qemu-system-aarch64" -m 1G \
        "$@" -- -M fdt=off < keys > screen 2> said 3>&- &
    run_pid=$!
}

in_guest() { # COMMAND
    timeout "$limit" "$vmspec" ssh --user me --identity key web -- "$1" < /dev/null
}

logs_in_by_ssh() {
    until_true "$boot_limit" grep -F 'stage: login' said &&
        until_true "$limit" in_guest 'hostname; uname -rm; id -un' &&
        grep -x web seen && grep -x me seen
}

# The port that vmspec run prints, for any ssh client
port_is_printed() {
    local port
    port=$(sed -n 's/.*ssh -p \([0-9]*\) .*/\1/p' said)
    echo "port $port"
    ssh -p "$port" -i key -o UserKnownHostsFile=hosts \
        -o StrictHostKeyChecking=accept-new me@127.0.0.1 'echo by-port' < /dev/null | grep -x by-port
}

cloud_init_is_done() {
    in_guest 'cloud-init status --wait > /dev/null; cloud-init status;
              sudo cat /var/lib/cloud/instance/user-data.txt' | tee seen &&
        grep -x 'status: done' seen && cmp user-data <(sed 1d seen) &&
        in_guest 'cat /made-by-cloud-init' | grep -x 'written once'
}

share_is_mounted() { # FILE
    local line
    line=$(sed -n 's/.*in the guest: \(mount .*\)/\1/p' said)
    echo "$line"
    echo 'from the host' > shared/host
    in_guest "sudo $line && cat /mnt/host && echo from the guest | sudo tee /mnt/$1 &&
              findmnt -n -o FSTYPE /mnt" | tee seen &&
        grep -x 'from the host' seen && grep -x 'from the guest' "shared/$1"
}

share_by_virtiofs() {
    [ -e bin/virtiofsd ] || { echo 'no virtiofsd of Debian 13'; return 77; }
    share_is_mounted one && grep -x virtiofs seen
}

second_share_while_it_runs() {
    [ -e bin/virtiofsd ] || { echo 'no virtiofsd of Debian 13'; return 77; }
    mkdir more && echo more > more/file &&
        "$vmspec" attach web share more && in_guest 'sudo mkdir /more &&
            sudo mount -t virtiofs share1 /more && cat /more/file' | grep -x more
}

# A case is no parent of what runs: it looks, and does not wait(1).
stops() {
    local i
    "$vmspec" stop --timeout "$boot_limit" web || return
    for ((i = 0; i < limit; i++)); do
        grep -qs '^State:[^Z]*$' "/proc/$run_pid/status" || return 0
        sleep 1
    done
    echo 'vmspec run has not ended'
    return 1
}

# Without a seed the second start is as the first one left it.
second_start() {
    until_true "$boot_limit" grep -F 'stage: login' said &&
        until_true "$limit" in_guest 'hostname; cat /made-by-cloud-init' &&
        grep -x web seen && grep -x 'written once' seen
}

ssh-keygen -q -t ed25519 -N '' -f key || exit 1
# the manual's, with a key that is real, and a file
cat > user-data <<END
#cloud-config
users:
  - name: me
    sudo: ALL=(ALL) NOPASSWD:ALL
    shell: /bin/bash
    ssh_authorized_keys:
      - $(cat key.pub)
runcmd:
  - echo written once >> /made-by-cloud-init
END
"$QEMU_IMG" create -q -f qcow2 -F raw -b "$build/debian.img" web.qcow2 || exit 1
tap_plan 8
start --cloud-init user-data --share shared
tap_case vmspec-ssh-logs-in logs_in_by_ssh
tap_case the-port-is-printed port_is_printed
tap_case cloud-init-has-read-the-seed cloud_init_is_done
tap_case a-folder-is-shared-by-virtiofs share_by_virtiofs
tap_case another-one-while-it-runs second_share_while_it_runs
tap_case vmspec-stop-shuts-it-down stops
run_pid=
start
tap_case the-second-start-needs-no-seed second_start
tap_case vmspec-stop-shuts-it-down-again stops
run_pid=
