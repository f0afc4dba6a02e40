/*
 * vmspec: memory devices
 *
 * Makes the region device-memory (platform.md, section 2), plugs memory devices
 * there, and keeps the list of DIMMs that FDT and ACPI describe. QEMU's
 * memory-device.c decides on addresses and alignment; the GED has the
 * registers by which a guest sees a DIMM come and go.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/mem/memory-device.h"
#include "hw/mem/nvdimm.h"
#include "hw/mem/pc-dimm.h"
#include "hw/virtio/virtio-md-pci.h"
#include "system/kvm.h"
#include "memory.h"
#include "place.h"

/* A byte has the tags of two granules of 16 bytes (target/arm/tcg). */
#define BYTES_PER_TAG_BYTE 32

static bool is_dimm(DeviceState *dev)
{
    return object_dynamic_cast(OBJECT(dev), TYPE_PC_DIMM);
}

static bool is_nvdimm(DeviceState *dev)
{
    return object_dynamic_cast(OBJECT(dev), TYPE_NVDIMM);
}

bool vmspec_is_memory(DeviceState *dev)
{
    return is_dimm(dev) ||
           object_dynamic_cast(OBJECT(dev), TYPE_VIRTIO_MD_PCI);
}

void vmspec_make_device_memory(VmspecMachineState *vms)
{
    VmspecRange range = vms->plan->region[VMSPEC_DEVICE_MEMORY];

    if (range.size) {
        machine_memory_devices_init(MACHINE(vms), range.base, range.size);
    }
}

void vmspec_make_nvdimm(VmspecMachineState *vms)
{
    NVDIMMState *state = MACHINE(vms)->nvdimms_state;
    unsigned offset = vms->plan->platform->nvdimm_dsm_offset;
    struct AcpiGenericAddress dsm = {
        .space_id = AML_AS_SYSTEM_MEMORY,
        .address = vms->plan->region[VMSPEC_ACPI_MEMHP].base +
                   offset,
        .bit_width = NVDIMM_ACPI_IO_LEN << 3,
    };

    if (vms->plan->nvdimm) {
        nvdimm_init_acpi_state(state, get_system_memory(), dsm, vms->fw_cfg,
                               OBJECT(vms));
        vmspec_move_region(vms, VMSPEC_ACPI_MEMHP, &state->io_mr,
                           offset);
    }
}

void vmspec_make_tags(VmspecMachineState *vms)
{
    static const VmspecRowId rows[] = { VMSPEC_RAM_LOW, VMSPEC_RAM_HIGH };

    if (!vms->plan->mte || kvm_enabled()) {
        return;
    }
    vms->tags = g_new0(MemoryRegion, 1);
    memory_region_init(vms->tags, OBJECT(vms), "tags",
                       UINT64_MAX / BYTES_PER_TAG_BYTE);
    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        VmspecRange range = vms->plan->region[rows[i]];
        g_autofree char *name = g_strdup_printf(
            "%s.tags", vmspec_row(vms->plan, rows[i])->name);
        MemoryRegion *part;

        if (!range.size) {
            continue;
        }
        part = g_new0(MemoryRegion, 1);
        /* without an owner, as RAM that a stream carries by its name */
        memory_region_init_ram(part, NULL, name,
                               range.size / BYTES_PER_TAG_BYTE, &error_fatal);
        memory_region_add_subregion(vms->tags,
                                    range.base / BYTES_PER_TAG_BYTE, part);
    }
}

static VmspecDimm get_dimm(DeviceState *dev)
{
    Object *obj = OBJECT(dev);

    return (VmspecDimm) {
        .range = {
            object_property_get_uint(obj, PC_DIMM_ADDR_PROP, &error_abort),
            object_property_get_uint(obj, PC_DIMM_SIZE_PROP, &error_abort),
        },
        .node = object_property_get_uint(obj, PC_DIMM_NODE_PROP,
                                         &error_abort),
        .persistent = is_nvdimm(dev),
    };
}

static void add_dimm(VmspecPlugged *plugged, VmspecDimm dimm)
{
    unsigned i = plugged->num_dimms++;

    for (; i && plugged->dimm[i - 1].range.base > dimm.range.base; i--) {
        plugged->dimm[i] = plugged->dimm[i - 1];
    }
    plugged->dimm[i] = dimm;
}

static void remove_dimm(VmspecPlugged *plugged, VmspecDimm dimm)
{
    unsigned i = 0;

    while (plugged->dimm[i].range.base != dimm.range.base) {
        i++;
    }
    for (plugged->num_dimms--; i < plugged->num_dimms; i++) {
        plugged->dimm[i] = plugged->dimm[i + 1];
    }
}

static bool check_dimm(VmspecMachineState *vms, DeviceState *dev, Error **errp)
{
    ERRP_GUARD();
    const char *type = object_get_typename(OBJECT(dev));

    if (!vms->plan->mem_slots) {
        error_setg(errp, "%s: the machine has no memory slots", type);
        error_append_hint(errp, "Start it with -m SIZE,slots=N,maxmem=SIZE, "
                          "which needs ACPI, or use virtio-mem-pci.\n");
        return false;
    }
    if (is_nvdimm(dev) && !vms->plan->nvdimm) {
        error_setg(errp, "%s: NVDIMMs are not enabled", type);
        error_append_hint(errp, "Use -machine nvdimm=on.\n");
        return false;
    }
    return true;
}

void vmspec_memory_pre_plug(VmspecMachineState *vms, DeviceState *dev,
                            Error **errp)
{
    if (!is_dimm(dev)) {
        virtio_md_pci_pre_plug(VIRTIO_MD_PCI(dev), MACHINE(vms), errp);
    } else if (check_dimm(vms, dev, errp)) {
        pc_dimm_pre_plug(PC_DIMM(dev), MACHINE(vms), errp);
    }
}

void vmspec_memory_plug(VmspecMachineState *vms, DeviceState *dev,
                        Error **errp)
{
    if (!is_dimm(dev)) {
        virtio_md_pci_plug(VIRTIO_MD_PCI(dev), MACHINE(vms), errp);
        return;
    }
    pc_dimm_plug(PC_DIMM(dev), MACHINE(vms));
    if (is_nvdimm(dev)) {
        nvdimm_plug(MACHINE(vms)->nvdimms_state);
    }
    hotplug_handler_plug(HOTPLUG_HANDLER(vms->ged), dev, &error_abort);
    add_dimm(&vms->plugged, get_dimm(dev));
}

void vmspec_memory_unplug_request(VmspecMachineState *vms, DeviceState *dev,
                                  Error **errp)
{
    if (!is_dimm(dev)) {
        virtio_md_pci_unplug_request(VIRTIO_MD_PCI(dev), MACHINE(vms), errp);
    } else if (is_nvdimm(dev)) {
        /* ACPI's NFIT has no way to take one back. */
        error_setg(errp, "nvdimm: hot-unplug is not supported");
    } else {
        hotplug_handler_unplug_request(HOTPLUG_HANDLER(vms->ged), dev, errp);
    }
}

void vmspec_memory_unplug(VmspecMachineState *vms, DeviceState *dev,
                          Error **errp)
{
    ERRP_GUARD();

    if (!is_dimm(dev)) {
        virtio_md_pci_unplug(VIRTIO_MD_PCI(dev), MACHINE(vms), errp);
        return;
    }
    hotplug_handler_unplug(HOTPLUG_HANDLER(vms->ged), dev, errp);
    if (*errp) {
        return;
    }
    remove_dimm(&vms->plugged, get_dimm(dev));
    pc_dimm_unplug(PC_DIMM(dev), MACHINE(vms));
    qdev_unrealize(dev);
}
