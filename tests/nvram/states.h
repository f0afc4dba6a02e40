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

/*
 * Each state of @store that a crash leaves when it has had any number of the
 * @writes, or half of one, of its bytes or of those that it changes: sound,
 * with all fillers, and after some of @operations, no fewer than before; and
 * again once replayed. Returns how many; @store has all writes then.
 */
unsigned states_check_all(uint8_t *store, GArray *writes, int operations);

#endif
