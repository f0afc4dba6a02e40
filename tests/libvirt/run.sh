#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# libvirt as a Debian release has it, on the machine as "make install" installs
# it: the cases of suite/ in a chroot of that release, which apt.sh makes once and
# no run changes. The namespaces are private, so that no daemon of the host is
# seen, and none that a case starts outlives it.
#
#   run.sh RELEASE REPO BUILD [CASE...]
#
# CASE is a pattern of cases' names, such as 'life/*'. If STAGE is in the environment,
# what is installed is what lies there: what gather.sh has put there, or "dpkg-deb -x"
# of the packages. The chroots of other releases, if
# they were made, are there as well, below /other: a guest migrates to them.

set -euo pipefail
release=$1 repo=$2 build=$(realpath "$3")
shift 3
roots=$build/libvirt root=$build/libvirt/$release scratch=$build/libvirt/scratch-$release
packages=(libvirt-daemon-system libvirt-daemon libvirt-clients qemu-system-arm
    qemu-utils qemu-efi-aarch64 swtpm swtpm-tools virtinst
    python3-libvirt iproute2 osinfo-db libslirp0 libfdt1 libseccomp2
    libpixman-1-0 libspice-server1 libepoxy0 libgbm1 genisoimage)
case $release in
bookworm) packages+=(qemu-efi-arm ipxe-qemu libusbredirparser1) ;;
trixie)   packages+=(qemu-efi-arm virtiofsd libusbredirparser1t64) ;;
*)        packages+=(virtiofsd libusbredirparser1t64) ;;
esac

# the emulator was built on this machine: what the release does not have of its
# libraries, such as those of another name for the same interface, comes from here
lend_libraries() { # PROGRAM
    local name path
    mkdir -p "$new/usr/local/lib/lent"
    while read -r name; do
        path=$(ldd "$stage$1" | awk -v n="$name" '$1 == n { print $3 }')
        [ ! -e "$path" ] || cp "$path" "$new/usr/local/lib/lent/$name"
    done < <(LD_LIBRARY_PATH='' chroot "$new" ldd "/stage$1" |
                 awk '/not found/ { print $1 }')
    echo /usr/local/lib/lent > "$new/etc/ld.so.conf.d/lent.conf"
    chroot "$new" ldconfig
}

make_devices() {
    local name
    mount -t tmpfs -o mode=755 none "$new/dev"
    for name in null zero full random urandom tty; do
        : > "$new/dev/$name"
        mount --bind "/dev/$name" "$new/dev/$name"
    done
    mkdir "$new/dev/pts" "$new/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=666,gid=5 none "$new/dev/pts"
    ln -s pts/ptmx "$new/dev/ptmx"
    ln -s /proc/self/fd "$new/dev/fd"
    mount -t tmpfs none "$new/dev/shm"
}

show() { # DIRECTORY AT: read-only, if it is there
    [ -d "$1" ] || return 0
    mkdir -p "$new$2"
    mount --bind "$1" "$new$2"
    mount -o remount,ro,bind "$new$2"
}

# A chroot whose changes are lost, in the directory "new"
make_root() { # RELEASE
    local area=$scratch/system/$1 program
    mkdir -p "$area/upper" "$area/work" "$area/root"
    new=$area/root
    mount -t overlay none "$new" \
        -o "lowerdir=$roots/$1,upperdir=$area/upper,workdir=$area/work"
    mount -t proc none "$new/proc"
    mount -t sysfs none "$new/sys"
    make_devices
    mount -t tmpfs -o mode=755 none "$new/run"
    mkdir -m 1777 "$new/run/lock"
    mount -t tmpfs -o mode=1777 none "$new/tmp"
    mount --bind "$scratch/srv" "$new/srv"
    show "$build/demo" /demo
    show "$build/tests/libvirt" /guest
    show "$build/tests/guest/images" /images
    show "$stage" /stage
    for program in "$stage"/usr/{local/,}bin/{qemu-system-aarch64-vmspec,vmspec-nvram}
    do
        [ ! -e "$program" ] || lend_libraries "${program#"$stage"}"
    done
}

others() { # the other releases, if their chroots are there
    local name
    for name in bookworm trixie sid; do
        if [ "$name" != "$release" ] && [ -d "$roots/$name" ]; then echo "$name"; fi
    done
}

make_others() {
    local name
    for name in $(others); do
        make_root "$name"
        cp -a "$stage/." "$new/"
    done
}

show_others() {
    local name
    for name in $(others); do
        mkdir -p "$new/other/$name"
        mount --rbind "$scratch/system/$name/root" "$new/other/$name"
    done
}

# virt-install with the patches that this repository has for it
patch_virtinst() {
    local file
    cp -a "$new/usr/share/virt-manager" "$new/usr/local/share/virtinst"
    while read -r file; do
        patch -s -p1 -d "$new/usr/local/share/virtinst" \
            < "$repo/patches/virtinst/$file"
    done < "$repo/patches/virtinst/series"
}

inside() {
    mkdir -p "$scratch/system"
    mount -t tmpfs -o mode=755,size=3g none "$scratch/system"
    make_others
    make_root "$release"
    show_others
    show "$repo/tests/libvirt/suite" /suite
    show "$repo/docs" /docs
    patch_virtinst
    ip link set lo up
    # no exec: this shell is process 1, and reaps the QEMUs that libvirtd leaves
    chroot "$new" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
        HOME=/root LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
        /usr/bin/python3 /suite/main.py "$release" "$@"
}

clean() { # but the logs of the last run
    rm -rf "$scratch/srv" "$scratch/stage" "$scratch/system"
}

if [ "${VMSPEC_INSIDE:-}" = yes ]; then
    inside "$@" < /dev/null
    exit
fi
if [ "$(id -u)" != 0 ]; then
    # shellcheck source=tests/lib/tap.sh
    . "$repo/tests/lib/tap.sh"
    tap_skip_all 'the daemon runs in a chroot, which needs root'
    exit
fi
mkdir -p "$roots"
"$repo/tools/build/apt.sh" root "$release" amd64 "$root" "${packages[@]}" \
    > "$roots/$release.log" 2>&1 || { cat "$roots/$release.log" >&2; exit 1; }
clean
mkdir -p "$scratch/srv"
stage=${STAGE:-$scratch/stage}
[ -n "${STAGE:-}" ] ||
    PREFIX='' "$repo/tools/build/gather.sh" "$build" "$stage" > "$scratch/install.log"
trap clean EXIT
export stage VMSPEC_INSIDE=yes
unshare --mount --pid --net --ipc --uts --fork --kill-child \
    "$0" "$release" "$repo" "$build" "$@"
