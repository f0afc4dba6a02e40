/*
 * vmspec: IORT, the way of requester IDs to SMMU and ITS
 *
 * Arm DEN0049E.b, the newest that the iasl of Debian 12 reads.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/arm/smmuv3.h"
#include "table.h"

#define IORT_NODES_OFFSET 48
#define IORT_MAPPING_LENGTH 20
#define IORT_LAST_RID 0xffff
#define IORT_COHERENT 1

#define IORT_ITS_GROUP 0
#define IORT_ITS_GROUP_LENGTH 24
#define IORT_ITS_GROUP_REVISION 1

#define IORT_ROOT_COMPLEX 2
#define IORT_ROOT_COMPLEX_LENGTH 36
#define IORT_ROOT_COMPLEX_REVISION 3
/* Memory access flags: coherent path, device-directed attributes */
#define IORT_CPM_DACS 3
#define IORT_ADDRESS_LIMIT 64

#define IORT_SMMUV3 4
#define IORT_SMMUV3_LENGTH 68
#define IORT_SMMUV3_REVISION 4

/* Identifiers of the nodes, unique in the table */
#define ITS_GROUP_ID 0
#define SMMU_ID 1
#define ROOT_COMPLEX_ID 2

/* What all nodes begin with; @mappings is the number of ID mappings behind. */
static void iort_node(VmspecAcpi *a, unsigned type, unsigned length,
                      unsigned revision, unsigned id, unsigned mappings)
{
    vmspec_acpi_int(a, type, 1);
    vmspec_acpi_int(a, length + mappings * IORT_MAPPING_LENGTH, 2);
    vmspec_acpi_int(a, revision, 1);
    vmspec_acpi_int(a, id, 4);
    vmspec_acpi_int(a, mappings, 4);
    vmspec_acpi_int(a, mappings ? length : 0, 4);   /* their offset */
}

/*
 * Map every requester ID, unchanged, to the node at offset @to. Does nothing
 * if @to is 0, which says that there is no such node.
 */
static void iort_mapping(VmspecAcpi *a, uint32_t to)
{
    if (!to) {
        return;
    }
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, IORT_LAST_RID, 4);
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, to, 4);
    vmspec_acpi_int(a, 0, 4);
}

static void iort_its(VmspecAcpi *a)
{
    iort_node(a, IORT_ITS_GROUP, IORT_ITS_GROUP_LENGTH,
              IORT_ITS_GROUP_REVISION, ITS_GROUP_ID, 0);
    vmspec_acpi_int(a, 1, 4);                   /* ITSs */
    vmspec_acpi_int(a, 0, 4);                   /* the MADT's ITS 0 */
}

/* @its is the offset of the ITS group, 0 without an ITS. */
static void iort_smmu(VmspecAcpi *a, uint32_t its)
{
    /* In the table's order, which is not that of the lines */
    static const unsigned lines[] = {
        SMMU_IRQ_EVTQ, SMMU_IRQ_PRIQ, SMMU_IRQ_GERROR, SMMU_IRQ_CMD_SYNC,
    };

    iort_node(a, IORT_SMMUV3, IORT_SMMUV3_LENGTH, IORT_SMMUV3_REVISION,
              SMMU_ID, its ? 1 : 0);
    vmspec_acpi_int(a, a->plan->region[VMSPEC_SMMU].base, 8);
    vmspec_acpi_int(a, IORT_COHERENT, 4);
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, 0, 8);                   /* VATOS */
    vmspec_acpi_int(a, 0, 4);                   /* generic SMMUv3 */
    for (int i = 0; i < ARRAY_SIZE(lines); i++) {
        vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_SMMU, lines[i]), 4);
    }
    vmspec_acpi_int(a, 0, 4);                   /* proximity domain */
    vmspec_acpi_int(a, 0, 4);                   /* its own MSIs: wired */
    iort_mapping(a, its);
}

/*
 * @to is the offset of what takes the requester IDs; 0: GICv2m takes MSIs.
 *
 * The root complex has no ATS, and that is true: QEMU's SMMUv3 leaves IDR0.ATS
 * 0 (smmuv3_init_regs(), 10.0 and 10.2). A guest needs the bit of the SMMU and
 * this flag to enable ATS in a device, also where -device ...,ats=on gives the
 * device the capability.
 */
static void iort_root_complex(VmspecAcpi *a, uint32_t to)
{
    iort_node(a, IORT_ROOT_COMPLEX, IORT_ROOT_COMPLEX_LENGTH,
              IORT_ROOT_COMPLEX_REVISION, ROOT_COMPLEX_ID, to ? 1 : 0);
    vmspec_acpi_int(a, IORT_COHERENT, 4);
    vmspec_acpi_int(a, 0, 1);                   /* allocation hints */
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, IORT_CPM_DACS, 1);
    vmspec_acpi_int(a, 0, 4);                   /* no ATS */
    vmspec_acpi_int(a, 0, 4);                   /* segment */
    vmspec_acpi_int(a, IORT_ADDRESS_LIMIT, 1);
    vmspec_acpi_int(a, 0, 3);
    iort_mapping(a, to);
}

void vmspec_acpi_iort(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_IORT);
    bool has_its = vmspec_has(a->plan, VMSPEC_GIC_ITS);
    bool has_smmu = vmspec_has(a->plan, VMSPEC_SMMU);
    unsigned start = a->data->len;
    unsigned nodes = 1;
    uint32_t to = 0;

    if (has_its) {
        nodes++;
    }
    if (has_smmu) {
        nodes++;
    }
    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, nodes, 4);
    vmspec_acpi_int(a, IORT_NODES_OFFSET, 4);
    vmspec_acpi_int(a, 0, 4);
    if (has_its) {
        to = a->data->len - start;
        iort_its(a);
    }
    if (has_smmu) {
        uint32_t its = to;

        to = a->data->len - start;
        iort_smmu(a, its);
    }
    iort_root_complex(a, to);
    acpi_table_end(a->linker, &table);
}
