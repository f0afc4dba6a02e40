/*
 * vmspec tests: what befalls a VM that writes variables
 *
 * It is killed, or the store moves to another machine or firmware. The
 * variables stay.
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
#include "sequence.h"

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

/* Guest instructions from reset until an application has done nothing */
static uint64_t instructions(const char *name, const uint8_t *store)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *log = scratch_path("instructions");
    g_autofree char *machine = g_strdup_printf(",dtb-randomness=off,nvram=%s",
                                               path);
    g_autofree char *options = g_strdup_printf(
        "-plugin %s/tests/tcg/plugins/libinsn.so -d plugin -D %s",
        g_getenv("VMSPEC_TEST_QEMU"), log);
    g_autofree char *content = NULL;
    char *total;

    guest_save(name, store);
    g_free(guest_run(machine, options, "q"));
    g_assert_true(g_file_get_contents(log, &content, NULL, NULL));
    total = strstr(content, "total insns: ");
    g_assert_nonnull(total);
    return g_ascii_strtoull(total + strlen("total insns: "), NULL, 10);
}

/*
 * With as many large variables as go in there is less room than the firmware
 * wants, and each boot reclaims: at most 1.6 times the instructions of a boot
 * with the store that a first boot leaves.
 */
void test_full_store(void)
{
    static const uint8_t guid[] = SEQUENCE_GUID;
    static const uint8_t data[SEQUENCE_FILLER_SIZE];
    g_autofree char *path = scratch_path("normal.fd");
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    g_autofree char *store = NULL;
    uint8_t name[] = { 'A', 0, 0, 0 };
    VarstoreVar var = {
        .attributes = 7, .guid = guid, .name = name,
        .name_size = sizeof(name), .data = data, .data_size = sizeof(data),
    };
    VarstoreDamage damage;
    Varstore vs;
    uint64_t normal, full;

    g_free(guest_run(machine, "", "q"));
    g_assert_true(g_file_get_contents(path, &store, NULL, NULL));
    normal = instructions("normal.fd", (uint8_t *)store);
    g_assert_true(varstore_check((uint8_t *)store, BANK, &vs, &damage));
    for (size_t used = vs.used; used; name[0]++) {
        used = varstore_append((uint8_t *)store, used, &var);
    }
    g_assert_true(varstore_check((uint8_t *)store, BANK, &vs, &damage));
    full = instructions("full.fd", (uint8_t *)store);
    g_test_message("%zu bytes used: %" G_GUINT64_FORMAT " instructions, else %"
                   G_GUINT64_FORMAT ": ratio %.3f", vs.used, full, normal,
                   (double)full / normal);
    g_assert_cmpuint(full, >, normal);
    g_assert_cmpuint(10 * full, <=, 16 * normal);
}
