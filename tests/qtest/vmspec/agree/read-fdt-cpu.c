/*
 * vmspec tests: the facts that the FDT states about CPUs, timers, PSCI and
 * memory
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-fdt.h"

static uint64_t mpidr_of(FdtReader *r, int node)
{
    uint64_t mpidr = 0, size;

    if (!vmspec_fdt_range(r->fdt, node, 0, &mpidr, &size)) {
        agree_problem(r->source, "cpu", "reg", "is missing");
    }
    return mpidr;
}

void agree_fdt_cpu(FdtReader *r, int node)
{
    const char *status = fdt_getprop(r->fdt, node, "status", NULL);
    uint64_t mpidr = mpidr_of(r, node);
    g_autofree char *name = agree_cpu_name(mpidr);
    unsigned numa = vmspec_fdt_first_cell(r->fdt, node, "numa-node-id", -1u);

    agree_fact(r->source, name, "enabled", "%s",
               status && strcmp(status, "okay") ? "no" : "yes");
    if (numa != -1u) {
        agree_fact(r->source, name, "node", "%u", numa);
    }
}

/* cpu-map: cpu-topology.txt. Fills @cpus with the CPUs below @node. */
static void walk_map(FdtReader *r, int node, AgreeCpu cpu, GArray *cpus)
{
    uint32_t phandle = vmspec_fdt_first_cell(r->fdt, node, "cpu", 0);
    int child;

    if (phandle) {
        int target = fdt_node_offset_by_phandle(r->fdt, phandle);

        if (target < 0) {
            agree_problem(r->source, "cpu-map", "cpu", "names no CPU");
            return;
        }
        /* The last level is the CPU itself. */
        cpu.levels--;
        cpu.mpidr = mpidr_of(r, target);
        cpu.thread = g_str_has_prefix(fdt_get_name(r->fdt, node, NULL),
                                      "thread");
        g_array_append_val(cpus, cpu);
    }
    fdt_for_each_subnode(child, r->fdt, node) {
        AgreeCpu below = cpu;

        g_assert_cmpuint(below.levels, <, AGREE_MAX_LEVELS);
        below.group[below.levels++] = child;
        walk_map(r, child, below, cpus);
    }
}

void agree_fdt_cpu_map(FdtReader *r, int node)
{
    g_autoptr(GArray) cpus = g_array_new(false, false, sizeof(AgreeCpu));

    walk_map(r, node, (AgreeCpu) { 0 }, cpus);
    agree_topology(r->source, cpus);
    agree_fdt_caches(r, fdt_parent_offset(r->fdt, node));
}

/* arm,arch_timer.yaml: the order of the interrupts */
void agree_fdt_timer(FdtReader *r, int node)
{
    static const char *const timers[] = {
        "secure", "el1 physical", "virtual", "el2 physical", "el2 virtual"
    };
    bool always_on = fdt_getprop(r->fdt, node, "always-on", NULL);

    for (int i = 0; i < ARRAY_SIZE(timers); i++) {
        g_autofree char *interrupt = agree_fdt_interrupt(r, node, i);

        agree_fact(r->source, "timer", timers[i], "%s%s", interrupt ?: "none",
                   interrupt && always_on ? ", always on" : "");
    }
}

void agree_fdt_pmu(FdtReader *r, int node)
{
    g_autofree char *interrupt = agree_fdt_interrupt(r, node, 0);

    agree_fact(r->source, "pmu", "interrupt", "%s", interrupt ?: "none");
}

void agree_fdt_psci(FdtReader *r, int node)
{
    const char *method = fdt_getprop(r->fdt, node, "method", NULL);

    agree_fact(r->source, "psci", "conduit", "%s", method ?: "none");
}

void agree_fdt_memory(FdtReader *r, int node)
{
    unsigned numa = vmspec_fdt_first_cell(r->fdt, node, "numa-node-id", -1u);
    uint64_t base, size;

    for (unsigned n = 0; vmspec_fdt_range(r->fdt, node, n, &base, &size); n++) {
        g_autofree char *name = g_strdup_printf("memory 0x%" PRIx64, base);

        agree_fact(r->source, name, "size", "0x%" PRIx64, size);
        agree_range(r->source, name, base, size);
        if (numa != -1u) {
            agree_fact(r->source, name, "node", "%u", numa);
        }
    }
}

void agree_fdt_distances(FdtReader *r, int node)
{
    unsigned count;
    const fdt32_t *cells = vmspec_fdt_cells(r->fdt, node, "distance-matrix",
                                            &count);

    for (unsigned i = 0; i + 3 <= count; i += 3) {
        g_autofree char *field =
            g_strdup_printf("from %u to %u", fdt32_ld(&cells[i]),
                            fdt32_ld(&cells[i + 1]));

        agree_fact(r->source, "distance", field, "%u", fdt32_ld(&cells[i + 2]));
    }
}
