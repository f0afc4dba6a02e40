# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Completion of fish for vmspec: the commands and options that its own help lists,
# the names of the user's VMs, and files.

function __vmspec_words
    string match -v -- '-*' (commandline -opc)
end

function __vmspec_commands
    set -l program (commandline -opc)[1]
    $program help --commands 2>/dev/null </dev/null
end

function __vmspec_options
    set -l words (__vmspec_words)
    test (count $words) -ge 2; or return
    $words[1] help $words[2] 2>/dev/null </dev/null |
        string replace -rf '^  (?:-.,)? *(--[a-z-]+)(?:=\S+)? +(.*)' '$1\t$2'
end

function __vmspec_arguments
    set -l words (__vmspec_words)
    switch (count $words)
        case 2
            switch $words[2]
                case help
                    __vmspec_commands
                case run list xml
                case '*'
                    $words[1] list 2>/dev/null </dev/null | string replace -r ' .*' '' | tail -n +2
            end
        case 3
            test $words[2] = attach; and printf '%s\n' disk net share
    end
end

# a name of a VM or of a device, and no file
function __vmspec_no_file
    set -l words (__vmspec_words)
    switch (count $words)
        case 2
            not contains -- $words[2] run check xml
        case 3
            test $words[2] = attach
        case '*'
            false
    end
end

complete -c vmspec -n __vmspec_no_file -f
complete -c vmspec -n 'test (count (__vmspec_words)) -eq 1' -f -a '(__vmspec_commands)'
complete -c vmspec -n 'test (count (__vmspec_words)) -gt 1' -a '(__vmspec_arguments)'
complete -c vmspec -n 'string match -q -- "-*" (commandline -ct)' -a '(__vmspec_options)'
