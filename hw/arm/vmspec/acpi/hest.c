/*
 * vmspec: HEST, where the guest reads memory errors
 *
 * ACPI 6.5, 18.3.2.8 and 18.3.2.9: two error sources of GHESv2. The first is
 * told by a synchronous external abort, as KVM injects it when the host's
 * memory fails. The second is told by the Generic Event Device, which notifies
 * the error device of the DSDT (18.3.2.7.2).
 *
 * QEMU's hw/acpi/ghes.c records the errors of the first source, and finds it
 * by the order of "etc/hardware_errors": the address of a source's block, then
 * its acknowledgement. Its builder makes one source only in 10.0.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/ghes.h"
#include "hw/acpi/vmspec-ras.h"
#include "aml.h"

#define HEST_GHES_V2 10
#define HEST_NO_SOURCE 0xffff
#define HEST_ENABLED 1
#define NOTIFICATION_LENGTH 28
#define REGISTER_BITS 64
#define QWORD_ACCESS 4
/* Of a generic address structure: where its address is */
#define GAS_ADDRESS 4
/* The guest writes bit 0 of the acknowledgement, and keeps the others. */
#define ACKNOWLEDGED 1

static const enum AcpiGhesNotifyType notifications[VMSPEC_RAS_NUM_SOURCES] = {
    [VMSPEC_RAS_ABORT] = ACPI_GHES_NOTIFY_SEA,
    [VMSPEC_RAS_EVENT] = ACPI_GHES_NOTIFY_GPIO,
};

/* The file of blocks, whose pointers the linker fills in */
static void append_blocks(VmspecAcpi *a)
{
    const unsigned first = VMSPEC_RAS_NUM_SOURCES * VMSPEC_RAS_PAIR;

    for (unsigned i = 0; i < VMSPEC_RAS_NUM_SOURCES; i++) {
        build_append_int_noprefix(a->errors, 0, 8);
        build_append_int_noprefix(a->errors, ACKNOWLEDGED, 8);
    }
    acpi_data_push(a->errors, VMSPEC_RAS_NUM_SOURCES * VMSPEC_RAS_BLOCK);
    bios_linker_loader_alloc(a->linker, VMSPEC_RAS_FILE, a->errors, 8, false);
    for (unsigned i = 0; i < VMSPEC_RAS_NUM_SOURCES; i++) {
        bios_linker_loader_add_pointer(a->linker, VMSPEC_RAS_FILE,
                                       i * VMSPEC_RAS_PAIR, 8,
                                       VMSPEC_RAS_FILE,
                                       first + i * VMSPEC_RAS_BLOCK);
    }
}

/* A register of 64 bits at @offset of the file */
static void append_register(VmspecAcpi *a, unsigned offset)
{
    unsigned at = a->data->len + GAS_ADDRESS;

    build_append_gas(a->data, AML_AS_SYSTEM_MEMORY, REGISTER_BITS, 0,
                     QWORD_ACCESS, 0);
    bios_linker_loader_add_pointer(a->linker, ACPI_BUILD_TABLE_FILE, at, 8,
                                   VMSPEC_RAS_FILE, offset);
}

static void append_source(VmspecAcpi *a, unsigned id)
{
    vmspec_acpi_int(a, HEST_GHES_V2, 2);
    vmspec_acpi_int(a, id, 2);
    vmspec_acpi_int(a, HEST_NO_SOURCE, 2);      /* related source */
    vmspec_acpi_int(a, 0, 1);                   /* flags */
    vmspec_acpi_int(a, HEST_ENABLED, 1);
    vmspec_acpi_int(a, 1, 4);                   /* records to allocate */
    vmspec_acpi_int(a, 1, 4);                   /* sections of a record */
    vmspec_acpi_int(a, VMSPEC_RAS_BLOCK, 4);    /* raw data */
    append_register(a, id * VMSPEC_RAS_PAIR);
    vmspec_acpi_int(a, notifications[id], 1);
    vmspec_acpi_int(a, NOTIFICATION_LENGTH, 1);
    acpi_data_push(a->data, NOTIFICATION_LENGTH - 2);
    vmspec_acpi_int(a, VMSPEC_RAS_BLOCK, 4);    /* status block */
    append_register(a, id * VMSPEC_RAS_PAIR + 8);
    vmspec_acpi_int(a, ~(uint64_t)ACKNOWLEDGED, 8);
    vmspec_acpi_int(a, ACKNOWLEDGED, 8);
}

void vmspec_acpi_hest(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_HEST);
    unsigned start = a->data->len;

    append_blocks(a);
    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, VMSPEC_RAS_NUM_SOURCES, 4);
    for (unsigned i = 0; i < VMSPEC_RAS_NUM_SOURCES; i++) {
        append_source(a, i);
    }
    acpi_table_end(a->linker, &table);
    /* QEMU gets to know where it is. */
    bios_linker_loader_write_pointer(
        a->linker, VMSPEC_RAS_ADDRESS_FILE, 0, 8,
        VMSPEC_RAS_BY_TABLE ? ACPI_BUILD_TABLE_FILE : VMSPEC_RAS_FILE,
        VMSPEC_RAS_BY_TABLE ? start : 0);
}

void vmspec_aml_error_device(const VmspecAcpi *a, Aml *scope)
{
    if (a->plan->ras) {
        aml_append(scope, vmspec_aml_device(VMSPEC_ERROR_NAME,
                                            VMSPEC_ERROR_HID, 0));
    }
}
