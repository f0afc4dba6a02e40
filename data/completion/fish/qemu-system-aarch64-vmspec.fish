# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Completion of fish for qemu-system-aarch64-vmspec: the machine's properties,
# CPUs and devices as this QEMU itself lists them; options, and files.

function __vmspec_qemu_machine
    set -l program (commandline -opc)[1]
    set -l word (commandline -ct)
    if not string match -q '*,*' -- $word
        printf '%s\n' vmspec virt-vmspec-1.0
        return
    end
    set -l head (string replace -r '[^,]*$' '' -- $word)
    set -l last (string replace -r '.*,' '' -- $word)
    set -l machine (string replace -r ',.*' '' -- $word | string replace -r '^type=' '')
    set -l lines ($program -M $machine,help 2>/dev/null </dev/null |
        string match -r '^  [a-z0-9-]+=<[^>]*>')
    if not string match -q '*=*' -- $last
        for line in $lines
            echo $head(string replace -r '^  ([^=]*=).*' '$1' -- $line)
        end
        echo $head"accel="
        return
    end
    set -l key (string replace -r '=.*' '' -- $last)
    set -l values
    switch $key
        case gic-version
            set values 2 3 4 max host
        case iommu
            set values none smmuv3
        case nvram
            set values auto none
        case nvram-format
            set values auto raw qcow2
        case accel
            set values tcg kvm
        case '*'
            if string match -q "*  $key=<bool>*" -- $lines
                set values on off
            else if string match -q "*  $key=<OnOffAuto>*" -- $lines
                set values auto on off
            end
    end
    for value in $values
        echo $head$key=$value
    end
end

# the first word of each line of a list that QEMU prints
function __vmspec_qemu_list
    set -l program (commandline -opc)[1]
    $program $argv[1] help 2>/dev/null </dev/null |
        string replace -rf '^(?:name "([^"]*)".*| *([a-z][a-z0-9._-]*) *)$' '$1$2'
end

function __vmspec_qemu_options
    set -l program (commandline -opc)[1]
    $program -help 2>/dev/null </dev/null | string match -r '^-[a-zA-Z0-9-]+' | sort -u
end

complete -c qemu-system-aarch64-vmspec -o M -o machine -x -a '(__vmspec_qemu_machine)' -d 'Machine and its properties'
complete -c qemu-system-aarch64-vmspec -o cpu -x -a '(__vmspec_qemu_list -cpu)' -d 'CPU model'
complete -c qemu-system-aarch64-vmspec -o device -x -a '(__vmspec_qemu_list -device)' -d 'Add a device'
complete -c qemu-system-aarch64-vmspec -o display -x -a '(__vmspec_qemu_list -display)' -d 'Where the screen is shown'
complete -c qemu-system-aarch64-vmspec -o accel -x -a 'tcg kvm' -d 'Accelerator'
complete -c qemu-system-aarch64-vmspec -n 'string match -q -- "-*" (commandline -ct)' -a '(__vmspec_qemu_options)'
