# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# shellcheck shell=bash
#
# apt with package lists of its own; sourced. The machine's apt configuration is
# only read: the mirror is the one that the machine itself uses. Signatures and
# checksums stay on.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# shellcheck disable=SC2034 # for those who source this file
reach='see that this machine reaches its Debian mirror (apt-get update), then run the same command again'

# Lines "RELEASE COMPONENT URI" of the machine's own Debian archives: those that
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
        "see what apt-get indextargets lists, and add a Debian mirror to them"
    echo "$uri"
}

# use_lists STATE ARCH LINE...: lists of these sources in the directory STATE
use_lists() {
    local arch=$2
    state=$1; shift 2
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
        case ${state##*/} in # a mirror that is behind will do; signatures stay on
        sid-*|forky-*) echo 'Acquire::Check-Valid-Until "false";' ;;
        esac
        if [ "${state##*/}" != host ]; then
            : > "$state/status"
            echo "Dir::State::status \"$state/status\";"
            echo "Dir::Etc::Preferences \"/dev/null\";"
            echo "Dir::Etc::PreferencesParts \"$state/none\";"
            echo "#clear APT::Architectures;"
            echo "APT::Architecture \"$arch\"; APT::Architectures \"$arch\";"
        fi
    } > "$state/apt.conf"
    apt_get=(apt-get -c "$state/apt.conf")
    # shellcheck disable=SC2034
    apt_cache=(apt-cache -c "$state/apt.conf")
}

suite_lists() { # SUITE ARCH deb|deb-src
    local uri
    uri=$(mirror)
    use_lists "$(build_directory)/apt/$1-$2" "$2" \
        "$3 [signed-by=$keyring] $uri $1 main"
}

update() { "${apt_get[@]}" update && touch "$state/updated"; }

# Lists are fetched once, and again when a day old or when something fails.
fresh() {
    [ -n "$(find "$state" -maxdepth 1 -name updated -mmin -1440)" ] || update
}

fetch() { # CMD...: once more with new lists if the mirror has moved on
    fresh || return
    "$@" && return
    say "this did not work; package lists are fetched, and it is tried again"
    update && "$@"
}
