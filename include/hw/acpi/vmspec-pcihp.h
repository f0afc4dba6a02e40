/*
 * ACPI PCI hot-plug registers for root ports
 *
 * The registers tell a guest's AML which ports have an event, and take the
 * guest's orders to eject. They serve the hot-plug ports of one root bus. Bit n
 * of a register stands for function VMSPEC_PCIHP_PORTS * selector + n of that
 * bus.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_PCIHP_H
#define HW_ACPI_VMSPEC_PCIHP_H

#include "hw/pci/pci_bus.h"
#include "hw/sysbus.h"
#include "qom/object.h"

/* One MMIO region of VMSPEC_PCIHP_LENGTH bytes; a hot-plug handler too */
#define TYPE_VMSPEC_PCIHP "vmspec-pcihp"
OBJECT_DECLARE_SIMPLE_TYPE(VmspecPcihpState, VMSPEC_PCIHP)

/* Functions that one value of the selector stands for, and its values */
#define VMSPEC_PCIHP_PORTS 32
#define VMSPEC_PCIHP_SELECTORS 8

/*
 * Offsets in bytes; accesses are of 32 bits, little-endian. The first three
 * act on the functions that the selector chooses.
 */
#define VMSPEC_PCIHP_UP       0x00  /* plugged; write 1 to clear */
#define VMSPEC_PCIHP_DOWN     0x04  /* removal asked for; write 1 to clear */
#define VMSPEC_PCIHP_EJECT    0x08  /* write 1 when the driver has let go */
#define VMSPEC_PCIHP_CONTROL  0x0c  /* bit 0: the guest plugs by ACPI */
#define VMSPEC_PCIHP_SELECTOR 0x10  /* 0 to VMSPEC_PCIHP_SELECTORS - 1 */
#define VMSPEC_PCIHP_LENGTH   0x14

#define VMSPEC_PCIHP_CONTROL_ACPI 1

/*
 * Make @s the hot-plug handler of every hot-plug port below @root, and tell
 * @ged of events. To be called once, when all devices of the command line are
 * there. A port that is plugged later keeps native hot-plug.
 */
void vmspec_pcihp_take_ports(VmspecPcihpState *s, PCIBus *root,
                             DeviceState *ged);

/* Returns whether @dev is a port to which devices can be hot-plugged. */
bool vmspec_pcihp_is_port(const PCIDevice *dev);

#endif
