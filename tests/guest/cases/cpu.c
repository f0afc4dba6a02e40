/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every core
 *
 * The list of the Arm cores that the machine accepts and that no other
 * case uses.  On each of them Debian's kernel must reach its shell.
 */

#include "cases.h"
#include "demo.h"

static const char *const cores[] = {
    "cortex-a7", "cortex-a35", "cortex-a53", "cortex-a55", "cortex-a57",
    "cortex-a72", "cortex-a76", "cortex-a710", "neoverse-n1", "neoverse-n2",
    "neoverse-v1", "max",
};

static void test_core(gconstpointer data)
{
    const char *core = data;
    g_autofree char *name = g_strdup_printf("cpu/%s", core);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(name);
    const Arch *arch = g_str_equal(core, "cortex-a7") ? &arch_arm :
                                                        &arch_aarch64;

    demo_add_machine(g, arch, "");
    guest_add(g, "-smp 2 -cpu %s", core);
    demo_add_kernel(g, arch);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "cpus online: 2\r", true);
    guest_check(g, report, "timer: arch_timer\r", true);
    demo_power_off(g);
}

static void add_cpu_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(cores); i++) {
        guest_add_case(test_core, cores[i], "cpu/%s", cores[i]);
    }
}

guest_cases(add_cpu_cases)
