/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The machine described by ACPI
 *
 * The cases of Debian's kernel under UEFI with ACPI alone.  The kernel
 * must find the devices that it finds by FDT, log no firmware bug, and react to
 * the power button.
 */

#include "cases.h"
#include "demo.h"

typedef struct Row {
    const char *name;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    const char *gic;
    int cpus;
} Row;

static const Row rows[] = {
    { "acpi/gic2-cpus1", "gicv2-1-cpu", "gic: GICv2\r", 1 },
    { "acpi/gic3-cpus4", "cpus-4", "gic: GICv3\r", 4 },
    { "acpi/smmu", "smmuv3", "gic: GICv3\r", 1 },
};

static void check_acpi_log(Guest *g)
{
    g_autofree char *bugs = guest_ask(g, "dmesg | grep 'Firmware Bug'");
    g_autofree char *ecam = guest_ask(g, "dmesg | grep 'ECAM area'");

    guest_check(g, bugs, "[Firmware Bug]", false);
    guest_check(g, ecam, "reserved by PNP0C02", true);
}

static void test_acpi(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *cpus = g_strdup_printf("cpus online: %d\r", row->cpus);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(row->name);

    demo_add_config(g, &arch_aarch64, row->config);
    guest_add(g, "-M acpi=on,fdt=off");
    demo_add_disk(g, &arch_aarch64);
    demo_add_network(g);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "description: ACPI\r", true);
    guest_check(g, report, row->gic, true);
    guest_check(g, report, cpus, true);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, report, "address: eth0 10.0.2.15/24", true);
    guest_check(g, report, "[bus 00-ff]", true);
    check_acpi_log(g);
    g_free(guest_qmp(g, "{'execute': 'system_powerdown'}"));
    guest_expect_event(g, "SHUTDOWN", "guest-shutdown");
    guest_expect_exit(g);
}

static void add_acpi_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_acpi, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_acpi_cases)
