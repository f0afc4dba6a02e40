/*
 * vmspec host test: a second version of the platform
 *
 * Platform 1.1 of this test has one row moved and one row added. It goes
 * through the checks, the plan, the FDT and the manual's tables without a
 * change of any other file. No machine has it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <libfdt.h>

#include "hw/arm/vmspec/fdt/fdt.h"
#include "plan-config.h"
#include "tools/docs/map-tables.h"
#include "tools/docs/vmspec-description.h"

#define RTC2 VMSPEC_NUM_ROWS

/* The rows of 1.0 with uart1 moved, and a second real-time clock */
static const VmspecPlatform *platform_1_1(void)
{
    static VmspecRow rows[VMSPEC_NUM_ROWS + 1];
    static VmspecPlatform platform;

    memcpy(rows, vmspec_platform_1_0.rows,
           VMSPEC_NUM_ROWS * sizeof(rows[0]));
    rows[VMSPEC_UART1].base = 0x09100000;
    rows[VMSPEC_UART1].irqs.spi = 11;
    rows[RTC2] = rows[VMSPEC_RTC];
    rows[RTC2].id = RTC2;
    rows[RTC2].name = "rtc2";
    rows[RTC2].base = 0x09110000;
    rows[RTC2].irqs.spi = 12;
    rows[RTC2].doc = "Second PL031 real-time clock";

    platform = vmspec_platform_1_0;
    platform.minor = 1;
    platform.machine = "virt-vmspec-1.1";
    platform.model = "vmspec-1.1";
    platform.oem_table_id = "VMSPEC11";
    platform.rows = rows;
    platform.num_rows = G_N_ELEMENTS(rows);
    return &platform;
}

/* The plan of @platform for a machine with a second UART; g_free() it. */
static VmspecPlan *make_plan(const VmspecPlatform *platform)
{
    VmspecConfig c = plan_config();
    VmspecPlan *plan = g_new(VmspecPlan, 1);
    VmspecPlanError err;

    c.uart1 = true;
    if (!vmspec_plan(platform, &c, plan, &err)) {
        g_error("refused: %s / %s", err.msg, err.hint);
    }
    return plan;
}

/* The FDT of @plan; g_free() it. */
static void *make_fdt(const VmspecPlan *plan)
{
    static const VmspecPlugged nothing = { .virtio_iommu_rid = -1 };
    void *fdt = vmspec_fdt_build(plan, &nothing, NULL, NULL,
                                 vmspec_fdt_memory_room(plan));

    g_assert_cmpint(fdt_check_full(fdt, fdt_totalsize(fdt)), ==, 0);
    vmspec_fdt_memory(plan, &nothing, fdt);
    return fdt;
}

static void assert_prop_string(const void *fdt, const char *path,
                               const char *prop, const char *want)
{
    int node = fdt_path_offset(fdt, path);

    g_assert_cmpint(node, >=, 0);
    g_assert_cmpstr(fdt_getprop(fdt, node, prop, NULL), ==, want);
}

/* @path has an interrupts property of one SPI: type, number, level high */
static void assert_spi(const void *fdt, const char *path, unsigned spi)
{
    int node = fdt_path_offset(fdt, path), length;
    const fdt32_t *cell = fdt_getprop(fdt, node, "interrupts", &length);

    g_assert_cmpint(length, ==, 12);
    g_assert_cmpuint(fdt32_to_cpu(cell[0]), ==, 0);
    g_assert_cmpuint(fdt32_to_cpu(cell[1]), ==, spi);
    g_assert_cmpuint(fdt32_to_cpu(cell[2]), ==, 4);
}

static void assert_no_node(const void *fdt, const char *path)
{
    g_assert_cmpint(fdt_path_offset(fdt, path), ==, -FDT_ERR_NOTFOUND);
}

static void test_checks(void)
{
    char why[256] = "";

    g_assert_null(vmspec_platform_check(platform_1_1(), why, sizeof(why)));
}

/* The checks find an added row that overlaps another one. */
static void test_checks_see_added_rows(void)
{
    const VmspecPlatform *platform = platform_1_1();
    VmspecRow *rtc2 = (VmspecRow *)&platform->rows[RTC2];
    const VmspecCheck *check;
    char why[256];

    rtc2->base = 0x09030000;
    check = vmspec_platform_check(platform, why, sizeof(why));
    g_assert_nonnull(check);
    g_assert_cmpstr(check->name, ==, "overlap");
    g_assert_nonnull(strstr(why, "rtc2"));
}

static void test_plan(void)
{
    g_autofree VmspecPlan *old = make_plan(&vmspec_platform_1_0);
    g_autofree VmspecPlan *new = make_plan(platform_1_1());

    g_assert_cmphex(old->region[VMSPEC_UART1].base, ==, 0x09040000);
    g_assert_cmphex(new->region[VMSPEC_UART1].base, ==, 0x09100000);
    g_assert_false(vmspec_has(old, RTC2));
    g_assert_cmphex(new->region[RTC2].base, ==, 0x09110000);
    g_assert_cmphex(new->region[RTC2].size, ==, 0x1000);
    for (unsigned i = 0; i < VMSPEC_NUM_ROWS; i++) {
        if (i != VMSPEC_UART1) {
            g_assert_cmphex(new->region[i].base, ==, old->region[i].base);
        }
        g_assert_cmphex(new->region[i].size, ==, old->region[i].size);
    }
}

static void test_fdt(void)
{
    g_autofree VmspecPlan *plan = make_plan(platform_1_1());
    g_autofree void *fdt = make_fdt(plan);

    assert_prop_string(fdt, "/", "model", "vmspec-1.1");
    assert_prop_string(fdt, "/aliases", "serial1", "/serial@9100000");
    assert_prop_string(fdt, "/serial@9100000", "compatible", "arm,pl011");
    assert_spi(fdt, "/serial@9100000", 11);
    assert_no_node(fdt, "/serial@9040000");
    assert_prop_string(fdt, "/rtc@9110000", "compatible", "arm,pl031");
    assert_spi(fdt, "/rtc@9110000", 12);
    assert_spi(fdt, "/rtc@9010000", 2);
}

/* Version 1.0 has nothing of what 1.1 changes. */
static void test_fdt_of_1_0(void)
{
    g_autofree VmspecPlan *plan = make_plan(&vmspec_platform_1_0);
    g_autofree void *fdt = make_fdt(plan);

    assert_prop_string(fdt, "/", "model", "vmspec-1.0");
    assert_spi(fdt, "/serial@9040000", 8);
    assert_no_node(fdt, "/serial@9100000");
    assert_no_node(fdt, "/rtc@9110000");
}

/* The tables have the moved row at its new address, and the added one. */
static void test_tables_of_manual(void)
{
    if (g_test_subprocess()) {
        print_map(platform_1_1());
        print_description(platform_1_1());
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stdout("*``uart1``, 0x0910_0000, *");
    g_test_trap_assert_stdout("*``uart1``, SPI 11, 43, *");
    g_test_trap_assert_stdout("*``rtc2``, 0x0911_0000, *");
    g_test_trap_assert_stdout("*``rtc2``, SPI 12, 44, *");
    g_test_trap_assert_stdout("*``rtc2``, ``rtc@9110000``, *");
    g_test_trap_assert_stdout_unmatched("*0x0904_0000*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmspec/platform-version/checks", test_checks);
    g_test_add_func("/vmspec/platform-version/checks-see-added-rows",
                    test_checks_see_added_rows);
    g_test_add_func("/vmspec/platform-version/plan", test_plan);
    g_test_add_func("/vmspec/platform-version/fdt", test_fdt);
    g_test_add_func("/vmspec/platform-version/fdt-of-1.0", test_fdt_of_1_0);
    g_test_add_func("/vmspec/platform-version/tables-of-manual",
                    test_tables_of_manual);
    return g_test_run();
}
