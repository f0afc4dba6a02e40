#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The program vmspec without a guest: options, names, errors, the commands that it
# would run, the check of a disk, the XML for libvirt. --qemu names a program
# that is never started.
#
#   program.sh VMSPEC REPO

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
vmspec=$(realpath "$1") repo=$(realpath "$2") demo=${VMSPEC_DEMO:-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp/run
mkdir "$tmp/run" "$tmp/bin"
cd "$tmp" || exit 1

# A disk of 1 MiB without anything on it
blank() { truncate -s 1M "$1"; }

# Run the program; its output must be like this pattern, its status that.
says() { # STATUS PATTERN ARGUMENT...
    local wanted=$1 pattern=$2 out status
    shift 2
    out=$("$vmspec" "$@" 2>&1 < /dev/null)
    status=$?
    if [ "$status" != "$wanted" ] || ! grep -qE -e "$pattern" <<< "$out"; then
        printf 'vmspec %s: status %s, expected %s and "%s":\n%s\n' "$*" \
            "$status" "$wanted" "$pattern" "$out"
        return 1
    fi
}

# The commands that a run would run, on one line, without the names of this host
dry() { # ARGUMENT...
    "$vmspec" run --dry-run --qemu /bin/true -c 2 -m 1G --ssh-port 2222 "$@" |
        sed -e ':a' -e '/\\$/N; s/ \\\n */ /; ta' | sed "s,$tmp,T,g"
}

same() { # EXPECTED: like standard input
    diff -u - <(printf '%s\n' "$1") >&2
}

rule_help_version_and_commands() {
    local command commands
    says 0 '^usage: vmspec COMMAND' --help &&
        says 0 '^usage: vmspec COMMAND' help &&
        says 0 '^vmspec [0-9]+\.[0-9]+\.[0-9]+$' --version &&
        commands=$("$vmspec" help --commands) || return
    [ "$(wc -l <<< "$commands")" -gt 12 ] || return
    for command in $commands; do
        [ "$command" != help ] || continue
        says 0 "vmspec $command" help "$command" &&
            says 0 'vmspec' "$command" --help || return
    done
}

rule_each_command_is_in_its_manual() {
    local command option
    for command in $("$vmspec" help --commands); do
        [ "$command" = help ] ||
            grep -q "^\`\`$command\b" "$repo/docs/man/vmspec.rst" ||
            { echo "docs/man/vmspec.rst lacks $command"; return 1; }
        for option in $("$vmspec" help "$command" 2> /dev/null |
                        grep -oE -- '--[a-z-]+' | sort -u); do
            grep -q -e "$option" "$repo/docs/man/vmspec.rst" ||
                { echo "docs/man/vmspec.rst lacks $command $option"; return 1; }
        done
    done
}

rule_mistakes_on_the_command_line_end_with_2() {
    blank disk.img
    says 2 'vmspec run DISK' &&
        says 2 "no command 'star'.*vmspec help" star &&
        says 2 "no command 'x' *; vmspec help lists|no command 'x'" help x &&
        says 2 'Unknown option --memry; vmspec help run' run --memry disk.img &&
        says 2 'Missing argument for --memory' run disk.img --memory &&
        says 2 "'b' is too much; it is: vmspec run" run disk.img b &&
        says 2 'something is missing; it is: vmspec stop NAME' stop &&
        says 2 "list takes nothing behind '--'" list -- x &&
        says 2 "'x' is too much; it is: vmspec list\$" list x &&
        says 2 "neither disk, nor net, nor share" attach vm floppy x &&
        says 2 'attach: which disk.*disk FILE' attach vm disk &&
        says 2 'attach: net takes no file' attach vm net x
}

rule_bad_options_of_run_name_the_option_and_the_way_out() {
    local q='--qemu /bin/true'
    blank disk.img
    echo text > text
    # shellcheck disable=SC2086 # two words
    {
        says 2 'nothing to start: name a disk' run $q &&
        says 2 'gone.img: cannot open to write.*qemu-img create' \
            run $q gone.img &&
        says 2 'is a directory; name a disk' run $q / &&
        says 2 "memory: '4x' is no size from 128M" run $q disk.img -m 4x &&
        says 2 "memory: '64M' is no size from 128M" run $q disk.img -m 64M &&
        says 2 'cpus: 513 is not from 1 to 512' run $q disk.img -c 513 &&
        says 2 'cpus: -1 is not from 1' run $q disk.img --cpus=-1 &&
        says 2 "arch: 'x86' is neither aarch64 nor arm" \
            run $q disk.img --arch x86 &&
        says 2 'secure-boot needs --arch aarch64' \
            run $q disk.img --secure-boot --arch arm &&
        says 2 'initrd belongs to a --kernel' run $q disk.img --initrd text &&
        says 2 'kernel: cannot read nokernel: No such' run $q --kernel nokernel &&
        says 2 'iso: / is a directory' run $q disk.img --iso / &&
        says 2 'share: text is no directory' run $q disk.img --share text &&
        says 2 "name: '../x' is no name" run $q disk.img --name ../x &&
        says 2 'ssh-port: 70000 is not' run $q disk.img --ssh-port 70000 &&
        says 2 'cloud-init: .*text is no user-data.*#cloud-config' \
            run $q --dry-run disk.img --cloud-init text
    } && says 2 'qemu: noqemu is no program' run --qemu noqemu disk.img
}

rule_a_disk_alone() {
    blank disk.img
    dry disk.img | same "mkdir -p T/run/vmspec/disk
/bin/true -M vmspec,nvram=T/disk.img.nvram -name disk -smp 2 -m 1024M\
 -display none -serial mon:stdio\
 -qmp unix:T/run/vmspec/disk/qmp,server=on,wait=off\
 -blockdev raw,node-name=disk0,file.driver=file,file.filename=T/disk.img,discard=unmap\
 -device virtio-blk-pci,drive=disk0,bootindex=0\
 -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22\
 -device virtio-net-pci,netdev=net0"
}

rule_commas_and_blanks_in_names_are_kept() {
    mkdir -p 'a, b'
    blank 'a, b/my disk.img'
    dry 'a, b/my disk.img' > out
    grep -qF "'vmspec,nvram=T/a,, b/my disk.img.nvram'" out &&
        grep -qF 'file.filename=T/a,, b/my disk.img,discard=unmap' out &&
        grep -qF -- '-name my-disk ' out
}

rule_the_line_is_for_a_shell() {
    blank disk.img
    cat > bin/qemu << 'Q'
#!/bin/sh
for word; do printf '<%s>' "$word"; done
Q
    chmod +x bin/qemu
    "$vmspec" run --dry-run --qemu bin/qemu disk.img --kernel disk.img \
        --append "a 'b' \"c\" \$d *" -- -device 'x y' > line || return
    sh line > out || return
    grep -qF "<-append><a 'b' \"c\" \$d *><-device><x y>" out
}

rule_the_name_is_that_of_the_file() {
    local name
    for name in web.qcow2 WEB.raw 'my disk.img' .hidden.img -x.img öl.img; do
        blank "./$name"
    done
    dry ./web.qcow2 | grep -q -- '-name web ' &&
        dry ./WEB.raw | grep -q -- '-name WEB ' &&
        dry './my disk.img' | grep -q -- '-name my-disk ' &&
        dry ./.hidden.img | grep -q -- '-name hidden ' &&
        dry ./-x.img | grep -q -- '-name x ' &&
        dry ./öl.img | grep -qE -- '-name [a-zA-Z0-9_.-]+ ' &&
        dry ./web.qcow2 --name other | grep -q -- '-name other '
}

# What ran once is known by its name, with the format that it had.
rule_records_keep_names_and_formats_apart() {
    mkdir -p one two "$XDG_STATE_HOME/vmspec/vms"
    blank one/same.img
    blank two/same.img
    printf '[vm]\ndisk=%s\nformat=raw\nstore=%s\nssh-port=0\n' \
        "$tmp/one/same.img" "$tmp/elsewhere" > "$XDG_STATE_HOME/vmspec/vms/same.conf"
    printf 'QFI\373' | dd of=one/same.img conv=notrunc status=none
    dry one/same.img > out && grep -q -- '-name same ' out &&
        grep -q 'nvram=T/elsewhere ' out && grep -q -- '-blockdev raw,' out &&
        dry two/same.img | grep -q -- '-name same-2 ' &&
        dry same | grep -q 'filename=T/one/same.img' &&
        says 0 '^same  *-  *.*one/same.img' list &&
        says 0 '"name":"same"' list --json || return
    rm one/same.img
    says 0 '^same .*gone' list && says 0 'forgotten' delete same || return
    ! "$vmspec" list | grep -q '^same'
}

rule_formats_by_name_and_content() {
    blank plain.img
    printf 'QFI\373' > cloud.img
    printf 'QFI\373' > raw.raw
    dry plain.img | grep -q -- '-blockdev raw,' &&
        dry cloud.img | grep -q -- '-blockdev qcow2,' &&
        dry raw.raw | grep -q -- '-blockdev raw,' &&
        dry plain.img --format vmdk | grep -q -- '-blockdev vmdk,'
}

# A guest names a network card by its PCI device: nothing optional is before it.
rule_the_card_keeps_its_place() {
    blank disk.img
    blank cd.iso
    mkdir -p shared
    dry disk.img --iso cd.iso --window --share shared --tpm > out || return
    grep -o -- '-device [^ ]*' out | sed 2q > devices
    cat devices
    grep -q 'virtio-blk-pci,drive=disk0' devices &&
        grep -q 'virtio-net-pci,netdev=net0' devices
}

rule_options_become_qemus() {
    blank disk.img
    blank cd.iso
    mkdir -p shared
    dry disk.img --secure-boot --tpm --share shared --window --cpu cortex-a72 \
        -- -device nvme,serial=x > out
    grep -q -- '-M vmspec,secure-boot=on,fdt=off,nvram=T/disk.img.nvram' out &&
        grep -q -- '-cpu cortex-a72' out &&
        grep -q '^swtpm socket --tpm2 .*--tpmstate dir=T/disk.img.tpm' out &&
        grep -q -- '-tpmdev emulator,id=tpm0,chardev=tpm0 .*tpm-crb-device' out &&
        grep -qE -- 'tag=share0' out && grep -q -- 'display gtk' out &&
        grep -q -- '-device nvme,serial=x$' out || return
    dry --arch arm disk.img --tpm > out
    grep -q -- '-cpu cortex-a15 ' out && grep -q tpm-tis-device out &&
        dry --kernel cd.iso --append 'a b' > out || return
    ! grep -q 'nvram=' out && grep -q -- "-kernel T/cd.iso -append 'a b'" out
}

# An empty disk is tried first, so that it starts once a system is installed on
# it; a disk with a loader gives way to the ISO that the user names.
rule_the_iso_starts_until_the_disk_can() {
    blank disk.img
    blank cd.iso
    dry disk.img --iso cd.iso > out
    grep -q 'drive=disk0,bootindex=0' out &&
        grep -q 'scsi-cd,drive=iso0,bus=scsi0.0,bootindex=1' out || return
    [ -n "$demo" ] || return 0
    dry "$demo/demo-aarch64.img" --iso cd.iso > out
    grep -q 'drive=disk0,bootindex=1' out &&
        grep -q 'scsi-cd,drive=iso0,bus=scsi0.0,bootindex=0' out
}

rule_memory_and_cpus_fit_the_host() {
    local half memory cpus
    blank disk.img
    half=$(($(sed -n 's/MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 2048))
    "$vmspec" run --dry-run --qemu /bin/true disk.img > out || return
    memory=$(sed -n 's/.*-m \([0-9]*\)M.*/\1/p' out)
    cpus=$(sed -n 's/.*-smp \([0-9]*\).*/\1/p' out)
    echo "$memory MiB of $half, $cpus CPUs of $(nproc)"
    [ "$memory" -le 2048 ] && [ "$memory" -le $((half > 128 ? half : 128)) ] &&
        [ "$cpus" -le 4 ] && [ "$cpus" -le "$(nproc --all)" ]
}

rule_a_32_bit_disk_gets_a_32_bit_cpu() {
    [ -n "$demo" ] || { echo "no demo disks"; return 77; }
    dry "$demo/demo-arm.img" | grep -q -- '-cpu cortex-a15' || return
    ! dry "$demo/demo-aarch64.img" | grep -q -- '-cpu'
}

rule_check_tells_what_a_disk_has() {
    blank disk.img
    says 1 'no partition table; --iso' check disk.img &&
        says 1 'cannot read: No such file' check gone.img || return
    [ -n "$demo" ] || return 0
    says 0 '^loader: .*BOOTAA64.EFI, 64-bit Arm$' check "$demo/demo-aarch64.img" &&
        says 0 '^boots: .*cortex-a15' check "$demo/demo-arm.img" &&
        says 0 '^partition table: GPT$' check "$demo/demo-arm.img" || return
    command -v "$QEMU_IMG" > /dev/null || return 0
    "$QEMU_IMG" convert -O qcow2 "$demo/demo-aarch64.img" demo.qcow2 &&
        says 0 '^format: qcow2' check demo.qcow2 &&
        says 0 '^boots: vmspec run demo.qcow2$' check demo.qcow2
}

# cloud-init's NoCloud: a file system CIDATA with user-data and meta-data
rule_cloud_init_makes_a_seed_of_the_users_data() {
    local meta
    command -v xorriso > /dev/null || { echo "no xorriso"; return 77; }
    blank disk.img
    printf '#cloud-config\npassword: x\n' > user
    dry disk.img --cloud-init user > out
    grep -q 'file.filename=T/run/vmspec/disk/seed,read-only=on' out || return
    meta=$(sed -n "s/.*'\(instance-id: disk-.*\)/\1/p" out)
    [ -n "$meta" ] || return
    # as the line says, but not QEMU
    "$vmspec" run --dry-run --qemu /bin/true disk.img --cloud-init user |
        sed '/^\/bin\/true/,$d' > 'make.sh' && sh ./make.sh || return
    [ "$(xorriso -indev run/vmspec/disk/seed -pvd_info 2> /dev/null |
         sed -n 's/^Volume Id *: //p')" = CIDATA ] || return
    xorriso -osirrox on -indev run/vmspec/disk/seed -extract / got 2>&1 || return
    diff user got/user-data && grep -qx 'local-hostname: disk' got/meta-data
    # other user-data is another instance, on which cloud-init runs again
    echo 'hostname: y' >> user
    dry disk.img --cloud-init user > out2
    ! grep -qF "$meta" out2
}

rule_what_does_not_run_is_said_so() {
    says 1 "the VM 'none' does not run; vmspec run none" stop none &&
        says 1 "the VM 'none' does not run" console none &&
        says 1 "the VM 'none' does not run" ssh none &&
        says 1 "the VM 'none' does not run" attach none net &&
        says 1 "the VM 'none' does not run" detach none disk1 &&
        says 1 "no VM has the name 'none'; vmspec list" snapshot none &&
        says 1 "no VM and no store has the name 'none'" reset none &&
        says 1 "no VM and no store has the name 'none'" delete none &&
        says 1 "is no name of a VM" delete ../x
    [ ! -e "$XDG_RUNTIME_DIR/vmspec/none" ]
}

rule_reset_keeps_the_old_variables() {
    mkdir -p "$XDG_STATE_HOME/vmspec/vms"
    blank v.img
    printf '[vm]\ndisk=%s\nstore=%s\n' "$tmp/v.img" "$tmp/v.nvram" \
        > "$XDG_STATE_HOME/vmspec/vms/v.conf"
    says 1 'v.nvram does not exist' reset v || return
    echo 1 > v.nvram
    says 0 'old variables are in .*v.nvram.bak' reset v || return
    echo 2 > v.nvram
    says 0 'old variables are in .*v.nvram.bak2' reset v || return
    [ "$(cat v.nvram.bak v.nvram.bak2)" = $'1\n2' ] && [ ! -e v.nvram ] || return
    echo 3 > v.nvram
    says 1 'asks before it removes.*--yes' delete v || return
    [ -e v.nvram ] && says 0 "VM 'v' is forgotten; its disk stays" delete v --yes &&
        [ ! -e v.nvram ] && [ -e v.img ]
}

rule_xml_is_that_of_the_same_vm() {
    blank disk.img
    says 0 "machine='virt-vmspec-1.0'" xml --qemu /bin/true disk.img &&
        says 0 '<name>disk</name>' xml --qemu /bin/true disk.img || return
    mkdir -p 'a&b'
    "$vmspec" xml --qemu /bin/true -m 3G -c 3 --tpm --secure-boot --share 'a&b' \
        --window --iso disk.img disk.img > vm.xml 2> /dev/null || return
    grep -q "<memory unit='MiB'>3072</memory>" vm.xml &&
        grep -q '<vcpu>3</vcpu>' vm.xml &&
        grep -q "<source dir='$tmp/a&amp;b'/>" vm.xml &&
        grep -q "enabled='yes' name='secure-boot'" vm.xml &&
        grep -q "<tpm model=" vm.xml
}

rule_xml_is_valid_for_libvirt() {
    local schema=${VMSPEC_LIBVIRT_SCHEMAS:-/usr/share/libvirt/schemas}/domain.rng
    command -v xmllint > /dev/null || { echo "no xmllint"; return 77; }
    [ -e "$schema" ] || { echo "no $schema"; return 77; }
    blank disk.img
    mkdir -p shared
    xmllint --noout --relaxng "$schema" \
        <("$vmspec" xml --qemu /bin/true disk.img 2> /dev/null) &&
        xmllint --noout --relaxng "$schema" \
            <("$vmspec" xml --qemu /bin/true disk.img --tpm --secure-boot --window \
                --share shared --iso disk.img 2> /dev/null) &&
        xmllint --noout --relaxng "$schema" \
            <("$vmspec" xml --qemu /bin/true --arch arm --kernel disk.img \
                --initrd disk.img --append 'a b' 2> /dev/null)
}

rule_what_qemu_says_is_seen() {
    blank disk.img
    printf '#!/bin/sh\necho "qemu: it is so" >&2\nexit 1\n' > bin/refuses
    chmod +x bin/refuses
    says 1 '^qemu: it is so$' run --qemu bin/refuses disk.img &&
        says 1 '^qemu: it is so$' run --quiet --qemu bin/refuses disk.img &&
        says 1 'QEMU ended with status 1: its message is above' \
            run --qemu bin/refuses disk.img
}

rule_missing_programs_are_named_with_their_package() {
    blank disk.img
    printf '#cloud-config\n' > user
    PATH=$tmp/nothing "$vmspec" run --dry-run --qemu /bin/true disk.img \
        --cloud-init user > out 2>&1
    grep 'install the package xorriso, genisoimage or mtools' out
}

tap_run
