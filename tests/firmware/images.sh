#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The firmware images as files: they have no padding, name no path of the build
# machine, and come with an empty variable store each. With EDK2's tree and a
# work directory the test also builds the images a second time there, which
# must give the same bytes, and takes Debian's builds as if there were no EDK2
# source.
#
#   images.sh REPO FOLDER BUILD [EDK2 WORK]

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
folder=$2 build=$3 edk2=${4:-} work=${5:-}

each() { # KIND FUNCTION IMAGE...
    local kind=$1 function=$2 image
    shift 2
    for image; do
        "$function" "$folder/vmspec-$kind-$image.fd" "$image" || return
    done
}

is_trimmed() {
    local size erased
    size=$(stat -c %s "$1")
    # erased flash is 0xff: at most the last block of 4 KiB may be padded
    erased=$(tail -c 8192 "$1" | od -A n -v -t x1 | tr -d ' \nf' | wc -c)
    echo "$1: $size bytes"
    [ $((size % 4096)) = 0 ] && [ "$size" -le $((6 << 20)) ] &&
        [ "$erased" -gt 0 ]
}

names_no_path() {
    ! grep -c -a -F -e "$build" -e "$PWD" "$1"
}

# The volume's header has its signature at 40. The variable store's header is at
# 0x48, 28 bytes long, and all behind it is erased.
is_empty_store() {
    local tail
    echo "$1: $(stat -c %s "$1") bytes"
    [ "$(stat -c %s "$1")" = 786432 ] || return
    [ "$(dd if="$1" bs=1 skip=40 count=4 status=none)" = _FVH ] || return
    tail=$(head -c 262144 "$1" | tail -c +101 | od -A n -v -t x1 | tr -d ' \nf')
    [ -z "$tail" ]
}

# Four variables with the keys; only signed updates may change them (0x27).
has_keys_alone() {
    local seen
    seen=$("$build/tools/vmspec-nvram" list "$1")
    echo "$seen"
    [ "$(cut -d- -f1 <<< "$seen" | LC_ALL=C sort | xargs)" = 'KEK PK db dbx' ] &&
        [ "$(grep -c 'attributes 0x27' <<< "$seen")" = 4 ]
}

# EFI_TIME (UEFI 2.10, 8.3) begins with the year, which a key without a time has
# as 0: then a signed update of any age would replace the key.
each_has_a_time() {
    local times
    times=$("$build/tools/vmspec-nvram" export "$1" |
        sed -n 's/.*"time": *"\(....\).*/\1/p')
    echo "$times"
    [ "$(wc -w <<< "$times")" = 4 ] && ! grep -q 0000 <<< "$times"
}

# The names of the certificates are text in their DER form.
has_certificates_of_2023() {
    local variable name
    while read -r variable name; do
        "$build/tools/vmspec-nvram" read "$1" "$variable" |
            grep -a -F "$name" > /dev/null || { echo "$variable: no $name"; return 1; }
    done <<'EOF'
KEK Microsoft Corporation KEK 2K CA 2023
KEK Microsoft Corporation KEK CA 2011
db-d719b2cb-3d3a-4596-a3bc-dad00e67656f Windows UEFI CA 2023
db-d719b2cb-3d3a-4596-a3bc-dad00e67656f Microsoft UEFI CA 2023
db-d719b2cb-3d3a-4596-a3bc-dad00e67656f Microsoft Option ROM UEFI CA 2023
db-d719b2cb-3d3a-4596-a3bc-dad00e67656f Microsoft Corporation UEFI CA 2011
EOF
}

# An entry has 48 bytes. A dbx without updates has one.
has_a_current_dbx() {
    local bytes
    bytes=$("$build/tools/vmspec-nvram" read "$1" \
        dbx-d719b2cb-3d3a-4596-a3bc-dad00e67656f | wc -c)
    echo "dbx: $bytes bytes"
    [ "$bytes" -gt $((400 * 48)) ]
}

built_again() {
    local arch=${2^^} images
    images=$work/Build/Vmspec-$arch/RELEASE_GCCNOLTO/FV
    firmware/edk2.sh "$edk2" "$work" "$arch" RELEASE "$(nproc)" \
        > "$work-$arch.log" 2>&1 || { tail -20 "$work-$arch.log"; return 1; }
    tools/build/trim.sh "$images/VMSPEC_CODE.fd" "$work/$2.fd"
    cmp "$1" "$work/$2.fd" || return
    cmp "$folder/vmspec-vars-$2.fd" "$images/QEMU_VARS.fd" || return
    [ "$2" = aarch64 ] || return 0
    tools/build/trim.sh "$images/VMSPEC_SECURE.fd" "$work/$2-secure.fd"
    cmp "${1%.fd}-secure.fd" "$work/$2-secure.fd"
}

# Debian's build for Secure Boot, which differs from the plain one, has keys.
is_secure() { # CODE KEYS
    [ "$(stat -c %s "$1")" -le $((6 << 20)) ] &&
        ! cmp -s "$1" "$work-aarch64.fd" && has_keys_alone "$2"
}

# What a user gets, and reads, who has no EDK2 source
from_debian() { # BUILD ARCH SOURCE [WRAPPER...]
    local dir=$1 arch=$2 source=$3 said secure=()
    shift 3
    # the arguments that firmware/meson.build gives
    [ "$arch" != aarch64 ] || secure=("$work-secure.fd" "$work-keys.fd")
    rm -f "${secure[@]}"
    said=$(VMSPEC_BUILD=$dir "$@" tools/build/firmware.sh \
        "$build/tools/vmspec-nvram" "$arch" RELEASE "$source" \
        "$work-$arch.fd" "$work-vars-$arch.fd" "${secure[@]}" 2>&1) ||
        { echo "$said"; return 1; }
    echo "$said"
    [ "$(stat -c %s "$work-$arch.fd")" -le $((6 << 20)) ] &&
        is_empty_store "$work-vars-$arch.fd" &&
        { [ "$arch" != aarch64 ] || is_secure "${secure[@]}"; } &&
        [[ $said == *"NOTE: no EDK2 source: "*"Debian's build"* ]] &&
        [[ $said == *"-Dedk2_source=DIR"* ]]
}
told_none() { from_debian "$build" "$2" none; }

# The packages have been downloaded, the source not, and there is no network.
without_network() {
    local dir=$work-offline host
    host=$(dpkg --print-architecture)
    rm -rf "$dir"
    mkdir -p "$dir/apt"
    cp -r "$build/apt/trixie-$host" "$dir/apt"
    VMSPEC_BUILD=$dir unshare -rn tools/build/source.sh edk2 \
        "$dir/source/edk2" "$dir/source-edk2.stamp" || return
    [ -e "$dir/source-edk2.stamp" ] && [ ! -s "$dir/source-edk2.stamp" ] ||
        return
    from_debian "$dir" "$2" "$dir/source/edk2" unshare -rn
}

images=(aarch64 arm aarch64-secure)
rule_images_are_trimmed() { each uefi is_trimmed "${images[@]}"; }
rule_images_name_no_path() { each uefi names_no_path "${images[@]}"; }
# Some modules are compressed in the images, where a path would not be found.
rule_modules_name_no_path() {
    local modules=("$build"/firmware/edk2/Build/Vmspec-*/RELEASE_*/*/*.efi)
    [ -f "${modules[0]}" ] || { echo "no EDK2 source here"; return 77; }
    ! grep -l -a -F -e "$build" -e "$PWD" "${modules[@]}"
}
# Of each relocation that means nothing, the firmware computes the address.
rule_modules_have_no_padding() {
    local modules=("$build"/firmware/edk2/Build/Vmspec-*/RELEASE_*/*/*.efi)
    local tool=$build/firmware/edk2/tools/pe-pack copy module padded=0
    [ -x "$tool" ] || { echo "no EDK2 source here"; return 77; }
    copy=$(mktemp)
    for module in "${modules[@]}"; do
        cp "$module" "$copy"
        "$tool" SEC "$copy"
        cmp "$module" "$copy" || padded=$((padded + 1))
    done
    rm -f "$copy"
    echo "${#modules[@]} modules, $padded of them with padding"
    [ "${#modules[@]}" -gt 100 ] && [ "$padded" = 0 ]
}
# The packed volumes lie behind the first 4 MiB. In these, only the code that
# unpacks has the algorithm's name, as often in both images.
rule_a_secure_boot_unpacks_nothing() {
    local image count=()
    for image in aarch64 aarch64-secure; do
        count+=("$(head -c 4M "$folder/vmspec-uefi-$image.fd" | LC_ALL=C grep -a \
            -o -P '\x98\x58\x4e\xee\x14\x39\x59\x42\x9d\x6e\xdc\x7b' | wc -l)")
    done
    echo "the name of LZMA: ${count[0]}, ${count[1]} times"
    [ -e "$build/firmware/edk2/tools/pe-pack" ] ||
        { echo "no EDK2 source here"; return 77; }
    [ "${count[0]}" = "${count[1]}" ]
}
rule_templates_are_empty_stores() { each vars is_empty_store aarch64 arm; }
rule_the_secure_template_has_keys() { each vars has_keys_alone aarch64-secure; }
rule_each_key_has_a_time() { each vars each_has_a_time aarch64-secure; }
rule_the_keys_are_those_of_today() {
    [ -e "$build/firmware/keys-sid/usr" ] || { echo "no sid here"; return 77; }
    each vars has_certificates_of_2023 aarch64-secure &&
        each vars has_a_current_dbx aarch64-secure
}
if [ -n "$edk2" ]; then
    rule_a_second_build_is_the_same() {
        [ -d "$edk2" ] || { echo "no EDK2 source here"; return 77; }
        each uefi built_again aarch64 arm
    }
    rule_without_edk2_source_debian_builds_are_taken() {
        each uefi told_none aarch64 arm
    }
    rule_without_network_debian_builds_are_taken() {
        unshare -rn true || { echo "no network namespace here"; return 77; }
        each uefi without_network aarch64 arm
    }
fi

tap_run
