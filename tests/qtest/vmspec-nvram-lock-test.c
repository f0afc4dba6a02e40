/*
 * vmspec qtest: vmspec-nvram and a VM with the same store (platform.md,
 * section 7)
 *
 * The tool neither reads nor changes a store that a VM uses. No VM starts with
 * a store that the tool is about to change. QEMU's block layer and the tool
 * lock the same bytes of the file, each with its own code, so only running
 * both shows it.
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

#define FIRST "First-11111111-1111-1111-1111-111111111111"

/*
 * The tool, from VMSPEC_NVRAM: QEMU's build does not make it. NULL: skipped.
 */
static const char *tool(void)
{
    const char *path = getenv("VMSPEC_NVRAM");

    if (!path) {
        g_test_skip("VMSPEC_NVRAM does not name the program vmspec-nvram");
    }
    return path;
}

/* "vmspec-nvram @command @path @argument"; qcow2 needs qemu-img. */
static VmspecRun *run_tool(const char *command, const char *path,
                           const char *argument)
{
    g_autofree char *line = g_strdup_printf(
        "env QEMU_IMG=%s %s %s %s %s", getenv("QTEST_QEMU_IMG"), tool(),
        command, path, argument);
    VmspecRun *run = vmspec_run_program(line);

    g_test_message("%s: %d: %s%s", command, run->status, run->out, run->err);
    return run;
}

/* The tool refuses each command and says why; the file does not change. */
static void check_tool_refused(const char *path)
{
    static const char *const commands[][2] = {
        { "check", "" }, { "list", "" }, { "read", FIRST }, { "export", "" },
        { "delete", FIRST }, { "write", FIRST " /dev/null" },
        { "import", "/dev/null" },
    };
    g_autofree char *before = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(path, &before, &size, NULL));
    for (int i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autoptr(VmspecRun) run = run_tool(commands[i][0], path,
                                            commands[i][1]);
        g_autofree char *after = NULL;
        gsize now;

        g_assert_cmpint(run->status, ==, 1);
        g_assert_cmpstr(run->out, ==, "");
        g_assert_nonnull(strstr(run->err, path));
        g_assert_nonnull(strstr(run->err, "a VM uses it"));
        g_assert_true(g_file_get_contents(path, &after, &now, NULL));
        g_assert_cmpmem(before, size, after, now);
    }
}

/* @machine and @options make QEMU use the store at @path, with the sample. */
static void check_vm(const char *path, const char *machine,
                     const char *options)
{
    g_autoptr(VmspecRun) list = NULL;
    g_autoptr(VmspecRun) removed = NULL;
    g_autoptr(VmspecRun) fewer = NULL;
    QTestState *qts = qtest_initf("-M vmspec%s -nodefaults -bios %s %s",
                                  machine, vmspec_stub(), options);

    check_tool_refused(path);
    qtest_quit(qts);
    list = run_tool("list", path, "");
    g_assert_cmpint(list->status, ==, 0);
    g_assert_nonnull(strstr(list->out, FIRST));
    removed = run_tool("delete", path, FIRST);
    g_assert_cmpint(removed->status, ==, 0);
    fewer = run_tool("list", path, "");
    g_assert_cmpint(fewer->status, ==, 0);
    g_assert_null(strstr(fewer->out, FIRST));
}

static void test_vm(const void *format)
{
    g_autofree char *name = g_strconcat("used.", format, NULL);
    g_autofree char *path = store_image(name, format);
    g_autofree char *machine = store_option(path);

    if (tool()) {
        check_vm(path, machine, "");
    }
}

static void test_vm_pflash(const void *format)
{
    g_autofree char *name = g_strconcat("pflash.", format, NULL);
    g_autofree char *path = store_image(name, format);
    g_autofree char *options = g_strdup_printf(
        "-drive if=pflash,unit=1,format=%s,file=%s", (const char *)format,
        path);

    if (tool()) {
        check_vm(path, "", options);
    }
}

/* The tool has the lock while it waits for data from a FIFO. */
static void test_tool_first(const void *format)
{
    g_autofree char *name = g_strconcat("held.", format, NULL);
    g_autofree char *path = store_image(name, format);
    g_autofree char *machine = store_option(path);
    g_autofree char *fifo = scratch_path("data");
    char *argv[] = {
        (char *)tool(), (char *)"write", path, (char *)"BootNext", fifo, NULL,
    };
    g_autofree char *holder = NULL;
    g_autoptr(VmspecRun) run = NULL;
    int status, fd;
    GPid pid;

    if (!argv[0]) {
        return;
    }
    g_setenv("QEMU_IMG", getenv("QTEST_QEMU_IMG"), TRUE);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                NULL, NULL, &pid, NULL));
    fd = open(fifo, O_WRONLY);      /* returns when the tool opens it */
    g_assert_cmpint(fd, >=, 0);
    holder = g_strdup_printf("in use by process %d", (int)pid);
    store_check_refused("", machine, path, holder);
    g_assert_cmpint(write(fd, "\1", 2), ==, 2);
    close(fd);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
    run = store_run("", machine, "");
    g_assert_cmpint(run->status, ==, 0);
    g_assert_nonnull(strstr(run->out, "5 variables"));
    g_unlink(fifo);
}

static void add_tests(void)
{
    static const char *const formats[] = { "raw", "qcow2" };
    static const struct {
        const char *name;
        void (*run)(const void *format);
    } tests[] = {
        { "vm", test_vm }, { "vm-pflash1", test_vm_pflash },
        { "tool-first", test_tool_first },
    };

    for (int i = 0; i < G_N_ELEMENTS(tests); i++) {
        for (int n = 0; n < G_N_ELEMENTS(formats); n++) {
            g_autofree char *path = g_strdup_printf(
                "/vmspec/nvram-lock/%s/%s", tests[i].name, formats[n]);

            qtest_add_data_func(path, formats[n], tests[i].run);
        }
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
