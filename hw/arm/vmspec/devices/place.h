/*
 * vmspec: put a device on its row
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_PLACE_H
#define HW_ARM_VMSPEC_DEVICES_PLACE_H

#include "hw/arm/vmspec-machine.h"

/*
 * Move @mr from the system memory to @offset bytes in a container that has the
 * contract's name and size for @row: info mtree then reads like the contract,
 * and an access that the device does not decode aborts (B_MEM_02).
 */
void vmspec_move_region(VmspecMachineState *vms, VmspecRowId row,
                        MemoryRegion *mr, hwaddr offset);

/*
 * Map MMIO region @n of @sbd at @offset bytes in @row's region, as
 * vmspec_move_region() does.
 */
void vmspec_map_sysbus(VmspecMachineState *vms, VmspecRowId row,
                       SysBusDevice *sbd, int n, hwaddr offset);

/*
 * Make @dev, which is not realized, the machine's child with @row's name as
 * its id. The machine takes over the caller's reference.
 */
void vmspec_adopt(VmspecMachineState *vms, VmspecRowId row, DeviceState *dev);

/*
 * Let what no device of @row decodes, in the row's whole region, read 0 and
 * ignore writes. The row must be present.
 */
void vmspec_fill_row(VmspecMachineState *vms, VmspecRowId row);

/*
 * Put a region of @size bytes with the name @name at @base in the system
 * memory. It reads 0 and ignores writes.
 */
void vmspec_add_blank(VmspecMachineState *vms, const char *name, hwaddr base,
                      uint64_t size);

/* The GIC's input for @spi, 0-based. The GIC must be made. */
qemu_irq vmspec_spi(VmspecMachineState *vms, unsigned spi);

/* Wire interrupt outputs 0 and on of @sbd to the SPIs of @row, in order. */
void vmspec_connect_irqs(VmspecMachineState *vms, VmspecRowId row,
                         SysBusDevice *sbd);

/*
 * Adopt and realize @dev, map its MMIO region 0 and wire its interrupts as
 * @row says. Ends QEMU with an error message if @dev cannot be realized.
 */
void vmspec_place_device(VmspecMachineState *vms, VmspecRowId row,
                         DeviceState *dev);

#endif
