#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Sphinx makes the manual without a warning, and what it made answers.
#
#   build.sh DOCS_SH OUT

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
here=$(dirname "$(realpath "$0")")
docs_sh=$1 out=$2
# Sphinx is Debian's, and so is its Python
export PATH=/usr/bin:$PATH

have_sphinx() {
    command -v sphinx-build > /dev/null || { echo 'no Sphinx: make docs'; return 77; }
}

rule_1_no_warning() {
    have_sphinx || return
    "$docs_sh" "$out"
}

rule_2_man_pages() {
    local page
    have_sphinx || return
    for page in "$here"/../../docs/man/*.rst; do
        page=$out/man/$(basename "$page" .rst).1
        [ -s "$page" ] || { echo "no $page"; return 1; }
    done
}

# the questions of a new user: each is answered by the page that it names
rule_3_the_search_answers() {
    have_sphinx || return
    /usr/bin/python3 "$here/search.py" "$out/html/searchindex.js" \
        "$here/questions.txt"
}

tap_run
