/*
 * vmspec: the TPM in ACPI
 *
 * A TPM 2.0 that -device put on the platform bus (B_PER_11): its device in the
 * namespace, and the table TPM2. ACPI names both interfaces, TIS and CRB. The
 * FDT names TIS alone, because no binding for CRB exists.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "hw/acpi/bios-linker-loader.h"
#include "hw/acpi/tpm.h"
#include "hw/tpm/vmspec-tpm-crb.h"
#include "aml.h"

/* Bytes of "Platform Specific Parameters" in the table TPM2 */
#define START_PARAMETERS_SIZE 12

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

#ifdef CONFIG_TPM
/* The log lies where the linker puts it. */
static void append_log(VmspecAcpi *a)
{
    unsigned address;

    vmspec_acpi_int(a, TPM_LOG_AREA_MINIMUM_SIZE, 4);
    address = a->data->len;
    vmspec_acpi_int(a, 0, 8);
    acpi_data_push(a->tpm_log, TPM_LOG_AREA_MINIMUM_SIZE);
    bios_linker_loader_alloc(a->linker, ACPI_BUILD_TPMLOG_FILE, a->tpm_log, 1,
                             false);
    bios_linker_loader_add_pointer(a->linker, ACPI_BUILD_TABLE_FILE, address,
                                   8, ACPI_BUILD_TPMLOG_FILE, 0);
}

/*
 * TCG ACPI Specification 1.3, 8. QEMU's build_tpm2() knows the CRB
 * device of PCs alone.
 */
static void build_crb_table(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_TPM2);

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, TPM2_ACPI_CLASS_CLIENT, 2);
    vmspec_acpi_int(a, 0, 2);       /* reserved */
    vmspec_acpi_int(a, a->tpm.base + VMSPEC_TPM_CRB_CONTROL, 8);
    vmspec_acpi_int(a, TPM2_START_METHOD_CRB, 4);
    acpi_data_push(a->data, START_PARAMETERS_SIZE); /* none */
    append_log(a);
    acpi_table_end(a->linker, &table);
}
#endif

void vmspec_acpi_tpm2(VmspecAcpi *a)
{
#ifdef CONFIG_TPM
    if (a->tpm_crb) {
        build_crb_table(a);
    } else {
        build_tpm2(a->data, a->linker, a->tpm_log, a->oem_id,
                   a->oem_table_id);
    }
#endif
}
