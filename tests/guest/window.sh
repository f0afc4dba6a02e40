#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# What a person in a desktop session sees of the machine and types into its
# window. Xvfb plays the session's screen, xdotool the keyboard. The guest boots
# once in a GTK window; the cases go on from each other, in the order of tap_case.
#
#   window.sh BUILD MKDISK LOADER KERNEL INITRAMFS

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
here=$(dirname "$(realpath "$0")")
build=$1 mkdisk=$2 loader=$3 kernel=$4 initramfs=$5
limit=200
for program in Xvfb xdotool; do
    command -v "$program" > /dev/null && continue
    tap_skip_all "no $program here: tools/build/packages-tests.txt names the package"
    exit
done
tmp=$(mktemp -d)
export LC_ALL=C.UTF-8 HOME=$tmp XDG_RUNTIME_DIR=$tmp XDG_STATE_HOME=$tmp/state
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
cd "$tmp" || exit 1
qemu_pid='' xvfb_pid=''

cleanup() {
    local pid
    for pid in $qemu_pid $xvfb_pid; do
        kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    done
    rm -rf "$tmp"
}
trap cleanup EXIT

# Wait until CMD... is true; no longer than the limit, and only while QEMU runs
until_true() { # CMD...
    local i
    for ((i = 0; i < limit * 5; i++)); do
        ! "$@" || return 0
        kill -0 "$qemu_pid" 2> /dev/null || break
        sleep 0.2
    done
    echo "never: $*"
    tail -c 1500 serial qemu.log
    return 1
}

has() { # FILE TEXT
    grep -aqF -e "$2" "$1"
}

has_since() { # SIZE TEXT: is it on the serial console, behind its first bytes?
    tail -c "+$(($1 + 1))" serial | grep -aqF -e "$2"
}

# ---- QEMU: the serial console is the files keys and serial ----

start_qemu() { # DISPLAY OPTIONS...
    local display=$1
    shift
    rm -f keys qmp serial
    mkfifo keys
    exec 3<> keys
    : > serial
    timeout 900 "$build/qemu-system-aarch64" -M vmspec -m 512M -display "$display" \
        -serial stdio -qmp unix:qmp,server=on,wait=off "$@" \
        < keys > serial 2> qemu.log 3>&- &
    qemu_pid=$!
}

end_qemu() {
    kill "$qemu_pid" && wait "$qemu_pid" 2> /dev/null
    qemu_pid=''
}

qmp() { # JSON...
    "$here/window.py" qmp qmp "$@"
}

# Type a line on the serial console and wait for a text that it does not have
ask() { # LINE TEXT
    local size
    size=$(stat -c %s serial)
    printf '%s\r' "$1" >&3
    until_true has_since "$size" "$2"
}

# ---- the window ----

dump() {
    qmp "{\"execute\": \"screendump\", \"arguments\": {\"filename\": \"$tmp/screen.ppm\"}}"
}

# Wide and high enough that nothing is scaled; the pointer is outside of it
focus() {
    local window
    window=$(xdotool search --onlyvisible --class qemu 2> /dev/null | tail -n 1)
    [ -n "$window" ] && xdotool windowsize "$window" 1280 900 \
        windowfocus "$window" mousemove 1999 1499
}

# What the window shows is what the machine's screen has, pixel by pixel
is_in_window() {
    dump && "$here/window.py" inside Xvfb_screen0 screen.ppm > seen
}

window_shows_the_screen() {
    until_true is_in_window && cat seen
}

boots_to_the_menu() {
    until_true has serial 'second entry' && until_true focus &&
        window_shows_the_screen
}

# The menu has two entries; the second one boots
keys_choose_in_grubs_menu() {
    xdotool key Down && xdotool key Return &&
        until_true has serial 'demo:/# ' &&
        ask 'cat /proc/cmdline' 'entry=second'
}

# shellcheck disable=SC2016 # the guest's shell expands it
keys_reach_linux() {
    ask 'until grep -q "USB Keyboard" /proc/bus/input/devices &&
            ls -l /proc/[0-9]*/fd/0 2> /dev/null | grep -q tty1; do usleep 200000; done
            echo ready-$((40 + 2))' ready-42 &&
        focus && xdotool type --delay 60 'echo Typed-$((6*7)) "[]{}<>|" QWERTY' &&
        xdotool key Return &&
        ask 'until grep -q Typed-42 /dev/vcs1; do usleep 200000; done; echo got-$((40 + 3))' \
            got-43
}

# The text that Linux has on its console, and the picture of it, cell by cell
is_text_on_screen() {
    dump && "$here/window.py" text screen.ppm text Typed-42 > seen
}

# shellcheck disable=SC2016 # the guest's shell expands it
text_is_on_the_screen() {
    ask 'base64 /dev/vcsa1; echo end-$((40 + 4))' end-44 &&
        sed -n '/base64/,/end-44/p' serial | tr -d '\r' | grep -vE 'base64|end-44' \
            > text && until_true is_text_on_screen && cat seen &&
        window_shows_the_screen
}

# shellcheck disable=SC2016 # the guest's shell expands it
ends_with_the_window() {
    ask 'sync; echo synced-$((40 + 5))' synced-45 || return
    xdotool key ctrl+alt+q
    local i
    for ((i = 0; i < 100; i++)); do
        kill -0 "$qemu_pid" 2> /dev/null || return 0
        sleep 0.2
    done
    echo 'QEMU still runs'
    return 1
}

# Without a disk: the firmware's shell
sdl_window_shows_the_firmware() {
    local status
    start_qemu sdl -nodefaults -M graphics=on -monitor none
    until_true has serial 'Shell> ' && window_shows_the_screen
    status=$?
    end_qemu
    return $status
}

# No window: the text that would be on the serial console is on the terminal
curses_shows_the_console() {
    local status
    : > screen
    rm -f qmp keys
    mkfifo keys
    exec 3<> keys
    TERM=xterm timeout 300 script -qefc "stty rows 40 cols 100; exec timeout 290 \
        $build/qemu-system-aarch64 -M vmspec -display curses \
        -qmp unix:qmp,server=on,wait=off" screen < keys > /dev/null 2>&1 3>&- &
    qemu_pid=$!
    until_true has screen 'nothing to boot'
    status=$?
    qmp '{"execute": "quit"}'
    wait "$qemu_pid"
    qemu_pid=''
    return $status
}

cat > menu.cfg <<'END'
set timeout=-1
menuentry "first entry" {
    halt
}
menuentry "second entry" {
    linux /vmlinuz quiet entry=second
    initrd /initramfs.cpio.gz
}
END
tap_plan 7
"$mkdisk" "$loader" BOOTAA64.EFI menu.cfg "$kernel" "$initramfs" disk.img || exit 1
Xvfb -displayfd 4 -screen 0 2000x1500x24 -fbdir "$tmp" -nolisten tcp \
    4> display 2> xvfb.log &
xvfb_pid=$!
for ((i = 0; i < limit * 5; i++)); do
    [ ! -s display ] || break
    sleep 0.2
done
DISPLAY=:$(cat display)
export DISPLAY
start_qemu gtk -drive file=disk.img,format=raw,if=virtio
tap_case gtk-window-shows-grubs-menu boots_to_the_menu
tap_case keys-choose-in-grubs-menu keys_choose_in_grubs_menu
tap_case keys-reach-linux keys_reach_linux
tap_case text-is-on-the-screen-and-in-the-window text_is_on_the_screen
tap_case ctrl-alt-q-ends-it ends_with_the_window
qemu_pid=''
tap_case sdl-window-shows-the-firmware sdl_window_shows_the_firmware
tap_case curses-shows-the-console curses_shows_the_console
