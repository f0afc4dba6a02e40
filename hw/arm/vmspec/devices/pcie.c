/*
 * vmspec: PCI Express
 *
 * Maps the host bridge's windows, wires its interrupt lines, and makes the
 * machine's own hot-plug ports as the plan says (platform.md, section 4).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci-host/vmspec-pcie.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/qdev-properties.h"
#include "net/net.h"
#include "qemu/config-file.h"
#include "qemu/option.h"
#include "hw/arm/vmspec-map.h"
#include "masters.h"
#include "pcie.h"
#include "place.h"

/* Port n is "hotplug<n>", and so is the bus behind it. */
static void make_hotplug_ports(VmspecMachineState *vms)
{
    const VmspecPciePlan *pcie = &vms->plan->pcie;

    for (unsigned i = 0; i < pcie->hotplug_ports; i++) {
        unsigned device = pcie->hotplug_device + i / PCI_FUNC_MAX;
        PCIDevice *port = pci_new_multifunction(
            PCI_DEVFN(device, i % PCI_FUNC_MAX), TYPE_VMSPEC_ROOT_PORT);
        g_autofree char *name = g_strdup_printf("hotplug%u", i);

        object_property_add_child(OBJECT(vms), name, OBJECT(port));
        DEVICE(port)->id = g_steal_pointer(&name);
        pci_realize_and_unref(port, vms->bus, &error_fatal);
    }
}

static void set_hotplug_hint(VmspecMachineState *vms, DeviceState *dev)
{
    unsigned ports = vms->plan->pcie.hotplug_ports;
    g_autofree char *more = ports < VMSPEC_HOTPLUG_PORTS_MAX ?
        g_strdup_printf("more than -machine hotplug-ports=%u", ports) :
        g_strdup("-device " TYPE_VMSPEC_ROOT_PORT);
    g_autofree char *hint = g_strdup_printf(
        "start the machine with %s, or name a bus with bus=", more);

    qdev_prop_set_string(dev, "hotplug-hint", hint);
}

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
        if (vms->plan->region[rows[i]].size) {
            vmspec_map_sysbus(vms, rows[i], sbd, i, 0);
        }
    }
}

static int is_nic(void *opaque, QemuOpts *opts, Error **errp)
{
    const char *type = qemu_opt_get(opts, "type") ?: "nic";

    return !g_str_equal(type, "none");
}

/* -net without a model: QEMU's own default is of this kind. */
static int is_other_model(void *opaque, QemuOpts *opts, Error **errp)
{
    return qemu_opt_get(opts, "model") != NULL;
}

/*
 * pci_init_nic_devices() makes an object of each network device that QEMU has,
 * to learn what it is: a tenth of all instructions of a start. Ask it only if
 * the command line may name a model. -nic has lost its model= here, -net not.
 */
static void make_nics(VmspecMachineState *vms)
{
    const char *model = MACHINE_GET_CLASS(vms)->default_nic;
    DeviceState *nic;

    if (qemu_opts_foreach(qemu_find_opts("nic"), is_nic, NULL, NULL) ||
        qemu_opts_foreach(qemu_find_opts("net"), is_other_model, NULL, NULL)) {
        pci_init_nic_devices(vms->bus, model);
        return;
    }
    while ((nic = qemu_create_nic_device(model, true, NULL))) {
        qdev_realize_and_unref(nic, BUS(vms->bus), &error_fatal);
    }
}

/* libvirt passes -net nic,model=usb-net, and QEMU would start without it. */
bool vmspec_check_nics(Error **errp)
{
    ERRP_GUARD();

    if (!qemu_find_nic_info("usb-net", false, NULL)) {
        return true;
    }
    error_setg(errp, "-nic model=usb-net: the machine makes NICs on PCIe "
               "alone");
    error_append_hint(errp, "Use -device usb-net,netdev=ID. libvirt: "
                      "<model type='virtio'/>.\n");
    return false;
}

void vmspec_make_pcie(VmspecMachineState *vms)
{
    const VmspecPciePlan *pcie = &vms->plan->pcie;
    DeviceState *dev = qdev_new(TYPE_VMSPEC_PCIE_HOST);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    set_windows(dev, pcie);
    set_hotplug_hint(vms, dev);
    vmspec_adopt(vms, VMSPEC_PCIE_ECAM, dev);
    sysbus_realize(sbd, &error_fatal);
    map_windows(vms, sbd);
    vmspec_connect_irqs(vms, VMSPEC_PCIE_ECAM, sbd);
    vms->bus = PCI_HOST_BRIDGE(dev)->bus;
    vmspec_close_bars();
    make_hotplug_ports(vms);
    make_nics(vms);
}
