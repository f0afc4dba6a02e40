/*
 * vmspec tests: variables and crashes
 *
 * A guest writes, overwrites and deletes variables in a known order until the
 * store has been reclaimed three times. Then the store is put into each state
 * that a crash could leave: after any of the recorded flash writes, after
 * half of one, after some of its pages; or QEMU is killed. Booted again, the
 * variables must be those after some operation, no earlier than what the
 * guest had been told, and nothing may hang.
 *
 * VMSPEC_NVRAM_IMAGES, _KILLS and _POWER say how many of each to try.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "crash.h"
#include "guest.h"
#include "scratch.h"
#include "states.h"

#define OPERATIONS 420
#define PAGE 4096
/* blklogwrites: a superblock, then entries of a sector and their data */
#define LOG_SECTOR 512
#define LOG_U64(p) GUINT64_FROM_LE(*(const guint64 *)(p))

typedef struct Image {
    unsigned write;             /* all before this one, and of this ... */
    enum { NONE, FIRST_HALF, SECOND_HALF, PAGES } part;
    uint64_t seed;              /* of PAGES */
} Image;

static GArray *writes;
uint8_t *prefilled;

/* Is it an erase, of the variables' block or the spare one? */
static bool is_erase(const Write *w)
{
    return w->size == VARSTORE_AREA_SIZE;
}

static void record(void)
{
    g_autofree char *store = scratch_path("recorded.fd");
    g_autofree char *log = scratch_path("recorded.log");
    g_autofree char *options = g_strdup_printf(
        "-blockdev raw,node-name=store,file.driver=blklogwrites,"
        "file.file.driver=file,file.file.filename=%s,"
        "file.file.cache.no-flush=on,file.log.driver=file,"
        "file.log.filename=%s,file.log.cache.no-flush=on", store, log);
    g_autofree char *line = g_strdup_printf("w 0 %d", OPERATIONS);
    g_autofree char *out = NULL;
    uint8_t *data = NULL;
    size_t size;
    size_t offset = LOG_SECTOR;
    unsigned reclaims = 0;

    guest_save("recorded.fd", prefilled);
    g_assert_true(g_file_set_contents(log, "", 0, NULL));
    out = guest_run(",pflash1=store", options, line);
    g_assert_nonnull(strstr(out, " end"));
    g_assert_true(g_file_get_contents(log, (char **)&data, &size, NULL));
    writes = g_array_new(FALSE, FALSE, sizeof(Write));
    for (uint64_t i = LOG_U64(data + 16); i; i--) {
        Write w = {
            .offset = LOG_U64(data + offset) * LOG_SECTOR,
            .size = LOG_U64(data + offset + 8) * LOG_SECTOR,
            .data = data + offset + LOG_SECTOR,
        };

        if (w.size) {
            g_array_append_val(writes, w);
            reclaims += is_erase(&w) && w.offset == 0;
        }
        offset += LOG_SECTOR + w.size;
        g_assert_cmpuint(offset, <=, size);
    }
    g_test_message("%u writes, %u reclaims", writes->len, reclaims);
    g_assert_cmpuint(reclaims, >=, 3);
}

static const Write *write_at(unsigned i)
{
    return &g_array_index(writes, Write, i);
}

static void apply(uint8_t *store, const Image *image)
{
    const Write *w = write_at(image->write);
    g_autoptr(GRand) rand = g_rand_new_with_seed(image->seed);

    switch (image->part) {
    case NONE:
        break;
    case FIRST_HALF:
        memcpy(store + w->offset, w->data, w->size / 2);
        break;
    case SECOND_HALF:
        memcpy(store + w->offset + w->size / 2, w->data + w->size / 2,
               w->size / 2);
        break;
    case PAGES:
        for (size_t i = 0; i < w->size; i += PAGE) {
            if (g_rand_boolean(rand)) {
                memcpy(store + w->offset + i, w->data + i,
                       MIN(PAGE, w->size - i));
            }
        }
    }
}

static void test_states(void)
{
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);

    g_test_message("%u states checked",
                   states_check_all(store, writes, OPERATIONS));
}

/* Boot each image, in the order of their writes; frees @images. */
static void try(GArray *images)
{
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);
    g_autofree uint8_t *torn = g_malloc(BANK);
    g_autofree char *path = scratch_path("image.fd");
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    unsigned done = 0;
    int least = 0;

    for (unsigned i = 0; i < images->len; i++) {
        const Image *image = &g_array_index(images, Image, i);
        const Write *w = write_at(image->write);

        for (; done < image->write; done++) {
            memcpy(store + write_at(done)->offset, write_at(done)->data,
                   write_at(done)->size);
        }
        memcpy(torn, store, BANK);
        apply(torn, image);
        guest_save("image.fd", torn);
        g_test_message("write %u (%zu bytes at 0x%zx), part %d, after %d",
                       image->write, w->size, w->offset, image->part, least);
        least = guest_boot(machine, least, OPERATIONS);
    }
    g_test_message("%u images booted", images->len);
    g_array_unref(images);
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
static void test_crash_points(void)
{
    unsigned wanted = guest_setting("VMSPEC_NVRAM_IMAGES", 16);
    GArray *erases = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *programs = g_array_new(FALSE, FALSE, sizeof(Image));
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    bool rewriting = false;     /* a block: alike, so that few will do */
    unsigned e = 0;

    for (unsigned i = 0; i < writes->len; i++) {
        rewriting = is_erase(write_at(i)) ||
                    (rewriting && (write_at(i)->offset < VARSTORE_AREA_SIZE ||
                     write_at(i)->offset >= 2 * VARSTORE_AREA_SIZE));
        if (rewriting && !is_erase(write_at(i)) && i % 32) {
            continue;
        }
        for (int part = NONE; part <= SECOND_HALF; part++) {
            Image image = { i, part, 0 };

            g_array_append_val(is_erase(write_at(i)) ||
                               (i && is_erase(write_at(i - 1))) ? erases :
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
    try(images);
}

/* Power lost: of what was not flushed yet, each page is old or new. */
static void test_power_loss(void)
{
    unsigned wanted = guest_setting("VMSPEC_NVRAM_POWER", 8);
    GArray *images = g_array_new(FALSE, FALSE, sizeof(Image));
    unsigned step = MAX(1, writes->len / MAX(wanted, 1));

    for (unsigned i = 0; i < writes->len && images->len < wanted; i++) {
        Image image = { i, PAGES, i };

        if (is_erase(write_at(i)) || i % step == 0) {
            g_array_append_val(images, image);
        }
    }
    try(images);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_make();
    prefilled = guest_prefill();
    g_test_add_func("/nvram/survives", test_survives);
    g_test_add_func("/nvram/disk-full", test_disk_full);
    g_test_add_func("/nvram/record", record);
    g_test_add_func("/nvram/states", test_states);
    g_test_add_func("/nvram/crash-points", test_crash_points);
    g_test_add_func("/nvram/power-loss", test_power_loss);
    g_test_add_func("/nvram/kills", test_kills);
    return scratch_remove(g_test_run());
}
