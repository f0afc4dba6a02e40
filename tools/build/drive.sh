#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What a target of make needs, step by step, shown by step.sh. A step is a few
# targets of the outer build: ninja decides what is to be done for them.
#
#   drive.sh GOAL                  see plan()
#
#   B        the build directory (build)
#   QEMU     its release: 10.0 or 10.2, as the build directory is, or 10.0
#   DEVICES  what QEMU is built with: full or small, as the build directory is, or full
#   QEMU_HOST  the architecture that QEMU is to run on: this machine's, or arm64 for
#            GOAL build
#   ARCH     the demo guest of GOAL run: aarch64 or arm
#   V=1      show the tools' own output
#   YES=1    install missing Debian packages without asking
#   DEPS=none  see to no packages: who calls this has

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/step.sh
. "$here/step.sh"

disks='demo/demo-aarch64.img demo/demo-arm.img'

plan() { # GOAL: its steps: NAME OF THE LOG|NAME|TARGETS
    local qemu='fetch-qemu|fetch the source of QEMU|qemu-source
configure-qemu|configure QEMU|qemu-configured'
    local uefi='fetch-edk2|fetch the source of EDK2|firmware/source-edk2.stamp
build-uefi|build UEFI for AArch64 and AArch32|firmware'
    local tests='test-files|make the tools and what tests need|all'
    case $1 in
    deps|setup) ;;
    stage) echo 'fetch-qemu|fetch the source of QEMU|qemu-source
stage-qemu|stage QEMU|qemu-staged' ;;
    run) echo "$qemu
build-qemu|build QEMU|qemu
$uefi
demo|make the demo disk|demo/demo-${ARCH:-aarch64}.img" ;;
    demo) echo "demo|make the demo disks|$disks" ;;
    build-arm64) echo "fetch-qemu|fetch the source of QEMU|qemu-source
stage-qemu|stage QEMU|qemu-staged
build-qemu-arm64|fetch libraries of arm64, build QEMU for it|qemu-arm64
$uefi" ;;
    build) echo "$qemu
build-qemu|build QEMU|qemu
$uefi
demo|make the demo disks|$disks
rest|make the tools and what tests need|all" ;;
    install|deb) echo "$qemu
build-qemu|build QEMU|qemu
$uefi
tools|make the tools|tools/vmspec-nvram tools/vmspec/vmspec" ;;
    docs) echo 'manual|build the manual|docs' ;;
    docs-check) echo 'manual|build the manual|docs
browser|fetch a browser, if this machine has none|docs-browser' ;;
    emulator) echo "$qemu
build-qemu|build QEMU|qemu
tools|make the tools|tools/vmspec-nvram tools/vmspec/vmspec" ;;
    qtests) echo "$qemu
build-qemu|build QEMU and its tests|qemu-tests
guest-test|build the guest test|tests/guest/guest-test" ;;
    bench|bench-quick) echo "$qemu
build-qemu|build QEMU and its plugin|qemu-tests
$uefi
demo|make the demo disks|$disks
bench-files|make what the benchmark starts|all bench-files"
        [ "$1" = bench-quick ] ||
            echo 'bench-peers|fetch what it compares with|bench-peers' ;;
    check|check-long|asan) echo "$qemu
build-qemu|build QEMU and its tests|qemu-tests
$uefi
demo|make the demo disks|$disks
$tests"
        ! has_other ||
            echo 'build-other|build the other release of QEMU|other-tests'
        [ "$1" = check ] || echo 'build-asan|build QEMU with ASan|qemu-asan'
        [ "$1" != check-long ] || echo 'build-fuzzer|build the fuzzer|qemu-fuzz
long-files|make guests of the long tests|long-files kvm-files libvirt-files tests/schema/schema.stamp' ;;
    check-libvirt) echo "$qemu
build-qemu|build QEMU|qemu
$uefi
demo|make the demo disks|$disks
libvirt-files|make the tools and the guest|tools/vmspec-nvram tests/libvirt/guest.img tests/guest/images/signed-aarch64.img tests/guest/images/boot-aarch64.iso" ;;
    *) die "no goal '$1'" ;;
    esac
}

# make check builds and tests 10.2 beside 10.0
has_other() {
    [ -z "${QEMU_SOURCE:-$(cat "$build/setup.key" 2>/dev/null || :)}" ] &&
        [ "${QEMU:-$(cat "$build/qemu.key" 2>/dev/null || echo 10.0)}" = 10.0 ]
}

# A mirror that has lost a release may have the next one.
next_release() {
    local release
    release=$(cat "$build/qemu.key")
    [ ! -s "$build/source-$release.stamp" ] || return 0
    [ -z "$(cat "$build/setup.key")" ] || return 0
    [ "$release" = 10.0 ] || die "no source of QEMU $release on this machine's mirror" \
        "see that it reaches a Debian mirror with source packages, or name a QEMU tree of yours: make QEMU_SOURCE=DIR"
    echo "vmspec: NOTE: this machine's mirror has no source of QEMU $release: 10.2 is taken"
    step 2 'set up the build directory' "$logs/setup.log" \
        env QEMU=10.2 "$here/setup.sh" "$build"
    step 3 'fetch the source of QEMU' "$logs/fetch-qemu.log" ninja -C "$build" qemu-source
    next_release
}

# packages first, as whatever comes then may need them
install_packages() {
    local yes=
    [ "${YES:-}" != 1 ] || yes=-y
    [ "$goal" = deps ] ||
        [ -n "$("$here/deps.sh" missing "${lists[@]}")" ] || return 0
    "$here/deps.sh" ask $yes "${lists[@]}"
    [ -n "$("$here/deps.sh" missing "${lists[@]}")" ] || return 0
    step 1 'install Debian packages' "$logs/packages.log" \
        "$here/deps.sh" install "${lists[@]}"
}

# what some rows of the benchmark and some tests need; they do without
install_optional() { # LIST
    local yes=
    [ "${YES:-}" != 1 ] || yes=-y
    [ -n "$("$here/deps.sh" missing "$1")" ] || return 0
    if "$here/deps.sh" ask $yes "$1"; then
        step 1 'install Debian packages' "$logs/packages-optional.log" \
            "$here/deps.sh" install "$1"
    else
        say "what needs them is skipped"
    fi
}

summary() {
    local took
    took=$(elapsed "$SECONDS")
    case $goal in
    run|build)
        echo "vmspec: built in $took: QEMU $(cat "$(realpath "$build/qemu")-src/VERSION")," \
            "UEFI and the demo guest, in $build"
        echo "vmspec: next: make check tests it; ./run -m 4G starts the guest" \
            "with options of yours" ;;
    build-arm64)
        echo "vmspec: built in $took: $(realpath "$build/qemu")-kvm/qemu-system-aarch64" \
            "for hosts of arm64, and UEFI, in $build"
        echo "vmspec: next: copy both to a host with the libraries of Debian" \
            "$(cat "$build/tests/guest/kvm/sysroot.stamp"); docs/install.md says how" ;;
    docs) echo "vmspec: the manual is made in $took: $build/docs/html/index.html;" \
            "man pages: $build/docs/man" ;;
    demo) echo "vmspec: made in $took, in $build: $disks" ;;
    deps|setup) echo "vmspec: ready in $took; next: make run, or make check" ;;
    esac
}

goal=$1
build=$(realpath -ms "${B:-build}")
logs=$build/logs
export VMSPEC_BUILD=$build
# other projects' makefiles and scripts have variables of these names
export -n B ARCH V YES QEMU QEMU_HOST
export DEVICES=${DEVICES:-$(cat "$build/devices.key" 2>/dev/null || echo full)}
case $DEVICES in
full) lists=(packages.txt packages-full.txt) ;;
small) lists=(packages.txt) ;;
*) die "DEVICES=$DEVICES: QEMU is built full or small" \
       "make DEVICES=full, or make DEVICES=small" ;;
esac
case ${QEMU:-} in
''|10.0|10.2) ;;
*) die "QEMU=$QEMU: vmspec is built on the releases 10.0 and 10.2" \
       "make QEMU=10.2; or, for a tree of another release, make QEMU_SOURCE=DIR" ;;
esac
case ${QEMU_HOST:-} in
''|"$(dpkg --print-architecture 2>/dev/null || :)") ;;
arm64)
    [ "$goal" = build ] || die "QEMU_HOST=arm64 is for make and make build alone" \
        "make QEMU_HOST=arm64; ./run and the tests need a QEMU for this machine"
    goal='build-arm64' ;;
*) die "QEMU_HOST=$QEMU_HOST: QEMU is built for this machine or for arm64" \
       "make QEMU_HOST=arm64, or leave QEMU_HOST away" ;;
esac
case $goal in
docs*) lists+=(packages-docs.txt) ;;
deb) lists+=(packages-deb.txt) ;;
esac
"$here/setup.sh" check "$build"
mapfile -t steps < <(plan "$goal")
total=$((${#steps[@]} + 2))
case $goal in check|check-*|asan) total=$((total + 1)) ;; esac
[ "${DEPS:-}" = none ] || install_packages
case $goal in
bench*) install_optional packages-bench.txt ;;
check-long)
    install_optional packages-deb.txt
    install_optional packages-tests.txt ;;
esac
if [ "$goal" = deps ]; then
    [ -z "$worked" ] || summary
    exit
fi
step 2 'set up the build directory' "$logs/setup.log" \
    env QEMU="${QEMU:-}" "$here/setup.sh" "$build"
n=2
for entry in "${steps[@]}"; do
    IFS='|' read -r log name targets <<< "$entry"
    # shellcheck disable=SC2086 # a list of targets
    step $((n += 1)) "$name" "$logs/$log.log" ninja -C "$build" $targets
    [ "$log" != fetch-qemu ] || next_release
done
case $goal in
check|check-*|asan) echo "[$total/$total] run the tests" ;; # check.sh does
bench*) ;; # bench.sh tells of its rows
*) [ -z "$worked" ] || summary ;;
esac
