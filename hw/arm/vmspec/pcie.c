/*
 * vmspec: PCI Express
 *
 * Owns where the host bridge's windows and interrupt lines go (contract
 * section 4): the bridge takes them from the plan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci-host/vmspec-pcie.h"
#include "hw/qdev-properties.h"
#include "net/net.h"
#include "machine.h"

static void set_windows(DeviceState *dev, const VmspecPciePlan *pcie)
{
    qdev_prop_set_uint64(dev, "ecam-size", pcie->ecam.size);
    qdev_prop_set_uint64(dev, "mmio32-base", pcie->mmio32.base);
    qdev_prop_set_uint64(dev, "mmio32-size", pcie->mmio32.size);
    qdev_prop_set_uint64(dev, "mmio64-base", pcie->mmio64.base);
    qdev_prop_set_uint64(dev, "mmio64-size", pcie->mmio64.size);
    qdev_prop_set_uint64(dev, "pio-size", pcie->pio.size);
    qdev_prop_set_int32(dev, "intx-gsi", pcie->intx.spi);
}

static void map_windows(VmspecMachineState *vms, SysBusDevice *sbd)
{
    static const VmspecRowId rows[] = {
        [VMSPEC_PCIE_REGION_ECAM] = VMSPEC_PCIE_ECAM,
        [VMSPEC_PCIE_REGION_MMIO32] = VMSPEC_PCIE_MMIO32,
        [VMSPEC_PCIE_REGION_PIO] = VMSPEC_PCIE_PIO,
        [VMSPEC_PCIE_REGION_MMIO64] = VMSPEC_PCIE_MMIO64,
    };

    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        if (vms->plan.region[rows[i]].size) {
            vmspec_map_sysbus(vms, rows[i], sbd, i, 0);
        }
    }
}

void vmspec_make_pcie(VmspecMachineState *vms)
{
    const VmspecPciePlan *pcie = &vms->plan.pcie;
    DeviceState *dev = qdev_new(TYPE_VMSPEC_PCIE_HOST);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    set_windows(dev, pcie);
    vmspec_adopt(vms, VMSPEC_PCIE_ECAM, dev);
    sysbus_realize(sbd, &error_fatal);
    map_windows(vms, sbd);
    for (unsigned i = 0; i < pcie->intx.count; i++) {
        sysbus_connect_irq(sbd, i, vmspec_spi(vms, pcie->intx.spi + i));
    }
    vms->bus = PCI_HOST_BRIDGE(dev)->bus;
    pci_init_nic_devices(vms->bus, MACHINE_GET_CLASS(vms)->default_nic);
}
