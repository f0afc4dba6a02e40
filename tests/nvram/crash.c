/*
 * vmspec tests: variables and crashes
 *
 * A guest writes, overwrites and deletes variables in a known order until the
 * store has been reclaimed three times. Then the store is put into each state
 * that a crash could leave: after any of the recorded flash writes, after
 * half of one, after some of its pages; or QEMU is killed. Booted again, the
 * variables must be those after some operation, no earlier than what the
 * guest had been told, and nothing may hang. Of qcow2, in which the machine
 * keeps the variables of a VM with a name, there are fewer.
 *
 * VMSPEC_NVRAM_IMAGES, _KILLS and _POWER say how many of each to try;
 * VMSPEC_NVRAM_FULL=1 to fill the disk at all points of a reclaim.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "crash.h"
#include "guest.h"
#include "scratch.h"
#include "states.h"

#define PAGE 4096

typedef struct Image {
    unsigned write;             /* all before this one, and of this ... */
    enum { NONE, FIRST_HALF, SECOND_HALF, PAGES } part;
    unsigned count;             /* PAGES: of so many writes */
    unsigned seed;
} Image;

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

/* Do part of a write; true if old and new pages are mixed then. */
static bool apply(const Recording *r, uint8_t *store, const Image *image)
{
    const Write *w = write_at(r, image->write);
    size_t from = image->part == SECOND_HALF ? w->size / 2 : 0;

    if (image->part == PAGES) {
        return mix_pages(r, store, image);
    }
    if (image->part != NONE) {
        memcpy(store + w->offset + from, w->data + from, w->size / 2);
    }
    return false;
}

static void test_states(const void *recording)
{
    Recording *r = (Recording *)recording;
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);

    record(r);
    g_test_message("%u states checked",
                   states_check_all(store, r->writes, r->operations));
}

/*
 * Boot each image, in the order of their writes; frees @images. Gives how
 * many had old and new pages mixed.
 */
static unsigned try(const Recording *r, GArray *images)
{
    g_autofree uint8_t *store = g_memdup2(r->base, r->size);
    g_autofree uint8_t *torn = g_malloc(r->size);
    g_autofree char *path = scratch_path(r->name);
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    unsigned done = 0;
    unsigned mixed = 0;
    int least = 0;
    int k;

    for (unsigned i = 0; i < images->len; i++) {
        const Image *image = &g_array_index(images, Image, i);
        const Write *w = write_at(r, image->write);

        do_writes(r, store, done, image->write - done);
        done = image->write;
        least = states_of(store + r->start, least, r->operations);
        memcpy(torn, store, r->size);
        mixed += apply(r, torn, image);
        g_assert_true(g_file_set_contents(path, (char *)torn, r->size, NULL));
        g_test_message("write %u (%zu bytes at 0x%zx), part %d, seed %u, "
                       "after %d", image->write, w->size, w->offset,
                       image->part, image->seed, least);
        /* what half a write did is not for good: the next may stand at less */
        k = guest_boot(machine, least, least + MAX(image->count, 1));
        g_test_message("found %d", k);
    }
    g_test_message("%u images booted, in %u old and new pages are mixed",
                   images->len, mixed);
    g_array_unref(images);
    return mixed;
}

static int by_write(const void *a, const void *b)
{
    const Image *x = a;
    const Image *y = b;

    return (x->write > y->write) - (x->write < y->write);
}

/*
 * Half of the images are of erases, whose halves count most; the others are
 * of programs, most of them of single variables.
 */
static void test_crash_points(const void *recording)
{
    Recording *r = (Recording *)recording;
    unsigned wanted = guest_setting("VMSPEC_NVRAM_IMAGES", 16) / r->part;
    GArray *erases = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *programs = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    bool rewriting = false;     /* a block: alike, so that few will do */
    unsigned e = 0;

    record(r);
    for (unsigned i = 0; i < r->writes->len; i++) {
        const Write *w = write_at(r, i);
        size_t offset = w->offset - r->start;

        rewriting = is_erase(w) ||
                    (rewriting && (offset < VARSTORE_AREA_SIZE ||
                     offset >= 2 * VARSTORE_AREA_SIZE));
        if (rewriting && !is_erase(w) && i % 32) {
            continue;
        }
        for (int part = NONE; part <= SECOND_HALF; part++) {
            Image image = { .write = i, .part = part };

            g_array_append_val(is_erase(w) ||
                               (i && is_erase(write_at(r, i - 1))) ? erases :
                               programs, image);
        }
    }
    for (unsigned i = 0; i < wanted / 2 && i < programs->len; i++) {
        Image image = g_array_index(programs, Image, (guint64)i *
                                    programs->len / MAX(wanted / 2, 1));

        for (; e < erases->len && e * (wanted / 2) < (i + 1) * erases->len;
             e += MAX(1, erases->len / (wanted / 2))) {
            g_array_append_val(images, g_array_index(erases, Image, e));
        }
        g_array_append_val(images, image);
    }
    g_array_sort(images, by_write);
    g_array_unref(erases);
    g_array_unref(programs);
    try(r, images);
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
            .write = first, .part = PAGES, .count = i + 1 - first,
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
    g_array_sort(images, by_write);
    mixed = try(r, images);
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
    g_test_add_func("/nvram/disk-full", test_disk_full);
    g_test_add_func("/nvram/disk-full-in-reclaim", test_disk_full_in_reclaim);
    add_tests("record", test_record);
    g_test_add_data_func("/nvram/states/raw", &recordings[0], test_states);
    add_tests("crash-points", test_crash_points);
    add_tests("power-loss", test_power_loss);
    g_test_add_func("/nvram/kills/raw", test_kills_raw);
    g_test_add_func("/nvram/kills/qcow2", test_kills_qcow2);
    return scratch_remove(g_test_run());
}
