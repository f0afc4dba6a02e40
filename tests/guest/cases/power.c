/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Power and state
 *
 * Owns the cases of reboot, the power button, and a snapshot of a running
 * guest that is loaded again.
 */

#include "cases.h"
#include "demo.h"

static void test_reboot(void)
{
    g_autoptr(Guest) g = guest_new("power/reboot");

    demo_add_machine(g, &arch_aarch64, "");
    demo_add_disk(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    guest_type(g, "reboot\r");
    guest_expect_event(g, "RESET", "guest-reset");
    guest_expect(g, "Welcome");
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

typedef struct Button {
    const char *name;
    const Arch *arch;
    bool uefi;
} Button;

static const Button buttons[] = {
    { "power/button-aarch64-uefi", &arch_aarch64, true },
    { "power/button-aarch64-direct", &arch_aarch64, false },
    { "power/button-arm-direct", &arch_arm, false },
};

static void test_button(gconstpointer data)
{
    const Button *button = data;
    g_autoptr(Guest) g = guest_new(button->name);

    demo_add_machine(g, button->arch, "");
    if (button->uefi) {
        demo_add_disk(g, button->arch);
    } else {
        demo_add_kernel(g, button->arch);
    }
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_qmp(g, "{'execute': 'system_powerdown'}"));
    guest_expect_event(g, "SHUTDOWN", "guest-shutdown");
    guest_expect_exit(g);
}

/* The demo disk under a layer that can hold a snapshot. */
static void add_overlay(Guest *g)
{
    g_autofree char *base = guest_file("demo-aarch64.img");
    g_autofree char *backing = g_canonicalize_filename(base, NULL);
    g_autofree char *layer = g_build_filename(guest_folder(g), "disk.qcow2",
                                              NULL);
    g_autofree char *qemu_img = guest_program("qemu-img");
    const char *argv[] = {
        qemu_img, "create", "-q", "-f", "qcow2", "-b", backing, "-F", "raw",
        layer, NULL
    };
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status,
                 &err);
    g_assert_no_error(err);
    g_assert_cmpint(status, ==, 0);
    guest_add(g, "-drive if=none,id=disk,format=qcow2,file='%s'"
              " -device virtio-blk-pci,drive=disk", layer);
}

static void test_snapshot(void)
{
    g_autofree char *answer = NULL;
    g_autoptr(Guest) g = guest_new("power/snapshot");

    demo_add_machine(g, &arch_aarch64, "");
    add_overlay(g);
    demo_add_network(g);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "state=saved"));
    guest_hmp(g, "savevm here");
    g_free(guest_ask(g, "state=lost"));
    guest_hmp(g, "loadvm here");
    answer = guest_ask(g, "echo $state; cat /proc/partitions; nproc");
    guest_check(g, answer, "saved", true);
    guest_check(g, answer, "vda1", true);
    demo_power_off(g);
}

static void add_power_cases(void)
{
    g_test_add_func("/guest/power/reboot", test_reboot);
    for (int i = 0; i < G_N_ELEMENTS(buttons); i++) {
        g_autofree char *path = g_strdup_printf("/guest/%s", buttons[i].name);

        g_test_add_data_func(path, &buttons[i], test_button);
    }
    g_test_add_func("/guest/power/snapshot", test_snapshot);
}

guest_cases(add_power_cases)
