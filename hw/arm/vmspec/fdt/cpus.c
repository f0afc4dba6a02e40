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

static void cpu_node(const VmspecPlan *plan, VmspecFdt *fdt, unsigned i)
{
    const VmspecCpuPlan *cpu = &plan->cpu[i];

    vmspec_fdt_open_at(fdt, "cpu", cpu->mpidr);
    vmspec_fdt_string(fdt, "device_type", "cpu");
    vmspec_fdt_string(fdt, "compatible", plan->cpu_compatible);
    vmspec_fdt_cell(fdt, "reg", cpu->mpidr);
    vmspec_fdt_string(fdt, "enable-method", "psci");
    if (!plan->aarch64) {
        /* Linux's arm_topology asks for it, and has an error without. */
        vmspec_fdt_cell(fdt, "clock-frequency", plan->platform->cpu_clock_hz);
    }
    if (plan->num_nodes) {
        vmspec_fdt_cell(fdt, "numa-node-id", cpu->node);
    }
    vmspec_fdt_cpu_caches(plan, fdt, i);
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_CPU0 + i);
    vmspec_fdt_close(fdt);
}

static void open_numbered(VmspecFdt *fdt, const char *name, unsigned n)
{
    g_autofree char *numbered = g_strdup_printf("%s%u", name, n);

    vmspec_fdt_open(fdt, numbered);
}

static void open_if_first(VmspecFdt *fdt, const char *name, unsigned n,
                          unsigned index)
{
    if (index == 0) {
        open_numbered(fdt, name, n);
    }
}

static void close_if_last(VmspecFdt *fdt, bool last)
{
    if (last) {
        vmspec_fdt_close(fdt);
    }
}

/* CPU @i in its core's node, or in a node of its own in the core's */
static void cpu_map_entry(const VmspecPlan *plan, VmspecFdt *fdt, unsigned i)
{
    bool threads = plan->topology.threads > 1;

    if (threads) {
        open_numbered(fdt, "thread", plan->cpu[i].place.thread);
    }
    vmspec_fdt_cell(fdt, "cpu", VMSPEC_PHANDLE_CPU0 + i);
    if (threads) {
        vmspec_fdt_close(fdt);
    }
}

/*
 * CPUs are numbered thread by thread, core by core: a node is opened at its
 * first CPU and closed behind its last.
 */
static void cpu_map_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    const VmspecTopology *t = &plan->topology;
    const unsigned core = t->threads, cluster = core * t->cores;
    const unsigned socket = cluster * t->clusters;
    const unsigned last = plan->num_cpus - 1;

    vmspec_fdt_open(fdt, "cpu-map");
    for (unsigned i = 0; i <= last; i++) {
        VmspecCpuPlace place = plan->cpu[i].place;

        open_if_first(fdt, "socket", place.socket, i % socket);
        open_if_first(fdt, "cluster", place.cluster, i % cluster);
        open_if_first(fdt, "core", place.core, i % core);
        cpu_map_entry(plan, fdt, i);
        close_if_last(fdt, i == last || (i + 1) % core == 0);
        close_if_last(fdt, i == last || (i + 1) % cluster == 0);
        close_if_last(fdt, i == last || (i + 1) % socket == 0);
    }
    vmspec_fdt_close(fdt);
}

static void timer_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    static const char *const compatible[VMSPEC_MAX_STRINGS] = {
        VMSPEC_FDT_TIMER_ARMV8, VMSPEC_FDT_TIMER_ARMV7,
    };

    vmspec_fdt_open(fdt, VMSPEC_FDT_TIMER_NODE);
    if (plan->aarch64) {
        vmspec_fdt_strings(fdt, "compatible", compatible);
    } else {
        vmspec_fdt_string(fdt, "compatible", compatible[1]);
    }
    vmspec_fdt_ppis(plan, fdt, plan->timer, plan->num_timers);
    vmspec_fdt_flag(fdt, "always-on");
    vmspec_fdt_close(fdt);
}

static void pmu_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    unsigned intid = plan->platform->ppis[VMSPEC_PPI_ID_PMU].intid;

    if (!plan->ppi[VMSPEC_PPI_ID_PMU]) {
        return;
    }
    vmspec_fdt_open(fdt, VMSPEC_FDT_PMU_NODE);
    vmspec_fdt_string(fdt, "compatible", VMSPEC_FDT_PMU);
    vmspec_fdt_ppis(plan, fdt, &intid, 1);
    vmspec_fdt_close(fdt);
}

static void distance_map_node(const VmspecPlan *plan, VmspecFdt *fdt)
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
    vmspec_fdt_open(fdt, "distance-map");
    vmspec_fdt_string(fdt, "compatible", "numa-distance-map-v1");
    vmspec_fdt_cells(fdt, "distance-matrix", matrix, 3 * n * n);
    vmspec_fdt_close(fdt);
}

void vmspec_fdt_cpus(const VmspecPlan *plan, VmspecFdt *fdt)
{
    vmspec_fdt_open(fdt, "cpus");
    /* No CPU has Aff3: one cell holds the MPIDR's affinity fields. */
    vmspec_fdt_cell(fdt, "#address-cells", 1);
    vmspec_fdt_cell(fdt, "#size-cells", 0);
    cpu_map_node(plan, fdt);
    for (unsigned i = 0; i < plan->num_cpus; i++) {
        cpu_node(plan, fdt, i);
    }
    vmspec_fdt_caches(plan, fdt);
    vmspec_fdt_close(fdt);

    pmu_node(plan, fdt);
    timer_node(plan, fdt);
    distance_map_node(plan, fdt);
}
