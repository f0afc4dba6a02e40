/*
 * vmspec tests: what the files that read the FDT share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_FDT_H
#define VMSPEC_TEST_AGREE_FDT_H

#include <libfdt.h>
#include "agree.h"

typedef struct FdtReader {
    const void *fdt;
    AgreeView *view;
    unsigned num_cpus;
} FdtReader;

/* The cells of a property, NULL and *count 0 if it is not there */
const fdt32_t *agree_fdt_cells(const void *fdt, int node, const char *prop,
                               unsigned *count);
/* One cell; @absent if the property is not there */
uint32_t agree_fdt_cell(const void *fdt, int node, const char *prop,
                        uint32_t absent);
/* @count cells from *cells on as one number, and on */
uint64_t agree_fdt_number(const fdt32_t **cells, unsigned count);
/* Entry @n of reg; false if there are fewer */
bool agree_fdt_reg(const void *fdt, int node, unsigned n, uint64_t *base,
                   uint64_t *size);
/* Entry @n of interrupts in words, NULL if there are fewer */
char *agree_fdt_interrupt(FdtReader *r, int node, unsigned n);
/* The GIC's three cells in words */
char *agree_fdt_gic_cells(FdtReader *r, const fdt32_t *cells);

/* agree-fdt-pcie.c */
void agree_fdt_pcie(FdtReader *r, int node);
/* agree-cache.c */
void agree_fdt_caches(FdtReader *r, int cpus);
/* agree-fdt-cpu.c */
void agree_fdt_cpu(FdtReader *r, int node);
void agree_fdt_cpu_map(FdtReader *r, int node);
void agree_fdt_timer(FdtReader *r, int node);
void agree_fdt_pmu(FdtReader *r, int node);
void agree_fdt_psci(FdtReader *r, int node);
void agree_fdt_memory(FdtReader *r, int node);
void agree_fdt_distances(FdtReader *r, int node);

#endif
