/*
 * vmspec tests: a guest whose writes fail
 *
 * The host's disk is full or broken, for a while or for good. Below the image's
 * format lie two more of QEMU's block drivers:
 *
 *     pflash -> raw or qcow2 -> blkdebug -> blklogwrites -> image file
 *                               fails the   records what
 *                               n-th write  gets through
 *
 * If SetVariable fails, the variable keeps its old value; if it succeeds, the
 * variable has the new one. Both hold in the same boot and after a restart, and
 * no other variable is lost.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bank.h"
#include "crash.h"
#include "efi-run.h"
#include "scratch.h"
#include "sequence.h"

/*
 * What SetVariable returns (UEFI 2.10, appendix D) when a write fails, and when
 * one of a reclaim does, without the error bit
 */
#define DEVICE_ERROR 7
#define ABORTED 21
/*
 * Operations of sequence.h: one that overwrites a variable, as does the
 * operation before it, and one that deletes a variable
 */
#define OVERWRITES 18
#define DELETES 25

static const int errors[] = { ENOSPC, EIO, EFBIG };

typedef struct Fault {
    const char *format;         /* of the image */
    unsigned write;             /* the number of the write that fails */
    bool once;                  /* false: so do all writes that follow */
    int error;                  /* the errno that they fail with */
} Fault;

/*
 * Write blkdebug's rules for @f to @path. blkdebug has a state, at first 1;
 * each write before the failing one adds 1, and that one fails in its state.
 */
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
 * Let a guest do the first @operations on a new store with the fault @f. Return
 * what the guest printed. The scratch file failed.log records the writes.
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
    bank_save(store_name(f), prefilled);
    return efi_run(",pflash1=store", options, line);
}

/*
 * Return the first operation that failed, or -1 if none did. *@status is then
 * what SetVariable returned, and *@goes_on tells whether the operations after
 * it failed as well: either all of them must or none.
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
            others += s ? 1 : 0;
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

/* The number of the write after which the store stands after @operations */
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

/* The image file has the writes before the one that failed, and no other. */
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
 * The write @write of operation @k fails, and so do all that follow.
 * The write @committed is the one that makes the operation count. If that one
 * fails, or one before it, SetVariable must fail for @k and the variable keep
 * its old value; if only later ones fail, @k must succeed and @k + 1 fail.
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
    efi_run_found(out, failed, failed);
    efi_run_boot(machine, failed, failed);
    g_assert_cmpint(failed, ==, write <= committed ? k : k + 1);
}

/*
 * Fail each write of two operations (VMSPEC_NVRAM_FULL), or those of one that
 * make it count and mark the old variable deleted.
 */
void test_failed_write(const void *recording)
{
    Recording *r = (Recording *)recording;
    bool all = wanted_number("VMSPEC_NVRAM_FULL", 0);
    unsigned first, committed, last;

    ensure_recorded(r);
    committed = committing(r, OVERWRITES + 1);
    /* the write between marks the old variable of the last operation deleted */
    first = committing(r, OVERWRITES) + 2;
    last = committed + 1;
    g_test_message("operation %d: writes %u to %u", OVERWRITES, first, last);
    g_assert_cmpuint(last - first, >=, 3);
    if (!all) {
        first = r->part == 1 ? committed : last;
    }
    for (unsigned i = first; i <= last; i++) {
        fail_from(r, i, committed, OVERWRITES);
    }
    if (all) {
        committed = committing(r, DELETES + 1);
        fail_from(r, committed, committed, DELETES);
    }
}

/*
 * Check that the store was sound and had all fillers after each of the recorded
 * writes. Return how many there were.
 */
static unsigned check_log(void)
{
    g_autofree char *log = scratch_path("failed.log");
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK_SIZE);
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
 * The number of a write in the first reclaim. A reclaim copies the variables to
 * the spare block, from there to the variables' block, and erases the spare
 * block again; the flash driver erases each block twice (EE):
 *
 *     EE spare, copy to it ... EE variables, copy back ... EE spare
 *     0  1            2        3  4              5         6          @n
 *
 * @n is 0, 3, 6: the first erase of a block; 1, 4: the write right behind both
 * erases; 2, 5: a write half way to the next erase.
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
    switch (n % 3) {
    case 0:
        return erases[n / 3];
    case 1:
        return erases[n / 3] + 2;
    default:
        return (erases[n / 3] + erases[n / 3 + 1]) / 2;
    }
}

/*
 * One write fails and no other. A later operation then writes the variable
 * whose operation failed again, so that all @operations are seen at the end.
 * If the store @reclaims, the firmware refuses all operations after the failed
 * one instead: the spare block may hold variables that only the next start puts
 * into place.
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
        efi_run_found(out, failed, failed + 1);
        g_test_message("found %d", efi_run_boot(machine, failed, failed + 1));
    } else {
        efi_run_found(out, operations, operations);
        efi_run_boot(machine, operations, operations);
    }
}

void test_failed_once(void)
{
    Recording *r = &recordings[0];
    bool all = wanted_number("VMSPEC_NVRAM_FULL", 0);
    unsigned committed;

    ensure_recorded(r);
    committed = committing(r, OVERWRITES + 1);
    if (!all) {
        fail_once(committed, 40, false);
    } else {
        for (unsigned i = committing(r, OVERWRITES) + 2; i <= committed + 1;
             i++) {
            fail_once(i, 40, false);
        }
        fail_once(committing(r, DELETES + 1), 40, false);
        for (unsigned n = 0; n < RECLAIM_WRITES; n++) {
            fail_once(reclaim_write(r, n), 250, true);
        }
    }
}

/*
 * All writes fail from the @n-th of reclaim_write() on, in a reclaim that comes
 * after operation @k - 1. The variable of operation @k is old or new, and every
 * other variable is there, both in the same boot and after a restart. The
 * restarted guest can write again, because the disk then has room.
 */
static void disk_full_at(const Recording *r, unsigned n, int error, int k)
{
    Fault f = {
        .format = "raw", .error = error, .write = reclaim_write(r, n),
    };
    g_autofree char *path = scratch_path(store_name(&f));
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    g_autofree char *out = run_failing(&f, k + 4);
    g_autofree char *line = NULL;
    bool goes_on;
    int status;
    int found;

    check_written(r, &f);
    g_assert_cmpint(first_failed(out, &status, &goes_on), ==, k);
    g_assert_true(goes_on);
    efi_run_found(out, k, k + 1);
    found = efi_run_boot(machine, k, k + 1);
    g_test_message("found %d", found);
    line = g_strdup_printf("w %d 2", found);
    g_free(efi_run(machine, "", line));
    efi_run_boot(machine, found + 2, found + 2);
}

void test_disk_full_in_reclaim(void)
{
    Recording *r = &recordings[0];
    g_autofree uint8_t *store = g_memdup2(prefilled, BANK_SIZE);
    int k;

    ensure_recorded(r);
    do_writes(r, store, 0, reclaim_write(r, 0));
    k = states_of(store, 0, r->operations);
    if (wanted_number("VMSPEC_NVRAM_FULL", 0)) {
        for (unsigned n = 0; n < RECLAIM_WRITES; n++) {
            disk_full_at(r, n, n % 4 < 2 ? ENOSPC : EIO, k);
        }
    } else {
        /* while the spare block is written, and with the other block erased */
        disk_full_at(r, 2, EIO, k);
        disk_full_at(r, 4, ENOSPC, k);
    }
}
