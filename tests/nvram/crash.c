/*
 * vmspec tests: variables and crashes
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest writes, overwrites and deletes variables in a known order until the
 * store has been reclaimed several times; its writes are recorded
 * (recording.c). From the recording come states of the image that a crash
 * could have left:
 *
 *     writes      0   1   2   3   4   5   6 ...     (| is a flush)
 *     flushed       |       |       |
 *
 *     crash of QEMU or the host's kernel dying in write 4 (points.c):
 *                 0   1   2   3   4/2           0..3 and none or half of 4
 *     loss of power after write 4 (test_power_loss):
 *                 0   1   2   pages of 3, 4     each page old or new
 *     kill of QEMU (faults.c):                  the state is what it is
 *
 * The guest is booted with that image. Its variables must be those after some
 * operation, none earlier than the last one that SetVariable had confirmed, and
 * the guest must not hang.
 *
 * There are some 37000 states. varstore_check() and varstore_replay(), by which
 * the machine opens a store, see each of them (/nvram/states). To boot them all
 * would take a day, so some are booted: spread over erases, writes of one
 * variable and writes of a reclaim. Environment variables say how many;
 * docs/testing.md lists them, and meson.build has the tests of make check-long
 * that set them:
 *
 *     VMSPEC_NVRAM_IMAGES   crash points, all of them different (20)
 *     VMSPEC_NVRAM_POWER    losses of power (8)
 *     VMSPEC_NVRAM_KILLS    kills of QEMU (3)
 *     VMSPEC_NVRAM_FULL     1: failed.c has each write of an operation fail,
 *                           and more writes of a reclaim (0)
 *
 * The numbers are for a raw image. For qcow2, the format of the variable store
 * file that the machine makes for a VM with a name, a quarter as many states
 * are booted and an eighth as many guests are killed, but at least one.
 */

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "bank.h"
#include "crash.h"
#include "efi-run.h"
#include "scratch.h"
#include "states.h"

#define PAGE 4096

uint8_t *prefilled;

unsigned wanted_number(const char *name, unsigned initial)
{
    const char *value = g_getenv(name);

    return value ? atoi(value) : initial;
}

static void test_record(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned reclaims = 0;

    ensure_recorded(r);
    for (unsigned i = 1; i < r->writes->len; i++) {
        const Write *w = write_at(r, i);

        /* The firmware's flash driver erases a block twice: count it once. */
        reclaims += is_erase(w) && w->offset == r->start &&
                    !is_erase(write_at(r, i - 1));
    }
    g_test_message("%u writes, %u reclaims", r->writes->len, reclaims);
    g_assert_cmpuint(reclaims, >=, r->reclaims);
}

/*
 * Apply some of the pages that the writes of @image change, chosen by its seed.
 * Return true if several pages change: then some stay old and some are new.
 */
static bool mix_pages(const Recording *r, uint8_t *store, const Image *image)
{
    g_autofree uint8_t *old = g_memdup2(store, r->size);
    g_autofree uint8_t *new = g_memdup2(store, r->size);
    g_autoptr(GRand) rand = g_rand_new_with_seed(image->seed);
    unsigned changed, taken;

    do_writes(r, new, image->write, image->count);
    do {
        changed = taken = 0;
        for (size_t i = 0; i < r->size; i += PAGE) {
            size_t size = MIN(PAGE, r->size - i);
            bool take = false;

            if (memcmp(old + i, new + i, size)) {
                changed++;
                take = g_rand_boolean(rand);
            }
            if (take) {
                taken++;
            }
            memcpy(store + i, (take ? new : old) + i, size);
        }
    } while (changed > 1 && (taken == 0 || taken == changed));
    return changed > 1;
}

/*
 * Make the state of @image from @store, which has all writes before the image's
 * own. Return true if old and new pages are mixed in it.
 */
static bool apply_image(const Recording *r, uint8_t *store, const Image *image)
{
    if (image->count) {
        return mix_pages(r, store, image);
    }
    states_do(store, write_at(r, image->write), &image->part);
    return false;
}

static void test_states(const void *recording)
{
    Recording *r = (Recording *)recording;
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK_SIZE);
    g_autoptr(GArray) writes = NULL;
    StatesCount count;

    ensure_recorded(r);
    writes = store_writes(r);
    count = states_check_all(store, writes, r->operations);
    g_test_message("%u states of whole writes and %u of halves are sound",
                   count.whole, count.torn);
    g_assert_cmpuint(count.torn, >, count.whole);
}

static int by_write(const void *a, const void *b)
{
    const Image *x = a;
    const Image *y = b;

    if (x->write == y->write) {
        return 0;
    }
    return x->write < y->write ? -1 : 1;
}

unsigned try_images(const Recording *r, GArray *images)
{
    g_autofree uint8_t *store = g_memdup2(r->base, r->size);
    g_autofree uint8_t *torn = g_malloc(r->size);
    g_autofree char *path = scratch_path(r->name);
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    unsigned done = 0;
    unsigned mixed = 0;
    int least = 0;
    int k;

    g_array_sort(images, by_write);
    for (unsigned i = 0; i < images->len; i++) {
        const Image *image = &g_array_index(images, Image, i);
        const Write *w = write_at(r, image->write);

        do_writes(r, store, done, image->write - done);
        done = image->write;
        least = states_of(store + r->start, least, r->operations);
        memcpy(torn, store, r->size);
        mixed += apply_image(r, torn, image);
        g_assert_true(g_file_set_contents(path, (char *)torn, r->size, NULL));
        g_test_message("before write %u (%zu bytes at 0x%zx), after %d "
                       "operations; done of it: %zu bytes from %zu, or pages "
                       "of %u writes by seed %u", image->write, w->size,
                       w->offset, least, image->part.size,
                       image->part.first, image->count, image->seed);
        /*
         * A half of a write may complete an operation, and the next image, with
         * the other half, not: so @least stays that of whole writes.
         */
        k = efi_run_boot(machine, least, least + MAX(image->count, 1));
        g_test_message("found %d", k);
    }
    g_test_message("%u images booted, in %u old and new pages are mixed",
                   images->len, mixed);
    g_array_unref(images);
    return mixed;
}

/* How many pages of the image the writes change */
static unsigned pages_changed(const Recording *r, const uint8_t *store,
                              const Image *image)
{
    g_autofree uint8_t *new = NULL;
    unsigned changed = 0;

    if (image->count == 1 && write_at(r, image->write)->size <= PAGE) {
        return 1;               /* a shortcut: so are most writes */
    }
    new = g_memdup2(store, r->size);
    do_writes(r, new, image->write, image->count);
    for (size_t i = 0; i < r->size; i += PAGE) {
        if (memcmp(store + i, new + i, MIN(PAGE, r->size - i))) {
            changed++;
        }
    }
    return changed;
}

/*
 * After a loss of power, each page that was written since the last flush is old
 * or new. Most writes change one page, so that there is nothing to mix. Three
 * of four images are therefore of those that change several, which are erases:
 * each of them several times, with other pages chosen.
 */
static void test_power_loss(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned wanted = wanted_number("VMSPEC_NVRAM_POWER", 8) / r->part;
    g_autofree uint8_t *store = NULL;
    g_autoptr(GArray) several = g_array_new(FALSE, FALSE, sizeof(Image));
    g_autoptr(GArray) single = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    unsigned mixed;

    ensure_recorded(r);
    store = g_memdup2(r->base, r->size);
    for (unsigned i = 0, first = 0; i < r->writes->len; i++) {
        Image image = {
            .write = first, .count = i + 1 - first,
        };

        if (write_at(r, i)->flushed) {
            g_array_append_val(pages_changed(r, store, &image) > 1 ? several :
                               single, image);
            do_writes(r, store, image.write, image.count);
            first = i + 1;
        }
    }
    g_test_message("%u times several unflushed pages, %u times one",
                   several->len, single->len);
    g_assert_cmpuint(several->len, >, 0);
    for (unsigned i = 0; i < wanted; i++) {
        GArray *from = i % 4 || !single->len ? several : single;
        Image image = g_array_index(from, Image, i * from->len / wanted);

        image.seed = i;
        g_array_append_val(images, image);
    }
    mixed = try_images(r, images);
    g_assert_cmpuint(2 * mixed, >=, wanted);
}

static void add_for_formats(const char *name, GTestDataFunc test)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(recordings); i++) {
        g_autofree char *path = g_strdup_printf("/nvram/%s/%s", name,
                                                recordings[i].format);

        g_test_add_data_func(path, &recordings[i], test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_make();
    prefilled = bank_prefilled();
    g_test_add_func("/nvram/survives", test_survives);
    g_test_add_func("/nvram/full-store", test_full_store);
    add_for_formats("failed-write", test_failed_write);
    g_test_add_func("/nvram/failed-once", test_failed_once);
    g_test_add_func("/nvram/disk-full-in-reclaim", test_disk_full_in_reclaim);
    add_for_formats("record", test_record);
    add_for_formats("states", test_states);
    add_for_formats("crash-points", test_crash_points);
    add_for_formats("power-loss", test_power_loss);
    g_test_add_func("/nvram/kills/raw", test_kills_raw);
    g_test_add_func("/nvram/kills/qcow2", test_kills_qcow2);
    return scratch_remove(g_test_run());
}
