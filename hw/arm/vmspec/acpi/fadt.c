/*
 * vmspec: FADT, fixed hardware: none, but PSCI
 *
 * Hardware-reduced ACPI 6.5 (5.2.9); QEMU's builder writes it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/acpi-defs.h"
#include "table.h"

#define FADT_MINOR_VERSION 5

void vmspec_acpi_fadt(VmspecAcpi *a)
{
    AcpiFadtData fadt = {
        .rev = vmspec_tables[VMSPEC_TABLE_FADT].revision,
        .minor_ver = FADT_MINOR_VERSION,
        .flags = 1 << ACPI_FADT_F_HW_REDUCED_ACPI,
        .arm_boot_arch = ACPI_FADT_ARM_PSCI_COMPLIANT,
        .xdsdt_tbl_offset = &a->dsdt,
    };

    if (!a->plan->conduit_smc) {
        fadt.arm_boot_arch |= ACPI_FADT_ARM_PSCI_USE_HVC;
    }
    build_fadt(a->data, a->linker, &fadt, a->oem_id, a->oem_table_id);
}
