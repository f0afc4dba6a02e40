#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Build the manual by Sphinx: HTML with a search in OUT/html, man pages in OUT/man.
# A warning is an error.
#
#   docs.sh OUT

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
out=$(realpath -m "$1")
export LC_ALL=C.UTF-8

command -v sphinx-build > /dev/null ||
    die 'sphinx-build is not there' \
        "make docs asks to install it; or, as root: $here/deps.sh -y packages-docs.txt"

# The pages at the places that they have in the repository, with index.rst on
# top. Sphinx reads only what has changed, by its time.
stage() {
    local file
    rm -rf "$out/source"
    mkdir -p "$out/source/patches"
    cp -rp "$repo/docs" "$out/source/docs"
    mv "$out/source/docs/index.rst" "$out/source"
    for file in "$repo"/*.md "$repo/LICENSE" "$repo/MAINTAINERS" \
                "$repo/meson.build"; do
        cp -p "$file" "$out/source"
    done
    cp -p "$repo/patches/README.md" "$out/source/patches"
}

build() { # BUILDER
    sphinx-build -W --keep-going -q -b "$1" -c "$out/source/docs" \
        -d "$out/doctrees" "$out/source" "$out/$1" ||
        die 'Sphinx found mistakes in the pages' 'mend what it names above'
}

stage
build html
build man
say "the manual: $out/html/index.html; man pages: $out/man"
