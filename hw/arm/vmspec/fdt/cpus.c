/*
 * vmspec: the FDT's CPU side
 *
 * cpus with cpu-map, timer, PMU and the NUMA distance map, from the plan
 * alone. The psci node is QEMU's boot.c's, which knows what its PSCI answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "system/device_tree.h"
#include "internal.h"

#define PPI_INTID_BASE 16
/* GICv2's specifier has a mask of the CPUs that take the private interrupt. */
#define PPI_CPU_MASK_SHIFT 8

void vmspec_fdt_ppis(const VmspecPlan *plan, void *fdt, const char *path,
                     const unsigned *intid, unsigned count)
{
    g_autofree uint32_t *cells = g_new(uint32_t, 3 * count);
    uint32_t flags = vmspec_fdt_flags(VMSPEC_LEVEL_HIGH);

    if (plan->gic.version == 2) {
        flags |= ((1u << plan->num_cpus) - 1) << PPI_CPU_MASK_SHIFT;
    }
    for (unsigned i = 0; i < count; i++) {
        cells[3 * i] = cpu_to_be32(VMSPEC_FDT_PPI);
        cells[3 * i + 1] = cpu_to_be32(intid[i] - PPI_INTID_BASE);
        cells[3 * i + 2] = cpu_to_be32(flags);
    }
    qemu_fdt_setprop(fdt, path, "interrupts", cells,
                     3 * count * sizeof(*cells));
}

static void cpu_node(const VmspecPlan *plan, void *fdt, unsigned i)
{
    const VmspecCpuPlan *cpu = &plan->cpu[i];
    g_autofree char *path = g_strdup_printf("/cpus/cpu@%" PRIx64, cpu->mpidr);

    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop_string(fdt, path, "device_type", "cpu");
    qemu_fdt_setprop_string(fdt, path, "compatible", plan->cpu_compatible);
    qemu_fdt_setprop_cell(fdt, path, "reg", cpu->mpidr);
    qemu_fdt_setprop_string(fdt, path, "enable-method", "psci");
    if (plan->num_nodes) {
        qemu_fdt_setprop_cell(fdt, path, "numa-node-id", cpu->node);
    }
    vmspec_fdt_cpu_caches(plan, fdt, i, path);
    qemu_fdt_setprop_cell(fdt, path, "phandle", VMSPEC_PHANDLE_CPU0 + i);
}

static void cpu_map_entry(const VmspecPlan *plan, void *fdt, unsigned i)
{
    const VmspecCpuPlan *cpu = &plan->cpu[i];
    g_autofree char *core =
        g_strdup_printf("/cpus/cpu-map/socket%u/cluster%u/core%u",
                        cpu->socket, cpu->cluster, cpu->core);
    g_autofree char *thread = g_strdup_printf("%s/thread%u", core,
                                              cpu->thread);
    const char *path = plan->threads > 1 ? thread : core;

    qemu_fdt_add_path(fdt, path);
    qemu_fdt_setprop_cell(fdt, path, "cpu", VMSPEC_PHANDLE_CPU0 + i);
}

static void timer_node(const VmspecPlan *plan, void *fdt)
{
    static const char armv8[] = "arm,armv8-timer\0arm,armv7-timer";

    qemu_fdt_add_subnode(fdt, "/timer");
    if (plan->aarch64) {
        qemu_fdt_setprop(fdt, "/timer", "compatible", armv8, sizeof(armv8));
    } else {
        qemu_fdt_setprop_string(fdt, "/timer", "compatible",
                                "arm,armv7-timer");
    }
    vmspec_fdt_ppis(plan, fdt, "/timer", plan->timer, plan->num_timers);
    qemu_fdt_setprop(fdt, "/timer", "always-on", NULL, 0);
}

static void pmu_node(const VmspecPlan *plan, void *fdt)
{
    unsigned intid = plan->platform->ppis[VMSPEC_PPI_ID_PMU].intid;

    if (!plan->ppi[VMSPEC_PPI_ID_PMU]) {
        return;
    }
    qemu_fdt_add_subnode(fdt, "/pmu");
    qemu_fdt_setprop_string(fdt, "/pmu", "compatible", "arm,armv8-pmuv3");
    vmspec_fdt_ppis(plan, fdt, "/pmu", &intid, 1);
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
            *cell++ = cpu_to_be32(i);
            *cell++ = cpu_to_be32(j);
            *cell++ = cpu_to_be32(plan->distance[i * n + j]);
        }
    }
    qemu_fdt_add_subnode(fdt, "/distance-map");
    qemu_fdt_setprop_string(fdt, "/distance-map", "compatible",
                            "numa-distance-map-v1");
    qemu_fdt_setprop(fdt, "/distance-map", "distance-matrix", matrix,
                     3 * n * n * sizeof(*matrix));
}

void vmspec_fdt_cpus(const VmspecPlan *plan, void *fdt)
{
    distance_map_node(plan, fdt);
    timer_node(plan, fdt);
    pmu_node(plan, fdt);

    qemu_fdt_add_subnode(fdt, "/cpus");
    /* No CPU has Aff3: one cell holds the MPIDR's affinity fields. */
    qemu_fdt_setprop_cell(fdt, "/cpus", "#address-cells", 1);
    qemu_fdt_setprop_cell(fdt, "/cpus", "#size-cells", 0);
    for (unsigned i = plan->num_cpus; i-- > 0;) {
        cpu_node(plan, fdt, i);
    }
    vmspec_fdt_caches(plan, fdt);
    qemu_fdt_add_subnode(fdt, "/cpus/cpu-map");
    for (unsigned i = plan->num_cpus; i-- > 0;) {
        cpu_map_entry(plan, fdt, i);
    }
}
