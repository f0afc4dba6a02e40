/*
 * vmspec tests: the states of a recorded store
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_STATES_H
#define VMSPEC_TESTS_NVRAM_STATES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One recorded write of the store */
typedef struct Write {
    size_t offset;
    size_t size;
    const uint8_t *data;
    bool flushed;               /* before the next one began */
} Write;

/*
 * After how many operations, from @least to @most, the variables hold what
 * the operations in @seen wrote (-1: there is none); -1 if after none.
 */
int states_after(const int *seen, int least, int most);

/* After how many operations, from @least to @most, @store stands: none less */
int states_of(const uint8_t *store, int least, int most);

/* @store is sound and has all fillers; @where is for the message if not. */
void states_check_fillers(const char *where, const uint8_t *store);

/* Bytes of a write: the first one, and how many */
typedef struct Part {
    size_t first;
    size_t size;
} Part;

/* None of a write, and either half of the bytes that it changes */
#define STATES_PARTS 3

/*
 * The parts of @w in @store that a crash may leave, each of another state.
 * Returns how many: 0 if the write changes nothing, 1 if it changes a byte.
 */
unsigned states_parts(const uint8_t *store, const Write *w,
                      Part parts[STATES_PARTS]);
/* Do a part of a write. */
void states_do(uint8_t *store, const Write *w, const Part *part);

typedef struct StatesCount {
    unsigned whole;             /* states after whole writes */
    unsigned torn;              /* after half of one */
} StatesCount;

/*
 * Each state of @store that a crash leaves when it has had any number of the
 * @writes, and either half of what the next one changes: sound, with all
 * fillers, and after some of @operations, no fewer than before; and again
 * once replayed. @store has all writes then.
 */
StatesCount states_check_all(uint8_t *store, GArray *writes, int operations);

#endif
