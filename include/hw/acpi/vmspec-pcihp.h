/*
 * vmspec: ACPI PCI hot-plug
 *
 * For hw/arm/vmspec/ only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_PCIHP_H
#define HW_ACPI_VMSPEC_PCIHP_H

#include "hw/pci/pci_bus.h"
#include "hw/sysbus.h"
#include "qom/object.h"

/* The Generic Event Device with one event more (ged.c). */
#define TYPE_VMSPEC_GED "vmspec-ged"
/* A port has something to say: as QEMU's GED numbers it from 10.1 on. */
#define VMSPEC_GED_PCI_HOTPLUG 0x10

/* The hot-plug registers, and the handler of what ports receive. */
#define TYPE_VMSPEC_PCIHP "vmspec-pcihp"
OBJECT_DECLARE_SIMPLE_TYPE(VmspecPcihpState, VMSPEC_PCIHP)

/* A bank is 32 functions of bus 0, bit n is function 32 * bank + n. */
#define VMSPEC_PCIHP_BANK_BITS 32
#define VMSPEC_PCIHP_BANKS 8

/* Registers, all of 32 bits */
#define VMSPEC_PCIHP_UP      0x00   /* plugged since; write 1 to clear */
#define VMSPEC_PCIHP_DOWN    0x04   /* to be removed; write 1 to clear */
#define VMSPEC_PCIHP_EJECT   0x08   /* write 1: the driver has let go */
#define VMSPEC_PCIHP_CONTROL 0x0c   /* bit 0: the guest plugs by ACPI */
#define VMSPEC_PCIHP_BANK    0x10   /* what the first three act on */
#define VMSPEC_PCIHP_LENGTH  0x14

#define VMSPEC_PCIHP_CONTROL_ACPI 1

/*
 * Become the hot-plug handler of every hot-plug port that is there, and tell
 * @ged of events. Called once, when -device is through.
 */
void vmspec_pcihp_take_ports(VmspecPcihpState *s, PCIBus *root,
                             DeviceState *ged);

/* Is @dev a port on its root bus that devices can be plugged to? */
bool vmspec_pcihp_is_port(const PCIDevice *dev);

#endif
