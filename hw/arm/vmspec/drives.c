/*
 * vmspec: the names that the user gave the drives
 *
 * When nothing boots, the firmware says of each drive what it lacks. It knows a
 * drive by its UEFI device path, the user by -drive id= or -blockdev
 * node-name=.
 * This file makes the fw_cfg file that has both. The text of a path is that of
 * UEFI 2.10, section 10.6.1.6, as far as it is needed to tell the drive from
 * others: the firmware looks at how a path begins.
 *
 *   PciRoot(0x0)/Pci(0x1C,0x2)/Pci(0x0,0x0)          a function behind a port
 *   VenHw(837DCA9E-...,0000000A00000000)             virtio-mmio
 *   PciRoot(0x0)/Pci(0x1,0x0)/Scsi(0x0,0x0)          a disk of a controller
 *   PciRoot(0x0)/Pci(0x1,0x0)/Sata(0x2               port 2 of AHCI
 *   PciRoot(0x0)/Pci(0x1,0x0)/NVMe(0x1               namespace 1
 *   PciRoot(0x0)/Pci(0x1,0x0)/USB(0x0,0x0)           at the first USB port
 *   PciRoot(0x0)/Pci(0x1,0x0)/USB(0x0,0x0)/Unit(0x1  the second unit of that
 *
 * A controller of another kind that has several drives gets no line, because
 * the text of its path fits each of them.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "hw/ide/ide-bus.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "hw/scsi/scsi.h"
#include "hw/usb.h"
#include "hw/virtio/virtio-mmio.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "hw/arm/vmspec-firmware.h"
#include "drives.h"

/* EDK2's vendor of a virtio-mmio transport; the base address follows */
#define VIRTIO_MMIO_VENDOR "837DCA9E-E874-4D82-B29A-23FE0E23D1E2"

static bool is_a(DeviceState *dev, const char *type)
{
    return object_dynamic_cast(OBJECT(dev), type);
}

static DeviceState *parent_of(DeviceState *dev)
{
    return dev->parent_bus ? dev->parent_bus->parent : NULL;
}

/* The device of a type that @dev is, or that it is behind; NULL: none */
static DeviceState *find_upwards(DeviceState *dev, const char *type)
{
    while (dev && !is_a(dev, type)) {
        dev = parent_of(dev);
    }
    return dev;
}

/* The path of a function, through the ports before it */
static void append_pci(GString *path, PCIDevice *dev)
{
    PCIDevice *port = pci_get_bus(dev)->parent_dev;

    if (port) {
        append_pci(path, port);
    } else {
        g_string_append(path, "PciRoot(0x0)");
    }
    g_string_append_printf(path, "/Pci(0x%X,0x%X)", PCI_SLOT(dev->devfn),
                           PCI_FUNC(dev->devfn));
}

/* The path of a transport: its address as 8 bytes, the lowest first */
static void append_mmio(GString *path, SysBusDevice *transport)
{
    g_string_append_printf(path, "VenHw(" VIRTIO_MMIO_VENDOR ",%016" PRIX64
                           ")", bswap64(transport->mmio[0].addr));
}

/*
 * The ports from the controller to a USB device. QEMU counts them from 1, UEFI
 * from 0. An xHCI controller numbers its SuperSpeed ports first, and then has
 * the same ports again for slower devices.
 */
static void append_usb(GString *path, USBDevice *dev, DeviceState *hci)
{
    g_auto(GStrv) ports = g_strsplit(dev->port->path, ".", -1);
    unsigned first = 0;

    if (dev->speed != USB_SPEED_SUPER) {
        /* 0 for another controller, which has no such property */
        first = object_property_get_uint(OBJECT(hci), "p3", NULL);
    }
    for (int i = 0; ports[i]; i++) {
        g_string_append_printf(path, "/USB(0x%X,0x0)",
                               atoi(ports[i]) - 1 + (i ? 0 : first));
    }
}

/* A unit of a USB drive; the only one has no node of its own */
static void append_unit(GString *path, SCSIDevice *unit)
{
    if (unit->qdev.parent_bus->num_children > 1) {
        g_string_append_printf(path, "/Unit(0x%X)", unit->lun);
    }
}

/* Does SCSI device @dev belong to a controller that is @hba or a part of it? */
static bool is_scsi_target(DeviceState *dev, DeviceState *hba)
{
    DeviceState *owner = is_a(dev, TYPE_SCSI_DEVICE) ? parent_of(dev) : NULL;

    return owner && (owner == hba || !owner->parent_bus ||
                     parent_of(owner) == hba);
}

/* What tells drive @dev from other drives of controller @hba */
static void append_unit_of(GString *path, DeviceState *dev, DeviceState *hba)
{
    DeviceState *usb = find_upwards(dev, TYPE_USB_DEVICE);

    if (usb) {
        append_usb(path, USB_DEVICE(usb), hba);
        if (is_a(dev, TYPE_SCSI_DEVICE)) {
            append_unit(path, SCSI_DEVICE(dev));
        }
    } else if (is_scsi_target(dev, hba)) {
        SCSIDevice *scsi = SCSI_DEVICE(dev);

        g_string_append_printf(path, "/Scsi(0x%X,0x%X)", scsi->id, scsi->lun);
    } else if (is_a(dev, TYPE_IDE_DEVICE)) {
        g_string_append_printf(path, "/Sata(0x%X",
                               IDE_BUS(dev->parent_bus)->bus_id);
    } else if (is_a(dev, "nvme")) {
        g_string_append(path, "/NVMe(0x1");
    } else if (is_a(dev, "nvme-ns")) {
        g_string_append_printf(path, "/NVMe(0x%X", (unsigned)
                               object_property_get_uint(OBJECT(dev), "nsid",
                                                        NULL));
    }
}

/* An NVMe subsystem, and the first controller that is found to belong to it */
typedef struct NvmeSearch {
    DeviceState *subsystem;
    DeviceState *controller;
} NvmeSearch;

static int find_controller(Object *obj, void *opaque)
{
    NvmeSearch *search = opaque;

    if (!object_dynamic_cast(obj, "nvme") ||
        object_property_get_link(obj, "subsys", NULL) !=
        OBJECT(search->subsystem)) {
        return 0;
    }
    search->controller = DEVICE(obj);
    return 1;
}

/*
 * The PCI function or virtio-mmio transport that drive @dev is, or is behind;
 * NULL if there is none
 */
static DeviceState *drive_controller(DeviceState *dev)
{
    DeviceState *top = find_upwards(dev, TYPE_PCI_DEVICE) ?:
                       find_upwards(dev, TYPE_VIRTIO_MMIO);
    NvmeSearch search = { parent_of(dev), NULL };

    if (!top && search.subsystem && is_a(search.subsystem, "nvme-subsys")) {
        object_child_foreach_recursive(object_get_root(), find_controller,
                                       &search);
        return search.controller;
    }
    return top;
}

/* The path of the drive that @dev has, for the caller to free, or NULL */
static char *drive_path(DeviceState *dev)
{
    DeviceState *top = drive_controller(dev);
    GString *path;

    if (!top) {
        return NULL;
    }
    path = g_string_new("");
    if (is_a(top, TYPE_PCI_DEVICE)) {
        append_pci(path, PCI_DEVICE(top));
    } else {
        append_mmio(path, SYS_BUS_DEVICE(top));
    }
    append_unit_of(path, dev, top);
    return g_string_free(path, FALSE);
}

/* What the user calls the drive; NULL if QEMU made up each name it has */
static const char *drive_name(BlockBackend *blk, DeviceState *dev)
{
    const char *node = blk_bs(blk) ? bdrv_get_node_name(blk_bs(blk)) : "";

    if (*blk_name(blk)) {
        return blk_name(blk);
    }
    /* the names of nodes that nobody named begin so */
    if (*node && *node != '#') {
        return node;
    }
    /* usb-storage has a SCSI disk that the user cannot give an id */
    if (!dev->id && parent_of(dev) && is_a(parent_of(dev), "usb-storage")) {
        return parent_of(dev)->id;
    }
    return dev->id;
}

void vmspec_name_drives(VmspecMachineState *vms)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                        g_free, NULL);
    GString *file = g_string_new("");
    GHashTableIter iter;
    gpointer path, name;
    BlockBackend *blk = NULL;

    while ((blk = blk_all_next(blk))) {
        DeviceState *dev = blk_get_attached_dev(blk);
        char *key = dev ? drive_path(dev) : NULL;

        if (key && g_hash_table_contains(names, key)) {
            g_hash_table_replace(names, key, NULL);
        } else if (key) {
            g_hash_table_insert(names, key, (char *)drive_name(blk, dev));
        }
    }
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &path, &name)) {
        if (name) {
            g_string_append_printf(file, "%s %s\n", (char *)path,
                                   (char *)name);
        }
    }
    if (file->len) {
        fw_cfg_add_file(vms->fw_cfg, VMSPEC_FW_CFG_DRIVES, file->str,
                        file->len);
        g_string_free(file, FALSE); /* fw_cfg keeps the bytes */
    } else {
        g_string_free(file, TRUE);
    }
}

static bool refuse_card(Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "-drive if=sd: the machine has no slot for an SD card");
    error_append_hint(errp, "Use if=virtio. libvirt and virt-install: name the "
                      "machine virt-vmspec-1.0, not vmspec.\n");
    return false;
}

static bool refuse_drive(const char *interface, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "-drive if=%s: the machine makes disks on virtio alone",
               interface);
    error_append_hint(errp, "Use if=virtio, or if=none,id=ID and -device: "
                      "nvme, or scsi-hd or ide-hd with a controller.\n");
    return false;
}

bool vmspec_check_drives(Error **errp)
{
    static const char *const refused[IF_COUNT] = {
        [IF_IDE] = "ide", [IF_SCSI] = "scsi", [IF_FLOPPY] = "floppy",
        [IF_MTD] = "mtd", [IF_XEN] = "xen",
    };

    for (BlockBackend *blk = blk_next(NULL); blk; blk = blk_next(blk)) {
        const DriveInfo *drive = blk_legacy_dinfo(blk);

        if (!drive || drive->is_default) {
            continue;
        }
        if (drive->type == IF_SD) {
            return refuse_card(errp);
        }
        if (refused[drive->type]) {
            return refuse_drive(refused[drive->type], errp);
        }
    }
    return true;
}
