/*
 * vmspec tests: common parts of the readers of ACPI
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_ACPI_H
#define VMSPEC_TEST_AGREE_ACPI_H

#include "agree.h"

/* A GICC structure, and what the DSDT has of that CPU */
typedef struct AcpiCpu {
    uint32_t uid;
    uint64_t mpidr;
    bool named;                         /* ACPI0007 of this _UID */
    unsigned containers;                /* _UIDs of ACPI0010, inner first */
    uint64_t container[AGREE_MAX_LEVELS];
} AcpiCpu;

typedef struct AcpiReader {
    const AgreeRaw *raw;
    AgreeSource *source;
    GArray *cpus;                       /* AcpiCpu */
    uint64_t its;                       /* base of ITS 0, 0: none */
    uint64_t v2m;                       /* base of the MSI frame, 0: none */
    GHashTable *paths;                  /* "\_SB.COM0" -> its base */
} AcpiReader;

/* A table, as long as its header says; data is NULL if there is none */
typedef struct AcpiTable {
    AcpiReader *r;
    const char *name;
    const uint8_t *data;
    size_t size;
} AcpiTable;

/* The first table of @signature */
AcpiTable agree_acpi_table(AcpiReader *r, const char *signature);
/*
 * 1 to 8 bytes of the table as a number. Outside the table: a problem, and 0
 */
uint64_t agree_acpi_num(const AcpiTable *t, size_t at, unsigned size);
/* NULL if no GICC has that UID */
AcpiCpu *agree_acpi_cpu(AcpiReader *r, uint32_t uid);

/* read-dsdt.c: after the MADT */
void agree_acpi_dsdt(AcpiReader *r);
/* read-pptt-srat.c: after MADT and DSDT */
void agree_acpi_pptt(AcpiReader *r);
void agree_acpi_srat(AcpiReader *r);
void agree_acpi_nfit(AcpiReader *r);
void agree_acpi_slit(AcpiReader *r);
void agree_acpi_hmat(AcpiReader *r);
/* A processor node without children */
typedef struct AcpiLeaf {
    size_t at;                          /* its structure in the PPTT */
    uint64_t mpidr;
} AcpiLeaf;

/* read-caches.c */
void agree_acpi_caches(const AcpiTable *pptt, const GArray *leaves);
/* read-iort.c: after the MADT */
void agree_acpi_iort(AcpiReader *r);

#endif
