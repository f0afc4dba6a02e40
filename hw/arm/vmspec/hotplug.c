/*
 * vmspec: devices that -device adds and the board must place
 *
 * Dynamic sysbus devices go to the platform bus; devices/memory.c plugs memory
 * devices; a VM generation ID goes to its row. VmspecPlugged records it, a
 * virtio-iommu and each DIMM, so that both descriptions name them.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qlist.h"
#include "hw/acpi/vmspec-vmgenid.h"
#include "hw/display/ramfb.h"
#include "hw/pci/pci_device.h"
#include "hw/qdev-properties.h"
#include "hw/tpm/vmspec-tpm-crb.h"
#include "hw/uefi/var-service-api.h"
#include "hw/virtio/virtio-iommu.h"
#include "standard-headers/linux/virtio_iommu.h"
#include "system/tpm.h"
#include "boot.h"
#include "devices/memory.h"
#include "devices/place.h"
#include "devices/simple.h"
#include "hotplug.h"
#include "layout.h"

/* GITS_TRANSLATER is in the ITS's second frame (GIC architecture, 12.18). */
#define ITS_TRANSLATION_OFFSET 0x10000

static bool is_virtio_iommu(DeviceState *dev)
{
    return object_dynamic_cast(OBJECT(dev), TYPE_VIRTIO_IOMMU_PCI);
}

static VmspecRange msi_doorbell(const VmspecPlan *plan)
{
    VmspecRange range = plan->region[VMSPEC_GIC_V2M];

    if (plan->region[VMSPEC_GIC_ITS].size) {
        range = plan->region[VMSPEC_GIC_ITS];
        range.base += ITS_TRANSLATION_OFFSET;
        range.size -= ITS_TRANSLATION_OFFSET;
    }
    return range;
}

static bool has_iommu(const VmspecMachineState *vms)
{
    return vmspec_has(vms->plan, VMSPEC_SMMU) ||
           vms->plugged.virtio_iommu_rid >= 0;
}

/* virtio-iommu tells the guest where MSIs are written. */
static void virtio_iommu_pre_plug(VmspecMachineState *vms, DeviceState *dev,
                                  Error **errp)
{
    ERRP_GUARD();
    VmspecRange msi = msi_doorbell(vms->plan);
    g_autofree char *region = NULL;
    QList *regions;

    if (has_iommu(vms)) {
        error_setg(errp, "virtio-iommu-pci: the machine has an IOMMU already");
        error_append_hint(errp, "Use one of them, or -machine iommu=none.\n");
        return;
    }
    if (!msi.size) {
        return;
    }
    region = g_strdup_printf("0x%" PRIx64 ":0x%" PRIx64 ":%u", msi.base,
                             msi.base + msi.size - 1,
                             VIRTIO_IOMMU_RESV_MEM_T_MSI);
    regions = qlist_new();
    qlist_append_str(regions, region);
    qdev_prop_set_array(dev, "reserved-regions", regions);
}

static bool is_vmgenid(DeviceState *dev)
{
    return object_dynamic_cast(OBJECT(dev), TYPE_VMSPEC_VMGENID);
}

static void vmgenid_pre_plug(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();

    if (vms->plugged.vmgenid) {
        error_setg(errp, "vmgenid: the machine has a VM generation ID already");
        error_append_hint(errp, "Leave out the second -device vmgenid.\n");
    }
}

static void vmgenid_plug(VmspecMachineState *vms, DeviceState *dev)
{
    const VmspecRow *row = vmspec_row(vms->plan, VMSPEC_VMGENID);

    vms->plugged.vmgenid = true;
    memory_region_add_subregion(
        get_system_memory(), row->base,
        vmspec_vmgenid_connect(dev, row->size, vmspec_spi(vms, row->irqs.spi),
                               vms->ged));
}

static void vmspec_pre_plug(HotplugHandler *handler, DeviceState *dev,
                            Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(handler);

    vmspec_settle_layout(vms);
    if (vmspec_is_memory(dev)) {
        vmspec_memory_pre_plug(vms, dev, errp);
    } else if (is_virtio_iommu(dev)) {
        virtio_iommu_pre_plug(vms, dev, errp);
    } else if (is_vmgenid(dev)) {
        vmgenid_pre_plug(vms, errp);
    }
}

static void vmspec_plug(HotplugHandler *handler, DeviceState *dev,
                        Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(handler);

    if (vmspec_is_memory(dev)) {
        vmspec_memory_plug(vms, dev, errp);
        vmspec_update_fdt(vms);
    } else if (is_virtio_iommu(dev)) {
        vms->plugged.virtio_iommu_rid = pci_get_bdf(PCI_DEVICE(dev));
    } else if (is_vmgenid(dev)) {
        vmgenid_plug(vms, dev);
    } else if (vms->platform_bus) {
        vmspec_link_platform_device(vms, SYS_BUS_DEVICE(dev));
    }
}

static void vmspec_unplug_request(HotplugHandler *handler, DeviceState *dev,
                                  Error **errp)
{
    if (vmspec_is_memory(dev)) {
        vmspec_memory_unplug_request(VMSPEC_MACHINE(handler), dev, errp);
    } else {
        error_setg(errp, "%s cannot be unplugged",
                   object_get_typename(OBJECT(dev)));
    }
}

static void vmspec_unplug(HotplugHandler *handler, DeviceState *dev,
                          Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(handler);

    vmspec_memory_unplug(vms, dev, errp);
    vmspec_update_fdt(vms);
}

static HotplugHandler *vmspec_get_hotplug_handler(MachineState *ms,
                                                  DeviceState *dev)
{
    if (device_is_dynamic_sysbus(MACHINE_GET_CLASS(ms), dev) ||
        is_virtio_iommu(dev) || is_vmgenid(dev) || vmspec_is_memory(dev)) {
        return HOTPLUG_HANDLER(ms);
    }
    return NULL;
}

void vmspec_init_hotplug(ObjectClass *oc)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->get_hotplug_handler = vmspec_get_hotplug_handler;
    HOTPLUG_HANDLER_CLASS(oc)->pre_plug = vmspec_pre_plug;
    HOTPLUG_HANDLER_CLASS(oc)->plug = vmspec_plug;
    HOTPLUG_HANDLER_CLASS(oc)->unplug_request = vmspec_unplug_request;
    HOTPLUG_HANDLER_CLASS(oc)->unplug = vmspec_unplug;
    machine_class_allow_dynamic_sysbus_dev(mc, TYPE_RAMFB_DEVICE);
    machine_class_allow_dynamic_sysbus_dev(mc, TYPE_UEFI_VARS_SYSBUS);
#ifdef CONFIG_TPM
    machine_class_allow_dynamic_sysbus_dev(mc, TYPE_TPM_TIS_SYSBUS);
    machine_class_allow_dynamic_sysbus_dev(mc, TYPE_VMSPEC_TPM_CRB);
#endif
}
