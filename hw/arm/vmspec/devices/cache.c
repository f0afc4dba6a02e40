/*
 * vmspec: the CPUs' caches
 *
 * The geometry of a cache comes from the CPU's ID registers. Which CPUs share
 * a cache comes from -machine smp-cache; by default level 1 belongs to a core,
 * level 2 to a cluster and level 3 to a socket. An emulated CPU has no caches:
 * the description serves the guest's scheduler.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "target/arm/cpu.h"
#include "target/arm/cpu-features.h"
#include "cache.h"

/* CLIDR_EL1.CtypeN, and CSSELR_EL1, which selects the CCSIDR of a cache */
#define CTYPE_BITS 3
#define CTYPE_INSTRUCTION 1
#define CTYPE_DATA 2
#define CTYPE_SPLIT 3
#define CTYPE_UNIFIED 4
#define CSSELR_INSTRUCTION 1
#define CSSELR_LEVEL_SHIFT 1

typedef struct CacheKind {
    CacheLevelAndType qemu;
    unsigned level;             /* from 0 */
    bool instruction;
} CacheKind;

static const CacheKind kinds[VMSPEC_NUM_CACHES] = {
    [VMSPEC_CACHE_L1D] = { CACHE_LEVEL_AND_TYPE_L1D, 0, false },
    [VMSPEC_CACHE_L1I] = { CACHE_LEVEL_AND_TYPE_L1I, 0, true },
    [VMSPEC_CACHE_L2] = { CACHE_LEVEL_AND_TYPE_L2, 1, false },
    [VMSPEC_CACHE_L3] = { CACHE_LEVEL_AND_TYPE_L3, 2, false },
};

void vmspec_init_caches(MachineClass *mc)
{
    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        mc->smp_props.cache_supported[kinds[i].qemu] = true;
    }
}

/* The CPU has this cache as a data or unified, or an instruction cache. */
static bool cpu_has(ARMCPU *cpu, const CacheKind *kind)
{
    unsigned ctype = extract64(VMSPEC_CLIDR(cpu), kind->level * CTYPE_BITS,
                               CTYPE_BITS);

    if (kind->instruction) {
        return ctype == CTYPE_INSTRUCTION || ctype == CTYPE_SPLIT;
    }
    return ctype == CTYPE_DATA || ctype == CTYPE_SPLIT ||
           ctype == CTYPE_UNIFIED;
}

void vmspec_probe_caches(ARMCPU *cpu, VmspecCache cache[])
{
    bool ccidx = cpu_isar_feature(any_ccidx, cpu);

    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        const CacheKind *k = &kinds[i];
        unsigned csselr = k->level << CSSELR_LEVEL_SHIFT |
                          (k->instruction ? CSSELR_INSTRUCTION : 0);
        uint64_t ccsidr = cpu->ccsidr[csselr];

        cache[i] = (VmspecCache) { 0 };
        if (!ccsidr || !cpu_has(cpu, k)) {
            continue;
        }
        if (ccidx) {
            cache[i].ways = FIELD_EX64(ccsidr, CCSIDR_EL1,
                                       CCIDX_ASSOCIATIVITY) + 1;
            cache[i].sets = FIELD_EX64(ccsidr, CCSIDR_EL1, CCIDX_NUMSETS) + 1;
        } else {
            cache[i].ways = FIELD_EX64(ccsidr, CCSIDR_EL1, ASSOCIATIVITY) + 1;
            cache[i].sets = FIELD_EX64(ccsidr, CCSIDR_EL1, NUMSETS) + 1;
        }
        cache[i].line = 16 << FIELD_EX64(ccsidr, CCSIDR_EL1, LINESIZE);
    }
}

/* What smp-cache leaves open */
static void set_defaults(MachineState *ms)
{
    CpuTopologyLevel l3 =
        machine_get_cache_topo_level(ms, CACHE_LEVEL_AND_TYPE_L3);
    CpuTopologyLevel value[VMSPEC_NUM_CACHES] = {
        CPU_TOPOLOGY_LEVEL_CORE, CPU_TOPOLOGY_LEVEL_CORE,
        l3 == CPU_TOPOLOGY_LEVEL_CORE ? l3 : CPU_TOPOLOGY_LEVEL_CLUSTER,
        CPU_TOPOLOGY_LEVEL_SOCKET,
    };

    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        if (machine_get_cache_topo_level(ms, kinds[i].qemu) ==
            CPU_TOPOLOGY_LEVEL_DEFAULT) {
            machine_set_cache_topo_level(ms, kinds[i].qemu, value[i]);
        }
    }
}

static VmspecCacheScope to_scope(CpuTopologyLevel level)
{
    switch (level) {
    case CPU_TOPOLOGY_LEVEL_CORE:
        return VMSPEC_CACHE_OF_CORE;
    case CPU_TOPOLOGY_LEVEL_CLUSTER:
        return VMSPEC_CACHE_OF_CLUSTER;
    case CPU_TOPOLOGY_LEVEL_SOCKET:
        return VMSPEC_CACHE_OF_SOCKET;
    default:
        return VMSPEC_CACHE_NOT_DESCRIBED;
    }
}

/* Level 1 of an FDT has no node that two cores could share. */
static bool check_order(MachineState *ms, Error **errp)
{
    ERRP_GUARD();

    if (!machine_check_smp_cache(ms, errp)) {
        error_append_hint(errp, "Order the topologies of -machine smp-cache: "
                          "core, cluster, socket.\n");
        return false;
    }
    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        if (!kinds[i].level &&
            machine_get_cache_topo_level(ms, kinds[i].qemu) !=
            CPU_TOPOLOGY_LEVEL_CORE) {
            error_setg(errp, "smp-cache: an FDT can describe a level-1 cache "
                       "of a core only");
            error_append_hint(errp, "Use topology=core for l1d and l1i.\n");
            return false;
        }
    }
    return true;
}

/*
 * The CPU's own caches are always described: without, Linux takes level 1 for
 * one of a CPU by FDT and for one of the whole machine by ACPI.
 */
bool vmspec_place_caches(MachineState *ms, VmspecCache cache[], Error **errp)
{
    bool asked = MACHINE_GET_CLASS(ms)->smp_props.has_caches;
    bool l3 = machine_get_cache_topo_level(ms, CACHE_LEVEL_AND_TYPE_L3) !=
              CPU_TOPOLOGY_LEVEL_DEFAULT;

    if (!asked && !cache[VMSPEC_CACHE_L1D].ways) {
        return true;
    }
    set_defaults(ms);
    if (!check_order(ms, errp)) {
        return false;
    }
    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        if (cache[i].ways || (asked && (i != VMSPEC_CACHE_L3 || l3))) {
            cache[i].scope = to_scope(
                machine_get_cache_topo_level(ms, kinds[i].qemu));
        }
    }
    return true;
}
