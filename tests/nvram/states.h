/*
 * vmspec tests: the states of a recorded variable store
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_STATES_H
#define VMSPEC_TESTS_NVRAM_STATES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One recorded write; offset and size are bytes. */
typedef struct Write {
    size_t offset;
    size_t size;
    const uint8_t *data;
    bool flushed;               /* before the next write began */
} Write;

/*
 * Each of the SEQUENCE_VARIABLES variables holds what operation @seen[n] wrote,
 * or does not exist (-1). Return after how many operations that is so: from
 * @least to @most; -1 if there is no such number.
 */
int states_after(const int *seen, int least, int most);

/*
 * Return after how many operations, from @least to @most, @store stands. The
 * test fails if there is no such number or varstore_check() refuses the store.
 */
int states_of(const uint8_t *store, int least, int most);

/* Fail unless @store is sound and has all fillers; @where says which store. */
void states_check_fillers(const char *where, const uint8_t *store);

/* Bytes of a write: the first one, and how many */
typedef struct Part {
    size_t first;
    size_t size;
} Part;

/*
 * What a crash in a write may leave of it. Only the bytes that the write
 * changes count:
 *
 *     of the write   |.....|=====changed=====|....|
 *     parts[0]       (nothing)
 *     parts[1]             |=======|
 *     parts[2]                     |=========|
 */
#define STATES_PARTS 3

/*
 * Compute the parts of @w which each leave @store in another state. Return how
 * many: 0 if the write changes nothing, 1 if it changes one byte.
 */
unsigned states_parts(const uint8_t *store, const Write *w,
                      Part parts[STATES_PARTS]);

/* Apply a part of a write to @store. */
void states_do(uint8_t *store, const Write *w, const Part *part);

typedef struct StatesCount {
    unsigned whole;             /* states after whole writes */
    unsigned torn;              /* states after half of a write */
} StatesCount;

/*
 * Check each state that a crash may leave while the @writes are made to @store:
 * all writes before one, and none or either half of that one. In each state the
 * machine must find the store sound, with all fillers, and after some number of
 * @operations, no fewer than before; so again after the machine has completed
 * an interrupted update. At the end @store has all writes.
 */
StatesCount states_check_all(uint8_t *store, GArray *writes, int operations);

#endif
