/*
 * vmspec: VIOT, the way of requester IDs to a virtio-iommu
 *
 * ACPI 6.5, 5.2.34. QEMU's builder lists the buses that have a number when the
 * builder runs. A guest numbers further buses later, and those are behind the
 * IOMMU too, as the FDT says: so here is one range of all requester IDs.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"

#define VIOT_NODES_OFFSET 48
#define VIOT_PCI_RANGE 1
#define VIOT_PCI_RANGE_LENGTH 24
#define VIOT_VIRTIO_PCI 3
#define VIOT_VIRTIO_PCI_LENGTH 16
#define VIOT_LAST_RID 0xffff

void vmspec_acpi_viot(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_VIOT);

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
