/*
 * vmspec fuzz targets: what must hold for every input
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_FUZZ_DEMAND_H
#define VMSPEC_FUZZ_DEMAND_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Without @ok, print @what is wrong and abort: libFuzzer keeps the input. */
static inline void demand(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

#endif
