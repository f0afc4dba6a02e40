# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Completion of fish for vmspec-nvram: the commands that its own help lists, files,
# and the variables of the file.

function __vmspec_nvram_words
    string match -v -- '-*' (commandline -opc)
end

function __vmspec_nvram_commands
    set -l program (commandline -opc)[1]
    $program --help 2>&1 </dev/null |
        string replace -rf '^  ([a-z-]+) +FILE.*' '$1'
end

function __vmspec_nvram_variables
    set -l words (__vmspec_nvram_words)
    contains -- $words[2] read write delete; or return
    $words[1] list $words[3] 2>/dev/null | string replace -r ' .*' ''
end

complete -c vmspec-nvram -n 'test (count (__vmspec_nvram_words)) -eq 1' -f -a '(__vmspec_nvram_commands)'
complete -c vmspec-nvram -n 'test (count (__vmspec_nvram_words)) -eq 3' -a '(__vmspec_nvram_variables)'
complete -c vmspec-nvram -l format -x -a 'auto raw qcow2' -d 'Format of the file'
complete -c vmspec-nvram -l json -d 'Print JSON'
complete -c vmspec-nvram -l help -d 'Show the commands'
complete -c vmspec-nvram -l version -d 'Show the version'
