#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Composes an archive of kernel modules that the demo guest lacks, in the order in
# which they are loaded: a number before each name gives it.
#
#   mkmodules.sh PACKAGES OUTPUT MODULE...
#
# PACKAGES is the folder with the unpacked kernel package.

set -eu

packages=$1 output=$2
shift 2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

n=10
for module; do
    file=$(find "$packages"/usr/lib/modules -name "$module.ko.xz")
    if [ -z "$file" ]; then
        echo "mkmodules.sh: no module '$module' in $packages" >&2
        exit 1
    fi
    xz -dc "$file" > "$root/$n-$module.ko"
    n=$((n + 1))
done
"$(dirname "$0")/../../../tools/build/cpio.sh" "$root" 0 "$output"
