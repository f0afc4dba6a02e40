/*
 * vmspec: ACPI for memory slots
 *
 * The SSDT with a device for each memory slot, and the tables of NVDIMMs. Both
 * are made by QEMU; the SRAT describes the memory itself.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/memory_hotplug.h"
#include "hw/boards.h"
#include "hw/mem/nvdimm.h"
#include "aml.h"

void vmspec_acpi_memory_hotplug(VmspecAcpi *a)
{
    Aml *ssdt = init_aml_allocator();

    /* No event method: the GED's _EVT in the DSDT calls the slots' scan. */
    build_memory_hotplug_aml(ssdt, a->plan->mem_slots, "\\_SB", NULL,
                             AML_SYSTEM_MEMORY,
                             a->plan->region[VMSPEC_ACPI_MEMHP].base);
    vmspec_aml_append_table(a, VMSPEC_TABLE_SSDT_MEMHP, ssdt);
    free_aml_allocator();
}

void vmspec_acpi_nvdimm(VmspecAcpi *a)
{
    nvdimm_build_acpi(a->offsets, a->data, a->linker,
                      a->machine->nvdimms_state, a->plan->mem_slots,
                      a->oem_id, a->oem_table_id);
}
