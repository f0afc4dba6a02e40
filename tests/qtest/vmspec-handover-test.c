/*
 * vmspec qtest: what a kernel finds in RAM without firmware
 *
 * platform.md, section 8.2: who gets the tables of ACPI, where they lie, and
 * that a reset gives them again. handover-test has their bytes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "vmspec/fdt-blob.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"

#define RAM 0x40000000
/* hw/arm/boot.c: without an initrd the FDT lies at half of RAM or 128 MiB. */
#define FDT_OFFSET_MAX (128 * MiB)
#define SYSTEM_TABLE "linux,uefi-system-table"
#define ACPI_RECLAIM 9

/* An arm64 Image with the header of an EFI application, or without; g_free() */
static char *efi_image(bool efi)
{
    uint8_t header[64] = { [0x38] = 'A', 'R', 'M', 0x64 };

    memcpy(header, efi ? "MZ" : "\0", 2);
    return scratch_file(efi ? "Image.efi" : "Image", header, sizeof(header),
                        4096);
}

static QTestState *start_kernel(bool efi, const char *options)
{
    g_autofree char *kernel = efi_image(efi);

    return qtest_initf("-M vmspec -nodefaults -kernel %s %s", kernel, options);
}

static void *read_fdt(QTestState *qts, uint64_t ram_size)
{
    return vmspec_fdt_at(qts, RAM + MIN(ram_size / 2, FDT_OFFSET_MAX));
}

/* The number in a property of /chosen; 0: there is none */
static uint64_t chosen_value(const void *fdt, const char *name)
{
    int size;
    const void *value = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name,
                                    &size);

    if (!value) {
        return 0;
    }
    return size == 8 ? ldq_be_p(value) : ldl_be_p(value);
}

/* The system table, the RSDP and the XSDT are where each says. */
static void check_ram_tables(QTestState *qts, const void *fdt)
{
    uint64_t table = chosen_value(fdt, SYSTEM_TABLE);
    uint64_t rsdp, xsdt;
    uint8_t bytes[36], sum = 0;

    g_assert_cmphex(table, >=, RAM);
    g_assert_cmphex(qtest_readq(qts, table), ==, 0x5453595320494249);
    rsdp = qtest_readq(qts, qtest_readq(qts, table + 112) + 16);
    qtest_memread(qts, rsdp, bytes, sizeof(bytes));
    g_assert_cmpmem(bytes, 8, "RSD PTR ", 8);
    for (int n = 0; n < sizeof(bytes); n++) {
        sum += bytes[n];
    }
    g_assert_cmpuint(sum, ==, 0);
    xsdt = ldq_le_p(bytes + 24);
    g_assert_cmphex(qtest_readl(qts, xsdt), ==, 0x54445358);
}

/* The memory map has @ram bytes; the tables are within its ACPI memory. */
static void check_map(QTestState *qts, const void *fdt, uint64_t ram)
{
    uint64_t map = chosen_value(fdt, "linux,uefi-mmap-start");
    uint64_t size = chosen_value(fdt, "linux,uefi-mmap-size");
    uint64_t table = chosen_value(fdt, SYSTEM_TABLE);
    uint64_t sum = 0;
    bool found = false;

    for (uint64_t desc = map; desc < map + size; desc += 40) {
        uint64_t base = qtest_readq(qts, desc + 8);
        uint64_t bytes = qtest_readq(qts, desc + 24) << 12;

        g_test_message("type %u 0x%" PRIx64 " 0x%" PRIx64,
                       qtest_readl(qts, desc), base, bytes);
        found |= qtest_readl(qts, desc) == ACPI_RECLAIM &&
                 table - base < bytes && map - base < bytes;
        sum += bytes;
    }
    g_assert_true(found);
    g_assert_cmphex(sum, ==, ram);
}

static void test_sizes(const void *opaque)
{
    const char *const *row = opaque;
    uint64_t ram = g_ascii_strtoull(row[1], NULL, 0) * MiB;
    g_autofree char *options = g_strdup_printf("-accel tcg -m %sM %s", row[1],
                                               row[2]);
    g_autoptr(QTestState) qts = start_kernel(true, options);
    g_autofree void *fdt = read_fdt(qts, ram);

    check_ram_tables(qts, fdt);
    check_map(qts, fdt, ram);
    g_assert_cmpint(fdt_path_offset(fdt, "/cpus"), >=, 0);
}

/* Name, MiB of RAM, options */
static const char *const sizes[][3] = {
    { "128M", "128", "" },
    { "5G", "5120", "" },
    { "255G", "261120", "-object memory-backend-ram,id=ram0,size=255G,"
      "reserve=off -machine memory-backend=ram0" },
    { "512-cpus", "512", "-smp 512" },
    { "nodes", "512", "-smp 2 -object memory-backend-ram,id=m0,size=256M "
      "-object memory-backend-ram,id=m1,size=256M "
      "-numa node,memdev=m0,cpus=0 -numa node,memdev=m1,cpus=1" },
};

/* What has no tables, and what has them though its header lacks EFI */
static void test_readers(void)
{
    static const struct {
        bool efi;
        const char *options;
        bool tables;
    } rows[] = {
        { true, "", true }, { false, "", false },
        { false, "-M acpi=on", true }, { true, "-M acpi=off", false },
        { true, "-M virtualization=on -accel tcg", true },
    };

    for (int n = 0; n < G_N_ELEMENTS(rows); n++) {
        g_autoptr(QTestState) qts = start_kernel(rows[n].efi,
                                                 rows[n].options);
        g_autofree void *fdt = read_fdt(qts, 1 * GiB);

        g_test_message("%d %s", rows[n].efi, rows[n].options);
        g_assert_cmpint(chosen_value(fdt, SYSTEM_TABLE) != 0, ==,
                        rows[n].tables);
    }
}

static void assert_no_start(const char *options, const char *why)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec -nodefaults %s", options);

    g_test_message("'%s' in the error of %s: %s", why, options, run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, why));
}

static void test_start_refused(void)
{
    g_autofree char *plain = efi_image(false);
    g_autofree char *efi = efi_image(true);
    g_autofree char *no_efi = g_strdup_printf("-M fdt=off -kernel %s", plain);
    g_autofree char *no_room = g_strdup_printf(
        "-m 128M -kernel %s -device loader,file=%s,addr=0x47fff000,"
        "force-raw=on", efi, efi);

    assert_no_start(no_efi, "cannot read ACPI without firmware");
    assert_no_start(no_room, "no room for the tables of ACPI");
}

/* fdt=off: /chosen alone is left, and it names the tables. */
static void test_stub(void)
{
    g_autoptr(QTestState) qts = start_kernel(true, "-M fdt=off -append quiet");
    g_autofree void *fdt = read_fdt(qts, 1 * GiB);
    int node = fdt_first_subnode(fdt, 0);

    g_assert_cmpstr(fdt_get_name(fdt, node, NULL), ==, "chosen");
    g_assert_cmpint(fdt_next_subnode(fdt, node), <, 0);
    g_assert_cmpstr(fdt_getprop(fdt, node, "bootargs", NULL), ==, "quiet");
    check_ram_tables(qts, fdt);
    check_map(qts, fdt, 1 * GiB);
}

static void reset_machine(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{'execute': 'system_reset'}");
    qtest_qmp_eventwait(qts, "RESET");
}

/* A guest has overwritten the tables, and a DIMM has come. */
static void test_reset_restores(void)
{
    g_autoptr(QTestState) qts = start_kernel(
        true, "-m 1G,slots=2,maxmem=4G -M acpi=on,nvdimm=on "
        "-object memory-backend-ram,id=m0,size=256M "
        "-object memory-backend-ram,id=n0,size=256M");
    g_autofree void *before = read_fdt(qts, 1 * GiB);
    g_autofree void *after = NULL;
    uint64_t table = chosen_value(before, SYSTEM_TABLE);

    check_map(qts, before, 1 * GiB);
    qtest_memset(qts, table, 0xff, 64 * KiB);
    qtest_qmp_device_add(qts, "pc-dimm", "d0", "{'memdev': 'm0'}");
    qtest_qmp_device_add(qts, "nvdimm", "d1", "{'memdev': 'n0'}");
    reset_machine(qts);
    after = read_fdt(qts, 1 * GiB);
    g_assert_cmphex(chosen_value(after, SYSTEM_TABLE), ==, table);
    check_ram_tables(qts, after);
    check_map(qts, after, 1 * GiB + 256 * MiB);
}

/* The tables are RAM, so they move with it, and a reset gives them again. */
static void test_tables_migrate(void)
{
    g_autoptr(QTestState) target = NULL;
    QTestState *source = start_kernel(true, "");
    g_autofree void *fdt = read_fdt(source, 1 * GiB);
    g_autofree void *moved = NULL;
    uint64_t table = chosen_value(fdt, SYSTEM_TABLE);

    qtest_writel(source, table + 8, 0x12345678);
    migrate_out(source);
    target = start_kernel(true, MIGRATE_TARGET);
    migrate_in(target);
    g_assert_cmphex(qtest_readl(target, table + 8), ==, 0x12345678);
    reset_machine(target);
    g_assert_cmphex(qtest_readl(target, table + 8), ==, 0x00020064);
    moved = read_fdt(target, 1 * GiB);
    check_ram_tables(target, moved);
}

static void add_tests(void)
{
    for (int n = 0; n < G_N_ELEMENTS(sizes); n++) {
        g_autofree char *path = g_strdup_printf("/vmspec/in-ram/size/%s",
                                                sizes[n][0]);

        qtest_add_data_func(path, sizes[n], test_sizes);
    }
    qtest_add_func("/vmspec/in-ram/readers", test_readers);
    qtest_add_func("/vmspec/in-ram/refused", test_start_refused);
    qtest_add_func("/vmspec/in-ram/stub", test_stub);
    qtest_add_func("/vmspec/in-ram/reset", test_reset_restores);
    qtest_add_func("/vmspec/in-ram/migration", test_tables_migrate);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
