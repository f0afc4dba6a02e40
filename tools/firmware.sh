#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Take a UEFI image out of a Debian package and drop its padding: zeros at the
# end, down to a multiple of 4 KiB. The first IMAGE that the package has wins.
#
#   firmware.sh OUTPUT PKG IMAGE...

set -euo pipefail
out=$1 pkg=$2; shift 2
dir=${VMSPEC_BUILD:-build}/firmware/debian
"$(dirname "$0")/apt.sh" unpack trixie "$(dpkg --print-architecture)" \
    "$dir" "$pkg"
for image; do
    image=$dir/usr/share/AAVMF/$image
    [ ! -e "$image" ] || break
done
[ -e "$image" ] || { echo "vmspec: firmware: $pkg has no $*" >&2; exit 1; }

# od prints a run of equal lines once: the last line of zeros, if only the end
# follows it, begins the padding
length=$(od -A d -t x8 -w4096 "$image" | awk '
    NF == 1 && $1 != "*" { size = $1; next }
    NF > 1 { zero = 1
             for (i = 2; i <= NF; i++) if ($i !~ /^0+$/) { zero = 0; break }
             start = $1 }
    END { print (zero ? start : size) + 0 }')
head -c "$length" "$image" > "$out.new"
mv "$out.new" "$out"
echo "vmspec: firmware: ${out##*/}, $length bytes, from ${image##*/}"
