/*
 * vmspec: PCI Express
 *
 * Owns where the host bridge's windows and interrupt lines go (contract
 * section 4). The bridge is QEMU's generic one until vmspec has its own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci-host/gpex.h"
#include "hw/qdev-properties.h"
#include "net/net.h"
#include "machine.h"

/* The part of @space that is @row's window, at the same PCI address. */
static void map_window(VmspecMachineState *vms, VmspecRowId row,
                       DeviceState *dev, MemoryRegion *space, hwaddr offset)
{
    VmspecRange range = vms->plan.region[row];
    MemoryRegion *window;

    if (!range.size) {
        return;
    }
    window = g_new0(MemoryRegion, 1);
    memory_region_init_alias(window, OBJECT(dev),
                             vms->plan.platform->rows[row].name, space,
                             offset, range.size);
    memory_region_add_subregion(get_system_memory(), range.base, window);
}

void vmspec_make_pcie(VmspecMachineState *vms)
{
    const VmspecPciePlan *pcie = &vms->plan.pcie;
    DeviceState *dev = qdev_new(TYPE_GPEX_HOST);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);
    MemoryRegion *memory;

    /* What no BAR claims aborts (B_MEM_02), not all ones. */
    qdev_prop_set_bit(dev, "allow-unmapped-accesses", false);
    vmspec_adopt(vms, VMSPEC_PCIE_ECAM, dev);
    sysbus_realize(sbd, &error_fatal);

    memory = sysbus_mmio_get_region(sbd, 1);
    map_window(vms, VMSPEC_PCIE_ECAM, dev, sysbus_mmio_get_region(sbd, 0), 0);
    map_window(vms, VMSPEC_PCIE_MMIO32, dev, memory, pcie->mmio32.base);
    map_window(vms, VMSPEC_PCIE_MMIO64, dev, memory, pcie->mmio64.base);
    map_window(vms, VMSPEC_PCIE_PIO, dev, sysbus_mmio_get_region(sbd, 2), 0);

    for (unsigned i = 0; i < pcie->intx.count; i++) {
        sysbus_connect_irq(sbd, i, vmspec_spi(vms, pcie->intx.spi + i));
        gpex_set_irq_num(GPEX_HOST(dev), i, pcie->intx.spi + i);
    }
    vms->bus = PCI_HOST_BRIDGE(dev)->bus;
    pci_init_nic_devices(vms->bus, MACHINE_GET_CLASS(vms)->default_nic);
}
