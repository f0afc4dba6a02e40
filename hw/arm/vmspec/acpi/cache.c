/*
 * vmspec: caches in the PPTT
 *
 * A processor node lists the caches that begin with it; each of those leads to
 * the next level as far as that is the same node's. A level that is shared by
 * more CPUs is listed by the node above (ACPI 6.5, 5.2.30.2: the next level
 * that is private to the processor node).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"

#define PPTT_CACHE 1
#define PPTT_CACHE_LENGTH 28
/* Which fields are valid; allocation type and write policy are not known. */
#define PPTT_CACHE_SIZE_VALID (1 << 0)
#define PPTT_CACHE_SETS_VALID (1 << 1)
#define PPTT_CACHE_WAYS_VALID (1 << 2)
#define PPTT_CACHE_TYPE_VALID (1 << 4)
#define PPTT_CACHE_LINE_VALID (1 << 6)
#define PPTT_CACHE_ID_VALID (1 << 7)
#define PPTT_CACHE_TYPE_SHIFT 2
#define PPTT_MAX_WAYS UINT8_MAX

/* Returns the structure's offset in the table. */
static uint32_t cache_structure(VmspecAcpi *a, unsigned table,
                                VmspecCacheId id, uint32_t next)
{
    static const uint8_t type[VMSPEC_NUM_CACHES] = {
        [VMSPEC_CACHE_L1D] = 0, [VMSPEC_CACHE_L1I] = 1,
        [VMSPEC_CACHE_L2] = 2, [VMSPEC_CACHE_L3] = 2,
    };
    const VmspecCache *c = &a->plan->cache[id];
    uint32_t offset = a->data->len - table;
    uint32_t flags = PPTT_CACHE_TYPE_VALID | PPTT_CACHE_ID_VALID;
    unsigned ways = c->ways <= PPTT_MAX_WAYS ? c->ways : 0;

    if (c->ways) {
        flags |= PPTT_CACHE_SIZE_VALID | PPTT_CACHE_SETS_VALID |
                 PPTT_CACHE_LINE_VALID | (ways ? PPTT_CACHE_WAYS_VALID : 0);
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

unsigned vmspec_acpi_caches(VmspecAcpi *a, unsigned table,
                            VmspecCacheScope scope, uint32_t head[])
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
    return next != 0;
}
