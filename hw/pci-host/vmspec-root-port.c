/*
 * vmspec: the PCIe root port with a hot-plug slot
 *
 * See include/hw/pci-host/vmspec-root-port.h. QEMU's pcie-root-port, the base
 * class, does a port's work. This file places the capabilities, and corrects
 * the bits in which the base class differs from the specification (PCI Express
 * Base 5.0, 7.5.1.3).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/hotplug.h"
#include "hw/pci-host/vmspec-pcie.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/pci/msi.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pcie_port.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "migration/vmstate.h"
#include "qom/object.h"

/*
 * Offsets of the capabilities. Drivers find a capability by the list, but the
 * offsets are fixed for a version of the platform (platform.md, section 9).
 */
#define SSVID_OFFSET 0x40
#define PM_OFFSET 0x50
#define MSI_OFFSET 0x60
#define EXP_OFFSET 0x90
#define RESERVE_OFFSET 0xd0
#define AER_OFFSET 0x100
#define ACS_OFFSET 0x148

#define NOT_GIVEN ((uint64_t)-1)
#define PREF64_RESERVE (1 * GiB)
#define MSI_VECTORS 1
/* PCI Bus Power Management 1.2 */
#define PM_VERSION 3

typedef struct VmspecRootPort {
    PCIESlot parent_obj;

    PCIResReserve reserve;
} VmspecRootPort;

typedef struct VmspecRootPortClass {
    PCIERootPortClass parent_class;

    void (*parent_realize)(PCIDevice *dev, Error **errp);
    void (*parent_pre_plug)(HotplugHandler *handler, DeviceState *dev,
                            Error **errp);
    PCIConfigWriteFunc *parent_write;
} VmspecRootPortClass;

OBJECT_DECLARE_TYPE(VmspecRootPort, VmspecRootPortClass, VMSPEC_ROOT_PORT)

static uint8_t aer_vector(const PCIDevice *d)
{
    return 0;
}

/*
 * The port has MSI and not MSI-X: MSI needs no BAR, so that the port takes no
 * space of the 32-bit window. Without an MSI controller the port uses INTx.
 */
static int interrupts_init(PCIDevice *d, Error **errp)
{
    Error *err = NULL;
    int rc = msi_init(d, MSI_OFFSET, MSI_VECTORS, true, true, &err);

    if (rc == -ENOTSUP) {
        error_free(err);
        return 0;
    }
    error_propagate(errp, err);
    return rc;
}

static void interrupts_uninit(PCIDevice *d)
{
    msi_uninit(d);
}

/* PCI Express Base 5.0, 7.5.1.3: what is read-only zero in a root port */
static void init_read_only(PCIDevice *d)
{
    d->wmask[PCI_SEC_LATENCY_TIMER] = 0;
}

/*
 * Every function has this capability (7.5.2). A port forwards PMEs in each of
 * its states, D0 and D3. A change back to D0 does not reset the port.
 */
static bool power_management_init(PCIDevice *d, Error **errp)
{
    if (pci_pm_init(d, PM_OFFSET, errp) < 0) {
        return false;
    }
    pci_set_word(d->config + PM_OFFSET + PCI_PM_PMC, PM_VERSION |
                 PCI_PM_CAP_PME_D0 | PCI_PM_CAP_PME_D3hot |
                 PCI_PM_CAP_PME_D3cold);
    pci_set_word(d->config + PM_OFFSET + PCI_PM_CTRL,
                 PCI_PM_CTRL_NO_SOFT_RESET);
    pci_set_word(d->wmask + PM_OFFSET + PCI_PM_CTRL,
                 PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_ENABLE);
    return true;
}

bool vmspec_not_a_root_port(DeviceState *dev, Error **errp)
{
    const char *type = object_get_typename(OBJECT(dev));

    if (object_dynamic_cast(OBJECT(dev), TYPE_PCIE_ROOT_PORT)) {
        error_setg(errp, "%s: a root port is on pcie.0 from the start; start "
                   "the machine with -device %s,bus=pcie.0", type, type);
        return false;
    }
    return true;
}

bool vmspec_port_takes(PCIDevice *port, DeviceState *dev, Error **errp)
{
    PCIBus *bus = pci_bridge_get_sec_bus(PCI_BRIDGE(port));
    const char *type = object_get_typename(OBJECT(dev));
    PCIDevice *d = PCI_DEVICE(dev);

    if (!vmspec_not_a_root_port(dev, errp)) {
        return false;
    }
    if (d->devfn < 0 && bus->devices[0]) {
        error_setg(errp, "%s: port %s is already occupied; use another one, or "
                   "addr=0.N for each function of a device", type,
                   BUS(bus)->name);
        return false;
    }
    if (d->devfn >= PCI_FUNC_MAX && !pci_is_vf(d)) {
        error_setg(errp, "%s: addr=%x.%x: behind a port is device 0 alone; use "
                   "addr=0.N for function N", type, PCI_SLOT(d->devfn),
                   PCI_FUNC(d->devfn));
        return false;
    }
    return true;
}

static void port_pre_plug(HotplugHandler *handler, DeviceState *dev,
                          Error **errp)
{
    if (vmspec_port_takes(PCI_DEVICE(handler), dev, errp)) {
        VMSPEC_ROOT_PORT_GET_CLASS(handler)->parent_pre_plug(handler, dev,
                                                             errp);
    }
}

/* Check the properties of one port, and set the default reservation. */
static bool check_port(PCIDevice *d, Error **errp)
{
    PCIResReserve *reserve = &VMSPEC_ROOT_PORT(d)->reserve;

    if (!pci_bus_is_root(pci_get_bus(d))) {
        error_setg(errp, "%s is on bus %s, which is no root bus; use "
                   "bus=pcie.0", TYPE_VMSPEC_ROOT_PORT,
                   BUS(pci_get_bus(d))->name);
        return false;
    }
    if (reserve->mem_pref_32 != NOT_GIVEN &&
        reserve->mem_pref_64 != NOT_GIVEN) {
        error_setg(errp, "%s: pref32-reserve and pref64-reserve set the same "
                   "window; leave out one of them", TYPE_VMSPEC_ROOT_PORT);
        return false;
    }
    if (reserve->mem_pref_32 == NOT_GIVEN &&
        reserve->mem_pref_64 == NOT_GIVEN) {
        reserve->mem_pref_64 = PREF64_RESERVE;
    }
    return true;
}

/* slot and port default to the device and function number, known here. */
static void port_realize(PCIDevice *d, Error **errp)
{
    VmspecRootPort *s = VMSPEC_ROOT_PORT(d);
    PCIESlot *slot = PCIE_SLOT(d);
    PCIEPort *port = PCIE_PORT(d);
    Error *err = NULL;

    if (!check_port(d, errp)) {
        return;
    }
    if (!slot->slot) {
        slot->slot = d->devfn;
    }
    if (!port->port) {
        port->port = d->devfn;
    }
    vmspec_pci_clear_unused(d);
    VMSPEC_ROOT_PORT_GET_CLASS(d)->parent_realize(d, &err);
    if (err) {
        error_propagate(errp, err);
        return;
    }
    s->reserve.io = 0;
    if (!power_management_init(d, errp) ||
        pci_bridge_qemu_reserve_cap_init(d, RESERVE_OFFSET, s->reserve,
                                         errp) < 0) {
        PCI_DEVICE_GET_CLASS(d)->exit(d);
        return;
    }
    init_read_only(d);
}

/*
 * Without MSI, hot-plug and AER share INTA. The base class ends each write with
 * the state of AER alone on that line (pcie_aer_root_write_config()), and would
 * lose the guest's hot-plug interrupt.
 */
static void port_write(PCIDevice *d, uint32_t address, uint32_t value,
                       int size)
{
    VMSPEC_ROOT_PORT_GET_CLASS(d)->parent_write(d, address, value, size);
    if (!msi_enabled(d) && d->exp.hpev_notified) {
        pci_set_irq(d, 1);
    }
}

/*
 * The base class closes all windows by a base above the limit. The I/O window
 * stays closed until an OS opens it, because no port reserves I/O space. A port
 * without the window would have registers that read 0, and Linux 6.12 takes
 * those for an open window of 4 KiB, the same one of each port.
 */
static void port_reset_hold(Object *obj, ResetType type)
{
    PCIERootPortClass *rpc = PCIE_ROOT_PORT_GET_CLASS(obj);
    PCIDevice *d = PCI_DEVICE(obj);

    rpc->parent_phases.hold(obj, type);
    pci_set_word(d->config + PM_OFFSET + PCI_PM_CTRL,
                 PCI_PM_CTRL_NO_SOFT_RESET);
}

static const VMStateDescription vmstate_port = {
    .name = TYPE_VMSPEC_ROOT_PORT,
    .priority = MIG_PRI_PCI_BUS,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = pcie_cap_slot_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj.parent_obj.parent_obj, PCIESlot),
        VMSTATE_STRUCT(parent_obj.parent_obj.parent_obj.exp.aer_log,
                       PCIESlot, 0, vmstate_pcie_aer_log, PCIEAERLog),
        VMSTATE_END_OF_LIST()
    },
};

static const Property port_properties[] = {
    DEFINE_PROP_UINT32("bus-reserve", VmspecRootPort, reserve.bus, -1),
    DEFINE_PROP_SIZE("mem-reserve", VmspecRootPort, reserve.mem_non_pref,
                     2 * MiB),
    DEFINE_PROP_SIZE("pref32-reserve", VmspecRootPort, reserve.mem_pref_32,
                     NOT_GIVEN),
    DEFINE_PROP_SIZE("pref64-reserve", VmspecRootPort, reserve.mem_pref_64,
                     NOT_GIVEN),
    DEFINE_PROP_PCIE_LINK_SPEED("x-speed", PCIESlot, speed,
                                PCIE_LINK_SPEED_16),
    DEFINE_PROP_PCIE_LINK_WIDTH("x-width", PCIESlot, width,
                                PCIE_LINK_WIDTH_32),
};

static void port_class_init(ObjectClass *oc, VmspecClassData *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    PCIDeviceClass *k = PCI_DEVICE_CLASS(oc);
    HotplugHandlerClass *hc = HOTPLUG_HANDLER_CLASS(oc);
    PCIERootPortClass *rpc = PCIE_ROOT_PORT_CLASS(oc);

    k->vendor_id = PCI_VENDOR_ID_REDHAT;
    k->device_id = PCI_DEVICE_ID_REDHAT_PCIE_RP;
    VMSPEC_ROOT_PORT_CLASS(oc)->parent_realize = k->realize;
    k->realize = port_realize;
    VMSPEC_ROOT_PORT_CLASS(oc)->parent_write = k->config_write;
    k->config_write = port_write;
    VMSPEC_ROOT_PORT_CLASS(oc)->parent_pre_plug = hc->pre_plug;
    hc->pre_plug = port_pre_plug;
    dc->hotpluggable = false;
    dc->desc = "vmspec PCIe root port";
    dc->vmsd = &vmstate_port;
    device_class_set_props(dc, port_properties);
    resettable_class_set_parent_phases(RESETTABLE_CLASS(oc), NULL,
                                       port_reset_hold, NULL,
                                       &rpc->parent_phases);
    rpc->aer_vector = aer_vector;
    rpc->interrupts_init = interrupts_init;
    rpc->interrupts_uninit = interrupts_uninit;
    rpc->ssvid_offset = SSVID_OFFSET;
    rpc->exp_offset = EXP_OFFSET;
    rpc->aer_offset = AER_OFFSET;
    rpc->acs_offset = ACS_OFFSET;
}

static const TypeInfo vmspec_root_port_types[] = {
    {
        .name = TYPE_VMSPEC_ROOT_PORT,
        .parent = TYPE_PCIE_ROOT_PORT,
        .instance_size = sizeof(VmspecRootPort),
        .class_size = sizeof(VmspecRootPortClass),
        .class_init = port_class_init,
    },
};

DEFINE_TYPES(vmspec_root_port_types)
