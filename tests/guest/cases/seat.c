/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The machine's own screen and keyboard: graphics=on (platform.md, section 9.5)
 *
 * The firmware, GRUB and Linux show text on the screen and take what is typed
 * on the USB keyboard; what they answer comes on the serial console as well.
 */

#include <string.h>

#include "cases.h"
#include "demo.h"
#include "screen.h"

#define BARE_GRUB "grub> "
/* A CD whose GRUB has no menu, or the demo disk if @cd is false */
static Guest *new_seat_guest(const char *name, const Arch *arch, bool cd)
{
    g_autofree char *file = g_strdup_printf(cd ? "boot-%s.iso" : "demo-%s.img",
                                            arch->name);
    g_autofree char *path = guest_file(file);
    Guest *g = guest_new(name);

    demo_add_machine(g, arch, ",graphics=on");
    guest_add(g, "-drive if=none,id=d,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=d", path);
    guest_launch(g);
    return g;
}

static void test_grub(gconstpointer data)
{
    const Arch *arch = data;
    g_autofree char *name = g_strdup_printf("seat/grub-%s", arch->name);
    g_autoptr(Guest) g = new_seat_guest(name, arch, true);

    guest_expect(g, BARE_GRUB);
    screen_check(g);
    screen_type(g, "echo $grub_platform\r");
    guest_expect(g, "efi");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* Waits for the shell on the screen, and for the keyboard's driver. */
#define WAIT_FOR_SHELL \
    "until grep -q 'USB Keyboard' /proc/bus/input/devices &&" \
    " ls -l /proc/[0-9]*/fd/0 2>/dev/null | grep -q tty1; do usleep 200000;" \
    " done"

/* The picture differs from the one in @before. */
static void check_changed(Guest *g, const char *before, gsize before_size)
{
    gsize size;
    g_autofree char *after = screen_picture(g, &size);

    if (after && size == before_size && !memcmp(after, before, size)) {
        guest_fail(g, "what was typed is not on the screen");
    }
}

static void test_linux(gconstpointer data)
{
    const Arch *arch = data;
    g_autofree char *name = g_strdup_printf("seat/linux-%s", arch->name);
    g_autoptr(Guest) g = new_seat_guest(name, arch, false);
    g_autofree char *before = NULL;
    gsize size;

    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, WAIT_FOR_SHELL));
    screen_check(g);
    before = screen_picture(g, &size);
    screen_type(g, "echo typed-$platform-here > /dev/kmsg\r");
    g_free(guest_ask(g, "until dmesg | grep typed--here; do usleep 200000;"
                     " done"));
    check_changed(g, before, size);
    demo_power_off(g);
}

static void add_seat_cases(void)
{
    const Arch *const archs[] = { &arch_aarch64, &arch_arm };

    for (int i = 0; i < G_N_ELEMENTS(archs); i++) {
        guest_add_case(test_grub, archs[i], "seat/grub-%s", archs[i]->name);
        guest_add_case(test_linux, archs[i], "seat/linux-%s",
                       archs[i]->name);
    }
}

guest_cases(add_seat_cases)
