/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The VM generation ID
 *
 * The cases of a Linux guest that goes on from a saved state.  Its driver reads
 * the ID by FDT or by ACPI, and Linux seeds its random numbers again.
 */

#include "cases.h"
#include "demo.h"

#define RESEEDED "crng reseeded due to virtual machine fork"
#define COUNT "dmesg | grep -c '" RESEEDED "'"

typedef struct Row {
    const char *name;
    const char *properties;
    const char *description;
} Row;

static const Row rows[] = {
    { "vmgenid/fdt", "", "description: FDT\r" },
    { "vmgenid/acpi", ",fdt=off", "description: ACPI\r" },
};

static void expect_count(Guest *g, int want)
{
    g_autofree char *answer = guest_ask(g, COUNT);
    g_autofree char *text = g_strdup_printf("\n%d\r", want);

    guest_check(g, answer, text, true);
}

/* The layer over the demo disk holds snapshots; Linux does not mount it. */
static Guest *launch_with_id(const char *name, const Row *row, const char *more)
{
    Guest *g = guest_new(name);
    g_autofree char *layer = demo_new_layer(g);

    demo_add_machine(g, &arch_aarch64, row->properties);
    demo_add_kernel(g, &arch_aarch64);
    guest_add(g, "-device vmgenid,id=gen %s"
              " -drive if=none,id=disk,format=qcow2,file='%s'"
              " -device virtio-blk-pci,drive=disk", more, layer);
    guest_launch(g);
    return g;
}

/* The shell is there, and Linux has begun to make random numbers. */
static void expect_ready(Guest *g, const Row *row)
{
    g_autofree char *report = demo_report(g);

    guest_check(g, report, row->description, true);
    g_free(guest_ask(g, "until dmesg | grep -q 'crng init done'; do"
                     " usleep 10000; done"));
    expect_count(g, 0);
}

/* The interrupt comes while the guest runs: wait for what it does. */
static void expect_reseeded(Guest *g, int count)
{
    g_autofree char *wait = g_strdup_printf("until [ $(" COUNT ") -ge %d ];"
                                            " do usleep 10000; done", count);

    g_free(guest_ask(g, wait));
    expect_count(g, count);
}

static void test_snapshot(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *log = NULL;
    g_autoptr(Guest) g = launch_with_id(row->name, row, "");

    expect_ready(g, row);
    g_free(guest_ask(g, "state=saved"));
    guest_hmp(g, "savevm here");
    g_free(guest_ask(g, "state=lost"));
    guest_hmp(g, "loadvm here");
    expect_reseeded(g, 1);
    log = guest_ask(g, "echo $state; dmesg | grep -i vmgenid");
    guest_check(g, log, "saved\r", true);
    guest_check(g, log, "rror", false);
    guest_hmp(g, "savevm later");
    guest_hmp(g, "loadvm later");
    expect_reseeded(g, 2);
    demo_power_off(g);
}

/* Two guests go on from one file. */
static void test_file(void)
{
    g_autoptr(Guest) source = launch_with_id("vmgenid/file-source", rows, "");
    g_autofree char *file = g_build_filename(guest_folder(source), "state",
                                             NULL);
    g_autofree char *incoming = g_strdup_printf("-incoming 'file:%s'", file);

    expect_ready(source, rows);
    guest_migrate(source, file);
    guest_expect_migrated(source);
    for (int i = 0; i < 2; i++) {
        g_autofree char *name = g_strdup_printf("vmgenid/file-%d", i);
        g_autoptr(Guest) g = guest_failed(source) ? NULL :
                             launch_with_id(name, rows, incoming);

        if (g) {
            guest_expect_event(g, "RESUME", "RESUME");
            expect_reseeded(g, 1);
            demo_power_off(g);
        }
    }
    g_free(guest_qmp(source, "{'execute': 'quit'}"));
    guest_expect_exit(source);
}

static void add_vmgenid_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_snapshot, &rows[i], "%s", rows[i].name);
    }
    g_test_add_func("/guest/vmgenid/file", test_file);
}

guest_cases(add_vmgenid_cases)
