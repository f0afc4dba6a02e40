/*
 * vmspec tests: variables and crashes
 *
 * A guest writes, overwrites and deletes variables in a known order until the
 * store has been reclaimed three times. Then the store is put into a state
 * that a crash could leave: after any of the recorded flash writes, after
 * half of what one changes, after some of its pages; or QEMU is killed. Booted
 * again, the variables must be those after some operation, no earlier than
 * what the guest had been told, and nothing may hang.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The code by which the machine checks a store sees each state of a recording,
 * some 37000 (/nvram/states). To boot all would take a day, so that only some
 * are booted, spread over erases, programs of variables and programs of a
 * reclaim (points.c). Environment variables say how many:
 * VMSPEC_NVRAM_IMAGES   after crashes between or in writes, all different: 20
 * VMSPEC_NVRAM_POWER    after a loss of power: 8
 * VMSPEC_NVRAM_KILLS    after kills of QEMU: 3
 * That is with a raw store. With qcow2, in which the machine keeps the
 * variables of a VM with a name, there are a quarter as many, of kills an
 * eighth, at least one.
 * VMSPEC_NVRAM_FULL=1   have each write of an operation fail, not a few,
 *                       and more of a reclaim
 */

#include <glib.h>
#include <string.h>

#include "crash.h"
#include "guest.h"
#include "scratch.h"
#include "states.h"

#define PAGE 4096

uint8_t *prefilled;

static void test_record(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned reclaims = 0;

    record(r);
    for (unsigned i = 1; i < r->writes->len; i++) {
        const Write *w = write_at(r, i);

        /* The driver erases a block twice. */
        reclaims += is_erase(w) && w->offset == r->start &&
                    !is_erase(write_at(r, i - 1));
    }
    g_test_message("%u writes, %u reclaims", r->writes->len, reclaims);
    g_assert_cmpuint(reclaims, >=, r->reclaims);
}

/* Take some of the pages that the writes change; all or none if it is one. */
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
            bool take = memcmp(old + i, new + i, size) &&
                        g_rand_boolean(rand);

            changed += !!memcmp(old + i, new + i, size);
            taken += take;
            memcpy(store + i, (take ? new : old) + i, size);
        }
    } while (changed > 1 && (taken == 0 || taken == changed));
    return changed > 1;
}

/* Do part of what @image tells of; true if old and new pages are mixed then. */
static bool apply(const Recording *r, uint8_t *store, const Image *image)
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
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);
    g_autoptr(GArray) writes = NULL;
    StatesCount count;

    record(r);
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

    return (x->write > y->write) - (x->write < y->write);
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
        mixed += apply(r, torn, image);
        g_assert_true(g_file_set_contents(path, (char *)torn, r->size, NULL));
        g_test_message("before write %u (%zu bytes at 0x%zx), after %d "
                       "operations; done of it: %zu bytes from %zu, or pages "
                       "of %u writes by seed %u", image->write, w->size,
                       w->offset, least, image->part.size,
                       image->part.first, image->count, image->seed);
        /* what half a write did is not for good: the next may stand at less */
        k = guest_boot(machine, least, least + MAX(image->count, 1));
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
        return 1;               /* most of them */
    }
    new = g_memdup2(store, r->size);
    do_writes(r, new, image->write, image->count);
    for (size_t i = 0; i < r->size; i += PAGE) {
        changed += !!memcmp(store + i, new + i, MIN(PAGE, r->size - i));
    }
    return changed;
}

/*
 * Power lost: of all the writes since the last flush, each page is old or new.
 * Three of four images are of writes that change several pages, so that there
 * is something to mix: erases, each several times, with other pages.
 */
static void test_power_loss(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned wanted = guest_setting("VMSPEC_NVRAM_POWER", 8) / r->part;
    g_autofree uint8_t *store = NULL;
    g_autoptr(GArray) several = g_array_new(FALSE, FALSE, sizeof(Image));
    g_autoptr(GArray) single = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    unsigned mixed;

    record(r);
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

static void add_tests(const char *name, GTestDataFunc test)
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
    prefilled = guest_prefill();
    g_test_add_func("/nvram/survives", test_survives);
    g_test_add_func("/nvram/full-store", test_full_store);
    add_tests("failed-write", test_failed_write);
    g_test_add_func("/nvram/failed-once", test_failed_once);
    g_test_add_func("/nvram/disk-full-in-reclaim", test_disk_full_in_reclaim);
    add_tests("record", test_record);
    add_tests("states", test_states);
    add_tests("crash-points", test_crash_points);
    add_tests("power-loss", test_power_loss);
    g_test_add_func("/nvram/kills/raw", test_kills_raw);
    g_test_add_func("/nvram/kills/qcow2", test_kills_qcow2);
    return scratch_remove(g_test_run());
}
