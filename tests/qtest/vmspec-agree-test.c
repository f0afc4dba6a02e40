/*
 * vmspec qtest: both descriptions and the machine agree (H3; platform.md,
 * section 6)
 *
 * Four sources about one machine, the FDT in its memory, the ACPI tables
 * through fw_cfg, the memory tree and the ID registers, are compared with each
 * other in every configuration of vmspec/configs.c. This test knows no number
 * of the platform: that the numbers are the contract's is for other tests.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/agree/agree.h"
#include "vmspec/agree/inject.h"
#include "vmspec/regions.h"

static unsigned configs_compared;
static unsigned values_compared;

/* With TCG, because the qtest accelerator has its own CPU model */
static QTestState *start_under_tcg(const TestConfig *config)
{
    return config_start(config, "-accel tcg -S");
}

/* The machine meets the conditions of the configuration, and no other. */
static void check_conditions(const TestConfig *config, const AgreeRaw *raw)
{
    const Contract *contract = vmspec_contract();
    g_autoptr(AgreeSource) fdt = agree_read_fdt(raw);
    const char *pmu = agree_find_fact(fdt, "pmu", "interrupt");
    const char *timer = agree_find_fact(fdt, "timer", "el2 virtual");

    g_assert_cmpint(agree_raw_table(raw, "RSDP") != NULL, ==,
                    config_meets(config, "acpi"));
    g_assert_cmpint(strcmp(pmu, "none") != 0, ==,
                    config_meets(config, "pmu"));
    g_assert_cmpint(strcmp(timer, "none") != 0, ==,
                    config_meets(config, "el2-vhe"));
    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *region = &contract->regions[i];

        g_test_message("%s", region->name);
        g_assert_cmpint(mtree_find(raw->board, region->name) != NULL, ==,
                        region_present(config, region));
    }
}

static void test_config(const void *opaque)
{
    const TestConfig *config = opaque;
    g_autoptr(QTestState) qts = start_under_tcg(config);
    g_autoptr(AgreeRaw) raw = agree_raw_read(qts);
    g_autoptr(AgreeResult) result = NULL;

    check_conditions(config, raw);
    result = agree_compare_all(raw);
    agree_print(result, config->name);
    configs_compared++;
    values_compared += result->compared;
    if (result->differences->len) {
        g_test_fail();
    }
}

/* Every configuration was compared, unless the command line chose some. */
static void test_total(void)
{
    g_test_message("%u configurations, %u values compared", configs_compared,
                   values_compared);
    if (configs_compared) {
        g_assert_cmpuint(configs_compared, ==, num_test_configs);
    }
}

static bool reports(const AgreeResult *result, const char *device,
                    const char *field)
{
    for (unsigned i = 0; i < result->differences->len; i++) {
        const AgreeDifference *d = g_ptr_array_index(result->differences, i);

        if (!strcmp(d->device, device) && !strcmp(d->field, field)) {
            return true;
        }
    }
    return false;
}

/* A fault in one source is reported, where there was no difference before. */
static void test_fault(const void *opaque)
{
    const AgreeFault *fault = opaque;
    g_autoptr(QTestState) qts = start_under_tcg(config_named("cpus-4"));
    g_autoptr(AgreeRaw) raw = agree_raw_read(qts);
    g_autoptr(AgreeResult) before = agree_compare_all(raw);
    g_autofree char *device = fault->inject(raw);
    g_autoptr(AgreeResult) after = agree_compare_all(raw);

    agree_print(before, "no fault");
    g_assert_cmpuint(before->differences->len, ==, 0);
    agree_print(after, fault->name);
    g_assert_true(reports(after, device, fault->field));
}

static void add_tests(void)
{
    configs_add_tests("/vmspec/agree", NULL, test_config);
    g_test_add_func("/vmspec/agree/total", test_total);
    for (const AgreeFault *fault = agree_faults; fault->name; fault++) {
        g_autofree char *path = g_strdup_printf("/vmspec/agree/fault/%s",
                                                fault->name);

        g_test_add_data_func(path, fault, test_fault);
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
