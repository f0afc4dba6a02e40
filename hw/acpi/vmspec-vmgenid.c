/*
 * The VM generation ID, for a machine with ACPI and FDT
 *
 * See include/hw/acpi/vmspec-vmgenid.h. The guest is told that its ID has
 * changed when it runs again: all devices have their state by then, and a
 * guest that is loaded and saved again without running loses nothing.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/vmspec-vmgenid.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/irq.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "system/runstate.h"

typedef struct VmspecVmGenId {
    /* QEMU's query-vm-generation-id reads the ID from here. */
    VmGenIdState parent_obj;

    MemoryRegion page;
    qemu_irq irq;
    DeviceState *ged;
    bool given;                 /* guid= names an ID, not auto */
    QemuUUID told;              /* the ID that the guest was told last */
} VmspecVmGenId;

static VmspecVmGenId *state_of(void *dev)
{
    return (VmspecVmGenId *)VMGENID(dev);
}

/* The guest reads the ID in little-endian order. */
static void show_id(VmspecVmGenId *s)
{
    QemuUUID id = qemu_uuid_bswap(s->parent_obj.guid);

    if (s->irq) {
        memcpy(memory_region_get_ram_ptr(&s->page), id.data, sizeof(id.data));
    }
}

static void tell_guest(VmspecVmGenId *s)
{
    if (qemu_uuid_is_equal(&s->told, &s->parent_obj.guid)) {
        return;
    }
    s->told = s->parent_obj.guid;
    qemu_irq_pulse(s->irq);
    if (s->ged) {
        acpi_send_event(s->ged, ACPI_VMGENID_CHANGE_STATUS);
    }
}

static void vmgenid_run_state(void *opaque, bool running, RunState state)
{
    if (running) {
        tell_guest(opaque);
    }
}

static int vmspec_vmgenid_post_load(void *opaque, int version_id)
{
    VmspecVmGenId *s = opaque;

    if (!s->given) {
        qemu_uuid_generate(&s->parent_obj.guid);
    }
    show_id(s);
    return 0;
}

static const VMStateDescription vmstate_vmspec_vmgenid = {
    .name = "vmspec-vmgenid",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = vmspec_vmgenid_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(told.data, VmspecVmGenId, 16),
        VMSTATE_END_OF_LIST()
    },
};

MemoryRegion *vmspec_vmgenid_connect(DeviceState *dev, uint64_t size,
                                     qemu_irq irq, DeviceState *ged)
{
    VmspecVmGenId *s = state_of(dev);

    /* A stream has the ID of the source, which is not the ID here. */
    memory_region_init_rom_nomigrate(&s->page, OBJECT(dev), "vmgenid", size,
                                     &error_fatal);
    s->irq = irq;
    s->ged = ged;
    s->told = s->parent_obj.guid;
    show_id(s);
    qemu_add_vm_change_state_handler(vmgenid_run_state, s);
    return &s->page;
}

static char *get_guid(Object *obj, Error **errp)
{
    return qemu_uuid_unparse_strdup(&VMGENID(obj)->guid);
}

static void set_guid(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();
    VmspecVmGenId *s = state_of(obj);
    bool given = strcmp(value, "auto");
    QemuUUID guid;

    if (!given) {
        qemu_uuid_generate(&guid);
    } else if (qemu_uuid_parse(value, &guid) < 0) {
        error_setg(errp, "vmgenid: guid=%s is no GUID", value);
        error_append_hint(errp, "Use auto, or a GUID as uuidgen prints it.\n");
        return;
    }
    s->given = given;
    s->parent_obj.guid = guid;
    show_id(s);
    if (s->irq && runstate_is_running()) {
        tell_guest(s);
    }
}

static void vmspec_vmgenid_realize(DeviceState *dev, Error **errp)
{
    ERRP_GUARD();

    if (!qdev_get_machine_hotplug_handler(dev)) {
        error_setg(errp, "vmgenid: this machine has no place for it");
        error_append_hint(errp, "Use -machine vmspec.\n");
    }
}

static void vmspec_vmgenid_init(Object *obj)
{
    qemu_uuid_generate(&VMGENID(obj)->guid);
}

static void vmspec_vmgenid_class_init(ObjectClass *oc, VmspecClassData *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "VM generation ID, new in each loaded state";
    dc->vmsd = &vmstate_vmspec_vmgenid;
    dc->realize = vmspec_vmgenid_realize;
    dc->hotpluggable = false;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    object_class_property_add_str(oc, VMGENID_GUID, get_guid, set_guid);
    object_class_property_set_description(oc, VMGENID_GUID,
        "The ID, or auto: a new one at the start and in each loaded state "
        "(default: auto)");
}

static const TypeInfo vmspec_vmgenid_types[] = {
    {
        .name = TYPE_VMSPEC_VMGENID,
        .parent = TYPE_DEVICE,
        .instance_size = sizeof(VmspecVmGenId),
        .instance_init = vmspec_vmgenid_init,
        .class_init = vmspec_vmgenid_class_init,
    },
};

DEFINE_TYPES(vmspec_vmgenid_types)
