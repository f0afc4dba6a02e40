/*
 * A Generic Event Device with events for PCI hot-plug and the VM generation ID
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/acpi/vmspec-ged.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/irq.h"

static void vmspec_ged_send_event(AcpiDeviceIf *adev, AcpiEventStatusBits event)
{
    AcpiGedState *s = ACPI_GED(adev);
    ObjectClass *parent = object_class_by_name(TYPE_ACPI_GED);

    if (event & (ACPI_PCI_HOTPLUG_STATUS | ACPI_VMGENID_CHANGE_STATUS)) {
        s->ged_state.sel |= event & ACPI_PCI_HOTPLUG_STATUS ?
                            VMSPEC_GED_PCI_HOTPLUG : VMSPEC_GED_VMGENID;
        qemu_irq_pulse(s->irq);
        return;
    }
    ACPI_DEVICE_IF_CLASS(parent)->send_event(adev, event);
}

static void vmspec_ged_class_init(ObjectClass *oc, VmspecClassData *data)
{
    ACPI_DEVICE_IF_CLASS(oc)->send_event = vmspec_ged_send_event;
}

static const TypeInfo vmspec_ged_types[] = {
    {
        .name = TYPE_VMSPEC_GED,
        .parent = TYPE_ACPI_GED,
        .class_init = vmspec_ged_class_init,
    },
};

DEFINE_TYPES(vmspec_ged_types)
