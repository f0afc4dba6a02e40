/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory errors
 *
 * The cases of a Linux guest by ACPI that is told of a page that is bad, and
 * takes the page out of use.
 */

#include "cases.h"
#include "demo.h"

typedef struct Row {
    const char *name;
    bool firmware;
} Row;

static const Row rows[] = {
    { "ras/direct", false },
    { "ras/uefi", true },
};

static void test_error(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *log = NULL, *count = NULL;
    g_autoptr(Guest) g = guest_new(row->name);

    demo_add_machine(g, &arch_aarch64, ",ras=on,fdt=off");
    if (row->firmware) {
        demo_add_disk(g, &arch_aarch64);
    } else {
        demo_add_kernel(g, &arch_aarch64);
    }
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    for (int i = 0; i < 2; i++) {
        g_autofree char *set = g_strdup_printf(
            "{'execute': 'qom-set', 'arguments': {'path': '/machine',"
            " 'property': 'memory-error', 'value': %u}}",
            0x60000000u + i * 0x10000);
        g_autofree char *wait = g_strdup_printf(
            "until [ $(dmesg | grep -c 'Memory failure: 0x600[01]0: recovery')"
            " -gt %d ]; do usleep 10000; done", i);

        g_free(guest_qmp_retry(g, set, "has not acknowledged"));
        g_free(guest_ask(g, wait));
    }
    log = guest_ask(g, "dmesg | grep -iE 'hardware error|memory failure'");
    guest_check(g, log, "Generic Hardware Error Source: 1\r", true);
    guest_check(g, log, "physical_address: 0x0000000060000000", true);
    guest_check(g, log, "physical_address: 0x0000000060010000", true);
    guest_check(g, log, "Recovered", true);
    count = guest_ask(g, "grep HardwareCorrupted /proc/meminfo");
    guest_check(g, count, " 8 kB", true);
    demo_power_off(g);
}

static void add_ras_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_error, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_ras_cases)
