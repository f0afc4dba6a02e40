#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that talks to apt: host packages, foreign .debs, Debian sources.
# It keeps its own lists, caches and sources.list under $VMSPEC_BUILD/apt and
# writes nothing into the machine's apt configuration; the mirror is the one
# the machine itself uses, and signatures and checksums stay on.
#
#   apt.sh install PKG[>=VERSION|/SUITE]...   host packages that are missing
#   apt.sh unpack SUITE ARCH DIR PKG...       .debs of SUITE/ARCH into DIR
#   apt.sh chroot SUITE DIR PKG...            a chroot in which these run: with
#                                             what they depend on, unpacked
#   apt.sh depends SUITE ARCH PKG             first package that PKG depends on
#   apt.sh closure SUITE ARCH PKG             PKG and all that it needs
#   apt.sh source SUITE[,SUITE] SRC[=VER] DIR Debian source tree, read-only;
#                                             exit 77: no suite has that version

set -euo pipefail
here=$(dirname "$(realpath "$0")")
build=$(realpath -m "${VMSPEC_BUILD:-build}")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
host=$(dpkg --print-architecture)
: "${VMSPEC_HINT:=see that this machine reaches its Debian mirror (apt-get update), then run the same make command again}"
export VMSPEC_HINT

die() { echo "vmspec: apt: $*" >&2; exit 1; }

# lines "RELEASE COMPONENT URI" of the machine's own Debian archives: those that
# say so, or, where no list was ever fetched, those whose address looks so
targets() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --no-release-info --format \
        '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI) $(ORIGIN)' | awk '
        $1 != "Packages" || $3 != "main" { next }
        { line = $2 " " $3 " " $4 }
        $5 == "Debian" { debian[line]; n++ }
        $5 !~ /[a-zA-Z]/ || $5 ~ /ORIGIN/ { if ($4 ~ /debian[^\/]*\/?$/) unknown[line] }
        END { if (n) for (line in debian) print line
              else for (line in unknown) print line }' | sort
}

codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

mirror() {
    local uri
    uri=$(targets | awk -v c="$(codename)" \
        '$1 == c || $1 ~ /^(old)*stable$/ || $1 == "testing" { print $3; exit }')
    [ -n "$uri" ] || die "no Debian archive in this machine's apt sources" \
        "(see: apt-get indextargets)"
    echo "$uri"
}

# use_lists NAME ARCH LINE...: private state NAME with these sources
use_lists() {
    local name=$1 arch=$2; shift 2
    state=$build/apt/$name
    mkdir -p "$state"/lists/partial "$state"/archives/partial "$state"/debs \
        "$state"/none
    exec 9>"$state/lock"
    flock 9
    printf '%s\n' "$@" > "$state/sources.new"
    if ! cmp -s "$state/sources.new" "$state/sources.list"; then
        rm -f "$state/updated"
    fi
    mv "$state/sources.new" "$state/sources.list"
    {
        echo "Dir::Etc::SourceList \"$state/sources.list\";"
        echo "Dir::State::Lists \"$state/lists\";"
        echo "Dir::Cache \"$state\";"
        echo "Dir::Cache::Archives \"$state/archives\";"
        echo 'Dir::Etc::SourceParts "-";'
        echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
        echo 'Acquire::Languages "none"; Acquire::Retries "3";'
        echo 'APT::Update::Error-Mode "any"; DPkg::Lock::Timeout "600";'
        echo 'APT::Sandbox::User "root";' # _apt cannot look in here
        [ ! -t 1 ] || echo 'quiet "0";'
        case $name in # a mirror that is behind will do; signatures stay on
        sid-*|forky-*) echo 'Acquire::Check-Valid-Until "false";' ;;
        esac
        if [ "$name" != host ]; then
            : > "$state/status"
            echo "Dir::State::status \"$state/status\";"
            echo "Dir::Etc::Preferences \"/dev/null\";"
            echo "Dir::Etc::PreferencesParts \"$state/none\";"
            echo "#clear APT::Architectures;"
            echo "APT::Architecture \"$arch\"; APT::Architectures \"$arch\";"
        fi
    } > "$state/apt.conf"
    apt_get=(apt-get -c "$state/apt.conf")
}

suite_lists() { # SUITE ARCH deb|deb-src
    local uri
    uri=$(mirror)
    use_lists "$1-$2" "$2" "$3 [signed-by=$keyring] $uri $1 main"
}

step() { "$here/step.sh" "$@"; }

update() {
    step "apt update ${state##*/}" "$state/update.log" \
        "${apt_get[@]}" update &&
        touch "$state/updated"
}

# lists are fetched once, and again when a day old or when something fails
fresh() {
    [ -n "$(find "$state" -maxdepth 1 -name updated -mmin -1440)" ] || update
}

fetch() { # NAME CMD...: once more with new lists if the mirror has moved on
    local name=$1; shift
    fresh || return
    VMSPEC_HINT='new package lists are fetched and it is tried once more' \
        step "$name" "$state/fetch.log" "$@" && return
    update || return
    step "$name" "$state/fetch.log" "$@"
}

missing() { # PKG spec: true if it must be installed; prints what to install
    local pkg=${1%%>=*} want='' have
    case $1 in *'>='*) want=${1#*>=} ;; esac
    have=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "${pkg%%/*}" \
           2>/dev/null || :)
    case $have in
    'installed '*)
        [ -z "$want" ] && return 1
        dpkg --compare-versions "${have#installed }" ge "$want" && return 1 ;;
    esac
    if [ -n "$want" ] && [ "$(codename)" = bookworm ]; then
        pkg=$pkg/bookworm-backports
    fi
    echo "$pkg"
}

cmd_install() {
    local spec need=() sudo=() lines
    for spec; do
        if spec=$(missing "$spec"); then need+=("$spec"); fi
    done
    [ ${#need[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "Debian packages are missing and" \
            "there is no sudo. Run 'make setup B=/tmp/vmspec-root' as root," \
            "then this again. Missing: ${need[*]}"
        sudo=(sudo)
    fi
    mapfile -t lines < <(targets | awk -v k="$keyring" -v c="$(codename)" \
        'index($1, c) == 1 || $1 ~ /stable|testing/ {
             print "deb [signed-by=" k "]", $3, $1, $2 }')
    if [ "$(codename)" = bookworm ]; then
        lines+=("deb [signed-by=$keyring] $(mirror) bookworm-backports main")
    fi
    use_lists host "$host" "${lines[@]}"
    echo "vmspec: apt: to install: ${need[*]}"
    fetch 'apt install' "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        "${apt_get[@]}" install -y --no-install-recommends "${need[@]}"
}

cmd_unpack() { # SUITE ARCH DIR PKG...
    local suite=$1 arch=$2 dir pkg deb todo=()
    dir=$(realpath -m "$3"); shift 3
    for pkg; do
        [ -e "$dir/.unpacked/$suite-$arch-$pkg" ] || todo+=("$pkg")
    done
    [ ${#todo[@]} -gt 0 ] || return 0
    suite_lists "$suite" "$arch" deb
    cd "$state/debs"
    fetch "apt download $suite/$arch ${todo[*]}" \
        "${apt_get[@]}" download "${todo[@]}"
    mkdir -p "$dir/.unpacked"
    for pkg in "${todo[@]}"; do
        # the file's name: asked where it does not lie, else nothing is said
        deb=$(cd "$state/none" &&
              "${apt_get[@]}" download --print-uris "$pkg" | awk '{print $2}')
        dpkg-deb -x "$deb" "$dir"
        touch "$dir/.unpacked/$suite-$arch-$pkg"
    done
}

# nothing is configured, so that it needs no rights: a user's own files
cmd_chroot() { # SUITE DIR PKG...
    local suite=$1 dir mode=chrootless
    dir=$(realpath -m "$2"); shift 2
    [ ! -e "$dir" ] || return 0
    [ "$(id -u)" != 0 ] || mode=root
    suite_lists "$suite" "$host" deb
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    step "mmdebstrap $suite $*" "$state/chroot.log" \
        mmdebstrap --mode="$mode" --variant=extract --skip=check/qemu \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$(IFS=,; echo "base-files,$*")" \
        "$suite" "$dir.tar" "$state/sources.list"
    tar -xf "$dir.tar" -C "$dir.new" --exclude='./dev/*'
    rm "$dir.tar"
    mv "$dir.new" "$dir"
}

cmd_depends() { # SUITE ARCH PKG
    suite_lists "$1" "$2" deb
    fresh >&2
    apt-cache -c "$state/apt.conf" --no-all-versions show "$3" |
        sed -n 's/^Depends: \([^ ,|]*\).*/\1/p' | sed q
}

cmd_closure() { # SUITE ARCH PKG
    suite_lists "$1" "$2" deb
    fresh >&2
    "${apt_get[@]}" --simulate --no-install-recommends install "$3" |
        awk '$1 == "Inst" { print $2 }'
}

version_in() { # SRC PREFIX: the newest version that begins so
    apt-cache -c "$state/apt.conf" showsrc --only-source "$1" 2>/dev/null |
        sed -n 's/^Version: //p' |
        awk -v p="$2" '{ v = $0; sub(/^[0-9]+:/, "", v) } index(v, p) == 1' |
        sort -rV | sed -n 1p
}

# A mirror may lack a .dsc whose tarballs it has. The index, whose signature apt
# has checked, says the same: dpkg-source goes by its checksums.
dsc_of_index() { # SRC VERSION
    apt-cache -c "$state/apt.conf" showsrc --only-source "$1" |
        awk -v v="Version: $2" 'BEGIN { RS = ""; ORS = "\n\n" }
            index("\n" $0 "\n", "\n" v "\n") { print; exit }' |
        sed -e 's/^Package:/Source:/' -e '/\.dsc$/d' \
            -e '/^Directory:/d' -e '/^Priority:/d' -e '/^Section:/d'
}

cmd_source() { # SUITE[,SUITE] SRC[=PREFIX] DIR
    local suite src=${2%%=*} prefix='' dir version dsc check
    case $2 in *=*) prefix=${2#*=} ;; esac
    dir=$(realpath -m "$3")
    [ ! -e "$dir" ] || return 0
    for suite in ${1//,/ }; do
        suite_lists "$suite" source deb-src
        fresh || continue
        version=$(version_in "$src" "$prefix")
        [ -n "$version" ] || continue
        cd "$state/debs"
        dsc=${src}_${version#*:}.dsc check=--no-check
        if ! fetch "apt source $suite/$src $version" "${apt_get[@]}" source \
            --only-source --download-only "$src=$version"; then
            echo "vmspec: apt: trying $src without its .dsc" >&2
            dsc=${dsc%.dsc}.index.dsc check=--require-strong-checksums
            dsc_of_index "$src" "$version" > "$dsc"
        fi
        mkdir -p "${dir%/*}"
        rm -rf "$dir.new"
        VMSPEC_HINT='the next suite, if there is one, is tried' \
            step "unpack $src" "$state/unpack.log" dpkg-source "$check" \
            --no-copy -x "$dsc" "$dir.new" || continue
        chmod -R a-w "$dir.new"
        chmod u+w "$dir.new" # a directory without it cannot be renamed
        mv "$dir.new" "$dir"
        chmod u-w "$dir"
        return
    done
    echo "vmspec: apt: no source $2 in $1 on this machine's mirror" >&2
    return 77
}

cmd=${1:-}; shift || :
case $cmd in
install|unpack|chroot|depends|closure|source) "cmd_$cmd" "$@" ;;
*) sed -n 's/^#  *\(apt.sh .*\)/usage: \1/p' "$0" >&2; exit 2 ;;
esac
