#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Completion: bash's functions answer, and the files of zsh and fish are such.
# The shells themselves ask the programs of this build.
#
#   completion.sh REPO BUILD

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
build=$2
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
# not a link: QEMU would look for its data beside its other name
cat > "$bin/qemu-system-aarch64-vmspec" <<END
#!/bin/sh
exec "$build/qemu/qemu-system-aarch64" "\$@"
END
chmod +x "$bin/qemu-system-aarch64-vmspec"
ln -s "$build/tools/vmspec-nvram" "$bin"
[ ! -x "$build/tools/vmspec/vmspec" ] || ln -s "$build/tools/vmspec/vmspec" "$bin"
export PATH=$bin:$PATH
store=$build/firmware/vmspec-vars-aarch64-secure.fd
qemu="qemu-system-aarch64-vmspec"

# What bash's function makes of a line, with the words as bash splits them
answers() { # LINE
    local program=${1%% *} function
    # shellcheck disable=SC1090
    . "data/completion/bash/$program"
    function=$(complete -p "$program" | sed 's/.*-F \([^ ]*\) .*/\1/')
    # shellcheck disable=SC2317 # the completion calls it
    compopt() { :; }
    # shellcheck disable=SC2034 # bash's variables of a completion
    COMP_LINE=$1 COMP_POINT=${#1}
    read -r -a COMP_WORDS <<< "${1//=/ = }"
    case $1 in *' '|*=) COMP_WORDS+=('') ;; esac
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    "$function" "$program" "${COMP_WORDS[COMP_CWORD]}" ''
    echo "$1 -> ${COMPREPLY[*]}"
}

# the answer to LINE has each of the words, whole
offers() { # LINE WORD...
    local answer word
    answer=$(answers "$1")
    echo "$answer"
    for word in "${@:2}"; do
        case " ${answer#* -> } " in
        *" $word "*) ;;
        *) echo "no '$word'"; return 1 ;;
        esac
    done
}

offers_only() { # LINE WORDS
    local answer
    answer=$(answers "$1")
    echo "$answer"
    [ "${answer#* -> }" = "$2" ]
}

rule_bash_knows_both_names() {
    offers_only "$qemu -M " 'vmspec virt-vmspec-1.0' &&
        offers_only "$qemu -machine vm" vmspec
}

rule_bash_lists_properties() {
    offers "$qemu -M vmspec," vmspec,iommu= vmspec,nvram= vmspec,secure-boot= &&
        offers "$qemu -M virt-vmspec-1.0,acpi=on,nvram" \
            on,nvram= on,nvram-format= on,nvram-reset=
}

rule_bash_lists_values() {
    offers_only "$qemu -M vmspec,gic-version=" '2 3 4 max host' &&
        offers_only "$qemu -M vmspec,acpi=on,iommu=s" smmuv3 &&
        offers_only "$qemu -M vmspec,fdt=" 'on off' &&
        offers "$qemu -M vmspec,acpi=" auto on off
}

# each property that has few values by its type, and each name of a value
rule_values_offered_are_taken() {
    local pair
    for pair in gic-version=2 gic-version=3 gic-version=max iommu=none \
        iommu=smmuv3 nvram=none nvram-format=auto acpi=auto; do
        echo "$pair"
        echo quit | timeout 60 $qemu -M "vmspec,$pair" -S -display none \
            -serial none -monitor stdio -nodefaults > /dev/null || return
    done
}

rule_bash_lists_cpus_and_devices() {
    offers "$qemu -cpu cortex-a7" cortex-a72 cortex-a76 &&
        offers "$qemu -device virtio-net-p" virtio-net-pci &&
        offers "$qemu -nogr" -nographic
}

rule_bash_completes_files() {
    offers "$qemu -kernel LICEN" LICENSE
}

rule_bash_knows_the_commands_of_vmspec_nvram() {
    offers 'vmspec-nvram ' check list read write delete export import boot-order create reset
}

rule_bash_reads_the_variables_of_a_store() {
    [ -e "$store" ] || { echo "no firmware here"; return 77; }
    offers "vmspec-nvram read $store db" \
        db-d719b2cb-3d3a-4596-a3bc-dad00e67656f
}

rule_bash_knows_the_commands_of_vmspec() {
    [ -e "$bin/vmspec" ] || { echo "no program vmspec here"; return 77; }
    offers 'vmspec ' run list stop &&
        offers 'vmspec run --' --iso --tpm --dry-run &&
        offers_only 'vmspec attach web d' disk &&
        offers 'vmspec run LICEN' LICENSE
}

syntax() { # SHELL PROGRAM...
    local file
    command -v "$1" > /dev/null || { echo "no $1 here"; return 77; }
    for file in "data/completion/$1"/*; do
        echo "$file"
        "$@" "$file" || return
    done
}

rule_zsh_takes_the_files() { syntax zsh -n; }
rule_fish_takes_the_files() { syntax fish -n; }

rule_fish_answers() {
    command -v fish > /dev/null || { echo "no fish here"; return 77; }
    # shellcheck disable=SC2016 # of fish
    HOME=$bin fish --no-config -c 'for f in data/completion/fish/*; source $f; end
        complete -C "qemu-system-aarch64-vmspec -M vmspec,iommu="' | tee "$bin/seen"
    grep -q '^vmspec,iommu=smmuv3' "$bin/seen"
}

# every shell for every program, and each of them is installed
rule_each_program_has_all_three() {
    local program
    for program in data/completion/bash/*; do
        program=${program##*/}
        echo "$program"
        [ -e "data/completion/zsh/_$program" ] || return
        [ -e "data/completion/fish/$program.fish" ] || return
        grep "'$program'" data/meson.build || return
    done
}

tap_run
