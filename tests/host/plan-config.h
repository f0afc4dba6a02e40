/*
 * vmspec host tests: configurations of the plan
 *
 * plan_config() is the configuration "default" of the qtests' configs.c, as
 * the board hands it to the plan; a case changes what it is about. Cases have
 * the qtests' names for the same thing (gicv2-9-cpus, slots-257).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_PLAN_CONFIG_H
#define VMSPEC_TEST_PLAN_CONFIG_H

#include <glib.h>
#include <string.h>

#include "hw/arm/vmspec-plan.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* -M vmspec under TCG with firmware: one AArch64 CPU, 1 GiB of RAM, no ACPI */
static inline VmspecConfig plan_config(void)
{
    return (VmspecConfig) {
        .cpus = 1, .max_cpus = 1,
        .topology = { 1, 1, 1, 1 },
        .cpu_compatible = "arm,armv8",
        .aarch64 = true, .vhe = true, .pmu = true, .pa_bits = 48,
        .fdt = true, .seeds = true, .firmware = true, .kvm_its = true,
        .its = true,
        .virtio_mmio = 8,
        .flash_size = { 0x200000, 0x100000 },
        .ram_size = GIB(1),
    };
}

/* -smp @n: all CPUs are sockets */
static inline void set_cpus(VmspecConfig *c, unsigned n)
{
    c->cpus = c->max_cpus = c->topology.sockets = n;
}

/* The plan of @c, which must fit; it lives until the next call. */
static inline const VmspecPlan *plan_that_fits(const VmspecConfig *c)
{
    static VmspecPlan plan;
    VmspecPlanError err;

    /* so that a field that the plan does not write shows */
    memset(&plan, 0xa5, sizeof(plan));
    if (!vmspec_plan(&vmspec_platform_1_0, c, &plan, &err)) {
        g_error("refused: %s / %s", err.msg, err.hint);
    }
    g_assert_cmpstr(err.msg, ==, "");
    return &plan;
}

#endif
