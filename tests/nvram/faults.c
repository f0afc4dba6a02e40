/*
 * vmspec tests: what befalls a VM that writes variables
 *
 * It is killed, the host's disk is full, or the store moves to another
 * machine or firmware. The variables stay.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "crash.h"
#include "guest.h"
#include "scratch.h"

/* The last operation may be done, but not said yet. */
#define UNSEEN 1
/* Microseconds until a guest is killed, at most: several operations */
#define DELAY 20000

/* Reads lines until there are no more, or @count operations; the last one */
static int read_operations(FILE *out, int last, int *count)
{
    char line[256];
    int k;

    while (*count > 0 && fgets(line, sizeof(line), out)) {
        if (strchr(line, '\n') && sscanf(line, "op %d", &k) == 1) {
            last = k;
            --*count;
        }
    }
    return last;
}

/*
 * Kill QEMU @delay after it has said a number of operations; the last one
 * said.
 */
static int kill_after(const char *machine, int first, int count,
                      unsigned delay)
{
    g_autofree char *line = g_strdup_printf("w %d %d", first, 10000);
    g_auto(GStrv) argv = guest_command(machine, "", line);
    int rest = G_MAXINT;
    int last;
    GPid pid;
    int fd;
    FILE *out;

    /* without timeout(1), which would be killed in QEMU's place */
    g_assert_true(g_spawn_async_with_pipes(NULL, argv + 4, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                           NULL, &pid, NULL, &fd, NULL, NULL));
    out = fdopen(fd, "r");
    last = read_operations(out, first - 1, &count);
    g_usleep(delay);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    last = read_operations(out, last, &rest);
    fclose(out);
    g_assert_cmpint(count, ==, 0);
    return last;
}

/* The delays follow from the seed that the test program prints and takes. */
static void kill_some(const char *name, unsigned wanted)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    int k = 0;

    guest_save(name, prefilled);
    for (unsigned i = 0; i < wanted; i++) {
        unsigned delay = g_test_rand_int_range(0, DELAY + 1);
        int last = kill_after(machine, k, g_test_rand_int_range(1, 150),
                              delay);

        g_test_message("killed %u us later, after operation %d", delay, last);
        k = guest_boot(machine, last + 1, last + 1 + UNSEEN);
        g_test_message("found %d", k);
    }
}

void test_kills_raw(void)
{
    kill_some("killed.fd", guest_setting("VMSPEC_NVRAM_KILLS", 3));
}

void test_kills_qcow2(void)
{
    unsigned wanted = guest_setting("VMSPEC_NVRAM_KILLS", 3);

    kill_some("killed.qcow2", MAX(wanted / 8, 1));
}

/*
 * The host's disk is full from the 60th write on: from some operation on
 * SetVariable fails (EFI_DEVICE_ERROR is 7), and the old variables stay.
 */
void test_disk_full(void)
{
    g_autofree char *store = scratch_path("full.fd");
    g_autofree char *config = scratch_path("full.conf");
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
    guest_save("full.fd", prefilled);
    out = guest_run(",pflash1=store", options, "w 0 40");
    failed = strstr(out, " 7\r\n");
    g_assert_nonnull(failed);
    while (strncmp(failed, "op ", 3)) {
        failed--;
    }
    k = atoi(failed + 3);
    g_test_message("operation %d failed", k);
    g_assert_null(strstr(failed, " 0\r\n"));
    guest_boot(machine, k, k);
}

/* The same store in other machines of the same VM, and by other firmware */
void test_survives(void)
{
    static const char *const machines[] = {
        "gic-version=2", "gic-version=3", "gic-version=3 -smp 16",
        "gic-version=2 -m 1G", "virtualization=on",
    };
    g_autofree char *own = g_strdup(g_getenv("VMSPEC_TEST_FIRMWARE"));
    const char *other = g_getenv("VMSPEC_TEST_OTHER_FIRMWARE") ?: "";
    g_autofree char *path = scratch_path("moved.fd");
    g_autofree char *first = g_strdup_printf(",nvram=%s", path);
    g_autofree char *out = NULL;

    guest_save("moved.fd", prefilled);
    out = guest_run(first, "", "w 0 20");
    for (unsigned i = 0; i < G_N_ELEMENTS(machines); i++) {
        g_autofree char *machine = g_strdup_printf("%s,%s", first,
                                                   machines[i]);

        g_test_message("%s", machines[i]);
        g_assert_cmpint(guest_boot(machine, 20, 20), ==, 20);
    }
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
    g_setenv("VMSPEC_TEST_FIRMWARE", other, TRUE);
    guest_boot(first, 20, 20);
    g_free(guest_run(first, "", "w 20 20"));
    g_setenv("VMSPEC_TEST_FIRMWARE", own, TRUE);
    guest_boot(first, 40, 40);
}
