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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "hw/arm/vmspec-varstore.h"
#include "sequence.h"
#include "states.h"

#define OPERATIONS 420
#define BANK (4 * VARSTORE_AREA_SIZE)
#define PAGE 4096
/* blklogwrites: a superblock, then entries of a sector and their data */
#define LOG_SECTOR 512
#define LOG_U64(p) GUINT64_FROM_LE(*(const guint64 *)(p))
/* Operations that a guest may have made since it last said one */
#define UNSEEN 200

typedef struct Image {
    unsigned write;             /* all before this one, and of this ... */
    enum { NONE, FIRST_HALF, SECOND_HALF, PAGES } part;
    uint64_t seed;              /* of PAGES */
} Image;

static char *dir;
static GArray *writes;
static uint8_t *prefilled;

static unsigned setting(const char *name, unsigned initial)
{
    const char *value = g_getenv(name);

    return value ? atoi(value) : initial;
}

static char *path_of(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static uint8_t *prefill(void)
{
    static uint8_t guid[] = SEQUENCE_GUID;
    uint8_t *store = g_malloc(BANK);
    uint8_t data[SEQUENCE_FILLER_SIZE];
    size_t used = 0;

    varstore_format(store, BANK);
    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        g_autofree char *name = g_strdup_printf(SEQUENCE_FILLER_NAME "%02u",
                                                n);
        uint8_t wide[32] = { 0 };
        VarstoreVar var = {
            .attributes = 7, .guid = guid, .name = wide,
            .name_size = 2 * (strlen(name) + 1),
            .data = data, .data_size = sizeof(data),
        };

        for (size_t i = 0; name[i]; i++) {
            wide[2 * i] = name[i];
        }
        for (unsigned i = 0; i < sizeof(data); i++) {
            data[i] = sequence_byte(n, i);
        }
        used = varstore_append(store, used, &var);
        g_assert_cmpuint(used, >, 0);
    }
    return store;
}

/* QEMU's words for a store of these options and the guest's line */
static char **command(const char *machine, const char *options,
                      const char *line)
{
    g_autofree char *text = g_strdup_printf(
        "timeout -s KILL 100 %s/qemu-system-aarch64 -M vmspec%s -bios %s "
        "-m 256 -nodefaults -display none -serial stdio -monitor none "
        "-kernel %s -append '%s' %s", g_getenv("VMSPEC_TEST_QEMU"), machine,
        g_getenv("VMSPEC_TEST_FIRMWARE"), g_getenv("VMSPEC_TEST_APP"), line,
        options);
    char **argv = NULL;

    g_assert_true(g_shell_parse_argv(text, NULL, &argv, NULL));
    return argv;
}

static char *run(const char *machine, const char *options, const char *line)
{
    g_auto(GStrv) argv = command(machine, options, line);
    char *out = NULL;
    g_autofree char *err = NULL;
    int status;

    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &out, &err, &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        g_test_message("status %d: %s%s", status, out, err);
        g_assert_cmpint(status, ==, 0);
    }
    return out;
}

/*
 * Boot the store: the operations after which its variables stand, which are
 * no fewer than @least, nor more than @most.
 */
static int boot(const char *machine, int least, int most)
{
    g_autofree char *out = run(machine, "", "c");
    char *p = strstr(out, "\nvariables");
    int seen[SEQUENCE_VARIABLES];
    char *end;
    int k;

    g_assert_nonnull(p);
    p += strlen("\nvariables");
    if (strstr(p, "BAD")) {
        g_error("a variable is neither old nor new: %s", p);
    }
    for (int n = 0; n < SEQUENCE_VARIABLES; n++) {
        p++;
        seen[n] = g_ascii_strtoll(p, &end, 10);
        if (end == p) {
            g_assert_cmpint(*p, ==, '-');
            seen[n] = -1;
            end++;
        }
        p = end;
    }
    k = states_after(seen, least, most);
    if (k < least) {
        g_error("not the variables after %d to %d operations:%s", least, most,
                strstr(out, "\nvariables"));
    }
    g_assert_true(g_str_has_prefix(p, " fillers "));
    g_assert_cmpint(atoi(p + strlen(" fillers ")), ==, SEQUENCE_FILLERS);
    return k;
}

static void save(const char *name, const uint8_t *store)
{
    g_autofree char *path = path_of(name);

    g_assert_true(g_file_set_contents(path, (const char *)store, BANK, NULL));
}

/* Is it an erase, of the variables' block or the spare one? */
static bool is_erase(const Write *w)
{
    return w->size == VARSTORE_AREA_SIZE;
}

static void record(void)
{
    g_autofree char *store = path_of("recorded.fd");
    g_autofree char *log = path_of("recorded.log");
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

    save("recorded.fd", prefilled);
    g_assert_true(g_file_set_contents(log, "", 0, NULL));
    out = run(",pflash1=store", options, line);
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
    g_autofree char *path = path_of("image.fd");
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
        save("image.fd", torn);
        g_test_message("write %u (%zu bytes at 0x%zx), part %d, after %d",
                       image->write, w->size, w->offset, image->part, least);
        least = boot(machine, least, OPERATIONS);
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
    unsigned wanted = setting("VMSPEC_NVRAM_IMAGES", 16);
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
    unsigned wanted = setting("VMSPEC_NVRAM_POWER", 8);
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

/* Kill QEMU after it has said a number of operations; the last one said */
static int kill_after(const char *machine, int first, int count)
{
    g_autofree char *line = g_strdup_printf("w %d %d", first, 10000);
    g_auto(GStrv) argv = command(machine, "", line);
    char text[256];
    int last = first - 1;
    GPid pid;
    int fd;
    FILE *out;

    /* without timeout(1), which would be killed in QEMU's place */
    g_assert_true(g_spawn_async_with_pipes(NULL, argv + 4, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                           NULL, &pid, NULL, &fd, NULL, NULL));
    out = fdopen(fd, "r");
    while (count > 0 && fgets(text, sizeof(text), out)) {
        if (sscanf(text, "op %d", &last) == 1) {
            count--;
        }
    }
    kill(pid, SIGKILL);
    g_assert_cmpint(count, ==, 0);
    fclose(out);
    waitpid(pid, NULL, 0);
    return last;
}

static void test_kills(void)
{
    unsigned wanted = setting("VMSPEC_NVRAM_KILLS", 3);
    g_autofree char *path = path_of("killed.fd");
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    int k = 0;

    save("killed.fd", prefilled);
    for (unsigned i = 0; i < wanted; i++) {
        int last = kill_after(machine, k, g_rand_int_range(rand, 1, 150));

        k = boot(machine, last + 1, last + 1 + UNSEEN);
        g_test_message("killed after operation %d, found %d", last, k);
    }
}

/*
 * The host's disk is full from the 60th write on: from some operation on
 * SetVariable fails (EFI_DEVICE_ERROR is 7), and the old variables stay.
 */
static void test_disk_full(void)
{
    g_autofree char *store = path_of("full.fd");
    g_autofree char *config = path_of("full.conf");
    g_autofree char *machine = g_strdup_printf(",nvram=%s", store);
    g_autofree char *options = g_strdup_printf(
        "-blockdev raw,node-name=store,file.driver=blkdebug,"
        "file.config=%s,file.image.driver=file,file.image.filename=%s",
        config, store);
    g_autoptr(GString) rules = g_string_new("");
    g_autofree char *out = NULL;
    char *failed;
    int k;

    for (int i = 1; i < 60; i++) {
        g_string_append_printf(rules, "[set-state]\nevent = \"pwritev\"\n"
                               "state = \"%d\"\nnew_state = \"%d\"\n", i,
                               i + 1);
    }
    g_string_append(rules, "[inject-error]\nevent = \"pwritev\"\n"
                    "state = \"60\"\niotype = \"write\"\nerrno = \"28\"\n");
    g_assert_true(g_file_set_contents(config, rules->str, -1, NULL));
    save("full.fd", prefilled);
    out = run(",pflash1=store", options, "w 0 40");
    failed = strstr(out, " 7\r\n");
    g_assert_nonnull(failed);
    while (strncmp(failed, "op ", 3)) {
        failed--;
    }
    k = atoi(failed + 3);
    g_test_message("operation %d failed", k);
    g_assert_null(strstr(failed, " 0\r\n"));
    boot(machine, k, k);
}

/* The same store in other machines of the same VM, and by other firmware */
static void test_survives(void)
{
    static const char *const machines[] = {
        "gic-version=2", "gic-version=3", "gic-version=3 -smp 16",
        "gic-version=2 -m 1G", "virtualization=on",
    };
    g_autofree char *own = g_strdup(g_getenv("VMSPEC_TEST_FIRMWARE"));
    const char *other = g_getenv("VMSPEC_TEST_OTHER_FIRMWARE") ?: "";
    g_autofree char *path = path_of("moved.fd");
    g_autofree char *first = g_strdup_printf(",nvram=%s", path);
    g_autofree char *out = NULL;

    save("moved.fd", prefilled);
    out = run(first, "", "w 0 20");
    for (unsigned i = 0; i < G_N_ELEMENTS(machines); i++) {
        g_autofree char *machine = g_strdup_printf("%s,%s", first,
                                                   machines[i]);

        g_test_message("%s", machines[i]);
        g_assert_cmpint(boot(machine, 20, 20), ==, 20);
    }
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
    g_setenv("VMSPEC_TEST_FIRMWARE", other, TRUE);
    boot(first, 20, 20);
    g_free(run(first, "", "w 20 20"));
    g_setenv("VMSPEC_TEST_FIRMWARE", own, TRUE);
    boot(first, 40, 40);
}

int main(int argc, char **argv)
{
    g_autofree char *script = NULL;
    int result;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("vmspec-crash-XXXXXX", NULL);
    g_assert_nonnull(dir);
    prefilled = prefill();
    g_test_add_func("/nvram/survives", test_survives);
    g_test_add_func("/nvram/disk-full", test_disk_full);
    g_test_add_func("/nvram/record", record);
    g_test_add_func("/nvram/states", test_states);
    g_test_add_func("/nvram/crash-points", test_crash_points);
    g_test_add_func("/nvram/power-loss", test_power_loss);
    g_test_add_func("/nvram/kills", test_kills);
    result = g_test_run();
    script = g_strdup_printf("rm -rf '%s'", dir);
    return g_spawn_command_line_sync(script, NULL, NULL, NULL, NULL) ?
           result : 1;
}
