/*
 * vmspec tests: the memory tree, read from the monitor
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MTREE_H
#define VMSPEC_TEST_MTREE_H

#include "../libqtest.h"

typedef struct MtreeRange {
    uint64_t base;
    uint64_t size;
    char *kind;                 /* ram, rom, romd, i/o */
    char *name;
} MtreeRange;

/* The children of the system memory region, in address order. */
GPtrArray *mtree_system(QTestState *qts);
/* What the CPUs see, piece by piece (info mtree -f). */
GPtrArray *mtree_flat(QTestState *qts);
/* Can the CPUs reach one of the @size bytes from @base on? */
bool mtree_reached(QTestState *qts, uint64_t base, uint64_t size);
/* The range of that name, NULL if there is none. */
const MtreeRange *mtree_find(GPtrArray *ranges, const char *name);

#endif
