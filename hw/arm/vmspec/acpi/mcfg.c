/*
 * vmspec: MCFG, where the ECAM is
 *
 * One entry, segment 0 (platform.md, section 4.4), by QEMU's builder.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/pci.h"
#include "table.h"

void vmspec_acpi_mcfg(VmspecAcpi *a)
{
    AcpiMcfgInfo mcfg = {
        .base = a->plan->pcie.ecam.base,
        .size = a->plan->pcie.ecam.size,
    };

    build_mcfg(a->data, a->linker, &mcfg, a->oem_id, a->oem_table_id);
}
