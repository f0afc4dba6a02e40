/*
 * vmspec: PPTT, sockets, clusters, cores, threads and their caches
 *
 * ACPI 6.5, 5.2.30. A processor node lists the caches that begin with it; each
 * of those leads to the next level as far as the same node has that level. The
 * node above lists a level that more CPUs share (5.2.30.2: the next level that
 * is private to the processor node).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "aml.h"

/* Processor hierarchy node (5.2.30.1) */
#define PPTT_PROCESSOR 0
#define PPTT_PROCESSOR_LENGTH 20
#define PPTT_PHYSICAL_PACKAGE (1 << 0)
#define PPTT_ID_VALID (1 << 1)
#define PPTT_THREAD (1 << 2)
#define PPTT_LEAF (1 << 3)
#define PPTT_IDENTICAL (1 << 4)
/* L1 data and instruction cache, or one unified cache */
#define MAX_CACHE_HEADS 2

/* Cache (5.2.30.2): neither allocation type nor write policy is known. */
#define PPTT_CACHE 1
#define PPTT_CACHE_LENGTH 28
#define PPTT_CACHE_SIZE_VALID (1 << 0)
#define PPTT_CACHE_SETS_VALID (1 << 1)
#define PPTT_CACHE_WAYS_VALID (1 << 2)
#define PPTT_CACHE_TYPE_VALID (1 << 4)
#define PPTT_CACHE_LINE_VALID (1 << 6)
#define PPTT_CACHE_ID_VALID (1 << 7)
#define PPTT_CACHE_TYPE_SHIFT 2
#define PPTT_CACHE_DATA 0
#define PPTT_CACHE_INSTRUCTION 1
#define PPTT_CACHE_UNIFIED 2
#define PPTT_MAX_WAYS UINT8_MAX

/*
 * Append cache @id to the PPTT that begins at @table; @next is the offset of
 * the next level, 0 if there is none. Returns the structure's offset.
 */
static uint32_t cache_structure(VmspecAcpi *a, unsigned table,
                                VmspecCacheId id, uint32_t next)
{
    static const uint8_t type[VMSPEC_NUM_CACHES] = {
        [VMSPEC_CACHE_L1D] = PPTT_CACHE_DATA,
        [VMSPEC_CACHE_L1I] = PPTT_CACHE_INSTRUCTION,
        [VMSPEC_CACHE_L2] = PPTT_CACHE_UNIFIED,
        [VMSPEC_CACHE_L3] = PPTT_CACHE_UNIFIED,
    };
    const VmspecCache *c = &a->plan->cache[id];
    uint32_t offset = a->data->len - table;
    uint32_t flags = PPTT_CACHE_TYPE_VALID | PPTT_CACHE_ID_VALID;
    unsigned ways = c->ways <= PPTT_MAX_WAYS ? c->ways : 0;

    if (c->ways) {
        flags |= PPTT_CACHE_SIZE_VALID | PPTT_CACHE_SETS_VALID |
                 PPTT_CACHE_LINE_VALID;
    }
    if (ways) {
        flags |= PPTT_CACHE_WAYS_VALID;
    }
    vmspec_acpi_int(a, PPTT_CACHE, 1);
    vmspec_acpi_int(a, PPTT_CACHE_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, flags, 4);
    vmspec_acpi_int(a, next, 4);
    vmspec_acpi_int(a, c->sets * c->ways * c->line, 4);
    vmspec_acpi_int(a, c->sets, 4);
    vmspec_acpi_int(a, ways, 1);
    vmspec_acpi_int(a, type[id] << PPTT_CACHE_TYPE_SHIFT, 1);
    vmspec_acpi_int(a, c->line, 2);
    vmspec_acpi_int(a, offset, 4);              /* ID: any that is unique */
    return offset;
}

/*
 * Append the caches of one core, cluster or socket, as @scope says, to the PPTT
 * that begins at @table. @head gets the offsets of those that the processor
 * node must list; returns how many.
 */
static unsigned pptt_caches(VmspecAcpi *a, unsigned table,
                            VmspecCacheScope scope,
                            uint32_t head[MAX_CACHE_HEADS])
{
    const VmspecCache *cache = a->plan->cache;
    uint32_t next = 0;

    if (scope == VMSPEC_CACHE_NOT_DESCRIBED) {
        return 0;
    }
    for (int id = VMSPEC_CACHE_L3; id >= VMSPEC_CACHE_L2; id--) {
        if (cache[id].scope == scope) {
            next = cache_structure(a, table, id, next);
        }
    }
    if (cache[VMSPEC_CACHE_L1D].scope == scope) {
        head[0] = cache_structure(a, table, VMSPEC_CACHE_L1D, next);
        head[1] = cache_structure(a, table, VMSPEC_CACHE_L1I, next);
        return 2;
    }
    head[0] = next;
    return next ? 1 : 0;
}

/*
 * Append a processor node, behind the caches of @scope. @parent is the offset
 * of the node above, 0 for a socket. Returns the node's offset.
 */
static uint32_t pptt_node(VmspecAcpi *a, unsigned table,
                          VmspecCacheScope scope, uint32_t flags,
                          uint32_t parent, uint32_t id)
{
    uint32_t cache[MAX_CACHE_HEADS];
    unsigned caches = pptt_caches(a, table, scope, cache);
    uint32_t offset = a->data->len - table;

    vmspec_acpi_int(a, PPTT_PROCESSOR, 1);
    vmspec_acpi_int(a, PPTT_PROCESSOR_LENGTH + caches * sizeof(*cache), 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, flags, 4);
    vmspec_acpi_int(a, parent, 4);
    vmspec_acpi_int(a, id, 4);
    vmspec_acpi_int(a, caches, 4);              /* private resources */
    for (unsigned i = 0; i < caches; i++) {
        vmspec_acpi_int(a, cache[i], 4);
    }
    return offset;
}

void vmspec_acpi_pptt(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_PPTT);
    const VmspecPlan *p = a->plan;
    unsigned start = a->data->len;
    uint32_t socket = 0, cluster = 0, core = 0;

    acpi_table_begin(&table, a->data);
    for (unsigned i = 0; i < p->num_cpus; i++) {
        const VmspecCpuPlan *cpu = &p->cpu[i];
        bool first_core = cpu->place.thread == 0;
        bool first_cluster = first_core && cpu->place.core == 0;

        if (first_cluster && cpu->place.cluster == 0) {
            socket = pptt_node(a, start, VMSPEC_CACHE_OF_SOCKET,
                               PPTT_PHYSICAL_PACKAGE | PPTT_ID_VALID |
                               PPTT_IDENTICAL, 0,
                               vmspec_acpi_socket_uid(cpu));
        }
        if (first_cluster) {
            cluster = pptt_node(a, start, VMSPEC_CACHE_OF_CLUSTER,
                                PPTT_ID_VALID | PPTT_IDENTICAL, socket,
                                vmspec_acpi_cluster_uid(p, cpu));
        }
        if (p->topology.threads == 1) {
            pptt_node(a, start, VMSPEC_CACHE_OF_CORE,
                      PPTT_ID_VALID | PPTT_LEAF, cluster, i);
            continue;
        }
        if (first_core) {
            core = pptt_node(a, start, VMSPEC_CACHE_OF_CORE, PPTT_IDENTICAL,
                             cluster,
                             VMSPEC_CORE_UID_BASE + i / p->topology.threads);
        }
        pptt_node(a, start, VMSPEC_CACHE_NOT_DESCRIBED,
                  PPTT_ID_VALID | PPTT_THREAD | PPTT_LEAF, core, i);
    }
    acpi_table_end(a->linker, &table);
}
