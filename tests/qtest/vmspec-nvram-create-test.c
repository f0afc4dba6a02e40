/*
 * vmspec qtest: making the variable store file (platform.md, section 7)
 *
 * Whenever QEMU is killed, there is no file or a whole one, and a file that
 * has its name is on stable storage.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

/* Hosts without /proc, and file systems without links and such renames */
#define NO_LINKAT "-e inject=linkat:error=EPERM:when=1"
#define NO_NOREPLACE NO_LINKAT " -e inject=renameat2:error=EINVAL"
#define RESET ",nvram-reset=on"

/*
 * Start QEMU with the store @path ("auto": nvram=auto) and kill it at the @nth
 * @call. strace gets @options, too. True if QEMU ended before that call.
 */
static bool start_killed(const char *path, const char *machine,
                         const char *call, unsigned nth, const char *options)
{
    g_autofree char *trace = scratch_path("strace");
    g_autofree char *command = g_strdup_printf(
        "sh -c 'echo quit | strace -f -qq -o %s -e trace=%s,renameat2,linkat "
        "-e inject=%s:signal=KILL:when=%u %s %s -M vmspec,nvram=%s%s "
        "-nodefaults -bios %s -display none -monitor stdio -S'", trace, call,
        call, nth, options, getenv("QTEST_QEMU_BINARY"), path, machine,
        vmspec_stub());
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    return run->status == 0;
}

/* The store at @path is sound and has so many @variables. */
static void check_whole(const char *path, const char *variables)
{
    g_autofree char *text = NULL;
    QTestState *qts = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s",
                                  path, vmspec_stub());

    text = store_fill(qts);
    g_assert_nonnull(strstr(text, variables));
    qtest_quit(qts);
}

/* There is no store, or a sound one; then remove it. */
static void check_none_or_whole(const char *path)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        check_whole(path, "0 variables");
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
}

/* QEMU is killed at each system call that changes a file or a name. */
static void test_killed(const void *name)
{
    static const char *const calls[] = {
        "write", "pwrite64", "pwritev", "ftruncate", "fallocate", "fchmod",
        "fsync", "fdatasync", "linkat", "unlinkat",
    };
    g_autofree char *path = scratch_path(name);
    unsigned killed = 0;

    if (!store_can_trace()) {
        return;
    }
    for (int i = 0; i < G_N_ELEMENTS(calls); i++) {
        unsigned nth = 1;

        while (!start_killed(path, "", calls[i], nth, "")) {
            check_none_or_whole(path);
            killed++;
            g_assert_cmpuint(++nth, <, 100);
        }
        g_test_message("%s: killed at %u", calls[i], nth - 1);
        check_none_or_whole(path);
    }
    g_assert_cmpuint(killed, >=, 5);
}

/*
 * Which calls of openat() in a start open something in the folder of @path by
 * the folder's descriptor, as those for the store do: the numbers of the first
 * and the last, counted from 1
 */
static void find_opened(const char *path, unsigned *first, unsigned *last)
{
    g_autofree char *trace = scratch_path("strace");
    g_autofree char *runner = g_strdup_printf(
        "strace -y -o %s -e trace=openat", trace);
    g_autofree char *machine = store_option(path);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *folder = g_strdup_printf("<%s>", parent);
    g_autofree char *content = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(VmspecRun) run = store_run(runner, machine, "");
    unsigned n = 0;

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(trace, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    *first = *last = 0;
    for (int i = 0; lines[i]; i++) {
        n += g_str_has_prefix(lines[i], "openat(");
        if (strstr(lines[i], folder)) {
            *first = *first ?: n;
            *last = n;
        }
    }
    g_test_message("openat: %u to %u", *first, *last);
    g_assert_cmpuint(*last, >, *first);
    check_none_or_whole(path);
}

static void test_killed_opening(const void *name)
{
    g_autofree char *path = scratch_path(name);
    unsigned first, last;

    if (!store_can_trace()) {
        return;
    }
    find_opened(path, &first, &last);
    for (unsigned nth = first; nth <= last + 1; nth++) {
        g_assert_false(start_killed(path, "", "openat", nth, ""));
        check_none_or_whole(path);
    }
}

/* nvram=auto makes two directories, then the file. */
static void test_killed_making_directories(void)
{
    g_autofree char *state = scratch_path("state");
    g_autofree char *vmspec = g_build_filename(state, "vmspec", NULL);
    g_autofree char *dir = g_build_filename(vmspec, "nvram", NULL);
    g_autofree char *path = g_build_filename(dir, "killed.qcow2", NULL);
    unsigned nth = 1;

    if (!store_can_trace()) {
        return;
    }
    g_assert_cmpint(g_mkdir(state, 0700), ==, 0);
    g_setenv("XDG_STATE_HOME", state, TRUE);
    while (!start_killed("auto -name killed", "", "mkdir", nth, "")) {
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        g_rmdir(dir);
        g_rmdir(vmspec);
        g_assert_cmpuint(++nth, <, 10);
    }
    g_test_message("mkdir: killed at %u", nth - 1);
    g_assert_cmpuint(nth, >=, 3);
    check_whole(path, "0 variables");
    g_unsetenv("XDG_STATE_HOME");
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(dir), ==, 0);
    g_assert_cmpint(g_rmdir(vmspec), ==, 0);
    g_assert_cmpint(g_rmdir(state), ==, 0);
}

/*
 * After nvram-reset=on was killed, the old file has its name or is .bak, but
 * not both. The new file is whole or does not exist. True: it is .bak.
 */
static bool check_reset(const char *path)
{
    g_autofree char *kept = g_strconcat(path, ".bak", NULL);
    bool moved = g_file_test(kept, G_FILE_TEST_EXISTS);

    if (moved) {
        check_none_or_whole(path);
        check_whole(kept, "4 variables");
        g_assert_cmpint(g_unlink(kept), ==, 0);
    } else {
        check_whole(path, "4 variables");
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    return moved;
}

/* test_killed() is for the calls that write the new file. */
static void test_killed_in_reset(const void *format)
{
    static const char *const calls[] = {
        "fchmod", "fsync", "renameat2", "linkat",
    };
    unsigned before = 0, behind = 0;
    g_autofree char *name = g_strdup_printf("reset.%s", (const char *)format);

    if (!store_can_trace()) {
        return;
    }
    for (int i = 0; i < G_N_ELEMENTS(calls); i++) {
        bool through = false;

        for (unsigned nth = 1; !through; nth++) {
            g_autofree char *path = store_image(name, format);

            bool moved;

            through = start_killed(path, RESET, calls[i], nth, "");
            moved = check_reset(path);
            if (!through && moved) {
                behind++;
            } else if (!through) {
                before++;
            }
            g_assert_cmpuint(nth, <, 100);
        }
    }
    g_test_message("killed: %u times before it was kept, %u times behind",
                   before, behind);
    g_assert_cmpuint(before, >=, 1);
    g_assert_cmpuint(behind, >=, 2);
}

/*
 * The letter for a call, see order_of(), or 0. A file without a name has a
 * number below the folder @parent.
 */
static char letter_of(const char *call, const char *parent)
{
    g_autofree char *unnamed = g_strdup_printf("<%s/#", parent);
    const char *sync = strstr(call, "sync(");
    const char *fd = sync ? strchr(sync, '<') : NULL;

    if (fd && g_str_has_prefix(fd + 1, parent) &&
        fd[1 + strlen(parent)] == '>') {
        return 'd';
    }
    if ((strstr(call, " rename") || strstr(call, " linkat")) &&
        strstr(call, parent)) {
        return 'r';
    }
    if (!strstr(call, unnamed) && !strstr(call, "/.vmspec-new-")) {
        return 0;
    }
    return sync ? 'f' : 'w';
}

/*
 * The order of the calls on the new file and its directory, as letters:
 * - w: changes the content of the file
 * - f: flushes the file
 * - r: gives the file its name
 * - d: flushes the directory
 */
static char *order_of(const char *path, const char *options)
{
    g_autofree char *trace = scratch_path("strace");
    g_autofree char *runner = g_strdup_printf(
        "strace -f -y -qq -o %s -e trace=write,pwrite64,pwritev,pwritev2,"
        "ftruncate,fallocate,fsync,fdatasync,linkat,rename,renameat,"
        "renameat2%s", trace, options);
    g_autofree char *machine = store_option(path);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *content = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(VmspecRun) run = store_run(runner, machine, "");
    GString *s = g_string_new("");

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(trace, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        char letter = letter_of(lines[i], parent);

        if (letter) {
            g_string_append_c(s, letter);
        }
    }
    g_test_message("%s", s->str);
    return g_string_free(s, FALSE);
}

/*
 * The file is flushed before it gets its name, then the directory is. A file
 * without a name gets one by linkat(), a named one by a rename.
 */
static void test_flush_before_name(const void *name)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *order = NULL;
    g_autofree char *named = NULL;

    if (!store_can_trace()) {
        return;
    }
    order = order_of(path, "");
    g_assert_true(g_regex_match_simple("^[wf]*wf+rd$", order, 0, 0));
    g_assert_cmpint(g_unlink(path), ==, 0);
    named = order_of(path, " " NO_LINKAT);
    g_assert_true(g_regex_match_simple("^[wf]*wf+r[wf]*wf+rd$", named, 0, 0));
    g_assert_cmpint(g_unlink(path), ==, 0);
}

/* The same on a file system without a rename() that replaces nothing */
static void test_killed_without_noreplace(const void *name)
{
    g_autofree char *path = scratch_path(name);
    unsigned nth = 1;

    if (!store_can_trace()) {
        return;
    }
    /* the first linkat() fails, the second one gives the name */
    while (!start_killed(path, "", "fchmod", nth, NO_NOREPLACE)) {
        check_none_or_whole(path);
        g_assert_cmpuint(++nth, <, 100);
    }
    g_assert_cmpuint(nth, >=, 3);
    check_none_or_whole(path);
    /* behind linkat() the file has two names */
    for (nth = 1; !start_killed(path, "", "unlinkat", nth, NO_NOREPLACE);
         nth++) {
        check_none_or_whole(path);
        g_assert_cmpuint(nth, <, 100);
    }
    g_assert_cmpuint(nth, >=, 2);
    check_none_or_whole(path);
}

static void test_reset_without_noreplace(void)
{
    g_autofree char *path = store_sample_file("kept.fd", STORE_BANK);
    g_autofree char *kept = g_strconcat(path, ".bak", NULL);
    g_autofree char *kept1 = g_strconcat(path, ".bak1", NULL);
    g_autofree char *machine = g_strdup_printf(",nvram=%s,nvram-reset=on",
                                               path);

    if (!store_can_trace()) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        g_autoptr(VmspecRun) run = store_run(
            "strace -f -qq -o /dev/null -e trace=renameat2 " NO_NOREPLACE,
            machine, "");

        g_assert_cmpint(run->status, ==, 0);
        g_assert_nonnull(strstr(run->out, "0 variables"));
    }
    g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(kept1, G_FILE_TEST_EXISTS));
}

static void add_tests(void)
{
    static const struct {
        const char *name;
        const void *data;
        GTestDataFunc test;
    } tests[] = {
        { "order/raw", "order.fd", test_flush_before_name },
        { "order/qcow2", "order.qcow2", test_flush_before_name },
        { "killed/raw", "killed.fd", test_killed },
        { "killed/qcow2", "killed.qcow2", test_killed },
        { "killed-opening/raw", "opening.fd", test_killed_opening },
        { "killed-opening/qcow2", "opening.qcow2", test_killed_opening },
        { "killed-in-reset/raw", "raw", test_killed_in_reset },
        { "killed-without-noreplace/raw", "link.fd",
          test_killed_without_noreplace },
    };

    for (int i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/vmspec/nvram-create/",
                                            tests[i].name, NULL);

        qtest_add_data_func(path, tests[i].data, tests[i].test);
    }
    qtest_add_func("/vmspec/nvram-create/killed-making-directories",
                   test_killed_making_directories);
    qtest_add_func("/vmspec/nvram-create/reset-without-noreplace",
                   test_reset_without_noreplace);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
