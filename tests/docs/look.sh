#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# How the pages of the manual look in a browser: nothing is wider than the window,
# and text can be read on its background, in light and in dark.
#
#   look.sh HTML CHROMIUM      CHROMIUM: a tree with Debian's package; used if
#                              this machine has no chromium
#
# With VMSPEC_SHOTS=DIR each page is also saved as a picture, for a person.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
here=$(dirname "$(realpath "$0")")
html=$(realpath -m "$1") tree=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

browse() { # ARGUMENT...
    local program=chromium
    if ! command -v chromium > /dev/null; then
        program=$tree/usr/lib/chromium/chromium
        [ -e "$program" ] || { echo 'no chromium'; return 77; }
        LD_LIBRARY_PATH=$tree/usr/lib/$(uname -m)-linux-gnu
        export LD_LIBRARY_PATH
        export FONTCONFIG_SYSROOT=$tree
    fi
    # its sandbox takes rights that a container may not have; the pages are ours
    HOME=$tmp timeout 300 "$program" --headless --no-sandbox --disable-gpu \
        --no-first-run --user-data-dir="$tmp/profile" --hide-scrollbars \
        --allow-file-access-from-files "$@" 2> "$tmp/log" ||
        { tail -5 "$tmp/log"; return 1; }
}

pages() {
    (cd "$html" && find . -name '*.html' ! -path './_*' \
        ! -name genindex.html | sed 's,^\./,,' | sort)
}

# measure.html is given the pages and says "WHAT|PAGE|WIDTH|..." of each fault
measure() { # SCHEME WIDTH
    local scheme=1
    [ "$1" = light ] || scheme=0
    {
        cat "$here/measure.html"
        echo "<script>run('$html', $2, ["
        pages | sed "s/.*/'&',/"
        echo ']);</script>'
    } > "$tmp/run.html"
    browse --blink-settings=preferredColorScheme=$scheme --window-size=1400,900 \
        --virtual-time-budget=600000 --dump-dom "file://$tmp/run.html" \
        > "$tmp/dom" || { local status=$?; cat "$tmp/dom"; return $status; }
    sed -n '/<pre id="seen">/,/<\/pre>/p' "$tmp/dom" | sed 's/<[^>]*>//g' |
        grep . > "$tmp/seen"
    grep -v '^fault' "$tmp/seen"
    grep -q "^measured $(pages | wc -l) pages, $1" "$tmp/seen" ||
        { echo 'not all pages were measured:'; tail -3 "$tmp/log"; return 1; }
    ! grep '^fault' "$tmp/seen"
}

rule_wide_and_light() { measure light 1280; }
rule_wide_and_dark() { measure dark 1280; }
rule_narrow_and_light() { measure light 420; }
rule_narrow_and_dark() { measure dark 420; }

rule_pictures() {
    local page shot scheme width dark
    [ -n "${VMSPEC_SHOTS:-}" ] || { echo 'VMSPEC_SHOTS names no folder'; return 77; }
    mkdir -p "$VMSPEC_SHOTS"
    while read -r page; do
        for shot in 'light 1280' 'dark 1280' 'light 500'; do
            read -r scheme width <<< "$shot"
            dark=''
            # the flag for a dark page by itself is not for its picture
            [ "$scheme" = light ] || dark=--force-dark-mode
            browse ${dark:+"$dark"} --window-size="$width",2000 \
                --screenshot="$VMSPEC_SHOTS/${page//\//_}-$scheme-$width.png" \
                "file://$html/$page" < /dev/null > /dev/null || return
        done
    done < <(pages | grep -E "${VMSPEC_SHOTS_OF:-.}")
}

tap_run
