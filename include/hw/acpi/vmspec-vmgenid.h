/*
 * The VM generation ID, for a machine with ACPI and FDT
 *
 * QEMU's device of this name is for PCs: there the firmware allots memory for
 * the ID, and ACPI alone names it. This one has the same name and the same
 * property, so that -device vmgenid,guid=auto, query-vm-generation-id and
 * libvirt's <genid> work, and its ID is in a page of its own at a fixed
 * address, which the FDT can name, too.
 *
 * Property guid: the ID, or auto (the default). A loaded state, by loadvm or by
 * a migration, gets a new ID with auto; else it has the ID that is given.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_VMGENID_H
#define HW_ACPI_VMSPEC_VMGENID_H

#include "hw/acpi/vmgenid.h"

#define TYPE_VMSPEC_VMGENID TYPE_VMGENID

/*
 * The page of @dev, a realized VM generation ID, for the board to map: memory
 * of @size bytes that the guest cannot write, with the ID in its first 16
 * bytes. @irq is pulsed when the ID has changed, and @ged, which may be NULL,
 * is sent ACPI_VMGENID_CHANGE_STATUS.
 */
MemoryRegion *vmspec_vmgenid_connect(DeviceState *dev, uint64_t size,
                                     qemu_irq irq, DeviceState *ged);

#endif
