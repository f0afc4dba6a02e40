/*
 * vmspec: the PCIe host bridge
 *
 * A host bridge as platform.md, section 4, has it; any board can
 * use it. It has no registers of its own: ECAM and the windows are
 * there at reset (PCI_IN_01, PCI_IN_02). The board sets the properties,
 * realizes the bridge, and maps its sysbus MMIO regions and interrupts,
 * numbered below. A device that is plugged without bus= goes to the first root
 * port with a free slot.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_PCI_HOST_VMSPEC_PCIE_H
#define HW_PCI_HOST_VMSPEC_PCIE_H

#include "hw/pci/pci_device.h"
#include "hw/pci/pcie_host.h"
#include "qom/object.h"

#define TYPE_VMSPEC_PCIE_HOST "vmspec-pcie-host"
/*
 * Properties, all set before realize:
 *   ecam-size    bytes of configuration space, 1 MiB a bus; a power of two
 *                from 1 MiB to 256 MiB (default: 256 MiB)
 *   mmio32-base, mmio32-size
 *                PCI address and bytes of the 32-bit memory window, which ends
 *                at most at 4 GiB and is not empty
 *   mmio64-base, mmio64-size
 *                the same of the 64-bit memory window; size 0 (the default):
 *                none
 *   pio-size     bytes of the I/O window, from PCI address 0; at most 64 KiB
 *                (default: 64 KiB)
 *   intx-gsi     the interrupt controller's input that INTA is wired to, INTB
 *                to INTD are the next ones; tells device assignment the route
 *                of INTx (default: -1, not known)
 *   hotplug-hint what a user can do when no hot-plug port is free; ends the
 *                error message (default: nothing)
 */
OBJECT_DECLARE_SIMPLE_TYPE(VmspecPcieHost, VMSPEC_PCIE_HOST)

/* The function at 00:00.0 */
#define TYPE_VMSPEC_PCIE_ROOT "vmspec-pcie-root"
OBJECT_DECLARE_SIMPLE_TYPE(VmspecPcieRoot, VMSPEC_PCIE_ROOT)

/* The sysbus MMIO regions; one with size 0 is empty and need not be mapped. */
typedef enum VmspecPcieRegion {
    VMSPEC_PCIE_REGION_ECAM,
    VMSPEC_PCIE_REGION_MMIO32,
    VMSPEC_PCIE_REGION_PIO,
    VMSPEC_PCIE_REGION_MMIO64,
} VmspecPcieRegion;

struct VmspecPcieRoot {
    PCIDevice parent_obj;
};

typedef struct VmspecPcieWindow {
    uint64_t base;
    uint64_t size;
    MemoryRegion mr;
} VmspecPcieWindow;

struct VmspecPcieHost {
    PCIExpressHost parent_obj;

    /* Properties */
    uint64_t ecam_size;
    VmspecPcieWindow mmio32, mmio64, pio;
    int32_t intx_gsi;
    char *hotplug_hint;

    /* The PCI address spaces, of which the windows show a part */
    MemoryRegion memory;
    MemoryRegion io;
    qemu_irq intx[PCI_NUM_PINS];
    VmspecPcieRoot root;
};

/*
 * Make the configuration bytes behind the header of @d read-only. Call it at
 * the start of a function's realize, before the function adds capabilities:
 * then the bytes that are in no capability read 0 and ignore writes
 * (PCI_IN_19). QEMU leaves them writable.
 */
static inline void vmspec_pci_clear_unused(PCIDevice *d)
{
    memset(d->wmask + PCI_CONFIG_HEADER_SIZE, 0,
           pci_config_size(d) - PCI_CONFIG_HEADER_SIZE);
}

#endif
