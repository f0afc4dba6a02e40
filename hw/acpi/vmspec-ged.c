/*
 * A Generic Event Device with events for PCI hot-plug, memory errors and the
 * VM generation ID
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

static const struct {
    uint32_t status, bit;
} events[] = {
    { ACPI_PCI_HOTPLUG_STATUS, VMSPEC_GED_PCI_HOTPLUG },
    { VMSPEC_GENERIC_ERROR_STATUS, VMSPEC_GED_ERROR },
    { ACPI_VMGENID_CHANGE_STATUS, VMSPEC_GED_VMGENID },
};

static void vmspec_ged_send_event(AcpiDeviceIf *adev, AcpiEventStatusBits event)
{
    AcpiGedState *s = ACPI_GED(adev);
    ObjectClass *parent = object_class_by_name(TYPE_ACPI_GED);

    for (int i = 0; i < ARRAY_SIZE(events); i++) {
        if (event & events[i].status) {
            s->ged_state.sel |= events[i].bit;
            qemu_irq_pulse(s->irq);
            return;
        }
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
