/*
 * vmspec tests: a guest whose writes fail
 *
 * The host's disk is full or broken, for a while or for good. Where
 * SetVariable fails the old value stays, else the new one is there, in the
 * same boot and after a restart; and no other variable is lost.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"
#include "guest.h"
#include "scratch.h"
#include "sequence.h"

/* EFI_DEVICE_ERROR: of a write; EFI_ABORTED: of a reclaim */
#define DEVICE_ERROR 7
#define ABORTED 21
/*
 * An operation that overwrites a variable, as the one before it, and one that
 * deletes one
 */
#define OVERWRITES 18
#define DELETES 25

static const int errors[] = { ENOSPC, EIO, EFBIG };

typedef struct Fault {
    const char *format;         /* of the image */
    unsigned write;             /* which fails, from 0 on */
    bool once;                  /* else, all that follow as well */
    int error;                  /* its errno */
} Fault;

/* blkdebug's rules for @f; it counts from 1. */
static void write_rules(const char *path, const Fault *f)
{
    g_autoptr(GString) rules = g_string_new("");
    unsigned event = 1;

    for (; event < f->write + 1; event++) {
        g_string_append_printf(rules, "[set-state]\nevent = \"pwritev\"\n"
                               "state = \"%u\"\nnew_state = \"%u\"\n", event,
                               event + 1);
    }
    g_string_append_printf(rules, "[inject-error]\nevent = \"pwritev\"\n"
                           "state = \"%u\"\niotype = \"write\"\n"
                           "errno = \"%d\"\nonce = \"%s\"\n", event, f->error,
                           f->once ? "on" : "off");
    g_assert_true(g_file_set_contents(path, rules->str, -1, NULL));
}

/* The scratch file with the store of run_failing() */
static const char *store_name(const Fault *f)
{
    return strcmp(f->format, "raw") ? "failed.qcow2" : "failed.fd";
}

/*
 * What the guest says that does the first @operations on a new store; what it
 * writes is recorded in the scratch file failed.log.
 */
static char *run_failing(const Fault *f, int operations)
{
    g_autofree char *store = scratch_path(store_name(f));
    g_autofree char *config = scratch_path("failed.conf");
    g_autofree char *log = scratch_path("failed.log");
    g_autofree char *options = g_strdup_printf(
        "-blockdev %s,node-name=store,file.driver=blkdebug,file.config=%s,"
        "file.image.driver=blklogwrites,file.image.file.driver=file,"
        "file.image.file.filename=%s,file.image.log.driver=file,"
        "file.image.log.filename=%s", f->format, config, store, log);
    g_autofree char *line = g_strdup_printf("w 0 %d", operations);

    g_test_message("write %u fails%s: %s", f->write, f->once ? " once" : "",
                   g_strerror(f->error));
    write_rules(config, f);
    g_assert_true(g_file_set_contents(log, "", 0, NULL));
    guest_save(store_name(f), prefilled);
    return guest_run(",pflash1=store", options, line);
}

/*
 * The first operation that failed, and how; -1: none. All that follow fail as
 * well, or none, which @goes_on tells.
 */
static int first_failed(const char *out, int *status, bool *goes_on)
{
    int failed = -1;
    unsigned behind = 0;
    unsigned others = 0;
    int k, s;

    while ((out = strstr(out, "\nop "))) {
        out++;
        g_assert_cmpint(sscanf(out, "op %d %d", &k, &s), ==, 2);
        if (failed >= 0) {
            behind++;
            others += !!s;
        } else if (s) {
            failed = k;
            *status = s;
        }
    }
    *goes_on = others;
    if (failed >= 0) {
        g_test_message("operation %d failed: %d; %u of %u behind it", failed,
                       *status, others, behind);
        g_assert_true(*status == DEVICE_ERROR || *status == ABORTED);
        g_assert_true(behind && (!others || others == behind));
    }
    return failed;
}

/* The write that makes the store stand after @operations */
static unsigned committing(const Recording *r, int operations)
{
    g_autofree uint8_t *store = g_memdup2(r->base, r->size);
    int k = 0;

    for (unsigned i = 0; i < r->writes->len; i++) {
        do_writes(r, store, i, 1);
        k = states_of(store + r->start, k, operations);
        if (k == operations) {
            return i;
        }
    }
    g_assert_not_reached();
}

/* The file has what was written until then, and nothing else. */
static void check_written(const Recording *r, const Fault *f)
{
    g_autofree uint8_t *expected = g_memdup2(r->base, r->size);
    g_autofree char *path = scratch_path(store_name(f));
    g_autofree char *content = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    do_writes(r, expected, 0, f->write);
    g_assert_cmpuint(size, <=, r->size);
    g_assert_cmpmem(content, size, expected, size);
}

/*
 * All writes from a given one on fail, which belongs to operation @k:
 * SetVariable fails where that comes before the variable is @committed, and
 * the old value stays; else the new one is there.
 */
static void fail_from(const Recording *r, unsigned write, unsigned committed,
                      int k)
{
    Fault f = {
        .format = r->format, .write = write, .error = errors[write % 3],
    };
    g_autofree char *path = scratch_path(store_name(&f));
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    g_autofree char *out = run_failing(&f, k + 8);
    bool goes_on;
    int status;
    int failed = first_failed(out, &status, &goes_on);

    check_written(r, &f);
    g_assert_true(goes_on);
    g_assert_cmpint(status, ==, DEVICE_ERROR);
    guest_found(out, failed, failed);
    guest_boot(machine, failed, failed);
    g_assert_cmpint(failed, ==, write <= committed ? k : k + 1);
}

/* Each of the writes of two operations, or the last two of one */
void test_failed_write(const void *recording)
{
    Recording *r = (Recording *)recording;
    bool all = guest_setting("VMSPEC_NVRAM_FULL", 0);
    unsigned first, committed, last;

    record(r);
    committed = committing(r, OVERWRITES + 1);
    /* the one behind marks the old variable deleted */
    first = committing(r, OVERWRITES) + 2;
    last = committed + 1;
    g_test_message("operation %d: writes %u to %u", OVERWRITES, first, last);
    g_assert_cmpuint(last - first, >=, 3);
    for (unsigned i = all ? first : r->part == 1 ? committed : last; i <= last;
         i++) {
        fail_from(r, i, committed, OVERWRITES);
    }
    if (all) {
        committed = committing(r, DELETES + 1);
        fail_from(r, committed, committed, DELETES);
    }
}

/* At no time was the store unsound, or without one of the fillers. */
static unsigned check_log(void)
{
    g_autofree char *log = scratch_path("failed.log");
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);
    Recording seen = { .format = "raw" };

    read_log(&seen, log);
    for (unsigned i = 0; i < seen.writes->len; i++) {
        g_autofree char *where = g_strdup_printf("after write %u", i);

        do_writes(&seen, store, i, 1);
        states_check_fillers(where, store);
    }
    return seen.writes->len;
}

#define RECLAIM_WRITES 7

/*
 * The @n-th of RECLAIM_WRITES writes of the first reclaim: those that erase the
 * spare block, the variables' block and the spare block again, what comes right
 * behind (the driver erases a block twice), and half way to the next
 */
static unsigned reclaim_write(const Recording *r, unsigned n)
{
    unsigned erases[RECLAIM_WRITES / 3 + 1];
    unsigned found = 0;

    for (unsigned i = 1; found < G_N_ELEMENTS(erases); i++) {
        if (is_erase(write_at(r, i)) && !is_erase(write_at(r, i - 1))) {
            erases[found++] = i;
        }
    }
    return n % 3 == 0 ? erases[n / 3] : n % 3 == 1 ? erases[n / 3] + 2 :
           (erases[n / 3] + erases[n / 3 + 1]) / 2;
}

/*
 * One write fails and no other: the guest may try again, and the variable whose
 * operation failed is written anew soon after. Not so where the store was
 * reclaimed: its spare block may have what is put in place at the next start.
 */
static void fail_once(unsigned write, int operations, bool reclaims)
{
    Fault f = {
        .format = "raw", .write = write, .once = true,
        .error = errors[write % 3],
    };
    g_autofree char *path = scratch_path(store_name(&f));
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    g_autofree char *out = run_failing(&f, operations);
    bool goes_on;
    int status;
    int failed = first_failed(out, &status, &goes_on);

    g_test_message("%u writes", check_log());
    g_assert_true(goes_on == reclaims);
    if (reclaims) {
        guest_found(out, failed, failed + 1);
        g_test_message("found %d", guest_boot(machine, failed, failed + 1));
    } else {
        guest_found(out, operations, operations);
        guest_boot(machine, operations, operations);
    }
}

void test_failed_once(void)
{
    Recording *r = &recordings[0];
    bool all = guest_setting("VMSPEC_NVRAM_FULL", 0);
    unsigned committed;

    record(r);
    committed = committing(r, OVERWRITES + 1);
    for (unsigned i = all ? committing(r, OVERWRITES) + 2 : committed;
         i <= committed + all; i++) {
        fail_once(i, 40, false);
    }
    if (all) {
        fail_once(committing(r, DELETES + 1), 40, false);
        for (unsigned n = 0; n < RECLAIM_WRITES; n++) {
            fail_once(reclaim_write(r, n), 170, true);
        }
    }
}

/*
 * The disk is full in the middle of a reclaim: what the operation would change
 * is old or new, all else is there, also before the next start, at which there
 * is room for operations again.
 */
void test_disk_full_in_reclaim(void)
{
    Recording *r = &recordings[0];
    g_autofree char *path = scratch_path("failed.fd");
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    bool all = guest_setting("VMSPEC_NVRAM_FULL", 0);
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK);
    bool goes_on;
    int status;
    int k;

    record(r);
    do_writes(r, store, 0, reclaim_write(r, 0));
    k = states_of(store, 0, r->operations);
    /* or while the spare block is written, and with the other one erased */
    for (unsigned i = all ? 0 : 2; i < (all ? RECLAIM_WRITES : 5);
         i += all ? 1 : 2) {
        Fault f = {
            .format = "raw", .error = errors[i % 4 > 1],
            .write = reclaim_write(r, i),
        };
        g_autofree char *out = run_failing(&f, k + 4);
        g_autofree char *line = NULL;
        int found;

        check_written(r, &f);
        g_assert_cmpint(first_failed(out, &status, &goes_on), ==, k);
        g_assert_true(goes_on);
        guest_found(out, k, k + 1);
        found = guest_boot(machine, k, k + 1);
        g_test_message("found %d", found);
        line = g_strdup_printf("w %d 2", found);
        g_free(guest_run(machine, "", line));
        guest_boot(machine, found + 2, found + 2);
    }
}
