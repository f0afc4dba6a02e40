/*
 * vmspec tests: faults injected into what a machine shows
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_INJECT_H
#define VMSPEC_TEST_AGREE_INJECT_H

#include "agree.h"

typedef struct AgreeFault {
    const char *name;
    /* Change one datum of @raw; returns the name of the wrong device. */
    char *(*inject)(AgreeRaw *raw);
    const char *field;          /* the comparison must report it */
} AgreeFault;

/* Ends with a row without name. A fault needs a machine with two CPUs. */
extern const AgreeFault agree_faults[];

#endif
