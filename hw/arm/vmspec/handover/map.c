/*
 * vmspec: the EFI memory map
 *
 * Linux takes this map in place of the FDT's memory nodes, so that it has the
 * same memory as these. An NVDIMM is not in it: its driver maps it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "bytes.h"
#include "map.h"

/* EFI_MEMORY_TYPE (UEFI 2.10, 7.2.1) */
#define CONVENTIONAL 7
#define ACPI_RECLAIM 9

/* Every kind of cacheability, as UEFI gives RAM on Arm */
#define ATTRIBUTES 0xf
#define PAGE_SHIFT_EFI 12

/* Offsets in a descriptor */
#define DESC_BASE 8
#define DESC_PAGES 24
#define DESC_ATTRIBUTES 32

typedef struct Map {
    uint8_t *out;
    uint32_t size;
} Map;

static void add(Map *map, unsigned type, uint64_t base, uint64_t end)
{
    uint8_t *desc = map->out + map->size;

    if (base >= end) {
        return;
    }
    handover_put(desc, type, 8);
    handover_put(desc + DESC_BASE, base, 8);
    handover_put(desc + DESC_BASE + 8, 0, 8);
    handover_put(desc + DESC_PAGES, (end - base) >> PAGE_SHIFT_EFI, 8);
    handover_put(desc + DESC_ATTRIBUTES, ATTRIBUTES, 8);
    map->size += VMSPEC_EFI_DESC_SIZE;
}

static uint64_t clamp(uint64_t value, uint64_t low, uint64_t high)
{
    value = value < low ? low : value;
    return value > high ? high : value;
}

/* What is before @reserved, in it, and behind it; each may be empty. */
static void add_ram(Map *map, VmspecRange ram, VmspecRange reserved)
{
    uint64_t end = ram.base + ram.size;
    uint64_t first = clamp(reserved.base, ram.base, end);
    uint64_t last = clamp(reserved.base + reserved.size, ram.base, end);

    add(map, CONVENTIONAL, ram.base, first);
    add(map, ACPI_RECLAIM, first, last);
    add(map, CONVENTIONAL, last, end);
}

size_t vmspec_efi_map_room(const VmspecPlan *plan)
{
    /* A boundary of NUMA nodes can lie in the reserved range. */
    return (plan->num_mem + 3 + plan->mem_slots) * VMSPEC_EFI_DESC_SIZE;
}

uint32_t vmspec_efi_map(const VmspecPlan *plan, const VmspecPlugged *plugged,
                        VmspecRange reserved, uint8_t *out)
{
    Map map = { out, 0 };

    for (unsigned n = 0; n < plan->num_mem; n++) {
        add_ram(&map, plan->mem[n].range, reserved);
    }
    for (unsigned n = 0; n < plugged->num_dimms; n++) {
        const VmspecDimm *dimm = &plugged->dimm[n];

        if (!dimm->persistent) {
            add(&map, CONVENTIONAL, dimm->range.base,
                dimm->range.base + dimm->range.size);
        }
    }
    return map.size;
}
