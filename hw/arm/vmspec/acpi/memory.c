/*
 * vmspec: ACPI for memory devices
 *
 * The SSDT with a device for each memory slot, and the SRAT's entries for
 * device memory. NFIT and the NVDIMMs' SSDT are QEMU's nvdimm.c's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/memory_hotplug.h"
#include "table.h"

void vmspec_acpi_memory_hotplug(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "SSDT", .rev = 2, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = "VMSPECMH" };
    Aml *ssdt = init_aml_allocator();

    /* No event method: the GED's _EVT in the DSDT calls the slots' scan. */
    build_memory_hotplug_aml(ssdt, a->plan->mem_slots, "\\_SB", NULL,
                             AML_SYSTEM_MEMORY,
                             a->plan->region[VMSPEC_ACPI_MEMHP].base);
    acpi_table_begin(&table, a->data);
    g_array_append_vals(a->data, ssdt->buf->data, ssdt->buf->len);
    acpi_table_end(a->linker, &table);
    free_aml_allocator();
}

/*
 * Every byte of device memory has one entry, so that none contradicts
 * another. What is free belongs to the last node, as other machines have it;
 * neighbours that are alike are one entry, as guests have room for few.
 */
void vmspec_srat_device_memory(VmspecAcpi *a)
{
    static const MemoryAffinityFlags slot =
        MEM_AFFINITY_ENABLED | MEM_AFFINITY_HOTPLUGGABLE;
    const VmspecPlan *p = a->plan;
    VmspecRange left = p->region[VMSPEC_DEVICE_MEMORY];
    unsigned free_node = p->num_nodes - 1;

    for (unsigned i = 0; i < a->plugged->num_dimms; i++) {
        const VmspecDimm *dimm = &a->plugged->dimm[i];
        uint64_t before = dimm->range.base - left.base;

        if (!dimm->persistent && dimm->node == free_node) {
            continue;
        }
        if (before) {
            build_srat_memory(a->data, left.base, before, free_node, slot);
        }
        build_srat_memory(a->data, dimm->range.base, dimm->range.size,
                          dimm->node, dimm->persistent ?
                          MEM_AFFINITY_ENABLED | MEM_AFFINITY_NON_VOLATILE :
                          slot);
        left.base += before + dimm->range.size;
        left.size -= before + dimm->range.size;
    }
    if (left.size) {
        build_srat_memory(a->data, left.base, left.size, free_node, slot);
    }
}
