#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU's qos-test runs on vmspec whatever it runs on virt.
#
#   qos-count.sh QOS_TEST   run where QEMU's own build would run it

list=$("$1" -l) || list=
of() {
    printf '%s\n' "$list" | sed -n "s,^/aarch64/$1/,,p" | sort
}
count() {
    of "$1" | grep -c .
}
missing=$(of vmspec | awk 'NR == FNR { have[$0]; next } !($0 in have)' \
    - /dev/fd/3 3<<EOF
$(of virt)
EOF
)

echo 1..2
echo "# tests on virt: $(count virt), on vmspec: $(count vmspec)"
[ "$(count virt)" -gt 0 ] || printf 'not '
echo 'ok 1 - virt has tests'
printf '%s\n' "$missing" | sed '/./!d; s/^/# only on virt: /'
[ -z "$missing" ] && [ "$(count vmspec)" -ge "$(count virt)" ] ||
    printf 'not '
echo 'ok 2 - each is on vmspec too'
