#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What each CPU model costs under TCG: the CPU time of QEMU for the boots of two
# kernels, a compilation, OpenSSL, busybox and system calls, as ratios to the default
# CPU's. All models run once a round, and each is compared with the default's run of
# its round. Prints a table for docs/cpu.md.
#
#   cpu.sh BUILD [ROUNDS]       BUILD: of make, with what make check-long fetches
#   cpu.sh BUILD 0              the table of what was measured last

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/../tools/build/lib.sh"
build=$(realpath "$1") rounds=${2:-3}
dir=$build/bench/cpu
qemu=$build/qemu/qemu-system-aarch64
default=neoverse-n1
# shellcheck disable=SC2054 # the commas are of the names
models=(max max,pauth=off max,sve=off,sme=off max,lpa2=off
    max,pauth=off,sve=off,sme=off,lpa2=off
    cortex-a76 cortex-a57 cortex-a53 cortex-a710 neoverse-v1 neoverse-n2
    cortex-a35 cortex-a55 cortex-a72 neoverse-n2,pauth=off)
works=(kernel-trixie kernel-bookworm compile openssl busybox calls)
mbedtls=$build/source/edk2/CryptoPkg/Library/MbedTlsLib/mbedtls

# Both initramfs: that of the suite's demo guest, and our init; for trixie, gcc's
# compiler proper and openssl with their libraries as well
make_files() {
    local root=$dir/root include=$dir/packages/usr/include
    rm -rf "$root"
    mkdir -p "$root/cpu"
    install -m 755 "$here/../../bench/cpu-init" "$root/cpu/init"
    "$here/cpio.sh" "$root" 1 "$dir/bookworm.cpio" \
        "$build/tests/guest/images/initramfs-bookworm.cpio.gz"
    "$here/apt.sh" chroot trixie arm64 "$dir/packages" cpp-14 libc6-dev openssl
    cp -a "$dir/packages/usr/lib" "$root"
    mkdir -p "$root/usr/bin"
    ln -s ../lib "$root/usr/lib"
    cp "$dir/packages/usr/bin/openssl" "$root/usr/bin"
    cp "$(find "$dir/packages/usr" -name cc1)" "$root/cpu"
    rm -rf "$root"/lib/*/{gconv,engines-*,ossl-modules,perl*} "$root"/lib/{ssl,*/*.a,gcc}
    aarch64-linux-gnu-gcc -E -P -I"$mbedtls/include" -I"$mbedtls/library" -nostdinc \
        -isystem "$(aarch64-linux-gnu-gcc -print-file-name=include)" \
        -isystem "$include" -isystem "$include/aarch64-linux-gnu" \
        "$mbedtls/library/ecp.c" -o "$root/cpu/source.i"
    "$here/cpio.sh" "$root" 1 "$dir/trixie.cpio" \
        "$build/demo/initramfs-aarch64.cpio.gz"
}

# Hundredths of a second that the process has run, all its threads
cpu_time() { # PID
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# One boot: a line "ROUND MODEL WORK TIME" for each piece of work
run() { # ROUND MODEL KERNEL SUITE
    local from=0 to line work timeout_pid pid
    coproc guest { exec timeout 900 "$qemu" -M vmspec -cpu "$2" -m 1G -nodefaults \
        -display none -serial stdio -no-reboot -kernel "$3" -initrd "$dir/$4.cpio" \
        -append 'quiet panic=-1 cryptomgr.notests rdinit=/cpu/init' 2>&1; }
    # shellcheck disable=SC2154 # coproc sets it
    timeout_pid=$guest_PID
    until pid=$(pgrep -P "$timeout_pid"); do :; done
    while read -r line; do
        line=${line%$'\r'}
        case $line in
        "done: all")
            kill "$pid" ;;
        "done: "*)
            work=${line#done: }
            [ "$work" != kernel ] || work=kernel-$4
            to=$(cpu_time "$pid")
            echo "$1 $2 $work $((to - from))"
            from=$to ;;
        esac
    done <&"${guest[0]}"
    wait "$timeout_pid" || :
}

# shellcheck disable=SC2016 # the back quotes are the page's
# Ratios to the default's run of the same round: the median, [lowest, highest]
table() {
    printf '| `-cpu` |'
    printf ' %s |' "${works[@]}"
    printf '\n|---|'
    printf -- '---|%.0s' "${works[@]}"
    echo
    awk -v default="$default" -v list="$default ${models[*]}" -v works="${works[*]}" '
        $2 == default { base[$1, $3] = $4 }
        { time[$1, $2, $3] = $4; rounds = $1 > rounds ? $1 : rounds }
        function cell(model, work,    n, r, i, j, v, t) {
            for (r = 1; r <= rounds; r++)
                if (base[r, work] && time[r, model, work])
                    v[++n] = time[r, model, work] / base[r, work]
            for (i = 1; i < n; i++)
                for (j = i + 1; j <= n; j++)
                    if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
            if (!n) return "-"
            if (model == default) return sprintf("1 (%.1f s)", base[1, work] / 100)
            return sprintf("%.2f [%.2f, %.2f]", v[int((n + 1) / 2)], v[1], v[n])
        }
        END {
            m = split(list, model, " "); w = split(works, work, " ")
            for (i = 1; i <= m; i++) {
                line = "| `" model[i] "` |"
                for (k = 1; k <= w; k++) line = line " " cell(model[i], work[k]) " |"
                print line
            }
        }' "$dir/times"
}

[ -e "$build/tests/guest/images/vmlinuz-bookworm" ] ||
    die 'there is no kernel of Debian 12 yet' "ninja -C $build long-files"
[ -e "$dir/trixie.cpio" ] || make_files
[ "$rounds" = 0 ] || : > "$dir/times"
for ((round = 1; round <= rounds; round++)); do
    for model in "$default" "${models[@]}"; do
        say "round $round of $rounds: $model" >&2
        run "$round" "$model" "$build/demo/vmlinuz-aarch64" trixie >> "$dir/times"
        run "$round" "$model" "$build/tests/guest/images/vmlinuz-bookworm" bookworm \
            >> "$dir/times"
    done
done
table
