/*
 * vmspec qtest: the memory map is that of the contract (platform.md, section
 * 2)
 *
 * Each configuration says which optional regions it has. The machine must have
 * those regions, with their names and at their addresses, and no other.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/machine.h"
#include "vmspec/mtree.h"
#include "vmspec/regions.h"

static void check_region(const TestConfig *config, GPtrArray *ranges,
                         const ContractRegion *want)
{
    const MtreeRange *have = mtree_find(ranges, want->name);

    g_test_message("%s", want->name);
    if (!region_present(config, want)) {
        g_assert_null(have);
        return;
    }
    g_assert_nonnull(have);
    g_assert_cmphex(have->base, ==, want->base);
    g_assert_cmphex(have->size, ==, region_size(config, want));
}

/* The children of the system memory region are regions of the contract. */
static void check_regions(const TestConfig *config, QTestState *qts)
{
    const Contract *contract = vmspec_contract();
    g_autoptr(GPtrArray) ranges = mtree_system(qts);
    unsigned count = 0;

    for (unsigned i = 0; i < contract->num_regions; i++) {
        check_region(config, ranges, &contract->regions[i]);
        count += region_present(config, &contract->regions[i]);
    }
    g_assert_cmpuint(ranges->len, ==, count);
}

/* Each range that the CPU can reach is inside one region that is present. */
static void check_flat(const TestConfig *config, QTestState *qts)
{
    const Contract *contract = vmspec_contract();
    g_autoptr(GPtrArray) ranges = mtree_flat(qts);

    for (unsigned i = 0; i < ranges->len; i++) {
        const MtreeRange *have = g_ptr_array_index(ranges, i);
        unsigned homes = 0;

        for (unsigned j = 0; j < contract->num_regions; j++) {
            const ContractRegion *r = &contract->regions[j];

            homes += region_present(config, r) && have->base >= r->base &&
                     have->base - r->base + have->size <=
                     region_size(config, r);
        }
        g_test_message("%" PRIx64 " %s", have->base, have->name);
        g_assert_cmpuint(homes, ==, 1);
    }
}

static void test_regions(const void *config)
{
    g_autoptr(QTestState) qts = config_start(config, "");

    check_regions(config, qts);
    check_flat(config, qts);
}

/* The ids of the devices on the system bus, from info qtree */
static GHashTable *system_bus_ids(QTestState *qts)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            NULL);
    g_autofree char *text = qtest_hmp(qts, "info qtree");
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

    for (int i = 0; lines[i]; i++) {
        if (g_str_has_prefix(lines[i], "  dev: ")) {
            g_auto(GStrv) part = g_strsplit(lines[i], "\"", -1);

            g_test_message("%s", lines[i]);
            g_assert_cmpuint(g_strv_length(part), >=, 3);
            g_hash_table_add(ids, g_strdup(part[1]));
        }
    }
    return ids;
}

/*
 * The id of a device is the name of its first region; ".N" counts devices of
 * one kind. The power button and the wake key have no region, because they are
 * lines of gpio.
 */
static void check_ids_in_contract(const TestConfig *config, GHashTable *ids)
{
    GHashTableIter iter;
    void *id;

    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_auto(GStrv) part = g_strsplit(id, ".", 2);

        g_assert_true(!strcmp(id, "power-button") ||
                      !strcmp(id, "wake-key") ||
                      region_present(config, vmspec_region(part[0])));
    }
}

/* Regions that are a further register frame of another region's device */
static bool is_frame(const char *name)
{
    static const char *const frames[] = {
        "gic-cpu", "gic-hyp", "gic-vcpu", "gic-redist", "gic-redist-high",
        "watchdog-control", "acpi-memhp", NULL
    };

    return g_strv_contains(frames, name);
}

static void check_ids_complete(const TestConfig *config, GHashTable *ids)
{
    const Contract *contract = vmspec_contract();

    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];
        bool many = !strcmp(r->name, "virtio-mmio");
        g_autofree char *id = g_strdup_printf("%s%s", r->name,
                                              many ? ".0" : "");

        if (!strcmp(r->kind, "device") && !is_frame(r->name)) {
            g_test_message("%s", id);
            g_assert_cmpint(g_hash_table_contains(ids, id), ==,
                            region_present(config, r));
        }
    }
    g_assert_true(g_hash_table_contains(ids, "pcie-ecam"));
}

static void test_qtree(const void *config)
{
    g_autoptr(QTestState) qts = config_start(config, "");
    g_autoptr(GHashTable) ids = system_bus_ids(qts);

    check_ids_in_contract(config, ids);
    check_ids_complete(config, ids);
}

static void add_tests(void)
{
    static const char *const names[] = {
        "default", "no-acpi", "gicv2", "gicv2-el2", "virtualization", "gicv4",
        "gic-max", "smmuv3", "second-serial", "one-serial", "no-virtio-mmio",
        "one-virtio-mmio", "all-virtio-mmio", "cortex-a15", "cortex-a7-gicv3",
        "cortex-a53", "cpus-123", "cpus-124", "gicv4-61-cpus",
        "gicv4-62-cpus", "ram-64M", "ram-4G", "ram-127G", "ram-128G",
        "ram-300G-pa-44", "maxmem-8G", "maxmem-8G-aarch32", "maxmem-129G",
        "slots-empty", "slots-256", "cortex-a15-8G", "everything", "no-its",
        NULL
    };

    configs_add_tests("/vmspec/map/regions", names, test_regions);
    configs_add_tests("/vmspec/map/qtree-names", names, test_qtree);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
