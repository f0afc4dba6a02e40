/*
 * vmspec: MADT, CPUs and interrupt controllers
 *
 * ACPI 6.5, 5.2.12. The table's signature is "APIC".
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"

/* Types and lengths of its structures */
#define MADT_GICC 0x0b
#define MADT_GICC_LENGTH 82
#define MADT_GICC_ENABLED 1
#define MADT_GICD 0x0c
#define MADT_GICD_LENGTH 24
#define MADT_MSI_FRAME 0x0d
#define MADT_MSI_FRAME_LENGTH 24
#define MADT_MSI_FRAME_SPI_SELECT 1
#define MADT_GICR 0x0e
#define MADT_GICR_LENGTH 16
#define MADT_ITS 0x0f
#define MADT_ITS_LENGTH 20

/* 0 says that the region is absent. */
static uint64_t base_of(VmspecRange range)
{
    return range.size ? range.base : 0;
}

static void madt_gicc(VmspecAcpi *a, unsigned n)
{
    const VmspecPlan *p = a->plan;

    vmspec_acpi_int(a, MADT_GICC, 1);
    vmspec_acpi_int(a, MADT_GICC_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, n, 4);                   /* CPU interface number */
    vmspec_acpi_int(a, n, 4);                   /* ACPI processor UID */
    vmspec_acpi_int(a, MADT_GICC_ENABLED, 4);
    vmspec_acpi_int(a, 0, 4);                   /* parking protocol */
    vmspec_acpi_int(a, vmspec_ppi_gsi(p, VMSPEC_PPI_ID_PMU), 4);
    vmspec_acpi_int(a, 0, 8);                   /* parked address */
    vmspec_acpi_int(a, base_of(p->region[VMSPEC_GIC_CPU]), 8);
    vmspec_acpi_int(a, base_of(p->region[VMSPEC_GIC_VCPU]), 8);
    vmspec_acpi_int(a, base_of(p->region[VMSPEC_GIC_HYP]), 8);
    vmspec_acpi_int(a, vmspec_ppi_gsi(p, VMSPEC_PPI_ID_GIC_MAINTENANCE), 4);
    vmspec_acpi_int(a, 0, 8);                   /* GICR: by GICR structures */
    vmspec_acpi_int(a, p->cpu[n].mpidr, 8);
    vmspec_acpi_int(a, 0, 1);                   /* efficiency class */
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, 0, 2);                   /* SPE overflow interrupt */
    vmspec_acpi_int(a, 0, 2);                   /* TRBE interrupt */
}

static void madt_gicd(VmspecAcpi *a)
{
    vmspec_acpi_int(a, MADT_GICD, 1);
    vmspec_acpi_int(a, MADT_GICD_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* GIC ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_DIST].base, 8);
    vmspec_acpi_int(a, 0, 4);                   /* system vector base */
    vmspec_acpi_int(a, a->plan->gic.version, 1);
    vmspec_acpi_int(a, 0, 3);
}

static void madt_msi_frame(VmspecAcpi *a)
{
    const VmspecIrqs *irqs = &vmspec_row(a->plan, VMSPEC_GIC_V2M)->irqs;

    vmspec_acpi_int(a, MADT_MSI_FRAME, 1);
    vmspec_acpi_int(a, MADT_MSI_FRAME_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* frame ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_V2M].base, 8);
    vmspec_acpi_int(a, MADT_MSI_FRAME_SPI_SELECT, 4);
    vmspec_acpi_int(a, irqs->count, 2);
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_GIC_V2M, 0), 2);
}

static void madt_gicr(VmspecAcpi *a, VmspecRange range)
{
    vmspec_acpi_int(a, MADT_GICR, 1);
    vmspec_acpi_int(a, MADT_GICR_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, range.base, 8);
    vmspec_acpi_int(a, range.size, 4);
}

static void madt_its(VmspecAcpi *a)
{
    vmspec_acpi_int(a, MADT_ITS, 1);
    vmspec_acpi_int(a, MADT_ITS_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* ITS ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_ITS].base, 8);
    vmspec_acpi_int(a, 0, 4);
}

void vmspec_acpi_madt(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_MADT);
    const VmspecPlan *p = a->plan;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 0, 4);                   /* local interrupt controller */
    vmspec_acpi_int(a, 0, 4);                   /* flags */
    madt_gicd(a);
    for (unsigned i = 0; i < p->num_cpus; i++) {
        madt_gicc(a, i);
    }
    if (p->gic.version == 2) {
        madt_msi_frame(a);
    } else {
        madt_gicr(a, p->region[VMSPEC_GIC_REDIST]);
        if (p->gic.num_redists > 1) {
            madt_gicr(a, p->region[VMSPEC_GIC_REDIST_HIGH]);
        }
        if (vmspec_has(p, VMSPEC_GIC_ITS)) {
            madt_its(a);
        }
    }
    acpi_table_end(a->linker, &table);
}
