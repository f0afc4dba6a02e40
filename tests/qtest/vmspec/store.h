/*
 * vmspec tests: variable stores, sound and damaged
 *
 * Typed by hand from EDK2's headers and from a store that Debian's AAVMF
 * made, so that the tests do not share a mistake with the code they test.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_STORE_H
#define VMSPEC_TEST_STORE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_AREA (256 * 1024)
#define STORE_SIZE (3 * STORE_AREA)
/* The size of a new file: the contract's default for bank 1 */
#define STORE_BANK (4 * STORE_AREA)
#define STORE_FIRST 100
#define STORE_VAR_HEADER 60
#define STORE_PROGRAM 128       /* most bytes that EDK2 programs at once */

/* Variable states (EDK2 VariableFormat.h) */
#define STORE_ADDED 0x3f
#define STORE_LEAVING 0x3e
#define STORE_DELETED 0x3d
#define STORE_HEADER_ONLY 0x7f

/* An empty store of @size bytes, at least STORE_SIZE. */
void store_init(uint8_t *data, size_t size);

/*
 * Write a variable at @offset of @data; returns the offset behind it. @name is
 * ASCII; the data is @data_size bytes that depend on the name.
 */
size_t store_put(uint8_t *data, size_t offset, const char *name,
                 uint8_t state, uint32_t data_size);

/* Write five variables, one of them deleted; the offset behind the last */
#define STORE_SAMPLE_VARIABLES 4
size_t store_sample(uint8_t *data, size_t size);

/* Write an FTW record: the spare block is written, block 0 is not. */
void store_ftw_pending(uint8_t *data);

/* Write @value in little-endian order. */
static inline void store_put32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        p[i] = value >> (8 * i);
    }
}

/* What the check makes of a damaged store */
typedef enum StoreFate {
    STORE_REFUSED,
    STORE_WHOLE,                /* accepted, and all variables are as before */
    /*
     * Accepted, and a variable differs: nothing in the format protects it,
     * such as one bit of a variable's name or data.
     */
    STORE_ALTERED,
    STORE_FATES
} StoreFate;

/* A damaged store */
typedef struct StoreDamage {
    char *name;
    size_t size;                /* of the file */
    uint8_t *data;
    StoreFate fate;
    const char *says;           /* part of the error; NULL: any */
    bool foreign;               /* nothing in it is a store's */
} StoreDamage;

/*
 * Stores that differ from the sample in one thing: length, header bytes,
 * format and state bytes, single bits of each area, zeros, garbage, the FTW
 * queue. Others are no store at all. An array of StoreDamage *; free it with
 * g_ptr_array_unref().
 */
GPtrArray *store_corpus(void);

/* Write the file of @d to @path, with a hole for zeros at its end. */
bool store_write(const char *path, const StoreDamage *d);

#endif
