#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The steps that set a build up, in a copy of this tree, as an ordinary user:
# root is let write into read-only directories, and so does not see each fault.
#
#   steps.sh REPO SOURCES          SOURCES: the folder of the pristine trees

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
repo=$1 sources=$2
tmp=$(mktemp -d)
roots=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp" "$roots"' EXIT
# shellcheck source=tests/lib/user.sh
. "$(dirname "$0")/../lib/user.sh"

is_readable() { # TREE
    as_user test -r "$1/." ||
        { echo "an ordinary user cannot read $1"; return 77; }
}

refuses() { # WORDS CMD...
    local words=$1 said
    shift
    said=$("$@" 2>&1) && { echo "not refused: $*"; return 1; }
    echo "$said"
    [[ $said == *"$words"* && $said == *"next: "* ]]
}

a_user_sets_the_build_directory_up() {
    as_user make setup && [ -e "$clone/build/build.ninja" ]
}

a_user_stages_qemu() {
    is_readable "$sources/qemu-10.0" || return
    as_user env QEMU_SOURCE="$sources/qemu-10.0" tools/build/drive.sh stage &&
        [ -s "$clone/build/stage-own.stamp" ] &&
        [ -L "$clone/build/qemu-own-src/hw/arm/vmspec/board.c" ] &&
        [ "$(readlink "$clone/build/qemu")" = qemu-own ]
}

a_user_patches_edk2() {
    [ -e "$sources/edk2" ] || { echo "no EDK2 source here"; return 77; }
    is_readable "$sources/edk2" || return
    # twice: the second copy takes the place of the first
    as_user firmware/edk2-patch.sh "$sources/edk2" build/patched &&
        as_user firmware/edk2-patch.sh "$sources/edk2" build/patched
}

# As much of EDK2 as edk2.sh looks at: tools, and a "build" that leaves an object.
# Each of them adds a line to "made".
small_edk2() { # DIR
    local tools=$1/BaseTools file
    mkdir -p "$1/MdePkg" "$tools"/{Source/C,Conf,BinWrappers/PosixLike}
    for file in target tools_def build_rule; do
        : > "$tools/Conf/$file.template"
    done
    # shellcheck disable=SC2016 # the Makefile's and the script's variable
    {
        printf 'all:\n\techo tools >> "$(MADE)"\n' > "$tools/Source/C/Makefile"
        printf '%s\n' '#!/bin/sh' 'cd Build/*/* || exit' \
            '[ -e object ] || echo object >> "$MADE"' ': > object' \
            > "$tools/BinWrappers/PosixLike/build"
    }
    chmod +x "$tools/BinWrappers/PosixLike/build"
}

firmware_is_not_built_anew() {
    local made=$clone/build/made
    small_edk2 "$clone/build/small"
    : > "$clone/patches/edk2/series"
    [ ${#user[@]} = 0 ] || chown -R 65534:65534 "$clone/build"
    for _ in 1 2; do
        as_user env MADE="$made" firmware/edk2.sh build/small build/edk2 AARCH64 \
            RELEASE 1 || return
    done
    cat "$made"
    [ "$(cat "$made")" = $'tools\nobject' ]
}

# a source package of Debian's oldest form, with a folder in it
a_user_unpacks_a_source_package() {
    local dir=$clone/build/package
    mkdir -p "$dir/hello-1/debian/source" "$dir/hello-1/src"
    echo '3.0 (native)' > "$dir/hello-1/debian/source/format"
    printf '%s\n' 'Source: hello' 'Maintainer: N <n@example.org>' '' \
        'Package: hello' 'Architecture: all' > "$dir/hello-1/debian/control"
    printf '%s\n' 'hello (1) unstable; urgency=low' '' '  * One.' '' \
        ' -- N <n@example.org>  Thu, 01 Jan 2026 00:00:00 +0000' \
        > "$dir/hello-1/debian/changelog"
    touch "$dir/hello-1/src/a"
    (cd "$dir" && dpkg-source -b hello-1) || return
    [ ${#user[@]} = 0 ] || chown -R 65534:65534 "$dir"
    as_user tools/build/source.sh unpack "$dir/hello_1.dsc" "$dir/tree" \
        --no-check || return
    [ ! -w "$dir/tree/src" ] || [ "$(id -u)" = 0 ] || return
    # again, over the read-only tree
    as_user tools/build/source.sh unpack "$dir/hello_1.dsc" "$dir/tree" --no-check
}

a_user_cleans() {
    as_user make distclean && [ ! -e "$clone/build" ]
}

a_user_is_told_how_to_install_packages() {
    echo 'vmspec-there-is-no-such-package' >> "$clone/tools/build/packages.txt"
    as_user sudo -n true 2> /dev/null && { echo "sudo asks for nothing"; return 77; }
    refuses "as root, type: $clone/tools/build/deps.sh -y" as_user make setup &&
        [ ! -e "$clone/build" ]
}

options_of_qemu_are_no_targets() {
    local said
    said=$(as_user make run -- -m 4G 2>&1) && return 1
    echo "$said"
    [[ $said == *"no target '-m 4G'"*"QEMU_ARGS="* ]] && [ ! -e "$clone/build" ]
}

a_baseline_needs_results() {
    refuses "there is no build/bench/results.json yet" \
        as_user make bench-baseline
}

a_path_with_a_space_or_a_colon_is_refused() {
    local place
    for place in 'a b' a:b; do
        cp -r "$clone" "$tmp/$place"
        refuses "the path of the clone" "$tmp/$place/tools/build/drive.sh" setup ||
            return
        refuses "the path of the build directory" as_user make setup \
            B="$tmp/$place-build" || return
    done
}

# a tree of links that says that it is another release
another_release_is_tried_or_refused() {
    local said tree=$tmp/tree
    local stage=("$repo/tools/build/stage.sh" "$tree" "$tmp/farm" own "$tmp/stamp")
    cp -rs "$sources/qemu-10.0" "$tree" && chmod -R u+w "$tree" &&
        rm "$tree/VERSION" && echo 11.0.1 > "$tree/VERSION" || return
    said=$("${stage[@]}") || return
    echo "$said"
    [[ $said == *"NOTE: QEMU 11.0.1 is tried, not supported"* ]] || return
    echo 12.0.0 > "$tree/VERSION"
    refuses "is QEMU 12.0.0: vmspec builds on 10.x and 11.x" "${stage[@]}"
}

# The mirror has 10.2 and no 10.0. The tree of 10.2 is there, so nothing is fetched.
a_release_that_the_mirror_lost_is_replaced() {
    local said lost=$clone/lost versions=$clone/tools/build/versions.txt
    [ -e "$sources/qemu-10.2" ] || { echo "no source of QEMU 10.2 here"; return 77; }
    is_readable "$sources/qemu-10.2" || return
    sed -i.sound 's/^qemu-10\.0 .*/qemu-10.0 qemu 9:9.9 9.9/' "$versions"
    mkdir -p "$lost/source"
    touch "$lost/.vmspec-build"
    ln -s "$sources/qemu-10.2" "$lost/source/qemu-10.2"
    grep '^qemu-10.2 ' "$versions" > "$lost/source/qemu-10.2.key"
    [ ${#user[@]} = 0 ] || chown -hR 65534:65534 "$lost"
    said=$(as_user env B="$lost" DEPS=none tools/build/drive.sh stage 2>&1)
    mv "$versions.sound" "$versions"
    echo "$said"
    [[ $said == *"mirror has no source of QEMU 10.0: 10.2 is taken"* ]] &&
        [ "$(readlink "$lost/qemu")" = qemu-10.2 ] &&
        [ -L "$lost/qemu-10.2-src/hw/arm/vmspec/board.c" ]
}

another_name_of_a_release_is_refused() {
    refuses "QEMU=9.2: vmspec is built on the releases 10.0 and 10.2" \
        as_user env QEMU=9.2 tools/build/drive.sh stage
}

another_architecture_of_the_host_is_refused() {
    refuses "QEMU_HOST=riscv64: QEMU is built for this machine or for arm64" \
        as_user make QEMU_HOST=riscv64 &&
        { [ "$(dpkg --print-architecture)" = arm64 ] ||
          refuses "QEMU_HOST=arm64 is for make and make build alone" \
              as_user make check QEMU_HOST=arm64; }
}

# in a folder where all can write, a name that others know may be theirs
a_folder_of_another_user_is_refused() {
    [ "$(id -u)" = 0 ] || { echo "only root can make such a folder"; return 77; }
    local link=$roots/shared/vmspec-root
    mkdir -p "$roots/shared" "$roots/mine"
    chmod 1777 "$roots/shared"
    ln -s "$roots/mine" "$link"
    "$repo/tools/build/setup.sh" check "$link/build" || return
    chown -h 65533:65533 "$link"
    refuses "$link, on the way to the build directory, belongs to another user" \
        "$repo/tools/build/setup.sh" check "$link/build"
}

# in an order: what is set up is cleaned up
cases=(a_user_sets_the_build_directory_up a_user_stages_qemu
    a_user_patches_edk2 firmware_is_not_built_anew
    a_user_unpacks_a_source_package a_user_cleans
    a_user_is_told_how_to_install_packages options_of_qemu_are_no_targets
    a_baseline_needs_results a_path_with_a_space_or_a_colon_is_refused
    a_folder_of_another_user_is_refused another_release_is_tried_or_refused
    a_release_that_the_mirror_lost_is_replaced another_name_of_a_release_is_refused
    another_architecture_of_the_host_is_refused)
copy_clone
tap_plan ${#cases[@]}
for case in "${cases[@]}"; do
    tap_case "${case//_/-}" "$case" < /dev/null
done
