/*
 * vmspec tests: a configuration's machine and the regions it has
 *
 * See regions.h. Sizes are the contract's, but for regions that options size.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "regions.h"

#define RAM_DEFAULT (1 * GiB)

const TestConfig *config_named(const char *name)
{
    const TestConfig *config = config_find(name);

    if (!config) {
        g_error("vmspec/configs.c has no configuration %s", name);
    }
    return config;
}

QTestState *config_start(const TestConfig *config, const char *more)
{
    return vmspec_start(config->machine, "%s %s", config->options, more);
}

bool region_present(const TestConfig *config, const ContractRegion *region)
{
    return config_meets(config, region->when);
}

uint64_t region_size(const TestConfig *config, const ContractRegion *region)
{
    const Contract *contract = vmspec_contract();
    uint64_t ram = config->ram ?: RAM_DEFAULT;

    if (!strcmp(region->name, "flash0")) {
        return contract_value(contract, "flash-block-size");
    } else if (!strcmp(region->name, "flash1")) {
        return contract_value(contract, "flash1-default-size");
    } else if (!strcmp(region->name, "ram-low")) {
        return MIN(ram, region->size);
    } else if (!strcmp(region->name, "ram-high")) {
        return ram - vmspec_region("ram-low")->size;
    } else if (!strcmp(region->name, "device-memory")) {
        return config->device_memory;
    }
    return region->size;
}

bool regions_overlap(const TestConfig *config, uint64_t base, uint64_t size)
{
    const Contract *contract = vmspec_contract();

    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];

        if (region_present(config, r) &&
            base < r->base + region_size(config, r) &&
            r->base < base + size) {
            return true;
        }
    }
    return false;
}

static void add_config_test(const char *path, const TestConfig *config,
                            void (*test)(const void *config))
{
    g_autofree char *name = g_strdup_printf("%s/%s", path, config->name);

    g_test_add_data_func(name, config, test);
}

void configs_add_tests(const char *path, const char *const *names,
                       void (*test)(const void *config))
{
    for (size_t i = 0; !names && i < num_test_configs; i++) {
        add_config_test(path, &test_configs[i], test);
    }
    for (size_t i = 0; names && names[i]; i++) {
        add_config_test(path, config_named(names[i]), test);
    }
}
