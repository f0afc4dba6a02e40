/*
 * vmspec tests: the sequence of operations on variables
 *
 * Operation k concerns the variable "CrashNN" with NN = k % SEQUENCE_VARIABLES.
 * It writes data from which k can be read, or deletes the variable:
 *
 *     k          0   1  ...  7   8  ...  11  12       13  ...
 *     variable   0   1  ...  7   0  ...   3   4        5  ...
 *     does       w   w  ...  w   w  ...   w   delete   w  ...
 *
 * So the variables' contents tell after how many operations a store stands.
 * Beside the variables stand the fillers, which no operation changes. They
 * leave so little free space that the store is soon reclaimed.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_SEQUENCE_H
#define VMSPEC_TESTS_NVRAM_SEQUENCE_H

#include <stdint.h>

#define SEQUENCE_NAME "Crash"
#define SEQUENCE_VARIABLES 8
#define SEQUENCE_FILLER_NAME "Filler"
#define SEQUENCE_FILLERS 29
/*
 * What is left must be more than the largest variable, VARSTORE_MAX_VAR, and
 * the firmware's own ones: else the firmware reclaims the store at each boot,
 * before a guest does anything.
 */
#define SEQUENCE_FILLER_SIZE 7650
#define SEQUENCE_GUID { \
    0x5a, 0x11, 0x7e, 0x3c, 0x42, 0x9b, 0x4f, 0x4d, \
    0x8a, 0x21, 0x6e, 0x90, 0x33, 0xd1, 0x07, 0xc4 }

/* Bytes of data that operation k writes */
static inline unsigned sequence_size(unsigned k)
{
    return 40 + k * 37 % 160;
}

/* Byte i of the data of operation k, or of filler k; bytes 0 and 1 are k. */
static inline uint8_t sequence_byte(unsigned k, unsigned i)
{
    switch (i) {
    case 0:
        return k;
    case 1:
        return k >> 8;
    default:
        return k + 3 * i;
    }
}

/* Does operation k delete its variable? */
static inline int sequence_deletes(unsigned k)
{
    return k % 13 == 12;
}

#endif
