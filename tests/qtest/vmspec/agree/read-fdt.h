/*
 * vmspec tests: common parts of the readers of the FDT
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_FDT_H
#define VMSPEC_TEST_AGREE_FDT_H

#include "../fdt-blob.h"
#include "agree.h"

typedef struct FdtReader {
    const void *fdt;
    AgreeSource *source;
    unsigned num_cpus;
} FdtReader;

/* Entry @n of interrupts in words, NULL if there are fewer */
char *agree_fdt_interrupt(FdtReader *r, int node, unsigned n);
/* The GIC's three cells in words */
char *agree_fdt_gic_cells(FdtReader *r, const fdt32_t *cells);

/* read-fdt-pcie.c */
void agree_fdt_pcie(FdtReader *r, int node);
/* read-caches.c */
void agree_fdt_caches(FdtReader *r, int cpus);
/* read-fdt-cpu.c */
void agree_fdt_cpu(FdtReader *r, int node);
void agree_fdt_cpu_map(FdtReader *r, int node);
void agree_fdt_timer(FdtReader *r, int node);
void agree_fdt_pmu(FdtReader *r, int node);
void agree_fdt_psci(FdtReader *r, int node);
void agree_fdt_memory(FdtReader *r, int node);
void agree_fdt_distances(FdtReader *r, int node);

#endif
