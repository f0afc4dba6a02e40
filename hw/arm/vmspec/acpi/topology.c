/*
 * vmspec: the ACPI tables that relate things to each other
 *
 * PPTT (processor topology), SRAT (NUMA), IORT (requester IDs to SMMU and
 * ITS) and VIOT (requester IDs to a virtio-iommu), from the plan. IORT is that
 * of DEN0049E.b, the newest that the iasl of Debian 12 reads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"

/* PPTT (ACPI 6.5, 5.2.30) */
#define PPTT_PROCESSOR 0
#define PPTT_PROCESSOR_LENGTH 20
#define PPTT_PHYSICAL_PACKAGE (1 << 0)
#define PPTT_ID_VALID (1 << 1)
#define PPTT_THREAD (1 << 2)
#define PPTT_LEAF (1 << 3)
#define PPTT_IDENTICAL (1 << 4)
/* _UIDs of containers: sockets, clusters, then cores with threads */
#define CLUSTER_UID_BASE 0x1000
#define CORE_UID_BASE 0x2000

/* SRAT (ACPI 6.5, 5.2.16) */
#define SRAT_GICC 3
#define SRAT_GICC_LENGTH 18
#define SRAT_ENABLED 1

/* IORT (DEN0049E.b) */
#define IORT_NODES_OFFSET 48
#define IORT_ITS_GROUP 0
#define IORT_ITS_GROUP_LENGTH 24
#define IORT_ROOT_COMPLEX 2
#define IORT_ROOT_COMPLEX_LENGTH 36
#define IORT_SMMUV3 4
#define IORT_SMMUV3_LENGTH 68
#define IORT_SMMUV3_COHERENT 1
#define IORT_MAPPING_LENGTH 20
#define IORT_COHERENT 1
#define IORT_CPM_DACS 3
#define IORT_ADDRESS_LIMIT 64
#define IORT_LAST_RID 0xffff

/* VIOT (ACPI 6.5, 5.2.34) */
#define VIOT_NODES_OFFSET 48
#define VIOT_VIRTIO_PCI 3
#define VIOT_VIRTIO_PCI_LENGTH 16
#define VIOT_PCI_RANGE 1
#define VIOT_PCI_RANGE_LENGTH 24
#define VIOT_LAST_RID 0xffff

uint32_t vmspec_acpi_socket_uid(const VmspecPlan *plan,
                                const VmspecCpuPlan *cpu)
{
    return cpu->place.socket;
}

uint32_t vmspec_acpi_cluster_uid(const VmspecPlan *plan,
                                 const VmspecCpuPlan *cpu)
{
    return CLUSTER_UID_BASE +
           cpu->place.socket * plan->topology.clusters + cpu->place.cluster;
}

/*
 * A processor node, behind the caches that are @scope's. Returns its offset in
 * the table, by which children name it.
 */
static uint32_t pptt_node(VmspecAcpi *a, unsigned table,
                          VmspecCacheScope scope, uint32_t flags,
                          uint32_t parent, uint32_t id)
{
    uint32_t cache[VMSPEC_MAX_CACHE_HEADS];
    unsigned caches = vmspec_acpi_caches(a, table, scope, cache);
    uint32_t offset = a->data->len - table;

    vmspec_acpi_int(a, PPTT_PROCESSOR, 1);
    vmspec_acpi_int(a, PPTT_PROCESSOR_LENGTH + caches * sizeof(*cache), 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, flags, 4);
    vmspec_acpi_int(a, parent, 4);
    vmspec_acpi_int(a, id, 4);
    vmspec_acpi_int(a, caches, 4);              /* private resources */
    for (unsigned i = 0; i < caches; i++) {
        vmspec_acpi_int(a, cache[i], 4);
    }
    return offset;
}

void vmspec_acpi_pptt(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "PPTT", .rev = 3, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    const VmspecPlan *p = a->plan;
    unsigned start = a->data->len;
    uint32_t socket = 0, cluster = 0, core = 0;

    acpi_table_begin(&table, a->data);
    for (unsigned i = 0; i < p->num_cpus; i++) {
        const VmspecCpuPlan *cpu = &p->cpu[i];
        bool first_core = cpu->place.thread == 0;
        bool first_cluster = first_core && cpu->place.core == 0;

        if (first_cluster && cpu->place.cluster == 0) {
            socket = pptt_node(a, start, VMSPEC_CACHE_OF_SOCKET,
                               PPTT_PHYSICAL_PACKAGE | PPTT_ID_VALID |
                               PPTT_IDENTICAL, 0,
                               vmspec_acpi_socket_uid(p, cpu));
        }
        if (first_cluster) {
            cluster = pptt_node(a, start, VMSPEC_CACHE_OF_CLUSTER,
                                PPTT_ID_VALID | PPTT_IDENTICAL, socket,
                                vmspec_acpi_cluster_uid(p, cpu));
        }
        if (p->topology.threads == 1) {
            pptt_node(a, start, VMSPEC_CACHE_OF_CORE,
                      PPTT_ID_VALID | PPTT_LEAF, cluster, i);
            continue;
        }
        if (first_core) {
            core = pptt_node(a, start, VMSPEC_CACHE_OF_CORE, PPTT_IDENTICAL,
                             cluster, CORE_UID_BASE + i / p->topology.threads);
        }
        pptt_node(a, start, VMSPEC_CACHE_NOT_DESCRIBED,
                  PPTT_ID_VALID | PPTT_THREAD | PPTT_LEAF, core, i);
    }
    acpi_table_end(a->linker, &table);
}

void vmspec_acpi_srat(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "SRAT", .rev = 3, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
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
    vmspec_srat_device_memory(a);
    acpi_table_end(a->linker, &table);
}

static uint32_t iort_node(VmspecAcpi *a, unsigned table, unsigned type,
                          unsigned length, unsigned revision, unsigned id,
                          bool mapped)
{
    uint32_t offset = a->data->len - table;

    vmspec_acpi_int(a, type, 1);
    vmspec_acpi_int(a, length + mapped * IORT_MAPPING_LENGTH, 2);
    vmspec_acpi_int(a, revision, 1);
    vmspec_acpi_int(a, id, 4);
    vmspec_acpi_int(a, mapped, 4);              /* ID mappings */
    vmspec_acpi_int(a, mapped ? length : 0, 4); /* their offset */
    return offset;
}

/* Every requester ID, unchanged, to the node at @to. */
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

static uint32_t iort_its(VmspecAcpi *a, unsigned table)
{
    uint32_t offset = iort_node(a, table, IORT_ITS_GROUP,
                                IORT_ITS_GROUP_LENGTH, 1, 0, false);

    vmspec_acpi_int(a, 1, 4);                   /* ITSs */
    vmspec_acpi_int(a, 0, 4);                   /* the MADT's ITS 0 */
    return offset;
}

static uint32_t iort_smmu(VmspecAcpi *a, unsigned table, uint32_t its)
{
    uint32_t offset = iort_node(a, table, IORT_SMMUV3, IORT_SMMUV3_LENGTH, 4,
                                1, its);

    vmspec_acpi_int(a, a->plan->region[VMSPEC_SMMU].base, 8);
    vmspec_acpi_int(a, IORT_SMMUV3_COHERENT, 4);
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, 0, 8);                   /* VATOS */
    vmspec_acpi_int(a, 0, 4);                   /* generic SMMUv3 */
    /* evtq, priq, gerror, cmdq-sync: the row has the last two swapped */
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_SMMU, 0), 4);
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_SMMU, 1), 4);
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_SMMU, 3), 4);
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_SMMU, 2), 4);
    vmspec_acpi_int(a, 0, 4);                   /* proximity domain */
    vmspec_acpi_int(a, 0, 4);                   /* its own MSIs: wired */
    iort_mapping(a, its);
    return offset;
}

static void iort_root_complex(VmspecAcpi *a, unsigned table, uint32_t to)
{
    iort_node(a, table, IORT_ROOT_COMPLEX, IORT_ROOT_COMPLEX_LENGTH, 3, 2, to);
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
    AcpiTable table = { .sig = "IORT", .rev = 3, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    bool has_its = a->plan->region[VMSPEC_GIC_ITS].size;
    bool has_smmu = a->plan->region[VMSPEC_SMMU].size;
    unsigned start = a->data->len;
    uint32_t its = 0, smmu = 0;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 1 + has_its + has_smmu, 4);
    vmspec_acpi_int(a, IORT_NODES_OFFSET, 4);
    vmspec_acpi_int(a, 0, 4);
    if (has_its) {
        its = iort_its(a, start);
    }
    if (has_smmu) {
        smmu = iort_smmu(a, start, its);
    }
    iort_root_complex(a, start, has_smmu ? smmu : its);
    acpi_table_end(a->linker, &table);
}

/*
 * QEMU's builder takes the buses that have a number when it runs; those that
 * the guest numbers later are behind the IOMMU too, as in the FDT.
 */
void vmspec_acpi_viot(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "VIOT", .rev = 0, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 2, 2);                   /* nodes */
    vmspec_acpi_int(a, VIOT_NODES_OFFSET, 2);
    vmspec_acpi_int(a, 0, 8);

    vmspec_acpi_int(a, VIOT_VIRTIO_PCI, 1);
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, VIOT_VIRTIO_PCI_LENGTH, 2);
    vmspec_acpi_int(a, 0, 2);                   /* segment */
    vmspec_acpi_int(a, a->plugged->virtio_iommu_rid, 2);
    vmspec_acpi_int(a, 0, 8);

    vmspec_acpi_int(a, VIOT_PCI_RANGE, 1);
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, VIOT_PCI_RANGE_LENGTH, 2);
    vmspec_acpi_int(a, 0, 4);                   /* first endpoint */
    vmspec_acpi_int(a, 0, 2);                   /* segments */
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 2);                   /* requester IDs */
    vmspec_acpi_int(a, VIOT_LAST_RID, 2);
    vmspec_acpi_int(a, VIOT_NODES_OFFSET, 2);   /* the IOMMU's node */
    vmspec_acpi_int(a, 0, 6);
    acpi_table_end(a->linker, &table);
}
