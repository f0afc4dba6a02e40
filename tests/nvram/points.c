/*
 * vmspec tests: the points at which a crash comes
 *
 * From each write of a recording come up to three states: before the write, and
 * after either half of what it changes. They are of six kinds, of which each
 * gets its share of those that are booted.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "bank.h"
#include "crash.h"

/*
 * Most writes are those of a reclaim, which copies a whole block, and they are
 * all alike. The writes of single variables are what operations do. In each
 * pair the second kind is that of the torn writes.
 */
enum {
    WHOLE_ERASE, TORN_ERASE, SINGLE, TORN_SINGLE, COPY, TORN_COPY, KINDS
};

static const char *const kind_names[KINDS] = {
    "states before and after erases", "halves of erases",
    "states between programs of a variable", "halves of programs of a variable",
    "states between programs of a reclaim", "halves of programs of a reclaim",
};

/*
 * From which kind the next image is taken, over and over. A kind that has none
 * left is passed over.
 */
static const unsigned turns[] = {
    TORN_ERASE, TORN_SINGLE, TORN_COPY, WHOLE_ERASE, TORN_SINGLE, SINGLE,
    TORN_ERASE, TORN_SINGLE, COPY, TORN_COPY,
};

typedef struct Points {
    GArray *images[KINDS];
    unsigned taken[KINDS];
    GHashTable *sums;           /* of the states seen, see sum_of() */
} Points;

/* Add @sum to @sums; return false if it was there. */
static bool add_sum(GHashTable *sums, uint64_t sum)
{
    return g_hash_table_add(sums, g_memdup2(&sum, sizeof(sum)));
}

/*
 * A state's sum tells it from other states: the sum of all bytes of the image,
 * each times a factor that depends on its offset (the finalizer of SplitMix64).
 * Return what a part of a write adds to it.
 */
static uint64_t sum_of(const uint8_t *image, const Write *w, const Part *part)
{
    uint64_t sum = 0;

    for (size_t i = part->first; i < part->first + part->size; i++) {
        uint64_t z = (w->offset + i + 1) * 0x9e3779b97f4a7c15;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        sum += (z ^ z >> 31) * (w->data[i] - image[w->offset + i]);
    }
    return sum;
}

/* Of whole writes; one more is the kind of the halves. */
static unsigned kind_of(const Write *w, bool copying)
{
    if (is_erase(w)) {
        return WHOLE_ERASE;
    }
    return copying ? COPY : SINGLE;
}

/* Collect all states. A write that changes nothing makes none. */
static void collect_states(const Recording *r, Points *points)
{
    g_autofree uint8_t *image = g_memdup2(r->base, r->size);
    size_t block = 0;           /* offset of the block erased last */
    bool copying = false;       /* all writes since then went to that block */
    bool erased = false;        /* the last write that changed was an erase */
    uint64_t sum = 0;

    add_sum(points->sums, sum);
    for (unsigned i = 0; i < r->writes->len; i++) {
        const Write *w = write_at(r, i);
        const Part whole = { 0, w->size };
        Part parts[STATES_PARTS];
        unsigned n = states_parts(image, w, parts);
        unsigned kind;

        block = is_erase(w) ? w->offset : block;
        copying = is_erase(w) || (copying && w->offset >= block &&
                                  w->offset - block < VARSTORE_AREA_SIZE);
        kind = kind_of(w, copying);
        for (unsigned p = 0; p < n; p++) {
            Image state = {
                .write = i, .part = parts[p], .kind = kind + 1,
                .sum = sum + sum_of(image, w, &parts[p]),
            };

            if (p == 0) {       /* nothing of the write: what came before? */
                state.kind = erased ? WHOLE_ERASE : kind;
            }
            g_array_append_val(points->images[state.kind], state);
        }
        if (n) {
            erased = is_erase(w);
            sum += sum_of(image, w, &whole);
            add_sum(points->sums, sum);
            do_writes(r, image, i, 1);
        }
    }
}

static unsigned common_divisor(unsigned a, unsigned b)
{
    return b ? common_divisor(b, a % b) : a;
}

/*
 * Return the next image of a kind; NULL if there is none left. The images are
 * taken in steps of the golden section of their number: any number of them is
 * then spread over all, with first and second halves. The step is coprime to
 * their number, so that each comes once.
 */
static const Image *next_image(Points *points, unsigned kind)
{
    GArray *images = points->images[kind];
    unsigned step = images->len * 0.618;

    if (points->taken[kind] == images->len) {
        return NULL;
    }
    while (common_divisor(step, images->len) > 1) {
        step++;
    }
    return &g_array_index(images, Image, (uint64_t)points->taken[kind]++ *
                          step % images->len);
}

/*
 * Print how many images of each kind are booted, and check that no two of the
 * torn states are the same.
 */
static void report_images(const Points *points, const GArray *images)
{
    unsigned distinct[KINDS] = { 0 };

    for (unsigned i = 0; i < images->len; i++) {
        const Image *image = &g_array_index(images, Image, i);

        if (image->part.size && add_sum(points->sums, image->sum)) {
            distinct[image->kind]++;
        }
    }
    for (unsigned kind = 0; kind < KINDS; kind++) {
        g_test_message("%u of %u %s", points->taken[kind],
                       points->images[kind]->len, kind_names[kind]);
        if (kind % 2) {
            g_test_message("- %u differ from each state of whole writes and "
                           "from each other", distinct[kind]);
            g_assert_cmpuint(distinct[kind], ==, points->taken[kind]);
        }
    }
}

/*
 * Boot VMSPEC_NVRAM_IMAGES states, or all if there are fewer. By turns[] seven
 * of ten have a torn write, and 60 or more have each torn erase there is.
 */
void test_crash_points(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned wanted = wanted_number("VMSPEC_NVRAM_IMAGES", 20) / r->part;
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    g_autoptr(GHashTable) sums = g_hash_table_new_full(
        g_int64_hash, g_int64_equal, g_free, NULL);
    Points points = { .sums = sums };
    unsigned all = 0;

    ensure_recorded(r);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        points.images[kind] = g_array_new(FALSE, FALSE, sizeof(Image));
    }
    collect_states(r, &points);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        g_assert_cmpuint(points.images[kind]->len, >, 0);
        all += points.images[kind]->len;
    }
    wanted = MIN(wanted, all);
    for (unsigned turn = 0; images->len < wanted; turn++) {
        unsigned kind = turns[turn % G_N_ELEMENTS(turns)];
        const Image *image = next_image(&points, kind);

        if (image) {
            g_array_append_vals(images, image, 1);
        }
    }
    report_images(&points, images);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        g_array_unref(points.images[kind]);
    }
    try_images(r, images);
}
