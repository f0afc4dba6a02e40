#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boot the demo disk on this terminal. What the user adds comes last: the
# words of QEMU_ARGS, then what stood behind -- on make's command line. make
# takes a word with = in it for a variable, so that line is read from /proc.
#
#   run.sh BUILD ARCH [MAKE_PID]

set -euo pipefail
build=$1 arch=$2 make_pid=${3:-}
qemu=$build/qemu-10.0/qemu-system-aarch64

args=(-M vmspec -smp 2 -nographic)
case $arch in
aarch64) args+=(-m 1G) ;;
arm) args+=(-cpu cortex-a15 -m 256M) ;; # with more, Linux flushes far longer
*) echo "vmspec: run: ARCH is aarch64 or arm, not '$arch'" >&2; exit 2 ;;
esac
disk=$build/demo/demo-$arch.img
# shellcheck disable=SC2054 # the commas are QEMU's
args+=(-drive "file=$disk,format=raw,if=none,id=demo-disk"
       -device virtio-blk-pci,drive=demo-disk,bootindex=0
       -netdev user,id=demo-net
       -device virtio-net-pci,netdev=demo-net)

# xargs splits as a shell does, quotes and all, and runs nothing
mapfile -d '' -t words < <(printf '%s' "${QEMU_ARGS:-}" | xargs -r printf '%s\0')
if [ -n "$make_pid" ]; then
    mapfile -d '' -t line < "/proc/$make_pid/cmdline"
    for ((i = 1; i < ${#line[@]}; i++)); do
        if [ "${line[i]}" = -- ]; then
            words+=("${line[@]:i + 1}")
            break
        fi
    done
fi

echo "vmspec: run: starting the guest; to leave: 'poweroff' in it, or Ctrl-A X"
exec "$qemu" "${args[@]}" "${words[@]}"
