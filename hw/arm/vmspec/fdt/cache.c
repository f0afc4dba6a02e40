/*
 * vmspec: caches in the FDT
 *
 * Level 1 caches are properties of the CPU's node. The other caches are nodes
 * of their own, chained by next-level-cache (Devicetree Specification 0.4, 3.8
 * and 3.9).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include "nodes.h"
#include "props.h"

/* How many CPUs share a cache of this scope */
static unsigned sharers(const VmspecPlan *plan, VmspecCacheScope scope)
{
    const VmspecTopology *t = &plan->topology;

    switch (scope) {
    case VMSPEC_CACHE_OF_SOCKET:
        return t->clusters * t->cores * t->threads;
    case VMSPEC_CACHE_OF_CLUSTER:
        return t->cores * t->threads;
    default:
        return t->threads;
    }
}

static uint32_t phandle(const VmspecPlan *plan, VmspecCacheId id, unsigned cpu)
{
    uint32_t first = id == VMSPEC_CACHE_L3 ? VMSPEC_PHANDLE_L3 :
                                             VMSPEC_PHANDLE_L2;

    return first + cpu / sharers(plan, plan->cache[id].scope);
}

/* A cache whose geometry the ID registers do not give has no properties. */
static void geometry(const VmspecCache *cache, VmspecFdt *fdt,
                     const char *prefix)
{
    g_autofree char *size = g_strconcat(prefix, "cache-size", NULL);
    g_autofree char *sets = g_strconcat(prefix, "cache-sets", NULL);
    g_autofree char *line = g_strconcat(prefix, "cache-line-size", NULL);

    if (cache->scope && cache->ways) {
        vmspec_fdt_cell(fdt, size, cache->sets * cache->ways * cache->line);
        vmspec_fdt_cell(fdt, sets, cache->sets);
        vmspec_fdt_cell(fdt, line, cache->line);
    }
}

/* Level 2 is described if any cache is. */
void vmspec_fdt_cpu_caches(const VmspecPlan *plan, VmspecFdt *fdt, unsigned cpu)
{
    geometry(&plan->cache[VMSPEC_CACHE_L1D], fdt, "d-");
    geometry(&plan->cache[VMSPEC_CACHE_L1I], fdt, "i-");
    if (plan->cache[VMSPEC_CACHE_L2].scope) {
        vmspec_fdt_cell(fdt, "next-level-cache",
                              phandle(plan, VMSPEC_CACHE_L2, cpu));
    }
}

static void cache_node(const VmspecPlan *plan, VmspecFdt *fdt, VmspecCacheId id,
                       unsigned level, unsigned cpu)
{
    const VmspecCache *cache = &plan->cache[id];
    g_autofree char *name =
        g_strdup_printf("l%u-cache%u", level,
                        cpu / sharers(plan, cache->scope));

    vmspec_fdt_open(fdt, name);
    vmspec_fdt_string(fdt, "compatible", "cache");
    vmspec_fdt_cell(fdt, "cache-level", level);
    vmspec_fdt_flag(fdt, "cache-unified");
    geometry(cache, fdt, "");
    if (id == VMSPEC_CACHE_L2 && plan->cache[VMSPEC_CACHE_L3].scope) {
        vmspec_fdt_cell(fdt, "next-level-cache",
                              phandle(plan, VMSPEC_CACHE_L3, cpu));
    }
    vmspec_fdt_cell(fdt, "phandle", phandle(plan, id, cpu));
    vmspec_fdt_close(fdt);
}

void vmspec_fdt_caches(const VmspecPlan *plan, VmspecFdt *fdt)
{
    for (VmspecCacheId id = VMSPEC_CACHE_L2; id < VMSPEC_NUM_CACHES; id++) {
        unsigned step = sharers(plan, plan->cache[id].scope);

        if (!plan->cache[id].scope) {
            continue;
        }
        for (unsigned cpu = 0; cpu < plan->num_cpus; cpu += step) {
            cache_node(plan, fdt, id, 2 + id - VMSPEC_CACHE_L2, cpu);
        }
    }
}
