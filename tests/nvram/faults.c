/*
 * vmspec tests: events in the life of a VM that must lose no variable
 *
 * QEMU is killed while the guest writes; the store moves to another machine
 * or another build of the firmware; the store is nearly full.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "bank.h"
#include "crash.h"
#include "efi-run.h"
#include "scratch.h"
#include "sequence.h"

/* A guest may have done one operation more than it has printed. */
#define UNSEEN 1
/*
 * A guest is killed up to so many microseconds after a given operation. Several
 * operations fit into that time, so that the kill may hit any part of one.
 */
#define MAX_DELAY_US 20000

/*
 * Read the guest's lines until they end or *@count operations are read, and
 * lower *@count by each. Return the last operation, or @last if there is none.
 */
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
 * Start operations from @first on, and kill QEMU @delay microseconds after the
 * guest has printed @count of them. Return the last operation printed.
 */
static int kill_after(const char *machine, int first, int count,
                      unsigned delay)
{
    g_autofree char *line = g_strdup_printf("w %d %d", first, 10000);
    g_auto(GStrv) argv = efi_run_command(machine, "", line);
    int rest = G_MAXINT;
    int last;
    GPid pid;
    int fd;
    FILE *out;

    /* QEMU itself, as kill() would end timeout(1) and leave QEMU running */
    g_assert_true(g_spawn_async_with_pipes(NULL, argv + EFI_RUN_TIMEOUT_WORDS,
                                           NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                           NULL, NULL, &pid, NULL, &fd, NULL,
                                           NULL));
    out = fdopen(fd, "r");
    last = read_operations(out, first - 1, &count);
    g_usleep(delay);    /* the moment of the kill: no event to wait for */
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    last = read_operations(out, last, &rest);
    fclose(out);
    g_assert_cmpint(count, ==, 0);
    return last;
}

/*
 * Kill @wanted guests, one after the other on the same store. The delays follow
 * from GLib's random seed, which the program prints and takes by --seed.
 */
static void kill_some(const char *name, unsigned wanted)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    int k = 0;

    bank_save(name, prefilled);
    for (unsigned i = 0; i < wanted; i++) {
        unsigned delay = g_test_rand_int_range(0, MAX_DELAY_US + 1);
        int last = kill_after(machine, k, g_test_rand_int_range(1, 150),
                              delay);

        g_test_message("killed %u us later, after operation %d", delay, last);
        k = efi_run_boot(machine, last + 1, last + 1 + UNSEEN);
        g_test_message("found %d", k);
    }
}

void test_kills_raw(void)
{
    kill_some("killed.fd", wanted_number("VMSPEC_NVRAM_KILLS", 3));
}

void test_kills_qcow2(void)
{
    unsigned wanted = wanted_number("VMSPEC_NVRAM_KILLS", 3);

    kill_some("killed.qcow2", MAX(wanted / 8, 1));
}

/*
 * The variables stay when the same store is used with another GIC, more CPUs
 * or memory, EL2, and by another build of the firmware.
 */
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

    bank_save("moved.fd", prefilled);
    out = efi_run(first, "", "w 0 20");
    for (unsigned i = 0; i < G_N_ELEMENTS(machines); i++) {
        g_autofree char *machine = g_strdup_printf("%s,%s", first,
                                                   machines[i]);

        g_test_message("%s", machines[i]);
        g_assert_cmpint(efi_run_boot(machine, 20, 20), ==, 20);
    }
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
    g_setenv("VMSPEC_TEST_FIRMWARE", other, TRUE);
    efi_run_boot(first, 20, 20);
    g_free(efi_run(first, "", "w 20 20"));
    g_setenv("VMSPEC_TEST_FIRMWARE", own, TRUE);
    efi_run_boot(first, 40, 40);
}

/* Count the guest instructions from reset to the end of a run that does "q". */
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

    bank_save(name, store);
    g_free(efi_run(machine, options, "q"));
    g_assert_true(g_file_get_contents(log, &content, NULL, NULL));
    total = strstr(content, "total insns: ");
    g_assert_nonnull(total);
    return g_ascii_strtoull(total + strlen("total insns: "), NULL, 10);
}

/*
 * A store with as many large variables as fit has less free space than the
 * firmware wants, so that each boot reclaims it. Such a boot may take 14
 * million instructions more than one with the store that a first boot leaves:
 * it takes 8, and a host with other work adds some that wait for the disk.
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

    g_free(efi_run(machine, "", "q"));
    g_assert_true(g_file_get_contents(path, &store, NULL, NULL));
    normal = instructions("normal.fd", (uint8_t *)store);
    g_assert_true(varstore_check((uint8_t *)store, BANK_SIZE, &vs, &damage));
    for (size_t used = vs.used; used; name[0]++) {
        used = varstore_append((uint8_t *)store, used, &var);
    }
    g_assert_true(varstore_check((uint8_t *)store, BANK_SIZE, &vs, &damage));
    full = instructions("full.fd", (uint8_t *)store);
    g_test_message("%zu bytes used: %" G_GUINT64_FORMAT " instructions, else %"
                   G_GUINT64_FORMAT ": ratio %.3f", vs.used, full, normal,
                   (double)full / normal);
    g_assert_cmpuint(full, >, normal);
    g_assert_cmpuint(full - normal, <=, 14 * 1000 * 1000);
}
