/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The guest matrix
 *
 * The cases that every release must pass: Debian's kernels of both
 * architectures, by firmware and in a direct boot, on either GIC, with one CPU
 * and with four.
 */

#include "cases.h"
#include "demo.h"

typedef struct Row {
    const Arch *arch;
    bool uefi;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    int gic;                    /* what the guest must find in it */
    int cpus;
} Row;

static const Row rows[] = {
    { &arch_aarch64, true,  "gicv2-1-cpu", 2, 1 },
    { &arch_aarch64, true,  "gicv2", 2, 4 },
    { &arch_aarch64, true,  "default", 3, 1 },
    { &arch_aarch64, true,  "cpus-4", 3, 4 },
    { &arch_aarch64, false, "gicv2-1-cpu", 2, 1 },
    { &arch_aarch64, false, "gicv2", 2, 4 },
    { &arch_aarch64, false, "default", 3, 1 },
    { &arch_aarch64, false, "cpus-4", 3, 4 },
    { &arch_arm, true,  "cortex-a15", 2, 1 },
    { &arch_arm, true,  "cortex-a15-4-cpus", 2, 4 },
    { &arch_arm, true,  "cortex-a15-gicv3", 3, 1 },
    { &arch_arm, true,  "cortex-a15-gicv3-4-cpus", 3, 4 },
    { &arch_arm, false, "cortex-a15", 2, 1 },
    { &arch_arm, false, "cortex-a15-4-cpus", 2, 4 },
    { &arch_arm, false, "cortex-a15-gicv3", 3, 1 },
    { &arch_arm, false, "cortex-a15-gicv3-4-cpus", 3, 4 },
};

static char *row_name(const Row *row)
{
    return g_strdup_printf("%s-%s/gic%d-cpus%d", row->arch->name,
                           row->uefi ? "uefi" : "direct", row->gic, row->cpus);
}

static void check_report(Guest *g, const Row *row, const char *report)
{
    g_autofree char *cpus = g_strdup_printf("cpus online: %d\r", row->cpus);
    g_autofree char *gic = g_strdup_printf("gic: GICv%d\r", row->gic);

    guest_check(g, report, cpus, true);
    guest_check(g, report, gic, true);
    /* The firmware gives Linux both descriptions, and Linux takes the FDT. */
    guest_check(g, report, "description: FDT\r", true);
    guest_check(g, report, "timer: arch_timer\r", true);
    guest_check(g, report, "[bus 00-ff]", true);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, report, "address: eth0 10.0.2.15/24", true);
    guest_check(g, report, row->uefi ? "firmware: UEFI\r" : "firmware: none\r",
                true);
    guest_check(g, report, "rtc: rtc-efi", row->uefi);
}

static void test_matrix(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = row_name(row);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_config(g, row->arch, row->config);
    demo_add_disk(g, row->arch);
    demo_add_network(g);
    if (!row->uefi) {
        demo_add_kernel(g, row->arch);
    }
    guest_launch(g);
    report = demo_report(g);
    check_report(g, row, report);
    demo_power_off(g);
}

static void add_matrix_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = row_name(&rows[i]);
        g_autofree char *path = g_strdup_printf("/guest/%s", name);

        g_test_add_data_func(path, &rows[i], test_matrix);
    }
}

guest_cases(add_matrix_cases)
