/*
 * vmspec qtest: the directory of the variable store file (platform.md, section
 * 7.3)
 *
 * Another user may write to the directory, or to one above it. Nothing that the
 * other user puts there makes QEMU write another file, and QEMU leaves nothing
 * there itself.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <sys/wait.h>
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define NOBODY 65534
/* A host without /proc, or a file system without links */
#define NO_LINKAT "-e inject=linkat:error=EPERM"
#define VICTIM "Dear diary\n"

static char *make_folder(const char *name)
{
    char *path = scratch_path(name);

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    return path;
}

static unsigned count_files(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    unsigned files = 0;

    while ((name = g_dir_read_name(dir))) {
        g_test_message("%s/%s", folder, name);
        files++;
    }
    g_dir_close(dir);
    return files;
}

static void check_starts(const char *path)
{
    g_autofree char *machine = store_option(path);
    g_autoptr(VmspecRun) run = store_run("", machine, "");

    g_assert_cmpint(run->status, ==, 0);
    g_assert_nonnull(strstr(run->out, "0 variables"));
}

/* QEMU follows the user's own links of directories, of several levels. */
static void test_own_link_above(void)
{
    g_autofree char *folder = make_folder("own");
    g_autofree char *link = scratch_path("to-own");
    g_autofree char *second = scratch_path("to-link");
    g_autofree char *path = g_build_filename(second, "..", "to-link", "vars.fd",
                                             NULL);
    g_autofree char *real = g_build_filename(folder, "vars.fd", NULL);

    g_assert_cmpint(symlink("own", link), ==, 0);
    g_assert_cmpint(symlink(link, second), ==, 0);
    check_starts(path);
    check_starts(path);
    g_assert_true(g_file_test(real, G_FILE_TEST_IS_REGULAR));
    g_unlink(link);
    g_unlink(second);
}

/*
 * QEMU refuses another user's link of a directory, also if it lies behind a
 * link of this user, and creates nothing there.
 */
static void test_link_of_other_above(void)
{
    g_autofree char *folder = make_folder("behind");
    g_autofree char *link = scratch_path("planted");
    g_autofree char *own = scratch_path("own-link");
    g_autofree char *path = g_build_filename(link, "vars.fd", NULL);
    g_autofree char *behind = g_build_filename(own, "vars.fd", NULL);
    g_autofree char *machine = store_option(path);
    g_autofree char *machine_behind = store_option(behind);

    if (geteuid() != 0) {
        g_test_skip("needs root, to make another user's link");
        return;
    }
    g_assert_cmpint(symlink(folder, link), ==, 0);
    g_assert_cmpint(symlink(link, own), ==, 0);
    g_assert_cmpint(lchown(link, NOBODY, NOBODY), ==, 0);
    store_check_refused("", machine, path, "symbolic link of another user");
    store_check_refused("", machine_behind, behind,
                        "symbolic link of another user");
    g_assert_cmpuint(count_files(folder), ==, 0);
    g_unlink(link);
    g_unlink(own);
}

/* An ordinary user may use a link of root, as /var/run is one. */
static void test_link_of_root_above(void)
{
    g_autofree char *folder = make_folder("nobodys");
    g_autofree char *link = scratch_path("roots");
    g_autofree char *path = g_build_filename(link, "vars.fd", NULL);
    g_autofree char *machine = store_option(path);
    g_autofree char *top = scratch_path("");
    g_autoptr(VmspecRun) run = NULL;

    if (geteuid() != 0 || !g_find_program_in_path("setpriv")) {
        g_test_skip("needs root and setpriv");
        return;
    }
    chmod(top, 0755);
    g_assert_cmpint(chown(folder, NOBODY, NOBODY), ==, 0);
    g_assert_cmpint(symlink(folder, link), ==, 0);
    run = store_run("setpriv --reuid 65534 --clear-groups", machine, "");
    g_assert_cmpint(run->status, ==, 0);
    g_assert_cmpuint(count_files(folder), ==, 1);
    g_unlink(link);
}

/* Names as long as a file system takes can be created and reset. */
static void test_long_names(void)
{
    g_autofree char *folder = make_folder("long");

    for (int length = 244; length <= NAME_MAX; length++) {
        g_autofree char *fill = g_strnfill(length - 3, 'n');
        g_autofree char *name = g_strconcat(fill, ".fd", NULL);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *reset = g_strdup_printf(",nvram=%s,nvram-reset=on",
                                                 path);

        check_starts(path);
        if (length > NAME_MAX - 5) {
            g_autoptr(VmspecRun) run = store_run("", reset, "");

            g_assert_cmpint(run->status, ==, 0);
            g_assert_nonnull(strstr(run->err, ".bak"));
        }
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
}

/* "echo quit | strace ... qemu" for the store @path */
static char *traced_command(const char *path, const char *trace,
                            const char *options)
{
    return g_strdup_printf(
        "strace -D -f -qq -o %s -e trace=openat,linkat,fsync %s %s "
        "-M vmspec,nvram=%s -nodefaults -bios %s -display none -S "
        "-monitor stdio", trace, options, getenv("QTEST_QEMU_BINARY"), path,
        vmspec_stub());
}

/* QEMU is killed while it makes the store. Nothing is left, now or later. */
static void test_killed_unseen(const void *options)
{
    g_autofree char *folder = make_folder(*(char *)options ? "killed-named" :
                                                             "killed");
    g_autofree char *path = g_build_filename(folder, "vars.fd", NULL);
    g_autofree char *inject = g_strdup_printf(
        "-e inject=fsync:signal=KILL:when=1 %s", (const char *)options);
    g_autofree char *inner = NULL;
    g_autofree char *command = NULL;

    if (!store_can_trace()) {
        return;
    }
    inner = traced_command(path, "/dev/null", inject);
    command = g_strdup_printf("sh -c 'echo quit | %s'", inner);
    for (int i = 0; i < 3; i++) {
        g_autoptr(VmspecRun) run = vmspec_run_program(command);

        g_assert_cmpint(run->status, !=, 0);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        g_assert_cmpuint(count_files(folder), <=, 1);
    }
    check_starts(path);
    g_assert_cmpuint(count_files(folder), ==, 1);
}

/* What an earlier version left: its temporary file goes, others stay. */
static void test_left_by_earlier(void)
{
    g_autofree char *folder = make_folder("earlier");
    g_autofree char *path = g_build_filename(folder, "vars.fd", NULL);
    g_autofree char *left = g_build_filename(folder, "vars.fd.new-AbCdEf",
                                             NULL);
    g_autofree char *other = g_build_filename(folder, "web.fd.new-AbCdEf",
                                              NULL);

    g_assert_true(g_file_set_contents(left, "", 0, NULL));
    g_assert_true(g_file_set_contents(other, "", 0, NULL));
    check_starts(path);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
}

/* The number of the call of openat() that makes the new file, from 1 */
static unsigned find_making(const char *folder, const char *path,
                            const char *options)
{
    g_autofree char *trace = scratch_path("strace");
    g_autofree char *inner = traced_command(path, trace, options);
    g_autofree char *command = g_strdup_printf("sh -c 'echo quit | %s'",
                                               inner);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);
    g_autofree char *content = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned n = 0;
    unsigned making = 0;

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(trace, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        n += strstr(lines[i], "openat(") != NULL;
        /* the temporary name, or the directory */
        if (strstr(lines[i], ".new-") || strstr(lines[i], "vmspec-new-") ||
            strstr(lines[i], "O_TMPFILE")) {
            making = strstr(lines[i], "O_EXCL") ||
                     (!making && strstr(lines[i], "O_TMPFILE")) ? n : making;
        }
    }
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpuint(count_files(folder), ==, 0);
    g_test_message("openat() number %u", making);
    g_assert_cmpuint(making, >, 0);
    return making;
}

/* Put links to @victim in place of all that is in @folder. */
static unsigned swap_all(const char *folder, const char *victim)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    unsigned swapped = 0;

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(symlink(victim, path), ==, 0);
        swapped++;
    }
    g_dir_close(dir);
    return swapped;
}

/* Run @command, which strace stops; when it has, swap the files; go on. */
static void run_swapped(const char *command, const char *trace,
                        const char *folder, const char *victim)
{
    g_autofree char *exec = g_strconcat("exec ", command,
                                        " < /dev/null > /dev/null 2>&1", NULL);
    char *argv[] = { (char *)"sh", (char *)"-c", exec, NULL };
    char line[4096];
    FILE *f;
    GPid pid;
    int status;

    g_assert_cmpint(mkfifo(trace, 0600), ==, 0);
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_SEARCH_PATH |
                                G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
    f = fopen(trace, "r");
    g_assert_nonnull(f);
    do {
        g_assert_nonnull(fgets(line, sizeof(line), f));
    } while (!strstr(line, "stopped by SIGSTOP"));
    g_unlink(trace);
    g_test_message("%u swapped", swap_all(folder, victim));
    g_assert_cmpint(kill(pid, SIGCONT), ==, 0);
    /* standard input is at its end, and the monitor does not mind */
    while (fgets(line, sizeof(line), f) && !strstr(line, "fsync")) {
        continue;
    }
    kill(pid, SIGKILL);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    fclose(f);
}

/* The new file is swapped for a link to another file right after it is made. */
static void test_swapped(const void *options)
{
    bool named = *(const char *)options;
    g_autofree char *folder = make_folder(named ? "swap-named" : "swap");
    g_autofree char *path = g_build_filename(folder, "vars.qcow2", NULL);
    g_autofree char *victim = scratch_path("diary");
    g_autofree char *trace = scratch_path("swap-trace");
    g_autofree char *stop = NULL;
    g_autofree char *command = NULL;
    g_autofree char *after = NULL;

    if (!store_can_trace()) {
        return;
    }
    stop = g_strdup_printf("-e inject=openat:signal=STOP:when=%u %s",
                           find_making(folder, path, options),
                           (const char *)options);
    g_assert_true(g_file_set_contents(victim, VICTIM, -1, NULL));
    command = traced_command(path, trace, stop);
    run_swapped(command, trace, folder, victim);
    g_assert_true(g_file_get_contents(victim, &after, NULL, NULL));
    g_assert_cmpstr(after, ==, VICTIM);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/nvram-place/own-link-above", test_own_link_above);
    qtest_add_func("/vmspec/nvram-place/link-of-other-above",
                   test_link_of_other_above);
    qtest_add_func("/vmspec/nvram-place/link-of-root-above",
                   test_link_of_root_above);
    qtest_add_func("/vmspec/nvram-place/long-names", test_long_names);
    qtest_add_data_func("/vmspec/nvram-place/killed/unnamed", "",
                        test_killed_unseen);
    qtest_add_data_func("/vmspec/nvram-place/killed/named", NO_LINKAT,
                        test_killed_unseen);
    qtest_add_func("/vmspec/nvram-place/left-by-earlier",
                   test_left_by_earlier);
    qtest_add_data_func("/vmspec/nvram-place/swapped/unnamed", "",
                        test_swapped);
    qtest_add_data_func("/vmspec/nvram-place/swapped/named", NO_LINKAT,
                        test_swapped);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
