/*
 * vmspec: one layout of the address spaces for a whole start
 *
 * Whenever a region is mapped, QEMU lays out all address spaces anew. A PCI
 * device maps five regions, so that the cost of a start grew with the square
 * of the devices. The board and the devices of -device therefore share one
 * memory transaction, and QEMU lays out the address spaces once.
 *
 * During the transaction the address spaces are as they were before it. What
 * looks at them while it is realized must not be in it:
 *
 * - vfio-* maps the guest's RAM for the device and reports what fails.
 * - vhost-* (not virtio-net with vhost=on, whose backend is made before the
 *   board) counts the regions of RAM, and refuses more than the backend takes.
 * - The platform bus looks for a free place for a dynamic sysbus device.
 * - Memory devices count the regions that they may use.
 * - virtio-*-device: virtio-mmio gives the device a name with the address that
 *   the transport has in the address space.
 *
 * The last three need only what is mapped by then: the machine's plug handler
 * and watch_device() settle the layout for them. The others, and whatever is
 * not in the list below, end the transaction.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "system/system.h"
#include "layout.h"

/*
 * Drivers of -device, or how their names begin, that do not look at an address
 * space while they are realized. Their sources in QEMU 10.0 and 10.2 were read
 * for address_space_*(), dma_memory_*(), memory_region_find() and listeners; a
 * listener of virtio's looks at queues that the guest has not set up yet.
 */
static const char *const indifferent[] = {
    "virtio-", "virtconsole", "virtserialport",
    "vmspec-root-port", "pcie-root-port", "pcie-pci-bridge", "pci-bridge",
    "x3130-upstream", "xio3130-downstream", "pxb-pcie",
    "nvme", "scsi-", "ich9-ahci", "ide-", "qemu-xhci", "usb-", "e1000", "igb",
    "intel-hda", "ich9-intel-hda", "hda-", "bochs-display", "ramfb",
    "tpm-tis-device", "tpm-crb", "pvpanic-pci", "i6300esb",
};

static bool is_indifferent(const char *driver)
{
    for (int i = 0; i < ARRAY_SIZE(indifferent); i++) {
        if (g_str_has_prefix(driver, indifferent[i])) {
            return true;
        }
    }
    return false;
}

/* A device of virtio-mmio, such as virtio-rng-device */
static bool is_on_virtio_mmio(const char *driver)
{
    return g_str_has_prefix(driver, "virtio-") &&
           g_str_has_suffix(driver, "-device");
}

static void begin(VmspecMachineState *vms)
{
    memory_region_transaction_begin();
    vms->layout.held = true;
}

static void end(VmspecMachineState *vms)
{
    if (vms->layout.held) {
        vms->layout.held = false;
        memory_region_transaction_commit();
    }
}

void vmspec_settle_layout(VmspecMachineState *vms)
{
    if (vms->layout.held) {
        end(vms);
        begin(vms);
    }
}

/* QEMU asks before it makes a device of -device; it hides none. */
static bool watch_device(DeviceListener *listener, const QDict *options,
                         bool from_json, Error **errp)
{
    VmspecMachineState *vms = container_of(listener, VmspecMachineState,
                                           layout.listener);
    const char *driver = qdict_get_try_str(options, "driver");

    if (!driver || !is_indifferent(driver)) {
        end(vms);
    } else if (is_on_virtio_mmio(driver)) {
        vmspec_settle_layout(vms);
    }
    return false;
}

/* The notifier that was registered first is the last that QEMU calls. */
static void last_machine_done(Notifier *n, void *opaque)
{
    VmspecMachineState *vms = container_of(n, VmspecMachineState,
                                           layout.last_done);

    end(vms);
    device_listener_unregister(&vms->layout.listener);
}

void vmspec_hold_layout(VmspecMachineState *vms)
{
    vms->layout.last_done.notify = last_machine_done;
    qemu_add_machine_init_done_notifier(&vms->layout.last_done);
    vms->layout.listener.hide_device = watch_device;
    device_listener_register(&vms->layout.listener);
    begin(vms);
}
