#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The sources of the manual, without Sphinx: links, the tree of pages, who runs the
# commands, the list of messages. Each rule is also shown to fail, on a copy of the pages.
#
#   pages.sh REPO TESTS      TESTS: meson's intro-tests.json

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1
tests=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

pages() { python3 tests/docs/pages.py "$@"; }

rule_links_lead_to_files_and_headings() { pages links .; }
rule_each_page_is_in_the_tree() { pages tree .; }
rule_each_command_says_who_runs_it() { pages commands . "$tests"; }

rule_each_message_is_in_the_list() { python3 tests/docs/messages.py missing .; }
rule_each_line_of_the_list_has_a_message() { python3 tests/docs/messages.py stale .; }

# a copy of the pages with TEXT at the end of a page
plant() { # PAGE TEXT
    rm -rf "$tmp/copy"
    mkdir -p "$tmp/copy/patches"
    cp -r docs ./*.md LICENSE MAINTAINERS "$tmp/copy"
    cp patches/README.md "$tmp/copy/patches"
    printf '\n%s\n' "$2" >> "$tmp/copy/$1"
}

found() { # TEXT RULE ARGUMENT...
    local seen
    seen=$(pages "$2" "$tmp/copy" "${@:3}")
    grep -F "$1" <<< "$seen" || { echo "not found: $1"; return 1; }
}

rule_planted_links_are_found() {
    plant docs/security.md 'See [this](nowhere.md) and [that](firmware.md#no-such).'
    found 'no file nowhere.md' links && found 'no heading firmware.md#no-such' links
}

rule_a_planted_page_is_found() {
    plant docs/alone.md '# Alone'
    found 'docs/alone is not in' tree
}

rule_planted_commands_are_found() {
    plant docs/security.md '    make planted'
    found 'who runs it? make planted' commands "$tests" || return
    plant docs/security.md '<!-- tested: no-such-test -->

    make planted'
    found 'no-such-test is no test' commands "$tests" || return
    plant docs/security.md '<!-- run -->

Nothing follows.'
    found 'no block: run' commands "$tests"
}

rule_a_planted_message_is_found() {
    plant docs/security.md ''
    cp -r hw include tools firmware "$tmp/copy"
    echo 'static void f(Error **errp) { error_setg(errp, "planted by a test"); }' \
        > "$tmp/copy/hw/arm/vmspec/planted.c"
    local seen
    seen=$(python3 tests/docs/messages.py missing "$tmp/copy")
    grep -F planted <<< "$seen" || { echo 'not found'; return 1; }
}

tap_run
