/*
 * vmspec: what the builders of ACPI tables share
 *
 * A builder gets the plan and appends one table. It owns no address and no
 * interrupt number. Where QEMU has a builder that fits, ours calls it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_TABLE_H
#define HW_ARM_VMSPEC_ACPI_TABLE_H

#include "hw/acpi/aml-build.h"
#include "hw/acpi/bios-linker-loader.h"
#include "hw/arm/vmspec-plan.h"
#include "tables.h"

/*
 * One assembly of the tables. acpi.c reads from the devices what neither plan
 * nor @plugged knows.
 */
typedef struct VmspecAcpi {
    const VmspecPlan *plan;
    const VmspecPlugged *plugged;
    MachineState *machine;      /* for QEMU's builders of NUMA and NVDIMMs */
    uint32_t ged_events;        /* events that the GED serves, one bit each */
    const GArray *ports;        /* hot-plug ports on bus 0: devfn, uint8_t */
    VmspecRange tpm;            /* registers of the TPM; size 0: none */
    bool tpm_crb;               /* its interface is CRB, else TIS */
    const char *oem_id;         /* in every header (platform.md, section 6) */
    const char *oem_table_id;   /* of tables that have none of their own */

    GArray *data;               /* all tables, one after the other */
    GArray *offsets;            /* of those that the XSDT lists, uint32_t */
    GArray *tpm_log;            /* the TPM's event log */
    GArray *errors;             /* the blocks of memory errors */
    BIOSLinker *linker;
    unsigned dsdt;              /* the DSDT's offset in @data, for the FADT */
} VmspecAcpi;

/* Append @value, which takes @bytes (1, 2, 4 or 8), in little-endian order. */
static inline void vmspec_acpi_int(VmspecAcpi *a, uint64_t value, int bytes)
{
    build_append_int_noprefix(a->data, value, bytes);
}

/*
 * The header of table @id, which acpi_table_begin() and acpi_table_end()
 * write.
 */
static inline AcpiTable vmspec_acpi_table(const VmspecAcpi *a,
                                          VmspecTableId id)
{
    const VmspecTable *t = &vmspec_tables[id];

    return (AcpiTable) {
        .sig = t->signature,
        .rev = t->revision,
        .oem_id = a->oem_id,
        .oem_table_id = t->oem_table_id ?: a->oem_table_id,
    };
}

/*
 * The global system interrupt of line @n of @row. On Arm it is the INTID (ACPI
 * 6.5, 5.2.15), and SPIs begin behind the GIC's private interrupts.
 */
static inline uint32_t vmspec_gsi(const VmspecPlan *plan, VmspecRowId row,
                                  unsigned n)
{
    return VMSPEC_SPI_INTID_BASE + vmspec_row(plan, row)->irqs.spi + n;
}

/* The same for private interrupt @id; 0, which means none, if it is absent */
static inline uint32_t vmspec_ppi_gsi(const VmspecPlan *plan, VmspecPpiId id)
{
    return plan->ppi[id] ? plan->platform->ppis[id].intid : 0;
}

/*
 * The builders: each appends one table to @a->data, in the file that has the
 * table's name unless a comment names another. None can fail: vmspec_plan()
 * has refused what a table cannot express. acpi.c calls a builder only if the
 * condition beside it in builders[] holds.
 */
void vmspec_acpi_dsdt(VmspecAcpi *a);           /* sets @a->dsdt */
void vmspec_acpi_fadt(VmspecAcpi *a);           /* points to @a->dsdt */
void vmspec_acpi_madt(VmspecAcpi *a);
void vmspec_acpi_pptt(VmspecAcpi *a);
void vmspec_acpi_gtdt(VmspecAcpi *a);
void vmspec_acpi_mcfg(VmspecAcpi *a);
void vmspec_acpi_iort(VmspecAcpi *a);
void vmspec_acpi_srat(VmspecAcpi *a);
void vmspec_acpi_viot(VmspecAcpi *a);           /* of the plugged IOMMU */

/* console.c: uart0 as console, and as debug port */
void vmspec_acpi_spcr(VmspecAcpi *a);
void vmspec_acpi_dbg2(VmspecAcpi *a);

/* srat.c: distances of NUMA nodes; latency and bandwidth of their memory */
void vmspec_acpi_slit(VmspecAcpi *a);
void vmspec_acpi_hmat(VmspecAcpi *a);

/* pcihp.c: the SSDT with a slot for each of @a->ports */
void vmspec_acpi_pcihp(VmspecAcpi *a);

/* memory.c: the SSDT of the memory slots, which the GED in the DSDT calls */
void vmspec_acpi_memory_hotplug(VmspecAcpi *a);

/*
 * memory.c: the SSDT of NVDIMMs. If there is an NVDIMM, the NFIT follows. The
 * only builder that appends to @a->offsets itself.
 */
void vmspec_acpi_nvdimm(VmspecAcpi *a);

/* hest.c: the sources of memory errors, with their blocks in @a->errors */
void vmspec_acpi_hest(VmspecAcpi *a);

/* tpm.c: the TPM at @a->tpm, which must not be empty */
void vmspec_acpi_tpm2(VmspecAcpi *a);

#endif
