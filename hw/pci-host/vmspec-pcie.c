/*
 * vmspec: the PCIe host bridge
 *
 * See include/hw/pci-host/vmspec-pcie.h. This file makes ECAM, the windows, the
 * INTx lines, the function 00:00.0 and the root bus. It also chooses the port
 * for a device that is plugged without bus=.
 *
 * An access that no function claims aborts, inside the windows and outside
 * (B_MEM_02). Only ECAM answers with all ones.
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
#include "hw/irq.h"
#include "hw/pci-host/vmspec-pcie.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pcie_port.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"

#define PIO_SPACE_SIZE (64 * KiB)

static void set_intx(void *opaque, int line, int level)
{
    VmspecPcieHost *s = opaque;

    qemu_set_irq(s->intx[line], level);
}

static PCIINTxRoute route_intx(void *opaque, int line)
{
    VmspecPcieHost *s = opaque;
    PCIINTxRoute route = { .mode = PCI_INTX_DISABLED, .irq = -1 };

    if (s->intx_gsi >= 0) {
        route.mode = PCI_INTX_ENABLED;
        route.irq = s->intx_gsi + line;
    }
    return route;
}

static bool check_properties(VmspecPcieHost *s, Error **errp)
{
    ERRP_GUARD();

    if (!is_power_of_2(s->ecam_size) || s->ecam_size < PCIE_MMCFG_SIZE_MIN ||
        s->ecam_size > PCIE_MMCFG_SIZE_MAX) {
        error_setg(errp, "ecam-size is not a power of two from 1 MiB to "
                   "256 MiB");
    } else if (!s->mmio32.size || s->mmio32.size > 4 * GiB ||
               s->mmio32.base > 4 * GiB - s->mmio32.size) {
        error_setg(errp, "mmio32-base, mmio32-size: the window is empty or "
                   "goes beyond 4 GiB");
    } else if (s->mmio64.size && s->mmio64.base > -s->mmio64.size) {
        error_setg(errp, "mmio64-base, mmio64-size: the window goes beyond "
                   "the 64-bit address space");
    } else if (s->pio.size > PIO_SPACE_SIZE) {
        error_setg(errp, "pio-size is more than 64 KiB");
    }
    return !*errp;
}

/*
 * Make the sysbus MMIO region of window @w, which shows @space from PCI address
 * @w->base on. An absent window gets an empty region, so that the other windows
 * keep their region numbers.
 */
static void make_window(VmspecPcieHost *s, VmspecPcieWindow *w,
                        const char *name, MemoryRegion *space)
{
    memory_region_init_alias(&w->mr, OBJECT(s), name, space, w->base, w->size);
    sysbus_init_mmio(SYS_BUS_DEVICE(s), &w->mr);
}

static void make_regions(VmspecPcieHost *s)
{
    PCIExpressHost *pex = PCIE_HOST_BRIDGE(s);

    memory_region_init(&s->memory, OBJECT(s), "vmspec-pcie-memory",
                       UINT64_MAX);
    memory_region_init(&s->io, OBJECT(s), "vmspec-pcie-io", PIO_SPACE_SIZE);
    /* In the order of VmspecPcieRegion */
    pcie_host_mmcfg_init(pex, s->ecam_size);
    sysbus_init_mmio(SYS_BUS_DEVICE(s), &pex->mmio);
    make_window(s, &s->mmio32, "vmspec-pcie-mmio32", &s->memory);
    make_window(s, &s->pio, "vmspec-pcie-pio", &s->io);
    make_window(s, &s->mmio64, "vmspec-pcie-mmio64", &s->memory);
}

/* The bus behind the first hot-plug port in which no device is, or NULL */
static PCIBus *find_free_port(PCIBus *root)
{
    for (int i = 0; i < ARRAY_SIZE(root->devices); i++) {
        PCIDevice *d = root->devices[i];
        PCIBus *bus;

        if (!d || !object_dynamic_cast(OBJECT(d), TYPE_PCIE_SLOT)) {
            continue;
        }
        bus = pci_bridge_get_sec_bus(PCI_BRIDGE(d));
        if (!BUS(bus)->num_children && qbus_is_hotpluggable(BUS(bus))) {
            return bus;
        }
    }
    return NULL;
}

/*
 * QEMU picks the root bus if device_add names no bus, but a device that is
 * plugged while the machine runs cannot stay there. So this handler moves the
 * device to a free port.
 *
 * The ports' buses cannot be offered to QEMU's own search instead: it skips a
 * bus that is marked full, so bus=hotplug0,addr=0.1 would fail once port
 * hotplug0 has a function.
 */
static void host_pre_plug(HotplugHandler *handler, DeviceState *dev,
                          Error **errp)
{
    VmspecPcieHost *s = VMSPEC_PCIE_HOST(handler);
    const char *type = object_get_typename(OBJECT(dev));
    PCIBus *bus;

    if (object_dynamic_cast(OBJECT(dev), TYPE_PXB_DEV)) {
        error_setg(errp, "%s: this platform has one PCIe root; put devices "
                   "behind a pcie-root-port instead", type);
        return;
    }
    if (!dev->hotplugged || !vmspec_not_a_root_port(dev, errp)) {
        return;
    }
    if (PCI_DEVICE(dev)->devfn >= 0) {
        error_setg(errp, "%s: addr= needs bus=, the name of a port, as pcie.0 "
                   "takes no device while the machine runs", type);
        return;
    }
    bus = find_free_port(PCI_HOST_BRIDGE(s)->bus);
    if (!bus) {
        error_setg(errp, "%s: no hot-plug port is free%s%s", type,
                   s->hotplug_hint ? "; " : "", s->hotplug_hint ?: "");
        return;
    }
    if (qdev_set_parent_bus(dev, BUS(bus), errp)) {
        hotplug_handler_pre_plug(BUS(bus)->hotplug_handler, dev, errp);
    }
}

/* host_pre_plug() may have moved @dev to a port: tell the port. */
static void host_plug(HotplugHandler *handler, DeviceState *dev, Error **errp)
{
    HotplugHandler *now = qdev_get_bus_hotplug_handler(dev);

    if (now != handler) {
        hotplug_handler_plug(now, dev, errp);
    }
}

static void host_unplug_request(HotplugHandler *handler, DeviceState *dev,
                                Error **errp)
{
    error_setg(errp, "Bus '%s' does not support hotplugging",
               dev->parent_bus->name);
}

/* True only once the machine runs: then host_pre_plug() moves each device. */
static bool host_is_hotpluggable_bus(HotplugHandler *handler, BusState *bus)
{
    return phase_check(PHASE_MACHINE_READY);
}

static void host_realize(DeviceState *dev, Error **errp)
{
    VmspecPcieHost *s = VMSPEC_PCIE_HOST(dev);
    PCIHostState *pci = PCI_HOST_BRIDGE(dev);

    if (!check_properties(s, errp)) {
        return;
    }
    make_regions(s);
    for (int i = 0; i < PCI_NUM_PINS; i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->intx[i]);
    }
    /* Line of device number d, pin p: (d + p) mod 4, as behind a PCI bridge */
    pci->bus = pci_register_root_bus(dev, "pcie.0", set_intx,
                                     pci_swizzle_map_irq_fn, s, &s->memory,
                                     &s->io, 0, PCI_NUM_PINS, TYPE_PCIE_BUS);
    pci_bus_set_route_irq_fn(pci->bus, route_intx);
    qbus_set_hotplug_handler(BUS(pci->bus), OBJECT(s));
    qdev_realize(DEVICE(&s->root), BUS(pci->bus), errp);
}

static const char *root_bus_path(PCIHostState *host, PCIBus *bus)
{
    return "0000:00";
}

static const Property host_properties[] = {
    DEFINE_PROP_SIZE("ecam-size", VmspecPcieHost, ecam_size,
                     PCIE_MMCFG_SIZE_MAX),
    DEFINE_PROP_UINT64("mmio32-base", VmspecPcieHost, mmio32.base, 0),
    DEFINE_PROP_SIZE("mmio32-size", VmspecPcieHost, mmio32.size, 0),
    DEFINE_PROP_UINT64("mmio64-base", VmspecPcieHost, mmio64.base, 0),
    DEFINE_PROP_SIZE("mmio64-size", VmspecPcieHost, mmio64.size, 0),
    DEFINE_PROP_SIZE("pio-size", VmspecPcieHost, pio.size, PIO_SPACE_SIZE),
    DEFINE_PROP_INT32("intx-gsi", VmspecPcieHost, intx_gsi, -1),
    DEFINE_PROP_STRING("hotplug-hint", VmspecPcieHost, hotplug_hint),
};

static void host_class_init(ObjectClass *oc, VmspecClassData *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    HotplugHandlerClass *hc = HOTPLUG_HANDLER_CLASS(oc);

    hc->pre_plug = host_pre_plug;
    hc->plug = host_plug;
    hc->unplug_request = host_unplug_request;
    hc->is_hotpluggable_bus = host_is_hotpluggable_bus;
    PCI_HOST_BRIDGE_CLASS(oc)->root_bus_path = root_bus_path;
    dc->realize = host_realize;
    /* EDK2 finds the boot device by this name in QEMU's "bootorder". */
    dc->fw_name = "pci";
    /* The bridge has no registers. Buses and functions save their own state. */
    dc->vmsd = NULL;
    set_bit(DEVICE_CATEGORY_BRIDGE, dc->categories);
    device_class_set_props(dc, host_properties);
}

static void host_init(Object *obj)
{
    VmspecPcieHost *s = VMSPEC_PCIE_HOST(obj);

    object_initialize_child(obj, "root", &s->root, TYPE_VMSPEC_PCIE_ROOT);
    qdev_prop_set_int32(DEVICE(&s->root), "addr", PCI_DEVFN(0, 0));
}

static const VMStateDescription vmstate_root = {
    .name = TYPE_VMSPEC_PCIE_ROOT,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj, VmspecPcieRoot),
        VMSTATE_END_OF_LIST()
    },
};

static void root_realize(PCIDevice *d, Error **errp)
{
    vmspec_pci_clear_unused(d);
}

static void root_class_init(ObjectClass *oc, VmspecClassData *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    PCIDeviceClass *k = PCI_DEVICE_CLASS(oc);

    k->realize = root_realize;
    k->vendor_id = PCI_VENDOR_ID_REDHAT;
    k->device_id = PCI_DEVICE_ID_REDHAT_PCIE_HOST;
    k->class_id = PCI_CLASS_BRIDGE_HOST;
    dc->desc = "vmspec PCIe host bridge";
    dc->vmsd = &vmstate_root;
    /* The bridge makes it. */
    dc->user_creatable = false;
    dc->hotpluggable = false;
    set_bit(DEVICE_CATEGORY_BRIDGE, dc->categories);
}

static const TypeInfo vmspec_pcie_types[] = {
    {
        .name = TYPE_VMSPEC_PCIE_HOST,
        .parent = TYPE_PCIE_HOST_BRIDGE,
        .instance_size = sizeof(VmspecPcieHost),
        .instance_init = host_init,
        .class_init = host_class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_HOTPLUG_HANDLER },
            { }
        },
    }, {
        .name = TYPE_VMSPEC_PCIE_ROOT,
        .parent = TYPE_PCI_DEVICE,
        .instance_size = sizeof(VmspecPcieRoot),
        .class_init = root_class_init,
        .interfaces = (InterfaceInfo[]) {
            { INTERFACE_CONVENTIONAL_PCI_DEVICE },
            { }
        },
    },
};

DEFINE_TYPES(vmspec_pcie_types)
