/*
 * vmspec: SRAT, SLIT and HMAT, the NUMA nodes
 *
 * SRAT (ACPI 6.5, 5.2.16) says to which node CPUs and memory belong. SLIT and
 * HMAT are QEMU's, made of what -numa said.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/hmat.h"
#include "hw/boards.h"
#include "table.h"

#define SRAT_GICC 3
#define SRAT_GICC_LENGTH 18
#define SRAT_ENABLED 1

/*
 * Device memory: each byte is in exactly one entry. Free space belongs to the
 * last node, as on QEMU's other machines. A DIMM of the last node is merged
 * with the free space around it, since guests have room for few entries.
 */
static void srat_device_memory(VmspecAcpi *a)
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

void vmspec_acpi_srat(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_SRAT);
    const VmspecPlan *p = a->plan;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 1, 4);
    vmspec_acpi_int(a, 0, 8);
    for (unsigned i = 0; i < p->num_cpus; i++) {
        vmspec_acpi_int(a, SRAT_GICC, 1);
        vmspec_acpi_int(a, SRAT_GICC_LENGTH, 1);
        vmspec_acpi_int(a, p->cpu[i].node, 4);
        vmspec_acpi_int(a, i, 4);               /* ACPI processor UID */
        vmspec_acpi_int(a, SRAT_ENABLED, 4);
        vmspec_acpi_int(a, 0, 4);               /* clock domain */
    }
    for (unsigned i = 0; i < p->num_mem; i++) {
        build_srat_memory(a->data, p->mem[i].range.base, p->mem[i].range.size,
                          p->mem[i].node, MEM_AFFINITY_ENABLED);
    }
    srat_device_memory(a);
    acpi_table_end(a->linker, &table);
}

void vmspec_acpi_slit(VmspecAcpi *a)
{
    build_slit(a->data, a->linker, a->machine, a->oem_id,
               a->oem_table_id);
}

void vmspec_acpi_hmat(VmspecAcpi *a)
{
    build_hmat(a->data, a->linker, a->machine->numa_state, a->oem_id,
               a->oem_table_id);
}
