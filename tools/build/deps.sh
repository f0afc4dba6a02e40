#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The Debian packages of packages.txt, or of the lists that are named, that this
# machine lacks. Nothing else in the build asks for root's rights.
#
#   deps.sh missing     print what is missing, one a line
#   deps.sh ask [-y]    show what will be installed and how; without -y, ask
#   deps.sh install     install it
#   deps.sh [-y]        ask, then install
#
# Names of other lists may stand behind each: packages.txt packages-full.txt

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/apt-lists.sh
. "$here/apt-lists.sh"
lists=()
while [ $# -gt 0 ] && [[ ${*: -1} = *.txt ]]; do
    lists=("${*: -1}" "${lists[@]}")
    set -- "${@:1:$#-1}"
done
[ ${#lists[@]} -gt 0 ] || lists=(packages.txt)

cmd_missing() {
    local spec pkg want
    local -A have=()
    while read -r spec _; do
        case $spec in ''|'#'*) continue ;; esac
        specs+=("$spec")
    done < <(cd "$here" && cat "${lists[@]}")
    while read -r pkg want; do
        have[$pkg]=$want
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' \
             "${specs[@]%%>=*}" 2>/dev/null | sed -n 's/^installed //p')
    for spec in "${specs[@]}"; do
        pkg=${spec%%>=*}
        case $spec in *'>='*) want=${spec#*>=} ;; *) want= ;; esac
        if [ -n "${have[$pkg]:-}" ] && { [ -z "$want" ] ||
           dpkg --compare-versions "${have[$pkg]}" ge "$want"; }; then
            continue
        fi
        [ -z "$want" ] || [ "$(codename)" != bookworm ] ||
            pkg=$pkg/bookworm-backports
        echo "$pkg"
    done
}

command_line=(apt-get install --no-install-recommends)

# as root, or by sudo that asks for no password where nobody can type one
may_install() {
    if [ "$(id -u)" = 0 ]; then return; fi
    command -v sudo > /dev/null || return
    if [ -t 0 ] && [ -t 1 ]; then sudo -v; else sudo -n true 2> /dev/null; fi
}

cmd_ask() {
    local answer
    [ ${#need[@]} -gt 0 ] || { say "no package is missing"; return; }
    say "Debian packages are missing; this installs them:"
    printf '%s ' "${command_line[@]}" "${need[@]}" | fold -s -w 74 | sed 's/^/    /'
    echo
    case ${need[*]} in *-backports*)
        say "from this machine's mirror, and what is too old there from its backports" ;;
    esac
    if [ "${1:-}" != -y ] && [ -t 0 ] && [ -t 1 ]; then
        read -r -p "vmspec: $area: install them now? [Y/n] " answer
        case $answer in ''|[yY]*) ;; *) die "nothing was installed" ;; esac
    fi
    may_install || die "nothing was installed: this takes root's rights, and sudo does not give them to $(id -un)" \
        "as root, type: $here/deps.sh -y"
}

# Root uses no directory of another user for it, nor one whose name others know.
cmd_install() {
    local lines tmp
    [ ${#need[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        sudo "$here/deps.sh" install "${lists[@]}"
        return
    fi
    tmp=$(mktemp -d)
    # shellcheck disable=SC2064 # its name is known now
    trap "rm -rf '$tmp'" EXIT
    mapfile -t lines < <(targets | awk -v k="$keyring" -v c="$(codename)" \
        'index($1, c) == 1 || $1 ~ /stable|testing/ {
             print "deb [signed-by=" k "]", $3, $1, $2 }')
    if [ "$(codename)" = bookworm ]; then
        lines+=("deb [signed-by=$keyring] $(mirror) bookworm-backports main")
    fi
    use_lists "$tmp/host" native "${lines[@]}"
    export DEBIAN_FRONTEND=noninteractive
    fetch "${apt_get[@]}" "${command_line[@]:1}" -y "${need[@]}" ||
        die "apt could not install: ${need[*]}" "$reach"
}

specs=()
mapfile -t need < <(cmd_missing)
case ${1:-} in
missing) [ ${#need[@]} = 0 ] || printf '%s\n' "${need[@]}" ;;
ask) cmd_ask "${2:-}" ;;
install) cmd_install ;;
''|-y) cmd_ask "${1:-}"; cmd_install ;;
*) sed -n 's/^#   \(deps.sh.*\)/usage: \1/p' "$0" >&2; exit 2 ;;
esac
