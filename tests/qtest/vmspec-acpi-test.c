/*
 * vmspec qtest: the ACPI tables
 *
 * Reads the tables from fw_cfg, as firmware does. iasl disassembles and
 * compiles each table. The fields without which a guest finds nothing are
 * compared with the contract (platform.md, sections 4.4 and 6).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "vmspec/iasl.h"
#include "vmspec/regions.h"
#include "vmspec/tables.h"

#define TABLE_LENGTH 4
#define MCFG_BASE 44
#define MCFG_SEGMENT 52
#define MCFG_FIRST_BUS 54
#define MCFG_LAST_BUS 55

static const char *const names[] = {
    "default", "gicv2-2-cpus", "smmuv3-gicv2-el2", "gicv4",
    "smmuv3-no-virtio-mmio", "topology", "all-virtio-mmio-124-cpus",
    "slots-32", "slots-nvdimm", "numa-2-distance-cortex-a57", NULL
};

/* All tables of a new machine, as they are when it starts */
static uint8_t *read_tables(const TestConfig *config, size_t *size)
{
    /* With TCG, because the qtest accelerator has its own CPU model */
    g_autoptr(QTestState) qts = config_start(config, "-accel tcg -S");

    return tables_read(qts, size);
}

static void test_iasl_finds_nothing(const void *config)
{
    size_t size;
    g_autofree uint8_t *tables = read_tables(config, &size);
    uint32_t offset = 0, length;
    int validated = 0;

    while ((length = tables_length(tables, size, offset))) {
        iasl_validate(tables + offset, length);
        offset += length;
        validated++;
    }
    g_assert_cmpint(validated, >=, 10);
}

static void test_tables_present(void)
{
    static const char *const always[] = {
        "DSDT", "FACP", "APIC", "GTDT", "MCFG", "SPCR", "DBG2", "PPTT",
        "IORT", "XSDT",
    };
    size_t size, numa_size;
    g_autofree uint8_t *plain = read_tables(config_named("default"), &size);
    g_autofree uint8_t *numa = read_tables(config_named("numa-2-distance"),
                                           &numa_size);

    for (int i = 0; i < ARRAY_SIZE(always); i++) {
        g_test_message("%s", always[i]);
        g_assert_nonnull(tables_find(plain, size, always[i]));
        g_assert_cmpmem(tables_find(plain, size, always[i]) + 10, 6,
                        "VMSPEC", 6);
    }
    g_assert_null(tables_find(plain, size, "SRAT"));
    g_assert_nonnull(tables_find(numa, numa_size, "SRAT"));
    g_assert_nonnull(tables_find(numa, numa_size, "SLIT"));
}

static void test_mcfg_is_ecam(void)
{
    size_t size;
    g_autofree uint8_t *tables = read_tables(config_named("default"), &size);
    const uint8_t *mcfg = tables_find(tables, size, "MCFG");

    g_assert_nonnull(mcfg);
    /* one entry, with the base of bus 0 */
    g_assert_cmpuint(ldl_le_p(mcfg + TABLE_LENGTH), ==, 60);
    g_assert_cmphex(ldq_le_p(mcfg + MCFG_BASE), ==, vmspec_base("pcie-ecam"));
    g_assert_cmpuint(lduw_le_p(mcfg + MCFG_SEGMENT), ==, 0);
    g_assert_cmpuint(mcfg[MCFG_FIRST_BUS], ==, 0);
    g_assert_cmpuint(mcfg[MCFG_LAST_BUS], ==, 255);
}

static void test_acpi_refused(void)
{
    vmspec_assert_refused("-M acpi=on -cpu cortex-a15",
                          "not supported with AArch32 CPUs");
    vmspec_assert_refused("-M acpi=off,fdt=off", "without ACPI too");
    vmspec_assert_refused("-M fdt=off -cpu cortex-a15", "fdt=off");
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/acpi/tables-present", test_tables_present);
    qtest_add_func("/vmspec/acpi/mcfg", test_mcfg_is_ecam);
    qtest_add_func("/vmspec/acpi/contradictions-refused", test_acpi_refused);
    configs_add_tests("/vmspec/acpi/iasl-finds-nothing", names,
                      test_iasl_finds_nothing);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
