#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Builds a small big-endian Linux for arm64 from Debian's source, with an init
# of ours built in. The build is kept: the kernel is built anew only when Debian's
# package has another version or a file of this folder has changed.
#
#   mkbigendian.sh APT DIR INIT.C OUTPUT

set -eu

apt=$1 dir=$(realpath -m "$2") init=$(realpath "$3") output=$(realpath -m "$4")
suite=trixie package=linux-source-6.12
key=$(cat "$init" "$0" | sha256sum)

if [ -e "$output" ] && [ "$(cat "$dir/key" 2>/dev/null)" = "$key" ]; then
    touch "$output"
    exit 0
fi
rm -rf "$dir"
mkdir -p "$dir/linux" "$dir/root/dev"
"$apt" unpack "$suite" arm64 "$dir/packages" "$package"
tar -C "$dir/linux" --strip-components=1 -xf \
    "$dir/packages/usr/src/$package.tar.xz"

aarch64-linux-gnu-gcc -mbig-endian -ffreestanding -nostdlib -static -O2 \
    -mgeneral-regs-only -fno-stack-protector "$init" -o "$dir/init"
cat > "$dir/initramfs" <<LIST
dir /dev 0755 0 0
nod /dev/console 0600 0 0 c 5 1
file /init $dir/init 0755 0 0
LIST
cat > "$dir/config" <<CONFIG
CONFIG_CPU_BIG_ENDIAN=y
CONFIG_SMP=y
CONFIG_PRINTK=y
CONFIG_TTY=y
CONFIG_SERIAL_AMBA_PL011=y
CONFIG_SERIAL_AMBA_PL011_CONSOLE=y
CONFIG_BINFMT_ELF=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_INITRAMFS_SOURCE="$dir/initramfs"
CONFIG
make="make -C $dir/linux ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- -j$(nproc)"
# not tinyconfig, which has a KCONFIG_ALLCONFIG of its own
$make KCONFIG_ALLCONFIG="$dir/config" allnoconfig
grep -q '^CONFIG_CPU_BIG_ENDIAN=y' "$dir/linux/.config"
$make Image
cp "$dir/linux/arch/arm64/boot/Image" "$output"
rm -rf "$dir/linux" "$dir/packages"
echo "$key" > "$dir/key"
