#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A checked-in file must be what a program prints.
#
#   docs-drift.sh FILE PROGRAM [ARGUMENT...]

file=$1; shift
echo 1..1
if seen=$("$@" | diff -u "$file" - 2>&1); then
    echo "ok 1 - ${file##*/} is up to date"
else
    printf '%s\n' "$seen" | sed 's/^/# /'
    echo '# to bring it up to date: make refresh-docs'
    echo "not ok 1 - ${file##*/} is up to date"
fi
