/*
 * vmspec: an FDT that is written once, from its first node to its last
 *
 * What every file of fdt/ writes with. A property goes to the node that was
 * opened last and is not closed. The functions know no path and search for
 * nothing, so that the cost of a tree is the cost of its bytes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_PROPS_H
#define HW_ARM_VMSPEC_FDT_PROPS_H

#include "hw/arm/vmspec-plan.h"

/* A tree that is being written */
typedef struct VmspecFdt VmspecFdt;

/* A tree whose root is open; vmspec_fdt_finish() frees it. */
VmspecFdt *vmspec_fdt_start(void);

/*
 * Close the root. Returns the blob, which g_free() frees, with @room bytes for
 * what libfdt's read-write functions add.
 */
void *vmspec_fdt_finish(VmspecFdt *fdt, size_t room);

/* Open a node in the open node. All properties of a node come first. */
void vmspec_fdt_open(VmspecFdt *fdt, const char *name);
/* The same with the unit address @base */
void vmspec_fdt_open_at(VmspecFdt *fdt, const char *name, uint64_t base);
void vmspec_fdt_close(VmspecFdt *fdt);

/* A property of @size bytes, of a string, or of one cell */
void vmspec_fdt_bytes(VmspecFdt *fdt, const char *prop, const void *value,
                      size_t size);
void vmspec_fdt_string(VmspecFdt *fdt, const char *prop, const char *value);
void vmspec_fdt_cell(VmspecFdt *fdt, const char *prop, uint32_t value);
/* A property without a value: its presence says yes. */
void vmspec_fdt_flag(VmspecFdt *fdt, const char *prop);
/* @count cells */
void vmspec_fdt_cells(VmspecFdt *fdt, const char *prop, const uint32_t *value,
                      unsigned count);
/* Strings, one after the other; @strings ends with NULL or the array. */
void vmspec_fdt_strings(VmspecFdt *fdt, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS]);

/* A reg property of @count ranges, two cells an address and a size */
void vmspec_fdt_reg(VmspecFdt *fdt, const VmspecRange *reg, unsigned count);

/* The GIC binding's interrupt specifier: type, number, flags */
#define VMSPEC_FDT_IRQ_CELLS 3

/* Write the specifier of @spi, 0-based, to @cell. */
void vmspec_fdt_spi_cells(uint32_t cell[VMSPEC_FDT_IRQ_CELLS], unsigned spi,
                          VmspecTrigger trigger);

/* The interrupts property: SPIs @spi and on, @count of them */
void vmspec_fdt_spis(VmspecFdt *fdt, unsigned spi, unsigned count,
                     VmspecTrigger trigger);
/* The interrupts property: @count level-high private interrupts by INTID */
void vmspec_fdt_ppis(const VmspecPlan *plan, VmspecFdt *fdt,
                     const unsigned *intid, unsigned count);

#endif
