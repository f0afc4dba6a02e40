/*
 * vmspec: the Generic Event Device in the DSDT
 *
 * ACPI 6.5, 5.6.9: one interrupt serves all events. The interrupt's method
 * reads the event register and, for each bit, calls a method or notifies a
 * device. hw/acpi/vmspec-ged.c is the device that sets the bits.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/acpi/memory_hotplug.h"
#include "hw/acpi/vmspec-ged.h"
#include "aml.h"

#define NOTIFY_STATUS_CHANGED 0x80
/* The root device of NVDIMMs, by QEMU's nvdimm.c */
#define NVDIMM_ROOT_PATH "\\_SB.NVDR"

/* An event's bit; the method to call, or the device to notify */
static const struct {
    uint32_t event;
    const char *method;
    const char *device;
} events[] = {
    { ACPI_GED_MEM_HOTPLUG_EVT,
      MEMORY_DEVICES_CONTAINER "." MEMORY_SLOT_SCAN_METHOD, NULL },
    { ACPI_GED_PWR_DOWN_EVT, NULL, ACPI_POWER_BUTTON_DEVICE },
    { ACPI_GED_NVDIMM_HOTPLUG_EVT, NULL, NVDIMM_ROOT_PATH },
    { VMSPEC_GED_PCI_HOTPLUG, VMSPEC_PCIE_PATH "." VMSPEC_PCIHP_SCAN, NULL },
    { VMSPEC_GED_ERROR, NULL, VMSPEC_ERROR_PATH },
    { VMSPEC_GED_VMGENID, NULL, VMSPEC_VMGENID_PATH },
};

static Aml *event_method(uint32_t served)
{
    Aml *method = aml_method("_EVT", 1, AML_SERIALIZED);

    /* A read clears the register: the method sees each bit once. */
    aml_append(method, aml_store(aml_name(AML_GED_EVT_SEL), aml_local(0)));
    for (int i = 0; i < ARRAY_SIZE(events); i++) {
        Aml *cond;

        if (!(served & events[i].event)) {
            continue;
        }
        cond = aml_if(aml_and(aml_local(0), aml_int(events[i].event), NULL));
        aml_append(cond, events[i].method ?
                   aml_call0(events[i].method) :
                   aml_notify(aml_name("%s", events[i].device),
                              aml_int(NOTIFY_STATUS_CHANGED)));
        aml_append(method, cond);
    }
    return method;
}

void vmspec_aml_ged(const VmspecAcpi *a, VmspecRowId id, Aml *scope)
{
    const VmspecRow *row = vmspec_row(a->plan, id);
    uint64_t base = a->plan->region[id].base;
    Aml *dev = vmspec_aml_device(row->acpi_name, row->hid, row->acpi_uid);
    Aml *crs = aml_resource_template();
    Aml *field = aml_field(AML_GED_EVT_REG, AML_DWORD_ACC, AML_NOLOCK,
                           AML_WRITE_AS_ZEROS);

    aml_append(crs, vmspec_aml_interrupts(a->plan, id, 0, 1));
    aml_append(dev, aml_name_decl("_CRS", crs));
    aml_append(dev, aml_operation_region(
        AML_GED_EVT_REG, AML_SYSTEM_MEMORY,
        aml_int(base + ACPI_GED_EVT_SEL_OFFSET), ACPI_GED_EVT_SEL_LEN));
    aml_append(field, aml_named_field(AML_GED_EVT_SEL,
                                      ACPI_GED_EVT_SEL_LEN * BITS_PER_BYTE));
    aml_append(dev, field);
    aml_append(dev, event_method(a->ged_events));
    aml_append(scope, dev);
}
