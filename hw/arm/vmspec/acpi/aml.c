/*
 * vmspec: parts of the ACPI namespace that several files make
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "aml.h"

Aml *vmspec_aml_identify(Aml *dev, const char *hid, unsigned uid)
{
    aml_append(dev, aml_name_decl("_HID", aml_string("%s", hid)));
    aml_append(dev, aml_name_decl("_UID", aml_int(uid)));
    return dev;
}

Aml *vmspec_aml_device(const char *name, const char *hid, unsigned uid)
{
    return vmspec_aml_identify(aml_device("%s", name), hid, uid);
}

Aml *vmspec_aml_interrupts(const VmspecPlan *plan, VmspecRowId row,
                           unsigned first, unsigned count)
{
    VmspecTrigger trigger = vmspec_row(plan, row)->irqs.trigger;
    g_autofree uint32_t *gsi = g_new(uint32_t, count);

    for (unsigned i = 0; i < count; i++) {
        gsi[i] = vmspec_gsi(plan, row, first + i);
    }
    return aml_interrupt(AML_CONSUMER,
                         trigger == VMSPEC_EDGE_RISING ? AML_EDGE : AML_LEVEL,
                         AML_ACTIVE_HIGH, AML_EXCLUSIVE, gsi, count);
}

void vmspec_aml_append_table(VmspecAcpi *a, VmspecTableId id, Aml *aml)
{
    AcpiTable table = vmspec_acpi_table(a, id);

    acpi_table_begin(&table, a->data);
    g_array_append_vals(a->data, aml->buf->data, aml->buf->len);
    acpi_table_end(a->linker, &table);
}
