/*
 * vmspec: the TPM in ACPI
 *
 * A TPM 2.0 that -device put on the platform bus (B_PER_11): its device in the
 * namespace, and the table TPM2, which is QEMU's.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/tpm.h"
#include "aml.h"

void vmspec_aml_tpm(const VmspecAcpi *a, Aml *scope)
{
    Aml *dev, *crs;

    if (!a->tpm.size) {
        return;
    }
    dev = vmspec_aml_device(VMSPEC_TPM_NAME, VMSPEC_TPM_HID, 0);
    crs = aml_resource_template();
    aml_append(dev, aml_name_decl("_STR", aml_unicode("TPM 2.0 Device")));
    aml_append(crs, aml_memory32_fixed(a->tpm.base, a->tpm.size,
                                       AML_READ_WRITE));
    aml_append(dev, aml_name_decl("_CRS", crs));
    aml_append(scope, dev);
}

void vmspec_acpi_tpm2(VmspecAcpi *a)
{
#ifdef CONFIG_TPM
    build_tpm2(a->data, a->linker, a->tpm_log, a->oem_id,
               a->oem_table_id);
#endif
}
