/*
 * vmspec tests: the points at which a crash comes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "crash.h"
#include "guest.h"

/*
 * Programs that the guest does while it copies a block are alike, and by far
 * the most; those of single variables are what an operation does.
 */
enum {
    ERASE, TORN_ERASE, SINGLE, TORN_SINGLE, COPY, TORN_COPY, KINDS
};

static const char *const kind_names[KINDS] = {
    "states before and after erases", "halves of erases",
    "states between programs of a variable", "halves of programs of a variable",
    "states between programs of a reclaim", "halves of programs of a reclaim",
};

/* Whose turn it is; who has none left is passed over. */
static const unsigned turns[] = {
    TORN_ERASE, TORN_SINGLE, TORN_COPY, ERASE, TORN_SINGLE, SINGLE,
    TORN_ERASE, TORN_SINGLE, COPY, TORN_COPY,
};

typedef struct Points {
    GArray *images[KINDS];
    unsigned taken[KINDS];
    GHashTable *sums;           /* of the states after whole writes */
} Points;

/* Is @sum a new one? */
static bool new_sum(GHashTable *sums, uint64_t sum)
{
    return g_hash_table_add(sums, g_memdup2(&sum, sizeof(sum)));
}

/*
 * What a part of a write adds to a sum that tells states apart: each byte by
 * a factor of its own (the finalizer of SplitMix64)
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

/* Each state there is. A write that changes nothing makes none. */
static void collect(const Recording *r, Points *points)
{
    g_autofree uint8_t *image = g_memdup2(r->base, r->size);
    size_t block = 0;           /* the last erased one ... */
    bool copying = false;       /* ... is being filled, and nothing else */
    bool erased = false;
    uint64_t sum = 0;

    new_sum(points->sums, sum);
    for (unsigned i = 0; i < r->writes->len; i++) {
        const Write *w = write_at(r, i);
        const Part whole = { 0, w->size };
        Part parts[STATES_PARTS];
        unsigned n = states_parts(image, w, parts);
        unsigned kind;

        block = is_erase(w) ? w->offset : block;
        copying = is_erase(w) || (copying && w->offset >= block &&
                                  w->offset - block < VARSTORE_AREA_SIZE);
        kind = is_erase(w) ? ERASE : copying ? COPY : SINGLE;
        for (unsigned p = 0; p < n; p++) {
            Image state = {
                .write = i, .part = parts[p],
                .kind = p ? kind + 1 : erased ? ERASE : kind,
                .sum = sum + sum_of(image, w, &parts[p]),
            };

            g_array_append_val(points->images[state.kind], state);
        }
        if (n) {
            erased = is_erase(w);
            sum += sum_of(image, w, &whole);
            new_sum(points->sums, sum);
            do_writes(r, image, i, 1);
        }
    }
}

static unsigned common_divisor(unsigned a, unsigned b)
{
    return b ? common_divisor(b, a % b) : a;
}

/*
 * The next image of a kind: by steps of the golden section, so that any number
 * of them is spread over all, with halves of both sorts, and coprime to how
 * many there are, so that each comes once.
 */
static const Image *next(Points *points, unsigned kind)
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

/* Say what is booted; each torn state of it is one of its own. */
static void report(const Points *points, const GArray *images)
{
    unsigned distinct[KINDS] = { 0 };

    for (unsigned i = 0; i < images->len; i++) {
        const Image *image = &g_array_index(images, Image, i);

        distinct[image->kind] += image->part.size &&
                                 new_sum(points->sums, image->sum);
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
 * As many states as are asked for, or all: seven of ten with a torn write as
 * long as there are such, and all torn erases of 60 or more.
 */
void test_crash_points(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned wanted = guest_setting("VMSPEC_NVRAM_IMAGES", 20) / r->part;
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    g_autoptr(GHashTable) sums = g_hash_table_new_full(
        g_int64_hash, g_int64_equal, g_free, NULL);
    Points points = { .sums = sums };
    unsigned all = 0;

    record(r);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        points.images[kind] = g_array_new(FALSE, FALSE, sizeof(Image));
    }
    collect(r, &points);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        g_assert_cmpuint(points.images[kind]->len, >, 0);
        all += points.images[kind]->len;
    }
    wanted = MIN(wanted, all);
    for (unsigned turn = 0; images->len < wanted; turn++) {
        const Image *image = next(&points, turns[turn % G_N_ELEMENTS(turns)]);

        if (image) {
            g_array_append_vals(images, image, 1);
        }
    }
    report(&points, images);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        g_array_unref(points.images[kind]);
    }
    try_images(r, images);
}
