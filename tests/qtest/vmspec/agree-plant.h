/*
 * vmspec tests: errors planted into what a machine shows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_PLANT_H
#define VMSPEC_TEST_AGREE_PLANT_H

#include "agree.h"

typedef struct AgreePlant {
    const char *name;
    /* Change one datum of @raw; returns the device that is wrong now. */
    char *(*plant)(AgreeRaw *raw);
    const char *field;          /* that differs then */
} AgreePlant;

/* Ends with a row without name. They ask for a machine with two CPUs. */
extern const AgreePlant agree_plants[];

#endif
