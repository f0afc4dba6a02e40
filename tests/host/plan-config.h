/*
 * vmspec host tests: the configuration that the plan cases start from
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_PLAN_CONFIG_H
#define VMSPEC_TEST_PLAN_CONFIG_H

#include "hw/arm/vmspec.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* -M vmspec under TCG with firmware: one AArch64 CPU, 1 GiB */
static inline VmspecConfig plan_config(void)
{
    return (VmspecConfig) {
        .cpus = 1, .max_cpus = 1,
        .sockets = 1, .clusters = 1, .cores = 1, .threads = 1,
        .cpu_compatible = "arm,armv8",
        .aarch64 = true, .vhe = true, .pmu = true, .pa_bits = 48,
        .virtio_mmio = 8,
        .flash_size = { 0x200000, 0x100000 },
        .ram_size = GIB(1),
    };
}

/* -smp @n, sockets alone */
static inline void set_cpus(VmspecConfig *c, unsigned n)
{
    c->cpus = c->max_cpus = c->sockets = n;
}

#endif
