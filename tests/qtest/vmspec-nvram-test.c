/*
 * vmspec qtest: the variable store file (platform.md, section 7)
 *
 * How nvram= makes a store, which files it refuses and never changes, and that
 * a store belongs to one VM. vmspec-nvram-fault-test has writes that fail.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include <glib/gstdio.h>
#include "vmspec/machine.h"
#include "vmspec/qom.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define UUID "12345678-9abc-def0-1234-56789abcdef0"
#define NOBODY 65534

static mode_t mode(const char *path)
{
    struct stat st;

    g_assert_cmpint(lstat(path, &st), ==, 0);
    return st.st_mode & 07777;
}

/*
 * A new store is sound and empty, and only its user may read it, whatever the
 * umask.
 */
static void test_created(const void *name)
{
    static const mode_t umasks[] = { 000, 022, 077 };

    for (int i = 0; i < G_N_ELEMENTS(umasks); i++) {
        g_autofree char *path = scratch_path(name);
        g_autofree char *machine = store_option(path);
        mode_t old = umask(umasks[i]);

        for (int n = 0; n < 2; n++) {
            g_autoptr(VmspecRun) run = store_run("", machine, "");

            g_assert_cmpint(run->status, ==, 0);
            g_assert_nonnull(strstr(run->out, "0 variables"));
            g_assert_cmpuint(mode(path), ==, 0600);
        }
        umask(old);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
}

static void test_created_formats(void)
{
    static const struct {
        const char *name, *magic;
    } rows[] = {
        { "new.fd", "" }, { "new.raw", "" }, { "new.qcow2", "QFI\xfb" },
        { "new", "QFI\xfb" },
    };

    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = scratch_path(rows[i].name);
        g_autofree char *machine = store_option(path);
        g_autofree uint8_t *empty = g_malloc(STORE_BANK);
        g_autoptr(VmspecRun) run = store_run("", machine, "");
        g_autofree char *data = NULL;
        size_t size;

        store_init(empty, STORE_BANK);
        g_assert_true(g_file_get_contents(path, &data, &size, NULL));
        if (*rows[i].magic) {
            g_assert_cmpmem(data, 4, rows[i].magic, 4);
        } else {
            g_assert_cmpmem(data, size, empty, STORE_BANK);
        }
        g_unlink(path);
    }
}

/* Names of 240 letters, of 27 and of 60 characters of three bytes */
#define A10 "aaaaaaaaaa"
#define A80 A10 A10 A10 A10 A10 A10 A10 A10
#define DAY3 "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
#define DAY9 DAY3 DAY3 DAY3
#define DAY36 DAY9 DAY9 DAY9 DAY9

/* nvram=auto, and the options that have the same effect */
static void test_auto(void)
{
    static const struct {
        const char *machine, *options, *file;
    } rows[] = {
        { "", "-uuid " UUID, UUID ".qcow2" },
        { "", "-name guest=web/1", "web%2f1.qcow2" },
        { "", "-name ..", "%2e..qcow2" },
        { "", "-name " DAY9 DAY9 DAY9, DAY9 DAY9 DAY9 ".qcow2" },
        { "", "-name \xff\xe6\x97", "%ff%e6%97.qcow2" },
        { "", "-name " A80 A80 A80,
          A80 A10 A10 A10 "a~9b3043905ca79556.qcow2" },
        { "", "-name " DAY36 DAY9 DAY9 DAY3 DAY3,
          DAY36 "\xe6\x97\xa5~5ad31c738e03ac9b.qcow2" },
        { ",nvram=auto", "-nodefaults -name a", "a.qcow2" },
        { ",nvram=none", "-uuid " UUID, NULL },
        { "", "-nodefaults -uuid " UUID, NULL },
        { "", "", NULL },
    };
    g_autofree char *state = scratch_path("state");
    g_autofree char *parent = g_build_filename(state, "vmspec", NULL);
    g_autofree char *dir = g_build_filename(parent, "nvram", NULL);
    mode_t old = umask(0);

    g_setenv("XDG_STATE_HOME", state, TRUE);
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VmspecRun) run = store_run("", rows[i].machine,
                                         rows[i].options);
        g_autofree char *file = g_build_filename(dir, rows[i].file ?: "x",
                                                 NULL);

        g_assert_cmpint(run->status, ==, 0);
        if (rows[i].file) {
            g_assert_cmpuint(mode(file), ==, 0600);
            g_assert_cmpuint(mode(dir), ==, 0700);
            g_assert_cmpint(g_unlink(file), ==, 0);
        }
        /* there is no other file */
        g_rmdir(dir);
        g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
        g_rmdir(parent);
        g_rmdir(state);
    }
    umask(old);
    g_unsetenv("XDG_STATE_HOME");
}

static void test_auto_without_home(void)
{
    g_autoptr(VmspecRun) run = store_run(
        "env -u HOME -u XDG_STATE_HOME", ",nvram=auto", "-name a");
    g_autoptr(VmspecRun) unnamed = store_run("", ",nvram=auto", "");

    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "HOME"));
    g_assert_nonnull(strstr(run->err, "nvram=none"));
    g_assert_cmpint(unnamed->status, ==, 1);
    g_assert_nonnull(strstr(unnamed->err, "-name"));
}

static void test_conflicting_options(void)
{
    g_autofree char *path = store_sample_file("one.fd", STORE_BANK);
    g_autofree char *machine = store_option(path);
    g_autofree char *drive = g_strdup_printf(
        "-drive if=pflash,unit=1,format=raw,file=%s", path);
    g_autoptr(VmspecRun) both = store_run("", machine, drive);
    g_autoptr(VmspecRun) none = store_run(
        "", ",nvram=none,nvram-reset=on", "");

    g_assert_cmpint(both->status, ==, 1);
    g_assert_nonnull(strstr(both->err, "pflash1"));
    g_assert_cmpint(none->status, ==, 1);
    g_assert_nonnull(strstr(none->err, "nothing to reset"));
}

/*
 * QEMU refuses what is no regular file and neither follows, opens nor replaces
 * it.
 */
static void test_no_regular_file(void)
{
    g_autofree char *target = store_sample_file("target.fd", STORE_BANK);
    g_autofree char *path = scratch_path("planted.fd");
    g_autofree char *machine = store_option(path);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(target, &before, &size, NULL));
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    store_check_refused("", machine, path, "FIFO");
    g_unlink(path);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    store_check_refused("", machine, path, "directory");
    g_rmdir(path);
    g_assert_cmpint(link(target, path), ==, 0);
    store_check_refused("", machine, path, "hard links");
    g_unlink(path);
    g_assert_cmpint(symlink("/dev/zero", path), ==, 0);
    store_check_refused("", machine, "/dev/zero", "device");
    g_unlink(path);
    g_assert_cmpint(symlink(path, path), ==, 0);
    store_check_refused("", machine, path, "symbolic links");
    g_unlink(path);
    g_assert_true(g_file_get_contents(target, &after, NULL, NULL));
    g_assert_cmpmem(before, size, after, size);
}

/* QEMU follows the user's own symbolic link, also to a file that it makes. */
static void test_own_link(void)
{
    g_autofree char *target = scratch_path("behind.fd");
    g_autofree char *path = scratch_path("link.fd");
    g_autofree char *machine = store_option(path);

    g_assert_cmpint(symlink("behind.fd", path), ==, 0);
    for (int i = 0; i < 2; i++) {
        g_autoptr(VmspecRun) run = store_run("", machine, "");

        g_assert_cmpint(run->status, ==, 0);
        g_assert_true(g_file_test(target, G_FILE_TEST_IS_REGULAR));
        g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    }
    g_unlink(path);
    g_unlink(target);
}

/* QEMU refuses a link or a file that another user owns. */
static void test_other_users_file(void)
{
    g_autofree char *target = store_sample_file("target.fd", STORE_BANK);
    g_autofree char *path = scratch_path("planted.fd");
    g_autofree char *machine = store_option(path);

    if (geteuid() != 0) {
        g_test_skip("needs root, to make another user's files");
        return;
    }
    g_assert_cmpint(symlink(target, path), ==, 0);
    g_assert_cmpint(lchown(path, NOBODY, NOBODY), ==, 0);
    store_check_refused("", machine, path, "symbolic link of another user");
    g_unlink(path);
    g_free(store_sample_file("planted.fd", STORE_BANK));
    g_assert_cmpint(chown(path, NOBODY, NOBODY), ==, 0);
    store_check_refused("", machine, path, "another user");
    g_unlink(path);
}

/*
 * A directory and a file without write permission. Permissions do not apply to
 * root, so root runs QEMU as another user.
 */
static void test_read_only(void)
{
    bool root = geteuid() == 0;
    const char *runner = root ? "setpriv --reuid 65534 --clear-groups" : "";
    g_autofree char *dir = scratch_path("open");
    g_autofree char *path = g_build_filename(dir, "vars.fd", NULL);
    g_autofree char *machine = store_option(path);
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *top = scratch_path("");

    if (root && !g_find_program_in_path("setpriv")) {
        g_test_skip("root needs setpriv");
        return;
    }
    chmod(top, 0755);
    store_sample(data, STORE_BANK);
    g_assert_cmpint(g_mkdir(dir, 0755), ==, 0);
    g_assert_cmpint(chmod(dir, 0555), ==, 0);
    store_check_refused(runner, machine, path, "Permission denied");
    g_assert_cmpint(chmod(dir, 0755), ==, 0);
    g_assert_true(g_file_set_contents(path, (char *)data, STORE_BANK, NULL));
    g_assert_true(!root || chown(path, NOBODY, NOBODY) == 0);
    g_assert_cmpint(chmod(path, 0400), ==, 0);
    store_check_refused(runner, machine, path, "Permission denied");
    g_unlink(path);
    g_rmdir(dir);
}

/*
 * The host's limit for the size of a file does not allow a whole store: QEMU
 * prints an error and is not killed.
 */
static void test_created_beyond_limit(const void *name)
{
    g_autofree char *dir = scratch_path("small");
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *machine = store_option(path);

    if (!g_find_program_in_path("prlimit")) {
        g_test_skip("needs prlimit");
        return;
    }
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    /* less than a store, and more than QEMU's display writes to a memfd */
    store_check_refused("prlimit --fsize=1000000", machine, path,
                        "File too large");
    /* nothing is left behind */
    g_assert_cmpint(g_rmdir(dir), ==, 0);
}

/* A machine with the store at @path, for the caller to end */
static QTestState *start_holder(const char *path)
{
    return qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s", path,
                       vmspec_stub());
}

static void test_two_vms(const void *name)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *machine = store_option(path);
    g_autofree char *reset = g_strdup_printf("%s,nvram-reset=on", machine);
    QTestState *first = start_holder(path);
    g_autofree char *pid = g_strdup_printf("process %d", qtest_pid(first));

    store_check_refused("", machine, path, pid);
    store_check_refused("", reset, path, pid);
    /* A killed QEMU leaves no lock behind. */
    qtest_kill_qemu(first);
    qtest_quit(first);
    first = start_holder(path);
    qtest_quit(first);
    g_unlink(path);
}

/* The same for pflash1=, which QEMU shares by default */
static void test_two_vms_pflash(void)
{
    g_autofree char *path = store_sample_file("shared.fd", STORE_BANK);
    g_autofree char *machine = store_option(path);
    g_autofree char *drive = g_strdup_printf(
        "-drive if=pflash,unit=1,format=raw,file=%s", path);
    QTestState *first = qtest_initf("-M vmspec -nodefaults -bios %s %s",
                                    vmspec_stub(), drive);
    g_autoptr(VmspecRun) second = store_run("", "", drive);

    g_assert_cmpint(second->status, ==, 1);
    g_assert_nonnull(strstr(second->err, path));
    store_check_refused("", machine, path, "in use");
    qtest_quit(first);
}

/* nvram-reset=on is the only way to a new store; it keeps the old one. */
static void test_reset_keeps_old_store(void)
{
    g_autofree char *path = store_sample_file("reset.fd", STORE_BANK);
    g_autofree char *kept = g_strconcat(path, ".bak", NULL);
    g_autofree char *kept1 = g_strconcat(path, ".bak1", NULL);
    g_autofree char *machine = g_strdup_printf(",nvram=%s,nvram-reset=on",
                                               path);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(path, &before, &size, NULL));
    for (int i = 0; i < 2; i++) {
        g_autoptr(VmspecRun) run = store_run("", machine, "");

        g_assert_cmpint(run->status, ==, 0);
        g_assert_nonnull(strstr(run->out, "0 variables"));
        g_assert_nonnull(strstr(run->err, kept));
    }
    g_assert_true(g_file_get_contents(kept, &after, NULL, NULL));
    g_assert_cmpmem(before, size, after, size);
    g_assert_true(g_file_test(kept1, G_FILE_TEST_EXISTS));
}

static void check_property(QTestState *qts, const char *name,
                           const char *expected)
{
    g_autofree char *text = qom_text(qts, "/machine", name);

    g_assert_nonnull(strstr(text, expected));
}

/*
 * Properties tell which firmware and which store there is, its format, and how
 * full it is.
 */
static void test_store_can_be_queried(const void *name)
{
    g_autofree char *sample = store_sample_file("query.raw", STORE_BANK);
    g_autofree char *path = scratch_path(name);
    g_autofree char *convert = g_strdup_printf(
        "%s convert -O %s %s %s", getenv("QTEST_QEMU_IMG"),
        g_str_has_suffix(name, "qcow2") ? "qcow2" : "raw", sample, path);
    g_autoptr(VmspecRun) run = vmspec_run_program(convert);
    QTestState *qts;

    g_assert_cmpint(run->status, ==, 0);
    qts = start_holder(path);
    check_property(qts, "firmware-file", vmspec_stub());
    check_property(qts, "nvram-file", path);
    check_property(qts, "nvram-format", strrchr(path, '.') + 1);
    /* the sample's four variables, and a deleted one */
    check_property(qts, "nvram-fill", "4 variables of 3596 bytes; 3708 of "
                   "262044 bytes used");
    qtest_quit(qts);
    qts = qtest_initf("-M vmspec,nvram=none -nodefaults -bios %s",
                      vmspec_stub());
    check_property(qts, "nvram-format", "volatile");
    qtest_quit(qts);
}

/*
 * Each damaged store is refused by name, or accepted. Its bytes do not change,
 * unless an interrupted update is completed, and then QEMU says so.
 */
static void test_corpus_kept_or_refused(void)
{
    GPtrArray *corpus = store_corpus();
    g_autofree char *path = scratch_path("damaged.fd");
    g_autofree char *machine = store_option(path);
    unsigned refused = 0;

    for (unsigned i = 0; i < corpus->len; i++) {
        StoreDamage *d = g_ptr_array_index(corpus, i);
        g_autofree char *after = NULL;
        g_autoptr(VmspecRun) run = NULL;
        size_t size;

        g_assert_true(store_write(path, d));
        g_test_message("%s", d->name);
        run = store_run("", machine, "");
        if (run->status == 0) {
            g_assert_cmpint(d->fate, !=, STORE_REFUSED);
            g_assert_true(d->fate == STORE_ALTERED ||
                          strstr(run->out, "4 variables"));
        } else {
            g_assert_cmpint(run->status, ==, 1);
            g_assert_cmpint(d->fate, ==, STORE_REFUSED);
            g_assert_true(d->foreign || !d->says ||
                          strstr(run->err, d->says));
            g_assert_nonnull(strstr(run->err, path));
            if (d->foreign) {
                g_assert_nonnull(strstr(run->err, "not a variable store"));
                g_assert_null(strstr(run->err, "nvram-reset=on"));
            } else {
                g_assert_nonnull(strstr(run->err, "corrupt at offset 0x"));
                g_assert_nonnull(strstr(run->err, "nvram-reset=on"));
            }
            refused++;
        }
        g_assert_true(g_file_get_contents(path, &after, &size, NULL));
        if (run->status || !strstr(run->err, "completed an update")) {
            /* A sound store grows to the size of the bank. */
            g_assert_cmpuint(size, ==, run->status ? d->size :
                                                     pow2ceil(d->size));
            g_assert_cmpmem(after, d->size, d->data, d->size);
        }
    }
    g_test_message("%u of %u refused", refused, corpus->len);
    g_assert_cmpuint(refused, >=, 80);
    g_ptr_array_unref(corpus);
}

static void add_tests(void)
{
    qtest_add_data_func("/vmspec/nvram/created/raw", "c.fd", test_created);
    qtest_add_data_func("/vmspec/nvram/created/qcow2", "c.qcow2",
                        test_created);
    qtest_add_func("/vmspec/nvram/created/formats", test_created_formats);
    qtest_add_data_func("/vmspec/nvram/created-beyond-limit/raw", "b.fd",
                        test_created_beyond_limit);
    qtest_add_data_func("/vmspec/nvram/created-beyond-limit/qcow2", "b.qcow2",
                        test_created_beyond_limit);
    qtest_add_func("/vmspec/nvram/auto", test_auto);
    qtest_add_func("/vmspec/nvram/auto-without-home", test_auto_without_home);
    qtest_add_func("/vmspec/nvram/conflicts", test_conflicting_options);
    qtest_add_func("/vmspec/nvram/planted", test_no_regular_file);
    qtest_add_func("/vmspec/nvram/planted-by-others", test_other_users_file);
    qtest_add_func("/vmspec/nvram/own-link", test_own_link);
    qtest_add_func("/vmspec/nvram/read-only", test_read_only);
    qtest_add_data_func("/vmspec/nvram/two-vms/raw", "two.fd", test_two_vms);
    qtest_add_data_func("/vmspec/nvram/two-vms/qcow2", "two.qcow2",
                        test_two_vms);
    qtest_add_func("/vmspec/nvram/two-vms/pflash1", test_two_vms_pflash);
    qtest_add_func("/vmspec/nvram/reset", test_reset_keeps_old_store);
    qtest_add_data_func("/vmspec/nvram/query/raw", "query1.raw",
                        test_store_can_be_queried);
    qtest_add_data_func("/vmspec/nvram/query/qcow2", "query2.qcow2",
                        test_store_can_be_queried);
    qtest_add_func("/vmspec/nvram/corpus", test_corpus_kept_or_refused);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
