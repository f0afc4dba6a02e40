/*
 * vmspec: the FDT's CPU side
 *
 * cpus with cpu-map, timer, PMU and the NUMA distance map. QEMU's
 * hw/arm/boot.c adds the psci node.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include "names.h"
#include "nodes.h"
#include "props.h"

#define TIMER "/" VMSPEC_FDT_TIMER_NODE
#define PMU "/" VMSPEC_FDT_PMU_NODE

static void cpu_node(const VmspecPlan *plan, void *fdt, unsigned i)
{
    const VmspecCpuPlan *cpu = &plan->cpu[i];
    g_autofree char *path = g_strdup_printf("/cpus/cpu@%" PRIx64, cpu->mpidr);

    vmspec_fdt_node(fdt, path);
    vmspec_fdt_string(fdt, path, "device_type", "cpu");
    vmspec_fdt_string(fdt, path, "compatible", plan->cpu_compatible);
    vmspec_fdt_cell(fdt, path, "reg", cpu->mpidr);
    vmspec_fdt_string(fdt, path, "enable-method", "psci");
    if (!plan->aarch64) {
        /* Linux's arm_topology asks for it, and has an error without. */
        vmspec_fdt_cell(fdt, path, "clock-frequency",
                        plan->platform->cpu_clock_hz);
    }
    if (plan->num_nodes) {
        vmspec_fdt_cell(fdt, path, "numa-node-id", cpu->node);
    }
    vmspec_fdt_cpu_caches(plan, fdt, i, path);
    vmspec_fdt_cell(fdt, path, "phandle", VMSPEC_PHANDLE_CPU0 + i);
}

static void cpu_map_entry(const VmspecPlan *plan, void *fdt, unsigned i)
{
    VmspecCpuPlace place = plan->cpu[i].place;
    g_autofree char *core =
        g_strdup_printf("/cpus/cpu-map/socket%u/cluster%u/core%u",
                        place.socket, place.cluster, place.core);
    g_autofree char *thread = g_strdup_printf("%s/thread%u", core,
                                              place.thread);
    const char *path = plan->topology.threads > 1 ? thread : core;

    vmspec_fdt_node(fdt, path);
    vmspec_fdt_cell(fdt, path, "cpu", VMSPEC_PHANDLE_CPU0 + i);
}

static void timer_node(const VmspecPlan *plan, void *fdt)
{
    static const char *const compatible[VMSPEC_MAX_STRINGS] = {
        VMSPEC_FDT_TIMER_ARMV8, VMSPEC_FDT_TIMER_ARMV7,
    };

    vmspec_fdt_node(fdt, TIMER);
    if (plan->aarch64) {
        vmspec_fdt_strings(fdt, TIMER, "compatible", compatible);
    } else {
        vmspec_fdt_string(fdt, TIMER, "compatible", compatible[1]);
    }
    vmspec_fdt_ppis(plan, fdt, TIMER, plan->timer, plan->num_timers);
    vmspec_fdt_flag(fdt, TIMER, "always-on");
}

static void pmu_node(const VmspecPlan *plan, void *fdt)
{
    unsigned intid = plan->platform->ppis[VMSPEC_PPI_ID_PMU].intid;

    if (!plan->ppi[VMSPEC_PPI_ID_PMU]) {
        return;
    }
    vmspec_fdt_node(fdt, PMU);
    vmspec_fdt_string(fdt, PMU, "compatible", VMSPEC_FDT_PMU);
    vmspec_fdt_ppis(plan, fdt, PMU, &intid, 1);
}

static void distance_map_node(const VmspecPlan *plan, void *fdt)
{
    unsigned n = plan->num_nodes;
    g_autofree uint32_t *matrix = g_new(uint32_t, 3 * n * n);
    uint32_t *cell = matrix;

    if (!plan->distance) {
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        for (unsigned j = 0; j < n; j++) {
            *cell++ = i;
            *cell++ = j;
            *cell++ = plan->distance[i * n + j];
        }
    }
    vmspec_fdt_node(fdt, "/distance-map");
    vmspec_fdt_string(fdt, "/distance-map", "compatible",
                      "numa-distance-map-v1");
    vmspec_fdt_cells(fdt, "/distance-map", "distance-matrix", matrix,
                     3 * n * n);
}

void vmspec_fdt_cpus(const VmspecPlan *plan, void *fdt)
{
    distance_map_node(plan, fdt);
    timer_node(plan, fdt);
    pmu_node(plan, fdt);

    vmspec_fdt_node(fdt, "/cpus");
    /* No CPU has Aff3: one cell holds the MPIDR's affinity fields. */
    vmspec_fdt_cell(fdt, "/cpus", "#address-cells", 1);
    vmspec_fdt_cell(fdt, "/cpus", "#size-cells", 0);
    for (unsigned i = plan->num_cpus; i-- > 0;) {
        cpu_node(plan, fdt, i);
    }
    vmspec_fdt_caches(plan, fdt);
    vmspec_fdt_node(fdt, "/cpus/cpu-map");
    for (unsigned i = plan->num_cpus; i-- > 0;) {
        cpu_map_entry(plan, fdt, i);
    }
}
