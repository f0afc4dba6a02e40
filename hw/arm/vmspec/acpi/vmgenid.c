/*
 * vmspec: the VM generation ID in ACPI
 *
 * Microsoft's "Virtual Machine Generation ID" (2012): a device with the
 * compatible ID VM_Gen_Counter, whose object ADDR has the two halves of the
 * ID's physical address, and which is notified when the ID has changed. _HID
 * and names are those of QEMU's device.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "aml.h"

void vmspec_aml_vmgenid(const VmspecAcpi *a, Aml *scope)
{
    const VmspecRow *row = vmspec_row(a->plan, VMSPEC_VMGENID);
    Aml *dev, *address;

    if (!a->plugged->vmgenid) {
        return;
    }
    dev = vmspec_aml_device(row->acpi_name, row->hid, row->acpi_uid);
    aml_append(dev, aml_name_decl("_CID", aml_string("VM_Gen_Counter")));
    aml_append(dev, aml_name_decl("_DDN", aml_string("VM_Gen_Counter")));
    address = aml_package(2);
    aml_append(address, aml_int((uint32_t)row->base));
    aml_append(address, aml_int(row->base >> 32));
    aml_append(dev, aml_name_decl("ADDR", address));
    aml_append(scope, dev);
}
