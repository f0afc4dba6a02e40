/*
 * vmspec qtest: opening the instance's variable store
 *
 * Contract section 7: what can happen to a store's file while QEMU starts,
 * and that each error tells what is wrong with which file and the way out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <sys/wait.h>
#include "vmspec/machine.h"
#include "vmspec/nvram.h"
#include "vmspec/store.h"

/*
 * @command under strace, which stops it behind the first @call for @path.
 * Returns when it has stopped.
 */
static GPid start_stopped(const char *call, const char *path,
                          const char *command)
{
    g_autofree char *fifo = vmspec_tmp("stopped");
    g_autofree char *traced = g_strdup_printf(
        "exec strace -D -q -o %s -P %s -e trace=%s "
        "-e inject=%s:signal=STOP:when=1 %s", fifo, path, call, call, command);
    char *argv[] = { (char *)"sh", (char *)"-c", traced, NULL };
    char line[256];
    FILE *trace;
    GPid pid;

    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_SEARCH_PATH |
                                G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
    trace = fopen(fifo, "r");
    g_assert_nonnull(trace);
    do {
        g_assert_nonnull(fgets(line, sizeof(line), trace));
    } while (!strstr(line, "stopped by SIGSTOP"));
    /* open for what strace writes later */
    g_unlink(fifo);
    g_assert_cmpint(dup(fileno(trace)), >=, 0);
    fclose(trace);
    return pid;
}

/* The file is replaced by rename() when QEMU has opened it, before the lock. */
static void test_replaced(const void *call)
{
    g_autofree char *path = nvram_sample("replaced.fd", STORE_BANK);
    g_autofree char *output = vmspec_tmp("output");
    g_autofree char *monitor = vmspec_tmp_file(
        "monitor", "qom-get /machine nvram-fill\nquit\n", 33, 33);
    g_autofree uint8_t *empty = g_malloc(STORE_BANK);
    g_autofree char *command = g_strdup_printf(
        "%s -M vmspec,nvram=%s -nodefaults -bios %s -display none -S "
        "-monitor stdio < %s > %s", getenv("QTEST_QEMU_BINARY"), path,
        vmspec_stub(), monitor, output);
    g_autofree char *other = NULL;
    g_autofree char *text = NULL;
    int status;
    GPid pid;

    if (!nvram_can_trace()) {
        return;
    }
    store_init(empty, STORE_BANK);
    other = vmspec_tmp_file("replacing.fd", empty, STORE_BANK, STORE_BANK);
    pid = start_stopped(call, path, command);
    g_assert_cmpint(g_rename(other, path), ==, 0);
    g_assert_cmpint(kill(pid, SIGCONT), ==, 0);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(g_file_get_contents(output, &text, NULL, NULL));
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, "0 variables"));
    g_assert_cmpint(status, ==, 0);
}

/*
 * However few file descriptors QEMU may have: where they do for a volatile
 * store, a file's start ends with an error or well.
 */
static void test_few_descriptors(const void *format)
{
    g_autofree char *path = nvram_image("few", format);
    g_autofree char *machine = nvram_option(path);
    unsigned refused = 0;

    if (!g_find_program_in_path("prlimit")) {
        g_test_skip("needs prlimit");
        return;
    }
    for (int i = 6; i < 24; i++) {
        g_autofree char *limit = g_strdup_printf("prlimit --nofile=%d", i);
        g_autoptr(VmspecRun) none = nvram_start(limit, ",nvram=none", "");
        g_autoptr(VmspecRun) run = NULL;

        if (none->status != 0) {
            continue;
        }
        run = nvram_start(limit, machine, "");
        if (run->status == 0) {
            g_assert_nonnull(strstr(run->out, "4 variables"));
        } else {
            g_assert_cmpint(run->status, ==, 1);
            g_assert_nonnull(strstr(run->err, path));
            refused++;
        }
    }
    g_test_message("%u refused", refused);
    g_assert_cmpuint(refused, >=, 1);
}

static void add_tests(void)
{
    qtest_add_data_func("/vmspec/nvram-open/replaced/opened", "openat",
                        test_replaced);
    qtest_add_data_func("/vmspec/nvram-open/replaced/not-locked", "fcntl",
                        test_replaced);
    qtest_add_data_func("/vmspec/nvram-open/few-descriptors/raw", "raw",
                        test_few_descriptors);
    qtest_add_data_func("/vmspec/nvram-open/few-descriptors/qcow2", "qcow2",
                        test_few_descriptors);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
