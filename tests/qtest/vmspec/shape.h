/*
 * vmspec tests: configurations and the regions they have
 *
 * Says for each configuration which conditions of the contract it meets; what
 * is in the memory map follows from the contract.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_SHAPE_H
#define VMSPEC_TEST_SHAPE_H

#include "machine.h"

typedef struct VmspecShape {
    const char *name;
    const char *machine;        /* "" or begins with a comma */
    const char *options;
    const char *when;           /* the contract's words that hold */
    unsigned transports;
    uint64_t ram;               /* 0: the machine's default */
    uint64_t device_memory;     /* maxmem - RAM */
} VmspecShape;

extern const VmspecShape vmspec_shapes[];
extern const size_t vmspec_num_shapes;

/* Start it with the firmware stub, so "image" holds too. */
QTestState *vmspec_start_shape(const VmspecShape *shape);

bool vmspec_present(const VmspecShape *shape, const ContractRegion *region);
/* The size of a region that is present. */
uint64_t vmspec_size(const VmspecShape *shape, const ContractRegion *region);
/* Is one of the bytes from @base on in a region that is present? */
bool vmspec_overlaps(const VmspecShape *shape, uint64_t base, uint64_t size);

/* Add the test /vmspec/@rule/NAME for each. */
void vmspec_add_for_shapes(const char *rule, void (*test)(const void *));

#endif
