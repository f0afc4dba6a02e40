/*
 * vmspec tests: the states of a recorded variable store
 *
 * The checks run varstore_check() and varstore_replay(), the code by which the
 * machine opens a store. That takes milliseconds a state, so that all states
 * are checked, where a boot takes seconds. A fault in that code itself shows
 * only in a boot, which is why crash.c boots some of the states.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "bank.h"
#include "sequence.h"
#include "states.h"

/*
 * Return the operation whose data variable @n holds after @k operations; -1 if
 * there was none or it deleted the variable.
 */
static int last_writer(int k, int n)
{
    do {
        k--;
    } while (k >= 0 && k % SEQUENCE_VARIABLES != n);
    return k < 0 || sequence_deletes(k) ? -1 : k;
}

int states_after(const int *seen, int least, int most)
{
    for (int k = most; k >= least; k--) {
        int n = 0;

        while (n < SEQUENCE_VARIABLES && seen[n] == last_writer(k, n)) {
            n++;
        }
        if (n == SEQUENCE_VARIABLES) {
            return k;
        }
    }
    return -1;
}

static bool find_variable(const Varstore *vs, const char *stem, unsigned n,
                          VarstoreVar *var)
{
    static const uint8_t guid[] = SEQUENCE_GUID;
    g_autofree char *name = g_strdup_printf("%s%02u", stem, n);
    uint8_t wide[32] = { 0 };

    for (size_t i = 0; name[i]; i++) {
        wide[2 * i] = name[i];
    }
    return varstore_find(vs, wide, 2 * (strlen(name) + 1), guid, var);
}

static void check_data(const char *where, const VarstoreVar *var, unsigned k,
                       unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        if (var->data_size != size || var->data[i] != sequence_byte(k, i)) {
            g_error("%s: a variable is neither old nor new, at byte %u of %u",
                    where, i, var->data_size);
        }
    }
}

/*
 * Fail unless filler @n is there with its data. The data is computed once and
 * then compared by memcmp(), because the fillers are most of the bytes.
 */
static void check_filler(const char *where, const Varstore *vs, unsigned n)
{
    static uint8_t fillers[SEQUENCE_FILLERS][SEQUENCE_FILLER_SIZE];
    VarstoreVar var;

    if (fillers[n][1] != sequence_byte(n, 1) ||
        fillers[n][2] != sequence_byte(n, 2)) {
        for (unsigned i = 0; i < SEQUENCE_FILLER_SIZE; i++) {
            fillers[n][i] = sequence_byte(n, i);
        }
    }
    if (!find_variable(vs, SEQUENCE_FILLER_NAME, n, &var) ||
        var.data_size != SEQUENCE_FILLER_SIZE ||
        memcmp(var.data, fillers[n], SEQUENCE_FILLER_SIZE)) {
        g_error("%s: filler %u is lost", where, n);
    }
}

static void check_fillers(const char *where, const Varstore *vs)
{
    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        check_filler(where, vs, n);
    }
}

/* Return after how many operations, from @least to @most, the store stands. */
static int check_variables(const char *where, const Varstore *vs, int least,
                           int most)
{
    int seen[SEQUENCE_VARIABLES];
    VarstoreVar var;
    int k;

    check_fillers(where, vs);
    for (unsigned n = 0; n < SEQUENCE_VARIABLES; n++) {
        seen[n] = -1;
        if (find_variable(vs, SEQUENCE_NAME, n, &var)) {
            g_assert_cmpuint(var.data_size, >=, 2);
            seen[n] = var.data[0] | var.data[1] << 8;
            check_data(where, &var, seen[n], sequence_size(seen[n]));
        }
    }
    k = states_after(seen, least, most);
    if (k < least) {
        for (unsigned n = 0; n < SEQUENCE_VARIABLES; n++) {
            g_test_message("variable %u of operation %d", n, seen[n]);
        }
        g_error("%s: not the variables after %d to %d operations", where,
                least, most);
    }
    return k;
}

static void check_sound(const char *where, const uint8_t *store, Varstore *vs)
{
    VarstoreDamage damage;

    if (!varstore_check(store, BANK_SIZE, vs, &damage)) {
        g_error("%s: refused: 0x%" G_GINT64_MODIFIER "x: %s", where,
                damage.offset, damage.what);
    }
}

void states_check_fillers(const char *where, const uint8_t *store)
{
    Varstore vs;

    check_sound(where, store, &vs);
    check_fillers(where, &vs);
}

static int check_state(const char *where, const uint8_t *store, int least,
                       int most)
{
    VarstoreDamage damage;
    Varstore vs;
    int k;

    check_sound(where, store, &vs);
    k = check_variables(where, &vs, least, most);
    if (vs.ftw_replay || vs.incomplete_var || vs.ftw_record) {
        g_autofree uint8_t *replayed = g_memdup2(store, BANK_SIZE);

        varstore_replay(replayed, &vs);
        g_assert_true(varstore_check(replayed, BANK_SIZE, &vs, &damage));
        g_assert_false(vs.incomplete_var);
        check_variables(where, &vs, k, k);
    }
    return k;
}

int states_of(const uint8_t *store, int least, int most)
{
    return check_state("the store as recorded", store, least, most);
}

unsigned states_parts(const uint8_t *store, const Write *w,
                      Part parts[STATES_PARTS])
{
    size_t first = 0;
    size_t end = w->size;
    size_t half;

    while (first < end && store[w->offset + first] == w->data[first]) {
        first++;
    }
    while (end > first && store[w->offset + end - 1] == w->data[end - 1]) {
        end--;
    }
    half = (end - first) / 2;
    parts[0] = (Part) { 0, 0 };
    parts[1] = (Part) { first, half };
    parts[2] = (Part) { first + half, end - first - half };
    if (first == end) {
        return 0;
    }
    return half ? STATES_PARTS : 1;
}

void states_do(uint8_t *store, const Write *w, const Part *part)
{
    memcpy(store + w->offset + part->first, w->data + part->first, part->size);
}

StatesCount states_check_all(uint8_t *store, GArray *writes, int operations)
{
    g_autofree uint8_t *old = g_malloc(BANK_SIZE);
    StatesCount count = { 0 };
    int least = 0;

    for (unsigned i = 0; i < writes->len; i++) {
        const Write *w = &g_array_index(writes, Write, i);
        Part parts[STATES_PARTS];
        unsigned n = states_parts(store, w, parts);

        memcpy(old, store + w->offset, w->size);
        for (unsigned p = 0; p < n; p++) {
            g_autofree char *where = g_strdup_printf(
                "write %u of 0x%zx bytes at 0x%zx, 0x%zx of them from 0x%zx",
                i, w->size, w->offset, parts[p].size, parts[p].first);
            int k;

            states_do(store, w, &parts[p]);
            k = check_state(where, store, least, MIN(operations, least + 1));
            if (p == 0) {
                least = k;
            } else {
                /* the state is left again: @least stays that of whole writes */
                count.torn++;
            }
            memcpy(store + w->offset, old, w->size);
        }
        if (n > 0) {
            count.whole++;
        }
        memcpy(store + w->offset, w->data, w->size);
    }
    check_state("all writes", store, operations, operations);
    count.whole++;
    return count;
}
