/*
 * vmspec host test: every platform check can fail
 *
 * For each check of platform/check.c there are bad tables: copies of the rows
 * with one thing wrong. That check must refuse the table, and no other check
 * may. The test fails for a check without a bad table.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "hw/arm/vmspec-plan.h"

/* A platform that can be written to */
typedef struct Table {
    VmspecRow row[VMSPEC_NUM_ROWS];
    VmspecPpi ppi[VMSPEC_NUM_PPIS];
    VmspecPlatform platform;
} Table;

static void copy_platform(Table *t)
{
    g_assert_cmpuint(vmspec_platform_1_0.num_rows, ==, VMSPEC_NUM_ROWS);
    g_assert_cmpuint(vmspec_platform_1_0.num_ppis, ==, VMSPEC_NUM_PPIS);
    memcpy(t->row, vmspec_platform_1_0.rows, sizeof(t->row));
    memcpy(t->ppi, vmspec_platform_1_0.ppis, sizeof(t->ppi));
    t->platform = vmspec_platform_1_0;
    t->platform.rows = t->row;
    t->platform.ppis = t->ppi;
}

static void wrong_row_id(Table *t)
{
    t->row[VMSPEC_UART1].id = VMSPEC_UART0;
}

static void wrong_ppi_id(Table *t)
{
    t->ppi[VMSPEC_PPI_ID_PMU].id = VMSPEC_PPI_ID_EL1_VIRT;
}

static void same_name(Table *t)
{
    t->row[VMSPEC_UART1].name = t->row[VMSPEC_UART0].name;
}

static void empty_region(Table *t)
{
    t->row[VMSPEC_GPIO].size = 0;
}

static void wrapping_region(Table *t)
{
    t->row[VMSPEC_RAM_HIGH].size = UINT64_MAX;
}

static void same_address(Table *t)
{
    t->row[VMSPEC_RTC].base = t->row[VMSPEC_UART0].base;
}

static void one_byte_too_long(Table *t)
{
    t->row[VMSPEC_GIC_DIST].size = 0x10001;
}

static void not_64k_aligned(Table *t)
{
    t->row[VMSPEC_RTC].base += 0x1000;
}

static void begins_beyond_pa_size(Table *t)
{
    t->row[VMSPEC_DEVICE_MEMORY].pa_bits = 37;
}

static void ends_beyond_pa_size(Table *t)
{
    t->row[VMSPEC_GIC_REDIST_HIGH].pa_bits = 38;
}

static void no_pa_size(Table *t)
{
    t->row[VMSPEC_RAM_HIGH].pa_bits = 0;
}

static void half_the_ecam(Table *t)
{
    t->row[VMSPEC_PCIE_ECAM].size = 0x08000000;
}

static void odd_ecam_base(Table *t)
{
    t->row[VMSPEC_PCIE_ECAM].base = 0x0e010000;
}

static void odd_mmio64_size(Table *t)
{
    t->row[VMSPEC_PCIE_MMIO64].size = 0x6000000000;
}

static void spi_beyond_gic(Table *t)
{
    t->row[VMSPEC_PLATFORM_BUS].irqs.spi = 193;
}

static void gic_too_small(Table *t)
{
    t->platform.num_spis = 191;
}

static void shared_spi(Table *t)
{
    t->row[VMSPEC_RTC].irqs.spi = t->row[VMSPEC_UART0].irqs.spi;
}

static void spi_inside_run(Table *t)
{
    t->row[VMSPEC_GPIO].irqs.spi = 47;
}

static void ppi_is_sgi(Table *t)
{
    t->ppi[VMSPEC_PPI_ID_PMU].intid = 15;
}

static void ppi_is_spi(Table *t)
{
    t->ppi[VMSPEC_PPI_ID_PMU].intid = 32;
}

static void shared_ppi(Table *t)
{
    t->ppi[VMSPEC_PPI_ID_EL2_VIRT].intid =
        t->ppi[VMSPEC_PPI_ID_EL1_VIRT].intid;
}

static void few_redistributors(Table *t)
{
    /* 123 and 388 are one short of 512 */
    t->row[VMSPEC_GIC_REDIST_HIGH].size = 388 * 0x20000;
}

static void frame_with_node(Table *t)
{
    t->row[VMSPEC_WATCHDOG_CONTROL].second_frame = VMSPEC_UART0;
}

static void child_of_a_child(Table *t)
{
    t->row[VMSPEC_UART0].parent = VMSPEC_GIC_V2M;
}

static void devices_beyond_the_row(Table *t)
{
    t->row[VMSPEC_VIRTIO_MMIO].count = 33;
}

static void devices_that_share_an_interrupt(Table *t)
{
    t->row[VMSPEC_VIRTIO_MMIO].irqs.count = 31;
}

static void no_sentence(Table *t)
{
    t->row[VMSPEC_PLATFORM_BUS].doc = NULL;
}

static void no_rules(Table *t)
{
    t->row[VMSPEC_PLATFORM_BUS].rules = NULL;
}

static void no_compatible(Table *t)
{
    t->row[VMSPEC_RTC].compatible[0] = NULL;
}

static void no_node(Table *t)
{
    t->row[VMSPEC_RTC].node = NULL;
}

#define BAD(check, fn) { check, #fn, fn }

static const struct {
    const char *check;
    const char *name;
    void (*spoil)(Table *t);
} bad_tables[] = {
    BAD("ids", wrong_row_id),
    BAD("ids", wrong_ppi_id),
    BAD("names", same_name),
    BAD("size", empty_region),
    BAD("size", wrapping_region),
    BAD("overlap", same_address),
    BAD("overlap", one_byte_too_long),
    BAD("page-isolation", not_64k_aligned),
    BAD("reachable", begins_beyond_pa_size),
    BAD("reachable", ends_beyond_pa_size),
    BAD("reachable", no_pa_size),
    BAD("ecam-size", half_the_ecam),
    BAD("natural-alignment", odd_ecam_base),
    BAD("natural-alignment", odd_mmio64_size),
    BAD("spi-range", spi_beyond_gic),
    BAD("spi-range", gic_too_small),
    BAD("spi-unique", shared_spi),
    BAD("spi-unique", spi_inside_run),
    BAD("ppis", ppi_is_sgi),
    BAD("ppis", ppi_is_spi),
    BAD("ppis", shared_ppi),
    BAD("redist-room", few_redistributors),
    BAD("frames", frame_with_node),
    BAD("frames", child_of_a_child),
    BAD("count", devices_beyond_the_row),
    BAD("count", devices_that_share_an_interrupt),
    BAD("described", no_sentence),
    BAD("described", no_rules),
    BAD("described", no_compatible),
    BAD("described", no_node),
};

/* @check refuses @t with a reason, and no other check does. */
static void only_fires(const Table *t, const VmspecCheck *check)
{
    char why[256] = "";

    g_assert_true(vmspec_platform_check(&t->platform, why, sizeof(why)) ==
                  check);
    g_assert_cmpstr(why, !=, "");
    g_test_message("%s", why);
    for (size_t i = 0; i < vmspec_num_checks; i++) {
        bool holds = vmspec_checks[i].fn(&t->platform, why, sizeof(why));

        if (holds != (&vmspec_checks[i] != check)) {
            g_error("check %s %s: %s", vmspec_checks[i].name,
                    holds ? "does not fire" : "fires too", why);
        }
    }
}

static void test_bad_tables(const void *opaque)
{
    const VmspecCheck *check = opaque;
    bool found = false;

    for (unsigned i = 0; i < G_N_ELEMENTS(bad_tables); i++) {
        Table t;

        if (strcmp(bad_tables[i].check, check->name)) {
            continue;
        }
        g_test_message("%s:", bad_tables[i].name);
        copy_platform(&t);
        bad_tables[i].spoil(&t);
        only_fires(&t, check);
        found = true;
    }
    if (!found) {
        g_error("check %s has no bad table", check->name);
    }
}

static void test_good_platform(void)
{
    char why[256] = "";
    const VmspecCheck *check = vmspec_platform_check(&vmspec_platform_1_0, why,
                                                     sizeof(why));

    if (check) {
        g_error("check %s: %s", check->name, why);
    }
}

/* A reason that does not fit into the buffer is cut. */
static void test_short_reason(void)
{
    char why[8] = "xxxxxxx";
    Table t;

    copy_platform(&t);
    same_address(&t);
    g_assert_nonnull(vmspec_platform_check(&t.platform, why, 4));
    g_assert_cmpuint(strlen(why), ==, 3);
    g_assert_cmpint(why[4], ==, 'x');
}

static void test_no_stray_bad_table(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(bad_tables); i++) {
        size_t n = 0;

        while (n < vmspec_num_checks &&
               strcmp(vmspec_checks[n].name, bad_tables[i].check)) {
            n++;
        }
        if (n == vmspec_num_checks) {
            g_error("bad table for check %s, which does not exist",
                    bad_tables[i].check);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmspec/platform/good", test_good_platform);
    g_test_add_func("/vmspec/platform/short-reason", test_short_reason);
    g_test_add_func("/vmspec/platform/no-stray-bad-table",
                    test_no_stray_bad_table);
    for (size_t i = 0; i < vmspec_num_checks; i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/platform/check/%s",
                                                vmspec_checks[i].name);

        g_test_add_data_func(path, &vmspec_checks[i], test_bad_tables);
    }
    return g_test_run();
}
