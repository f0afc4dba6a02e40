/*
 * vmspec: memory in the FDT
 *
 * The nodes of RAM and of the DIMMs in the memory slots. They are written
 * again whenever a DIMM is plugged or unplugged, by libfdt into a whole blob,
 * which puts a new node in front of the others: last first.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include <libfdt.h>
#include "fdt.h"

#define PMEM_COMPATIBLE "pmem-region"

/* A node with its tags, name, reg, device_type and numa-node-id is smaller. */
#define NODE_ROOM 144

static int check(int result)
{
    if (result < 0) {
        g_error("FDT: memory: %s", fdt_strerror(result));
    }
    return result;
}

/* Add the root's node "@name@base" with its reg; returns the node's offset. */
static int add_node(void *fdt, const char *name, VmspecRange range)
{
    g_autofree char *full = g_strdup_printf("%s@%" PRIx64, name, range.base);
    const fdt64_t reg[] = { cpu_to_fdt64(range.base),
                            cpu_to_fdt64(range.size) };
    int node = check(fdt_add_subnode(fdt, 0, full));

    check(fdt_setprop(fdt, node, "reg", reg, sizeof(reg)));
    return node;
}

/*
 * A DIMM is a memory node (Devicetree Specification 0.4, 3.4), an NVDIMM a
 * pmem-region, whose binding has no node number. There is no "hotpluggable"
 * property: an FDT guest has no way to give memory back, and dt-schema does
 * not know the property.
 */
static void dimm_node(const VmspecDimm *dimm, void *fdt)
{
    const char *name = dimm->persistent ? "pmem" : "memory";
    int node = add_node(fdt, name, dimm->range);

    if (dimm->persistent) {
        check(fdt_setprop_string(fdt, node, "compatible", PMEM_COMPATIBLE));
        return;
    }
    check(fdt_setprop_string(fdt, node, "device_type", "memory"));
    check(fdt_setprop_u32(fdt, node, "numa-node-id", dimm->node));
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
        int node = add_node(fdt, "memory", mem->range);

        check(fdt_setprop_string(fdt, node, "device_type", "memory"));
        if (mem->node >= 0) {
            check(fdt_setprop_u32(fdt, node, "numa-node-id", mem->node));
        }
    }
}

size_t vmspec_fdt_memory_room(const VmspecPlan *plan)
{
    return (plan->num_mem + plan->mem_slots) * NODE_ROOM;
}
