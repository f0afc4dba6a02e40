/*
 * vmspec tests: machine configurations by name
 *
 * The one table of configurations. A test that looks at whole machines names
 * those that it wants. A test of one device or property adds its own options
 * to one of them, or to the machine alone.
 * Plain C and data: the qtests, the host tests and the guest tests share it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_CONFIGS_H
#define VMSPEC_TEST_CONFIGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TestConfig {
    const char *name;
    const char *machine;        /* for -M vmspec: "" or begins with a comma */
    const char *options;        /* of QEMU besides */
    /*
     * The conditions of tests/data/contract.txt (WHEN) that the configuration
     * meets when firmware runs; separated by blanks.
     */
    const char *conditions;
    unsigned transports;        /* virtio-mmio; 0: the contract's default */
    uint64_t ram;               /* bytes; 0: the machine's default, 1 GiB */
    uint64_t device_memory;     /* bytes, maxmem - RAM */
} TestConfig;

extern const TestConfig test_configs[];
extern const size_t num_test_configs;

/* The configuration of that name, NULL if there is none */
const TestConfig *config_find(const char *name);

/* Does @config meet the condition @when of the contract? */
bool config_meets(const TestConfig *config, const char *when);

#endif
