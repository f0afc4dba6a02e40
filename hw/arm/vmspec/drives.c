/*
 * vmspec: the names that the user gave the drives
 *
 * When nothing boots, the firmware says of each drive what it lacks. It knows a
 * drive by its UEFI device path, the user by -drive id= or -blockdev
 * node-name=.
 * This file makes the fw_cfg file that has both. The text of a path is that of
 * UEFI 2.10, section 10.6.1.6:
 *
 *   PciRoot(0x0)/Pci(0x1C,0x2)/Pci(0x0,0x0)          a function behind a port
 *   PciRoot(0x0)/Pci(0x1,0x0)/Scsi(0x0,0x0)          a disk of a controller
 *
 * A controller that has several drives, none of which is SCSI, gets no line,
 * because the text of its path fits each of them.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "hw/scsi/scsi.h"
#include "system/block-backend.h"
#include "hw/arm/vmspec-firmware.h"
#include "drives.h"

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

/* The PCI function that @dev is, or that it is behind; NULL if there is none */
static PCIDevice *pci_function(DeviceState *dev)
{
    while (dev && !object_dynamic_cast(OBJECT(dev), TYPE_PCI_DEVICE)) {
        dev = dev->parent_bus ? dev->parent_bus->parent : NULL;
    }
    return dev ? PCI_DEVICE(dev) : NULL;
}

/* Does SCSI device @dev belong to a controller on PCI, and not to USB? */
static bool is_scsi_target(DeviceState *dev, PCIDevice *pci)
{
    DeviceState *hba;

    if (!object_dynamic_cast(OBJECT(dev), TYPE_SCSI_DEVICE)) {
        return false;
    }
    hba = dev->parent_bus->parent;
    return hba == DEVICE(pci) || !hba->parent_bus ||
           hba->parent_bus->parent == DEVICE(pci);
}

/* The path of the drive that @dev has, for the caller to free, or NULL */
static char *drive_path(DeviceState *dev)
{
    PCIDevice *pci = pci_function(dev);
    GString *path;

    if (!pci) {
        return NULL;
    }
    path = g_string_new("");
    append_pci(path, pci);
    if (is_scsi_target(dev, pci)) {
        SCSIDevice *scsi = SCSI_DEVICE(dev);

        g_string_append_printf(path, "/Scsi(0x%X,0x%X)", scsi->id, scsi->lun);
    }
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
