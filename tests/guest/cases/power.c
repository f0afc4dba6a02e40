/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Power and state
 *
 * The cases of a reboot, of the power button, of a guest that sleeps, and of a
 * running guest that goes back to a snapshot.
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

typedef struct Sleep {
    const char *name;
    const Arch *arch;
    bool acpi;
    const char *command;        /* of QMP; NULL: a key on the console */
} Sleep;

static const Sleep sleeps[] = {
    { "power/suspend-fdt-button", &arch_aarch64, false, "system_powerdown" },
    { "power/suspend-fdt-wakeup", &arch_aarch64, false, "system_wakeup" },
    { "power/suspend-fdt-key", &arch_aarch64, false, NULL },
    { "power/suspend-acpi-button", &arch_aarch64, true, "system_powerdown" },
    { "power/suspend-acpi-wakeup", &arch_aarch64, true, "system_wakeup" },
    { "power/suspend-acpi-key", &arch_aarch64, true, NULL },
    { "power/suspend-arm-wakeup", &arch_arm, false, "system_wakeup" },
};

/*
 * A guest that suspends to idle wakes by the power button, by system_wakeup
 * and, if it wants that, by a key on the console (platform.md, section 5). The
 * button would also have acpid turn the guest off.
 */
static void test_suspend(gconstpointer data)
{
    const Sleep *sleep = data;
    g_autoptr(Guest) g = guest_new(sleep->name);

    demo_add_machine(g, sleep->arch, sleep->acpi ? ",fdt=off" : "");
    if (sleep->acpi) {
        demo_add_disk(g, sleep->arch);
    } else {
        demo_add_kernel(g, sleep->arch);
    }
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "killall acpid;"
                     " echo N > /sys/module/printk/parameters/console_suspend;"
                     " echo 1 > /sys/power/pm_debug_messages; dmesg -n 8"));
    if (!sleep->command) {
        g_free(guest_ask(g, "echo enabled >"
                         " /sys/class/tty/ttyAMA0/power/wakeup"));
    }
    guest_type(g, "echo mem > /sys/power/state; echo awake=$?\r");
    guest_expect(g, "PM: suspend-to-idle");
    if (sleep->command) {
        g_autofree char *command = g_strdup_printf("{'execute': '%s'}",
                                                   sleep->command);

        g_free(guest_qmp(g, command));
    } else {
        guest_type(g, "\r");
    }
    guest_expect(g, "awake=0");
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

/* A guest that is awake does not care for system_wakeup. */
static void test_wakeup_awake(void)
{
    g_autofree char *answer = NULL;
    g_autoptr(Guest) g = guest_new("power/wakeup-awake");

    demo_add_machine(g, &arch_aarch64, "");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_qmp(g, "{'execute': 'system_wakeup'}"));
    answer = guest_ask(g, "grep gpio /proc/interrupts; nproc");
    guest_check(g, answer, "1\r", true);
    demo_power_off(g);
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
    for (int i = 0; i < G_N_ELEMENTS(sleeps); i++) {
        guest_add_case(test_suspend, &sleeps[i], "%s", sleeps[i].name);
    }
    g_test_add_func("/guest/power/wakeup-awake", test_wakeup_awake);
    g_test_add_func("/guest/power/snapshot", test_vm_snapshot);
}

guest_cases(add_power_cases)
