/*
 * vmspec tests: a configuration's machine and the regions it has
 *
 * The configuration says which conditions of the contract it meets; from them
 * and the contract follows what is in the memory map.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_REGIONS_H
#define VMSPEC_TEST_REGIONS_H

#include "configs.h"
#include "machine.h"

/* The configuration of that name; ends the program if there is none. */
const TestConfig *config_named(const char *name);

/* Start it with the firmware stub, no default devices and @more options. */
QTestState *config_start(const TestConfig *config, const char *more);

/* Is @region in the machine's memory map? */
bool region_present(const TestConfig *config, const ContractRegion *region);
/* The size of a region that is present, in bytes */
uint64_t region_size(const TestConfig *config, const ContractRegion *region);
/* Is one of the @size bytes from @base on in a region that is present? */
bool regions_overlap(const TestConfig *config, uint64_t base, uint64_t size);

/*
 * Add the test "@path/NAME" for each configuration of @names, which ends with
 * NULL; a NULL @names stands for all. @test gets the TestConfig.
 */
void configs_add_tests(const char *path, const char *const *names,
                       void (*test)(const void *config));

#endif
