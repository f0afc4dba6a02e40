/*
 * vmspec: screen, keyboard and pointer
 *
 * Devices for a person at the machine, as -device makes them: a display and a
 * USB controller on the host bridge, keyboard and pointer behind the latter
 * (platform.md, section 9.5).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci/pci_device.h"
#include "hw/qdev-core.h"
#include "seat.h"

#define SCREEN "virtio-gpu-pci"
#define USB "qemu-xhci"
#define KEYBOARD "usb-kbd"
/* It tells where the pointer is: no window has to grab the pointer. */
#define POINTER "usb-tablet"

const char *vmspec_missing_for_seat(const VmspecSeat *seat)
{
    const struct {
        bool needed;
        const char *type;
    } devices[] = {
        { seat->screen, SCREEN },
        { seat->usb || seat->keyboard || seat->pointer, USB },
        { seat->keyboard, KEYBOARD },
        { seat->pointer, POINTER },
    };

    for (int i = 0; i < ARRAY_SIZE(devices); i++) {
        if (devices[i].needed &&
            !module_object_class_by_name(devices[i].type)) {
            return devices[i].type;
        }
    }
    return NULL;
}

/*
 * The id is set after realize, so that a bus of the device has the name that
 * people know from other machines: usb-bus.0.
 */
static DeviceState *make_device(VmspecMachineState *vms, DeviceState *dev,
                                const char *name, BusState *bus)
{
    object_property_add_child(OBJECT(vms), name, OBJECT(dev));
    qdev_realize_and_unref(dev, bus, &error_fatal);
    dev->id = g_strdup(name);
    return dev;
}

static DeviceState *make_pci(VmspecMachineState *vms, unsigned device,
                             const char *type, const char *name)
{
    return make_device(vms, DEVICE(pci_new(PCI_DEVFN(device, 0), type)), name,
                       BUS(vms->bus));
}

void vmspec_make_seat(VmspecMachineState *vms)
{
    const VmspecPciePlan *pcie = &vms->plan->pcie;
    BusState *usb;

    if (pcie->seat.screen) {
        make_pci(vms, pcie->screen_device, SCREEN, "screen");
    }
    if (!pcie->seat.usb) {
        return;
    }
    usb = QLIST_FIRST(&make_pci(vms, pcie->usb_device, USB,
                                "usb-controller")->child_bus);
    if (pcie->seat.keyboard) {
        make_device(vms, qdev_new(KEYBOARD), "keyboard", usb);
    }
    if (pcie->seat.pointer) {
        make_device(vms, qdev_new(POINTER), "pointer", usb);
    }
}
