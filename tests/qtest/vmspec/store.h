/*
 * vmspec tests: variable stores, sound and damaged
 *
 * Typed by hand from EDK2's headers and from a store that Debian's AAVMF
 * made, so that the tests do not share a mistake with the code they test.
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
/* What a new instance's file has: the contract's default bank */
#define STORE_BANK (4 * STORE_AREA)
#define STORE_FIRST 100
#define STORE_VAR_HEADER 60
#define STORE_PROGRAM 128       /* bytes that EDK2 programs at once, at most */

/* Variable states (EDK2 VariableFormat.h) */
#define STORE_ADDED 0x3f
#define STORE_LEAVING 0x3e
#define STORE_DELETED 0x3d
#define STORE_HEADER_ONLY 0x7f

/* An empty store of @size bytes, at least STORE_SIZE. */
void store_init(uint8_t *data, size_t size);

/*
 * Put a variable at @offset of @data; the offset behind it. Its name is
 * ASCII, its data @data_size bytes that follow from the name.
 */
size_t store_put(uint8_t *data, size_t offset, const char *name,
                 uint8_t state, uint32_t data_size);

/* Five variables, one of them deleted; the offset behind the last. */
#define STORE_SAMPLE_VARIABLES 4
size_t store_sample(uint8_t *data, size_t size);

/* A record in the FTW queue that says: spare area written, block 0 not. */
void store_ftw_pending(uint8_t *data);

/* @value, little-endian */
static inline void store_put32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        p[i] = value >> (8 * i);
    }
}

/* What becomes of a damaged store */
typedef enum StoreFate {
    STORE_REFUSED,
    STORE_WHOLE,                /* taken: no variable has changed */
    /*
     * Taken, and a variable differs: what nothing in the format guards, as
     * one bit of a variable's name or data.
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
    const char *says;           /* why it is refused; NULL: anything */
} StoreDamage;

/*
 * Stores that differ from the sample in one thing: length, header bytes,
 * format and state bytes, single bits of each area, zeros, garbage, the
 * fault-tolerant-write queue; or are no store at all. An array of StoreDamage
 * *, freed with g_ptr_array_unref().
 */
GPtrArray *store_corpus(void);

/* Make @path the file of @d, sparse behind what is not zero. */
bool store_write(const char *path, const StoreDamage *d);

#endif
