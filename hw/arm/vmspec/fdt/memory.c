/*
 * vmspec: memory in the FDT
 *
 * The nodes of RAM and of the DIMMs in the memory slots. They are written
 * again whenever a DIMM is plugged or unplugged.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include <libfdt.h>
#include "fdt.h"
#include "props.h"

#define PMEM_COMPATIBLE "pmem-region"

/*
 * A DIMM is a memory node (Devicetree Specification 0.4, 3.4), an NVDIMM a
 * pmem-region, whose binding has no node number. There is no "hotpluggable"
 * property: an FDT guest has no way to give memory back, and dt-schema does
 * not know the property.
 */
static void dimm_node(const VmspecDimm *dimm, void *fdt)
{
    const char *name = dimm->persistent ? "pmem" : "memory";
    g_autofree char *path = g_strdup_printf("/%s@%" PRIx64, name,
                                            dimm->range.base);

    vmspec_fdt_node(fdt, path);
    vmspec_fdt_reg(fdt, path, &dimm->range, 1);
    if (dimm->persistent) {
        vmspec_fdt_string(fdt, path, "compatible", PMEM_COMPATIBLE);
        return;
    }
    vmspec_fdt_string(fdt, path, "device_type", "memory");
    vmspec_fdt_cell(fdt, path, "numa-node-id", dimm->node);
}

/* The offset of a memory node, or a negative number if there is none */
static int find_memory(const VmspecPlan *plan, const void *fdt)
{
    int offset = fdt_node_offset_by_prop_value(fdt, -1, "device_type",
                                               "memory", sizeof("memory"));

    if (offset < 0 && plan->mem_slots) {
        offset = fdt_node_offset_by_compatible(fdt, -1, PMEM_COMPATIBLE);
    }
    return offset;
}

static void delete_memory(const VmspecPlan *plan, void *fdt)
{
    int offset;

    while ((offset = find_memory(plan, fdt)) >= 0) {
        fdt_del_node(fdt, offset);
    }
}

void vmspec_fdt_memory(const VmspecPlan *plan, const VmspecPlugged *plugged,
                       void *fdt)
{
    delete_memory(plan, fdt);
    for (unsigned i = plugged->num_dimms; i-- > 0;) {
        dimm_node(&plugged->dimm[i], fdt);
    }
    for (unsigned i = plan->num_mem; i-- > 0;) {
        const VmspecMemPlan *mem = &plan->mem[i];
        g_autofree char *path = g_strdup_printf("/memory@%" PRIx64,
                                                mem->range.base);

        vmspec_fdt_node(fdt, path);
        vmspec_fdt_string(fdt, path, "device_type", "memory");
        vmspec_fdt_reg(fdt, path, &mem->range, 1);
        if (mem->node >= 0) {
            vmspec_fdt_cell(fdt, path, "numa-node-id", mem->node);
        }
    }
}
