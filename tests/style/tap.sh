# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A rule is a function rule_NAME: it prints what it saw and returns 0 if the
# rule holds, 77 if it cannot be checked here. tap_run runs them all; what a
# broken rule saw goes to stderr, because meson shows that.

set -uo pipefail
cd "$1" || exit 1

tap_run() {
    local rules=() n=0 name seen rc verdict
    mapfile -t rules < <(declare -F | sed -n 's/^declare -f rule_//p')
    echo "1..${#rules[@]}"
    for name in "${rules[@]}"; do
        n=$((n + 1))
        seen=$("rule_$name" 2>&1)
        rc=$?
        verdict="ok $n - ${name//_/-}"
        case $rc in
        0) echo "$verdict" ;;
        77) echo "$verdict # SKIP ${seen//$'\n'/ }" ;;
        *) echo "not $verdict"; printf '%s:\n%s\n' "$name" "$seen" >&2
           continue ;;
        esac
        [ -z "$seen" ] || printf '%s\n' "$seen" | sed 's/^/# /'
    done
}
