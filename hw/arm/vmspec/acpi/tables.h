/*
 * vmspec: the list of ACPI tables
 *
 * Plain C without QEMU, as the platform's rows are: acpi.c takes order and
 * presence from here, the builders take signature, revision and table ID, and
 * tools/docs prints the list for the manual. So none of it is typed twice.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_TABLES_H
#define HW_ARM_VMSPEC_ACPI_TABLES_H

/*
 * The order of the tables in guest memory. It is part of the platform's
 * version: a migration stream carries the tables as bytes.
 */
typedef enum VmspecTableId {
    VMSPEC_TABLE_DSDT,
    VMSPEC_TABLE_FADT,
    VMSPEC_TABLE_MADT,
    VMSPEC_TABLE_PPTT,
    VMSPEC_TABLE_GTDT,
    VMSPEC_TABLE_MCFG,
    VMSPEC_TABLE_SPCR,
    VMSPEC_TABLE_DBG2,
    VMSPEC_TABLE_IORT,
    VMSPEC_TABLE_SRAT,
    VMSPEC_TABLE_SLIT,
    VMSPEC_TABLE_HMAT,
    VMSPEC_TABLE_SSDT_PCIHP,
    VMSPEC_TABLE_SSDT_MEMHP,
    VMSPEC_TABLE_SSDT_NVDIMM,
    VMSPEC_TABLE_NFIT,
    VMSPEC_TABLE_VIOT,
    VMSPEC_TABLE_TPM2,
    VMSPEC_TABLE_HEST,
    VMSPEC_NUM_TABLES,
} VmspecTableId;

/* One table: what its header says, and what the manual says of it */
typedef struct VmspecTable {
    const char *signature;      /* four characters */
    unsigned revision;          /* of the header, 0..255 */
    const char *oem_table_id;   /* at most 8 characters; NULL: the platform's */
    const char *when;           /* acpi.c's condition, in words */
    const char *what;           /* content, in a few words */
} VmspecTable;

/* By id */
extern const VmspecTable vmspec_tables[VMSPEC_NUM_TABLES];

#endif
