/*
 * vmspec: the Generic Event Device
 *
 * QEMU's, which knows no PCI hot-plug event before 10.1, with that one added.
 * The AML that reads the events is acpi-ged.c's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/irq.h"
#include "hw/acpi/vmspec-pcihp.h"

static void send_event(AcpiDeviceIf *adev, AcpiEventStatusBits event)
{
    AcpiGedState *s = ACPI_GED(adev);
    ObjectClass *parent = object_class_by_name(TYPE_ACPI_GED);

    if (event & ACPI_PCI_HOTPLUG_STATUS) {
        s->ged_state.sel |= VMSPEC_GED_PCI_HOTPLUG;
        qemu_irq_pulse(s->irq);
        return;
    }
    ACPI_DEVICE_IF_CLASS(parent)->send_event(adev, event);
}

static void class_init(ObjectClass *oc, VmspecClassData *data)
{
    ACPI_DEVICE_IF_CLASS(oc)->send_event = send_event;
}

static const TypeInfo types[] = {
    {
        .name = TYPE_VMSPEC_GED,
        .parent = TYPE_ACPI_GED,
        .class_init = class_init,
    },
};

DEFINE_TYPES(types)
