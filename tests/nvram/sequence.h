/*
 * vmspec tests: the sequence of operations on variables
 *
 * Operation k writes, or at times deletes, variable k modulo
 * SEQUENCE_VARIABLES with data that tells k. Beside them stand the fillers,
 * which leave so little room that the store is soon reclaimed.
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
#define SEQUENCE_FILLER_SIZE 8000
#define SEQUENCE_GUID { \
    0x5a, 0x11, 0x7e, 0x3c, 0x42, 0x9b, 0x4f, 0x4d, \
    0x8a, 0x21, 0x6e, 0x90, 0x33, 0xd1, 0x07, 0xc4 }

static inline unsigned sequence_size(unsigned k)
{
    return 40 + k * 37 % 160;
}

static inline uint8_t sequence_byte(unsigned k, unsigned i)
{
    return i == 0 ? k : i == 1 ? k >> 8 : k + 3 * i;
}

static inline int sequence_deletes(unsigned k)
{
    return k % 13 == 12;
}

#endif
