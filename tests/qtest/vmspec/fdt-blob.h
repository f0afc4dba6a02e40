/*
 * vmspec tests: reading a machine's FDT
 *
 * Where a node is of libfdt's type, it is an offset in the FDT.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_FDT_BLOB_H
#define VMSPEC_TEST_FDT_BLOB_H

#include <libfdt.h>
#include "../libqtest.h"

/*
 * The FDT at the physical address @base, or at the first byte of RAM, where a
 * machine with firmware has it. The header is checked; g_free() the FDT.
 */
void *vmspec_fdt_at(QTestState *qts, uint64_t base);
void *vmspec_fdt_in_ram(QTestState *qts);

/*
 * The FDT that -M dumpdtb= writes of "-M vmspec@machine" with the firmware
 * stub, no default devices and @options; g_free() it.
 */
void *vmspec_fdt_dump(const char *machine, const char *options);

/* The cells of a property; NULL and *@count 0 if there is no such property */
const fdt32_t *vmspec_fdt_cells(const void *fdt, int node, const char *prop,
                                unsigned *count);
/* The first cell; @absent if there is no such property */
uint32_t vmspec_fdt_first_cell(const void *fdt, int node, const char *prop,
                               uint32_t absent);
/* The value of a property that must be exactly one cell */
uint32_t vmspec_fdt_cell(const void *fdt, int node, const char *prop);

/* @count cells from *@cells on as one number; moves *@cells behind them. */
uint64_t vmspec_fdt_number(const fdt32_t **cells, unsigned count);
/*
 * Entry @n of reg, as the CPUs address it; false if there are fewer entries.
 */
bool vmspec_fdt_range(const void *fdt, int node, unsigned n, uint64_t *base,
                      uint64_t *size);

#endif
