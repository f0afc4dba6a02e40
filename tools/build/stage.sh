#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Stage the overlay on a QEMU source tree: FARM becomes a farm of links to the
# tree SRC, which is only read, with the files that our patches touch as
# patched copies, and a link for each file of ours. Does nothing twice.
#
#   stage.sh SRC FARM RELEASE STAMP   STAMP changes when configure must run; own is
#                                     the RELEASE of a tree of the user's

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
src=$(realpath -m "$1") farm=$(realpath -m "$2") release=$3 stamp=$(realpath -m "$4")
overlay=(hw include configs docs/system tests/qtest)
trap '[ $? = 0 ] || rm -f "$stamp"' EXIT

# what the tests of this repository run on
tested='10.0 and 10.2'

# sets series: the version without what a point release adds
check_source() {
    local have
    have=$(cat "$src/VERSION" 2>/dev/null) || die "$src is no QEMU tree" \
        "name the source tree of a QEMU release: make QEMU_SOURCE=DIR"
    series=$(cut -d. -f1,2 <<< "$have")
    case $release/$series in
    "$release/$release"|own/10.0|own/10.2) ;;
    own/10.*|own/11.*)
        note "QEMU $have is tried, not supported: vmspec is tested on" \
            "$tested; docs/porting.md says what to look at" ;;
    own/*) die "$src is QEMU $have: vmspec builds on 10.x and 11.x" \
        "name another tree: make QEMU_SOURCE=DIR" ;;
    *) die "$src is QEMU $have, not $release.x" \
        "name another tree: meson configure BUILD -Dqemu_10_2=DIR" ;;
    esac
    [ -d "$src/subprojects/keycodemapdb" ] || die "$src lacks its subprojects" \
        "use a release tarball, or run 'meson subprojects download keycodemapdb berkeley-softfloat-3 berkeley-testfloat-3' in it"
}

# every patch of the common series, then those of this version
patches() {
    local dir line
    for dir in "$repo/patches" "$repo/patches/$series"; do
        [ -e "$dir/series" ] || continue
        while read -r line; do
            case $line in ''|'#'*) ;; *) echo "$dir/$line" ;; esac
        done < "$dir/series"
    done
}

make_farm() {
    local entry p file hooked
    say "QEMU $(cat "$src/VERSION") as links in $farm"
    remove_tree "$farm"
    rm -f "$farm.files"
    mkdir -p "$farm"
    for entry in "$src"/* "$src"/.[!.]*; do
        case ${entry##*/} in .git|build|build-*|'*'|'.[!.]*') continue ;; esac
        cp -rs "$entry" "$farm/"
    done
    # a directory has the mode of the one it was copied from
    find "$farm" -type d ! -perm -u+w -exec chmod u+w {} +
    for p in "${patch_list[@]}"; do
        if patch -s -p1 -F0 -R -f --dry-run -d "$src" < "$p" > /dev/null 2>&1; then
            note "this QEMU has the change of ${p##*/}"
            continue
        fi
        mapfile -t hooked < <(sed -n 's,^+++ b/\([^[:space:]]*\).*,\1,p' "$p")
        for file in "${hooked[@]}"; do
            [ -L "$farm/$file" ] || continue
            cp --remove-destination "$src/$file" "$farm/$file"
            chmod u+w "$farm/$file"
        done
        patch -s -p1 -F0 -d "$farm" < "$p" ||
            die "$p does not apply to QEMU $(cat "$src/VERSION") in $src" \
                "docs/porting.md, step 2, says how to make one that does"
    done
}

link_overlay() {
    local file
    for file in "${files[@]}"; do
        # what is a link here and the same file is our link
        [ ! -L "$farm/$file" ] || [ ! "$farm/$file" -ef "$repo/$file" ] || continue
        [ ! -e "$src/$file" ] || die "$file would shadow QEMU's own file" \
            "give it another name, or make it a patch"
        mkdir -p "$(dirname "$farm/$file")"
        ln -sfn "$repo/$file" "$farm/$file"
    done
    # links of files that are no longer there
    while read -r file; do
        [ -e "$repo/$file" ] || rm -f "$farm/$file"
    done < <([ ! -e "$farm.files" ] || cat "$farm.files")
    printf '%s\n' "${files[@]}" > "$farm.files"
}

# a mirror may have lost a release; an empty stamp says so
if [ ! -e "$src" ] && [ "$release" != own ]; then
    : > "$stamp"
    exit 0
fi
check_source
mapfile -t patch_list < <(patches)
cd "$repo"
mapfile -t files < <(find "${overlay[@]}" -type f ! -name '.*' ! -name '*~' \
                         2>/dev/null | sort)
cd "$OLDPWD"
key=$({ echo "$repo $src $farm"; cat "$src/VERSION" "$0" "${patch_list[@]}"; } |
      sha256sum)
if_changed "$farm.key" "$key" make_farm
link_overlay
cmp -s "$farm.key" "$stamp" || cp "$farm.key" "$stamp"
