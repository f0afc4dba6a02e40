/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ACPI without firmware
 *
 * Kernels that QEMU starts directly read the tables of ACPI that UEFI would
 * give them, and do with them what they do under UEFI (platform.md, section
 * 8.2).
 */

#include <string.h>

#include "cases.h"
#include "demo.h"

#define PORT "/sys/bus/pci/devices/0000:00:1c.0"
#define PLUG "{'execute': 'device_add', 'arguments': {'id': 'plugged'," \
    "'driver': 'virtio-net-pci', 'netdev': 'spare'}}"
#define UNPLUG "{'execute': 'device_del', 'arguments': {'id': 'plugged'}}"

/*
 * The tables as checksums, but the FADT as bytes: it has an address, the
 * DSDT's, which depends on who puts the tables into memory. The DSDT of the
 * machine with firmware has the two flash banks, which are its first devices
 * but the CPUs: what is before them and behind them must be the same.
 */
#define DUMP "cd /sys/firmware/acpi/tables; md5sum [ABCEG-Z]* DBG2;" \
    " head -c 189 DSDT | tail -c 149 | md5sum; tail -c 3400 DSDT | md5sum;" \
    " echo FACP=$(hexdump -v -e '1/1 \"%02x\"' FACP);" \
    " echo banks=$(grep -c FLS[01] DSDT); cd /"

/* Of the FADT (ACPI 6.5, 5.2.9): checksum, DSDT, X_DSDT */
static const struct { unsigned offset, size; } differs[] = {
    { 9, 1 }, { 40, 4 }, { 140, 8 },
};

/* What a kernel has read; the parts are g_free()d with it. */
typedef struct Tables {
    char *sums;
    char *fadt;                 /* in hexadecimal digits */
    char *banks;                /* "0": no flash bank is in the DSDT */
} Tables;

/* @kernel is what follows "vmlinuz-" and "initramfs-" in the names of files. */
static void add_named_kernel(Guest *g, const char *kernel, const char *append)
{
    g_autofree char *file = g_strdup_printf("vmlinuz-%s", kernel);
    g_autofree char *archive = g_strdup_printf("initramfs-%s.cpio.gz", kernel);
    g_autofree char *path = guest_file(file);
    g_autofree char *initramfs = guest_file(archive);

    guest_add(g, "-kernel '%s' -initrd '%s' -append '%s'", path, initramfs,
              append);
}

/* The rest of the line behind @name in the answer; "" if there is none */
static char *value_of(const char *answer, const char *name)
{
    g_autofree char *key = g_strdup_printf("\n%s=", name);
    const char *line = strstr(answer, key);

    line = line ? line + strlen(key) : "";
    return g_strndup(line, strcspn(line, "\r\n"));
}

static Tables parse_tables(const char *answer)
{
    const char *first = strstr(answer, "  APIC");
    const char *end = strstr(answer, "FACP=464143");
    Tables t = {
        .fadt = value_of(answer, "FACP"), .banks = value_of(answer, "banks"),
    };

    g_assert_true(first && end && first < end);
    t.sums = g_strndup(first - 32, end - first + 32);
    g_assert_cmpuint(strlen(t.fadt), ==, 2 * 276);
    for (unsigned n = 0; n < G_N_ELEMENTS(differs); n++) {
        memset(t.fadt + 2 * differs[n].offset, '-', 2 * differs[n].size);
    }
    return t;
}

static void free_tables(Tables *t)
{
    g_free(t->sums);
    g_free(t->fadt);
    g_free(t->banks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tables, free_tables)

static Tables read_tables(const char *group, const char *kernel,
                          const char *way, const char *options)
{
    g_autofree char *name = g_strdup_printf("%s/tables-%s-%s", group, kernel,
                                            way);
    g_autofree char *answer = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, ",fdt=off,iommu=smmuv3");
    guest_add(g, "-m 1G,slots=2,maxmem=4G -smp 3 -object"
              " memory-backend-ram,id=m0,size=1G -numa node,memdev=m0 %s",
              options);
    add_named_kernel(g, kernel, "quiet");
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    answer = guest_ask(g, DUMP);
    guest_check(g, answer, "  SRAT", true);
    demo_power_off(g);
    return parse_tables(answer);
}

typedef struct TablesRow {
    const char *group;
    const char *kernel;
} TablesRow;

static const TablesRow tables_rows[] = {
    { "handover", "aarch64" },
    { "handover-long", "bookworm" },
    { "handover-long", "sid" },
};

static void test_same_tables(gconstpointer data)
{
    const TablesRow *row = data;
    g_auto(Tables) direct = read_tables(row->group, row->kernel, "direct", "");
    g_auto(Tables) uefi = read_tables(row->group, row->kernel, "uefi",
                                      "-bios vmspec-uefi-aarch64.fd");

    g_test_message("%s", direct.sums);
    g_assert_cmpstr(direct.sums, ==, uefi.sums);
    g_assert_cmpstr(direct.fadt, ==, uefi.fadt);
    g_assert_cmpstr(direct.banks, ==, "0");
    g_assert_cmpstr(uefi.banks, !=, "0");
}

typedef struct Row {
    const char *name;
    const char *kernel;
    const char *properties;
    const char *append;
    const char *description;
} Row;

static const Row rows[] = {
    { "handover/fdt", "aarch64", "", "quiet", "FDT" },
    { "handover/force", "aarch64", "", "quiet acpi=force", "ACPI" },
    { "handover/stub", "aarch64", ",fdt=off", "quiet", "ACPI" },
    { "handover-long/cloud", "cloud-aarch64", ",fdt=off", "quiet", "ACPI" },
    { "handover-long/bookworm", "bookworm", ",fdt=off", "quiet", "ACPI" },
    { "handover-long/bookworm-fdt", "bookworm", "", "quiet", "FDT" },
    { "handover-long/sid", "sid", ",fdt=off", "quiet", "ACPI" },
    { "handover-long/sid-fdt", "sid", "", "quiet", "FDT" },
};

static void check_direct_report(Guest *g, const Row *row)
{
    g_autofree char *want = g_strdup_printf("description: %s\r",
                                            row->description);
    g_autofree char *report = demo_report(g);
    g_autofree char *warnings = guest_ask(
        g, "echo warnings: $(dmesg | grep -cE 'WARNING|Firmware Bug')");

    guest_check(g, report, want, true);
    guest_check(g, report, "firmware: none\r", true);
    guest_check(g, report, "gic: GICv3\r", true);
    guest_check(g, report, "cpus online: 2\r", true);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, warnings, "warnings: 0\r", true);
}

static void plug_and_unplug(Guest *g)
{
    g_free(guest_qmp(g, PLUG));
    g_free(guest_ask(g, "until [ -e " PORT "/0000:*:00.0/driver ]; do :;"
                     " done"));
    g_free(guest_qmp_retry(g, UNPLUG, "guest is busy"));
    guest_expect_deleted(g, "plugged");
}

/* PCIe and hot-plug, a snapshot that is loaded, a reset, power-off */
static void test_direct_life(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *layer = NULL;
    g_autoptr(Guest) g = guest_new(row->name);
    g_autofree char *properties = g_strdup_printf(",hotplug-ports=1%s",
                                                  row->properties);

    layer = demo_new_layer(g);
    demo_add_machine(g, &arch_aarch64, properties);
    guest_add(g, "-smp 2 -netdev user,id=spare -drive if=none,id=disk,"
              "format=qcow2,file='%s' -device virtio-blk-pci,drive=disk",
              layer);
    add_named_kernel(g, row->kernel, row->append);
    guest_launch(g);
    check_direct_report(g, row);
    plug_and_unplug(g);
    guest_hmp(g, "savevm here");
    guest_hmp(g, "loadvm here");
    g_free(guest_ask(g, "cat /proc/partitions"));
    guest_type(g, "reboot\r");
    guest_expect(g, "Welcome");
    check_direct_report(g, row);
    plug_and_unplug(g);
    demo_power_off(g);
}

static void add_handover_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(tables_rows); i++) {
        guest_add_case(test_same_tables, &tables_rows[i], "%s/tables-%s",
                       tables_rows[i].group, tables_rows[i].kernel);
    }
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_direct_life, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_handover_cases)
