/*
 * vmspec qtest: the format of the variable store file (platform.md, section
 * 7.2)
 *
 * The name of the file or nvram-format= decides whether it is raw or qcow2, and
 * never the content: a guest writes the first bytes of a raw file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include <glib/gstdio.h>
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/qom.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define QCOW2_MAGIC "QFI\xfb"
#define QCOW2_FEATURES 72
#define QCOW2_DIRTY 1
#define MAX_READS 60
#define MAX_ROUNDS 10

/*
 * A raw store at @name whose guest has written a whole qcow2 image over its
 * start. The image has a sound store in it, of the largest bank.
 */
static char *written_by_guest(const char *name)
{
    g_autofree char *sample = store_sample_file("large.raw", 64 * MiB);
    g_autofree char *image = scratch_path("large.qcow2");
    g_autofree char *convert = g_strdup_printf(
        "%s convert -c -f raw -O qcow2 %s %s", getenv("QTEST_QEMU_IMG"),
        sample, image);
    g_autoptr(VmspecRun) run = vmspec_run_program(convert);
    g_autofree char *bank = g_malloc(STORE_BANK);
    g_autofree char *data = NULL;
    size_t size;

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(image, &data, &size, NULL));
    g_test_message("image of %zu bytes", size);
    g_assert_cmpuint(size, <, STORE_BANK);
    memset(bank, 0xff, STORE_BANK);
    memcpy(bank, data, size);
    g_unlink(sample);
    return scratch_file(name, bank, STORE_BANK, STORE_BANK);
}

static void check_unchanged(const char *path, const char *data, size_t size)
{
    g_autofree char *now = NULL;
    size_t length;

    g_assert_true(g_file_get_contents(path, &now, &length, NULL));
    g_assert_cmpmem(now, length, data, size);
}

/* The next start does not open the raw file as the image that is in it. */
static void test_written_by_guest(const void *opaque)
{
    const char *machine = opaque;
    g_autofree char *path = written_by_guest(
        strstr(machine, "raw") ? "written" : "written.fd");
    g_autofree char *all = g_strdup_printf(",nvram=%s%s", path, machine);
    g_autofree char *before = NULL;
    g_autoptr(VmspecRun) run = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(path, &before, &size, NULL));
    run = store_run("", all, "");
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, path));
    g_assert_nonnull(strstr(run->err, "not a variable store"));
    check_unchanged(path, before, size);
    g_unlink(path);
}

/* The guest itself writes the magic number; the store is damaged, and raw. */
static void test_guest_writes_magic(void)
{
    g_autofree char *path = store_sample_file("magic.fd", STORE_BANK);
    g_autofree char *machine = store_option(path);
    QTestState *qts = qtest_initf("-M vmspec%s -nodefaults -bios %s", machine,
                                  vmspec_stub());

    g_assert_cmphex(cfi_erase(qts, 0), ==, CFI_READY);
    g_assert_cmphex(cfi_program(qts, 0, ldl_le_p(QCOW2_MAGIC)), ==, CFI_READY);
    qtest_quit(qts);
    store_check_refused("", machine, path, "corrupt at offset");
    g_unlink(path);
}

/*
 * The block layer has guessed the format of a drive: then it lets no guest
 * write what would change the guess.
 */
static void test_guessed_drive(void)
{
    g_autofree char *path = store_sample_file("guessed.fd", STORE_BANK);
    QTestState *qts = qtest_initf(
        "-M vmspec -nodefaults -bios %s -drive if=pflash,unit=1,file=%s",
        vmspec_stub(), path);
    g_autofree char *data = NULL;
    size_t size;

    g_assert_cmphex(cfi_erase(qts, 0), ==, CFI_READY);
    g_assert_cmphex(cfi_program(qts, 0, ldl_le_p(QCOW2_MAGIC)) &
                    CFI_PROGRAM_ERROR, !=, 0);
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    g_assert_cmpint(memcmp(data, QCOW2_MAGIC, 4), !=, 0);
    g_unlink(path);
}

static void check_format(const char *path, const char *machine,
                         const char *format)
{
    QTestState *qts = qtest_initf("-M vmspec,nvram=%s%s -nodefaults -bios %s",
                                  path, machine, vmspec_stub());
    g_autofree char *text = qom_text(qts, "/machine", "nvram-format");
    g_autofree char *data = NULL;
    size_t size;

    g_test_message("%s%s: %s", path, machine, text);
    g_assert_nonnull(strstr(text, format));
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    if (strcmp(format, "qcow2")) {
        g_assert_cmpint(memcmp(data, QCOW2_MAGIC, 4), !=, 0);
    } else {
        g_assert_cmpmem(data, 4, QCOW2_MAGIC, 4);
    }
}

/* QEMU makes a file of the format that it opens. */
static void test_decided_once(void)
{
    static const struct {
        const char *name, *machine, *format;
    } rows[] = {
        { "a.fd", "", "raw" }, { "a.raw", "", "raw" },
        { "a.fd", ",nvram-format=auto", "raw" },
        { "a.fd.bak", "", "raw" }, { "a.raw.bak12", "", "raw" },
        { "a", "", "qcow2" }, { "a.qcow2", "", "qcow2" },
        { "a.qcow2.bak", "", "qcow2" }, { "a.img", "", "qcow2" },
        { "fd", "", "qcow2" }, { "a.fdx", "", "qcow2" },
        { "a", ",nvram-format=raw", "raw" },
        { "a.qcow2", ",nvram-format=raw", "raw" },
        { "a.fd", ",nvram-format=qcow2", "qcow2" },
    };

    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = scratch_path(rows[i].name);

        check_format(path, rows[i].machine, rows[i].format);
        check_format(path, rows[i].machine, rows[i].format);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
}

/* A file of the other format is refused with the way out, and not changed. */
static void test_other_format(void)
{
    static const struct {
        const char *name, *format, *says;
    } rows[] = {
        { "other", "raw", "nvram-format=raw" },
        { "other.qcow2", "raw", "nvram-format=raw" },
        { "other.fd", "qcow2", "nvram-format=qcow2" },
    };

    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = store_image(rows[i].name, rows[i].format);
        g_autofree char *machine = store_option(path);
        g_autofree char *right = g_strdup_printf("%s,%s", machine,
                                                 rows[i].says);
        g_autofree char *before = NULL;
        g_autoptr(VmspecRun) run = NULL;
        size_t size;

        g_assert_true(g_file_get_contents(path, &before, &size, NULL));
        store_check_refused("", machine, path, rows[i].says);
        check_unchanged(path, before, size);
        run = store_run("", right, "");
        g_assert_cmpint(run->status, ==, 0);
        g_assert_nonnull(strstr(run->out, "4 variables"));
        g_unlink(path);
    }
}

/* A qcow2 image of a disk: nvram-reset=on does not take it away. */
static void test_disk_in_qcow2(void)
{
    g_autofree char *path = scratch_path("disk.qcow2");
    g_autofree char *reset = g_strdup_printf(",nvram=%s,nvram-reset=on", path);
    static const char *const sizes[] = { "20G", "8M" };

    for (int i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *command = g_strdup_printf(
            "sh -c 'printf \"EFI PART\" | dd bs=512 seek=1 of=%s.raw "
            "&& truncate -s %s %s.raw && "
            "%s convert -f raw -O qcow2 %s.raw %s && rm %s.raw'", path,
            sizes[i], path, getenv("QTEST_QEMU_IMG"), path, path, path);
        g_autoptr(VmspecRun) made = vmspec_run_program(command);

        g_assert_cmpint(made->status, ==, 0);
        store_check_refused("", reset, path, "not a variable store");
        g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
        g_unlink(path);
    }
}

/* A qcow2 store that the block layer repairs when it is opened to write */
static void make_dirty(const char *path, const char *sound)
{
    g_autofree char *data = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(sound, &data, &size, NULL));
    data[QCOW2_FEATURES + 7] |= QCOW2_DIRTY;
    g_assert_true(g_file_set_contents(path, data, size, NULL));
}

/*
 * All reads from the @n-th on fail. True if QEMU refuses the image then, and
 * had changed it: it must not say that nothing was changed.
 */
static bool is_repaired_and_refused(const char *path, unsigned n, bool *opened)
{
    g_autofree char *machine = store_option(path);
    g_autofree char *runner = g_strdup_printf(
        "strace -f -qq -o /dev/null -P %s -e trace=pread64,preadv "
        "-e inject=pread64,preadv:error=EIO:when=%u+", path, n);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autoptr(VmspecRun) run = NULL;
    size_t size, now;

    g_assert_true(g_file_get_contents(path, &before, &size, NULL));
    run = store_run(runner, machine, "");
    *opened = run->status == 0;
    g_assert_true(g_file_get_contents(path, &after, &now, NULL));
    if (*opened || (size == now && !memcmp(before, after, size))) {
        return false;
    }
    g_assert_null(strstr(run->err, "Nothing was changed"));
    return true;
}

/*
 * A read fails after the repair. strace counts the reads of each thread by
 * itself, so one round may miss the few reads that matter.
 */
static void test_repaired_then_refused(void)
{
    g_autofree char *sound = store_image("clean.qcow2", "qcow2");
    g_autofree char *path = scratch_path("dirty.qcow2");
    unsigned changed = 0;

    if (!store_can_trace()) {
        return;
    }
    for (int round = 0; round < MAX_ROUNDS && !changed; round++) {
        bool opened = false;

        for (unsigned n = 1; n < MAX_READS && !opened; n++) {
            make_dirty(path, sound);
            changed += is_repaired_and_refused(path, n, &opened) ? 1 : 0;
        }
    }
    g_test_message("%u changed and refused", changed);
    g_assert_cmpuint(changed, >=, 1);
}

static void add_tests(void)
{
    qtest_add_data_func("/vmspec/nvram-format/written-by-guest/name", "",
                        test_written_by_guest);
    qtest_add_data_func("/vmspec/nvram-format/written-by-guest/property",
                        ",nvram-format=raw", test_written_by_guest);
    qtest_add_func("/vmspec/nvram-format/guest-writes-magic",
                   test_guest_writes_magic);
    qtest_add_func("/vmspec/nvram-format/guessed-drive", test_guessed_drive);
    qtest_add_func("/vmspec/nvram-format/decided-once", test_decided_once);
    qtest_add_func("/vmspec/nvram-format/other-format", test_other_format);
    qtest_add_func("/vmspec/nvram-format/disk-in-qcow2", test_disk_in_qcow2);
    qtest_add_func("/vmspec/nvram-format/repaired-then-refused",
                   test_repaired_then_refused);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
