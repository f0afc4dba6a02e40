/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kernels without firmware
 *
 * The cases that boot the kernels of more Debian suites than the demo's, and
 * big-endian Linux, which tests/guest/images builds.
 */

#include "cases.h"
#include "demo.h"

typedef struct Row {
    const char *name;
    const char *suite;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    const char *gic;
} Row;

static const Row rows[] = {
    { "kernels/bookworm-gic3", "bookworm", "cpus-4", "gic: GICv3\r" },
    { "kernels/bookworm-gic2", "bookworm", "gicv2", "gic: GICv2\r" },
    { "kernels/sid-gic3", "sid", "cpus-4", "gic: GICv3\r" },
    { "kernels/sid-gic2", "sid", "gicv2", "gic: GICv2\r" },
};

static void test_debian(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *kernel = g_strdup_printf("vmlinuz-%s", row->suite);
    g_autofree char *kernel_path = guest_file(kernel);
    g_autofree char *initramfs = g_strdup_printf("initramfs-%s.cpio.gz",
                                                 row->suite);
    g_autofree char *initramfs_path = guest_file(initramfs);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(row->name);

    demo_add_config(g, &arch_aarch64, row->config);
    guest_add(g, "-kernel '%s' -initrd '%s' -append quiet"
              " -blockdev null-co,node-name=disk,size=1048576,read-zeroes=on"
              " -device virtio-blk-pci,drive=disk", kernel_path,
              initramfs_path);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "cpus online: 4\r", true);
    guest_check(g, report, row->gic, true);
    guest_check(g, report, "description: FDT\r", true);
    guest_check(g, report, "firmware: none\r", true);
    guest_check(g, report, "[bus 00-ff]", true);
    guest_check(g, report, "disks: vda (", true);
    demo_power_off(g);
}

/* Its init is built in, says how an int lies in memory, and powers off. */
static void test_big_endian(void)
{
    g_autofree char *kernel = guest_file("vmlinux-big-endian");
    g_autoptr(Guest) g = guest_new("kernels/big-endian");

    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-smp 2 -kernel '%s' -append console=ttyAMA0", kernel);
    guest_launch(g);
    guest_expect(g, "init: big-endian");
    guest_expect_exit(g);
}

static void add_kernels_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_debian, &rows[i], "%s", rows[i].name);
    }
    g_test_add_func("/guest/kernels/big-endian", test_big_endian);
}

guest_cases(add_kernels_cases)
