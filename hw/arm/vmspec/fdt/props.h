/*
 * vmspec: nodes and properties of the FDT
 *
 * What every file of fdt/ writes with. The functions call libfdt and end the
 * program if libfdt reports an error: the blob is larger than any machine
 * needs, so an error is a bug. A path is absolute.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_PROPS_H
#define HW_ARM_VMSPEC_FDT_PROPS_H

#include "hw/arm/vmspec-plan.h"

/* Add each node of @path that @fdt does not have yet. */
void vmspec_fdt_node(void *fdt, const char *path);

/* Set property @prop of node @path to @size bytes, a string, or one cell. */
void vmspec_fdt_bytes(void *fdt, const char *path, const char *prop,
                      const void *value, size_t size);
void vmspec_fdt_string(void *fdt, const char *path, const char *prop,
                       const char *value);
void vmspec_fdt_cell(void *fdt, const char *path, const char *prop,
                     uint32_t value);
/* A property without a value: its presence says yes. */
void vmspec_fdt_flag(void *fdt, const char *path, const char *prop);
/* @count cells */
void vmspec_fdt_cells(void *fdt, const char *path, const char *prop,
                      const uint32_t *value, unsigned count);
/* Strings, one after the other; @strings ends with NULL or the array. */
void vmspec_fdt_strings(void *fdt, const char *path, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS]);

/* A reg property of @count ranges, two cells an address and a size */
void vmspec_fdt_reg(void *fdt, const char *path, const VmspecRange *reg,
                    unsigned count);

/* The GIC binding's interrupt specifier: type, number, flags */
#define VMSPEC_FDT_IRQ_CELLS 3

/* Write the specifier of @spi, 0-based, to @cell. */
void vmspec_fdt_spi_cells(uint32_t cell[VMSPEC_FDT_IRQ_CELLS], unsigned spi,
                          VmspecTrigger trigger);

/* The interrupts property: SPIs @spi and on, @count of them */
void vmspec_fdt_spis(void *fdt, const char *path, unsigned spi,
                     unsigned count, VmspecTrigger trigger);
/* The interrupts property: @count level-high private interrupts by INTID */
void vmspec_fdt_ppis(const VmspecPlan *plan, void *fdt, const char *path,
                     const unsigned *intid, unsigned count);

#endif
