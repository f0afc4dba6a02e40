/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Power and state
 *
 * The cases of a reboot, of the power button, and of a running guest that
 * goes back to a snapshot.
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

/* The demo disk under a qcow2 layer, which can hold a snapshot */
static void add_layer(Guest *g)
{
    g_autofree char *layer = demo_new_layer(g);

    guest_add(g, "-drive if=none,id=disk,format=qcow2,file='%s'"
              " -device virtio-blk-pci,drive=disk", layer);
}

static void test_vm_snapshot(void)
{
    g_autofree char *answer = NULL;
    g_autoptr(Guest) g = guest_new("power/snapshot");

    demo_add_machine(g, &arch_aarch64, "");
    add_layer(g);
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
        guest_add_case(test_button, &buttons[i], "%s", buttons[i].name);
    }
    g_test_add_func("/guest/power/snapshot", test_vm_snapshot);
}

guest_cases(add_power_cases)
