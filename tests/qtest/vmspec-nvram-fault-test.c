/*
 * vmspec qtest: what the variable store survives (platform.md, section 7;
 * CFI's status register: JESD68, Intel command set)
 *
 * Writes that fail, an interrupted update, and a migration.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <sys/resource.h>
#include "qemu/bswap.h"
#include "qobject/qdict.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

/*
 * A log of blklogwrites: a superblock, then a sector for each entry and its
 * data
 */
#define LOG_SECTOR 512
#define LOG_FLUSH 1
/* qcow2's default */
#define CLUSTER 0x10000

static void assert_file_content(const char *path, const void *data, size_t size)
{
    g_autofree char *now = NULL;
    size_t now_size;

    g_assert_true(g_file_get_contents(path, &now, &now_size, NULL));
    g_assert_cmpmem(now, now_size, data, size);
}

/*
 * Start a machine with a store of @format, where from the @nth write on each
 * write to the file fails with @error.
 */
static QTestState *start_failing(const char *path, const char *format,
                                 const char *log, int error, int nth)
{
    g_autofree char *config = scratch_path("blkdebug.conf");
    g_autofree char *rules = g_strdup("");

    for (int i = 1; i <= nth; i++) {
        g_autofree char *old = rules;

        rules = i < nth ?
            g_strdup_printf("%s[set-state]\nevent = \"pwritev\"\n"
                            "state = \"%d\"\nnew_state = \"%d\"\n",
                            old, i, i + 1) :
            g_strdup_printf("%s[inject-error]\nevent = \"pwritev\"\n"
                            "state = \"%d\"\niotype = \"write\"\n"
                            "errno = \"%d\"\n", old, i, error);
    }
    g_assert_true(g_file_set_contents(config, rules, -1, NULL));
    return qtest_initf("-M vmspec,pflash1=store -nodefaults -bios %s -D %s "
                       "-blockdev %s,node-name=store,file.driver=blkdebug,"
                       "file.config=%s,file.image.driver=file,"
                       "file.image.filename=%s", vmspec_stub(), log, format,
                       config, path);
}

static void check_program_error(QTestState *qts, uint64_t offset, int how)
{
    uint32_t value = how ? cfi_program_buffer(qts, offset, 0x12345678, 32) :
                           cfi_program(qts, offset, 0x12345678);

    g_assert_cmphex(value & CFI_PROGRAM_ERROR, ==, CFI_PROGRAM_ERROR);
    g_assert_cmphex(value & CFI_READY, ==, CFI_READY);
}

typedef struct FailedWrite {
    const char *format;
    int error;
    bool snapshot;              /* each program allocates a cluster */
} FailedWrite;

/*
 * Start a machine in which writes fail from the @nth on. Program one word
 * after another, each in another cluster of a qcow2 image, until one fails;
 * then all fail. Returns how many did not fail.
 *
 * The image has the words that did not fail and no others. With a snapshot it
 * may have the failed word, too: QEMU wrote the tables of a new cluster and
 * then failed to flush, and says "cannot put back".
 */
static unsigned program_until_failure(const char *path, const FailedWrite *f,
                                      int nth)
{
    g_autofree char *log = scratch_path("log");
    g_autofree uint8_t *expected = g_malloc(STORE_BANK);
    uint64_t base = vmspec_base("flash1");
    QTestState *qts = start_failing(path, f->format, log, f->error, nth);
    g_autofree uint8_t *now = NULL;
    uint64_t offset = 0x8000;
    unsigned done = 0;
    uint32_t status;

    store_sample(expected, STORE_BANK);
    while ((status = cfi_program(qts, offset, 0x01010101)) == CFI_READY) {
        memset(expected + offset, 1, 4);
        offset += CLUSTER;
        g_assert_cmpuint(offset, <, STORE_BANK);
        done++;
    }
    g_assert_cmphex(status, ==, CFI_READY | CFI_PROGRAM_ERROR);
    check_program_error(qts, offset, 0);
    check_program_error(qts, offset + 0x1000, 1);
    g_assert_cmphex(cfi_erase(qts, 0) & CFI_ERASE_ERROR, ==, CFI_ERASE_ERROR);
    for (uint64_t i = 0; i < STORE_BANK; i += 0x1000) {
        g_assert_cmphex(qtest_readl(qts, base + i), ==,
                        (uint32_t)ldl_le_p(expected + i));
    }
    qtest_quit(qts);
    now = store_read_image(path, f->format);
    if (f->snapshot && now[offset] == 1) {
        memset(expected + offset, 1, 4);
    }
    g_assert_cmpmem(now, STORE_BANK, expected, STORE_BANK);
    return done;
}

/*
 * The guest learns that a write failed; the old value stays in the bank and in
 * the file.
 */
static void test_failed_write_is_told(const void *opaque)
{
    const FailedWrite *f = opaque;

    for (unsigned nth = 1, done = 0; done < (f->snapshot ? 2 : 3); nth++) {
        g_autofree char *path = store_image("failing", f->format);
        g_autofree char *snapshot = g_strdup_printf(
            "%s snapshot -c one %s", getenv("QTEST_QEMU_IMG"), path);
        g_autoptr(VmspecRun) run = f->snapshot ? vmspec_run_program(snapshot) :
                                   NULL;

        g_assert_true(!run || run->status == 0);
        done = program_until_failure(path, f, nth);
        g_test_message("write %u fails: %u programs before", nth, done);
        /* an allocation of a cluster is several writes */
        g_assert_true(f->snapshot ? done < MAX(nth - 1, 1) : done == nth - 1);
    }
}

/* Send the errors of a QEMU that starts to @path, until restore_errors(). */
static int redirect_errors(const char *path)
{
    int saved = dup(STDERR_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    g_assert_cmpint(fd, >=, 0);
    dup2(fd, STDERR_FILENO);
    close(fd);
    return saved;
}

static void restore_errors(int saved)
{
    dup2(saved, STDERR_FILENO);
    close(saved);
}

/* A write beyond the host's limit for the size of a file (RLIMIT_FSIZE) */
static void test_beyond_file_size_limit(void)
{
    g_autofree char *path = store_sample_file("limited.fd", STORE_BANK);
    g_autofree uint8_t *expected = g_malloc(STORE_BANK);
    uint64_t offset = STORE_SIZE - 4;
    struct rlimit old, limit;
    QTestState *qts;

    /*
     * QEMU inherits the limit; the bank of the firmware stub has to fit in it
     */
    signal(SIGXFSZ, SIG_DFL);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = STORE_SIZE - STORE_AREA;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    qts = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s", path,
                      vmspec_stub());
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &old), ==, 0);
    g_assert_cmphex(cfi_program(qts, offset, 0), ==,
                    CFI_READY | CFI_PROGRAM_ERROR);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("flash1") + offset), ==,
                    0xffffffff);
    qtest_quit(qts);
    store_sample(expected, STORE_BANK);
    assert_file_content(path, expected, STORE_BANK);
}

/* QEMU prints one message, however often the guest tries. */
static void test_one_message(void)
{
    g_autofree char *path = store_sample_file("message.fd", STORE_BANK);
    g_autofree char *log = scratch_path("log");
    g_autofree char *errors = scratch_path("errors");
    g_autofree char *text = NULL;
    int saved = redirect_errors(errors);
    QTestState *qts = start_failing(path, "raw", log, ENOSPC, 1);
    char *first;

    restore_errors(saved);
    for (int i = 0; i < 3; i++) {
        check_program_error(qts, 0x8000, 0);
    }
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(errors, &text, NULL, NULL));
    g_test_message("%s", text);
    first = strstr(text, "flash1: cannot write");
    g_assert_nonnull(first);
    g_assert_null(strstr(first + 1, "flash1: cannot"));
}

/* The number of writes in the log, and how many have a flush behind them */
static void count_log(const char *path, unsigned *writes, unsigned *durable)
{
    g_autofree char *log = NULL;
    size_t size;
    uint64_t entries;
    size_t offset = LOG_SECTOR;
    bool pending = false;

    *writes = *durable = 0;
    g_assert_true(g_file_get_contents(path, &log, &size, NULL));
    g_assert_cmpuint(size, >, LOG_SECTOR);
    entries = ldq_le_p(log + 16);
    for (uint64_t i = 0; i < entries; i++) {
        uint64_t sectors = ldq_le_p(log + offset + 8);
        uint64_t flags = ldq_le_p(log + offset + 16);

        *writes += sectors > 0;
        *durable += pending && (flags & LOG_FLUSH);
        pending = sectors > 0;
        offset += LOG_SECTOR * (1 + sectors);
    }
}

/* Each program and erase is on stable storage before the status says so. */
static void test_durable(void)
{
    g_autofree char *path = store_sample_file("durable.fd", STORE_BANK);
    g_autofree char *log = scratch_file("writes.log", "", 0, 0);
    unsigned writes, durable;
    QTestState *qts = qtest_initf(
        "-M vmspec,pflash1=store -nodefaults -bios %s "
        "-blockdev raw,node-name=store,file.driver=blklogwrites,"
        "file.file.driver=file,file.file.filename=%s,"
        "file.log.driver=file,file.log.filename=%s", vmspec_stub(), path, log);

    g_assert_cmphex(cfi_program(qts, 0x8000, 0), ==, CFI_READY);
    g_assert_cmphex(cfi_program_buffer(qts, 0x9000, 0, 32), ==, CFI_READY);
    g_assert_cmphex(cfi_erase(qts, 2 * STORE_AREA), ==, CFI_READY);
    /* killed, QEMU flushes nothing at its end */
    qtest_kill_qemu(qts);
    count_log(log, &writes, &durable);
    g_assert_cmpuint(writes, ==, 3);
    g_assert_cmpuint(durable, ==, 3);
    qtest_quit(qts);
}

/*
 * A crash stopped the erasing of the variables at some byte; the spare block
 * has all of them.
 */
static void test_reclaim_is_completed(void)
{
    for (size_t erased = 0; erased <= STORE_AREA; erased += STORE_AREA / 4) {
        g_autofree uint8_t *data = g_malloc(STORE_BANK);
        g_autofree char *path = NULL;
        g_autofree char *text = NULL;
        g_autofree uint8_t *sound = g_malloc(STORE_BANK);
        QTestState *qts;

        store_sample(sound, STORE_BANK);
        store_sample(data, STORE_BANK);
        memcpy(data + 2 * STORE_AREA, sound, STORE_AREA);
        store_ftw_pending(data);
        memset(data, 0xff, erased);
        path = scratch_file("erased.fd", data, STORE_BANK, STORE_BANK);
        qts = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s", path,
                          vmspec_stub());
        text = store_fill(qts);
        g_assert_nonnull(strstr(text, "4 variables"));
        qtest_quit(qts);
        memcpy(data, sound, STORE_AREA);
        assert_file_content(path, data, STORE_BANK);
    }
}

static void wait_status(QTestState *qts, const char *wanted)
{
    bool seen = false;

    while (!seen) {
        QDict *event = qtest_qmp_eventwait_ref(qts, "MIGRATION");
        const char *now = qdict_get_str(qdict_get_qdict(event, "data"),
                                        "status");

        g_test_message("migration: %s", now);
        g_assert_cmpstr(now, !=, "failed");
        seen = !strcmp(now, wanted);
        qobject_unref(event);
    }
}

/*
 * What the guest writes after the first pass over memory arrives in the target
 * and in its file.
 */
static void test_written_during_migration(void)
{
    g_autofree char *path = store_sample_file("source.fd", STORE_BANK);
    g_autofree char *other = scratch_path("target.fd");
    g_autofree char *stream = scratch_path("stream");
    g_autofree char *uri = g_strdup_printf("file:%s", stream);
    g_autofree char *after = NULL;
    uint64_t base = vmspec_base("flash1");
    QTestState *from = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s",
                                   path, vmspec_stub());
    QTestState *to;

    qtest_qmp_assert_success(from, "{'execute': 'migrate-set-capabilities',"
                             " 'arguments': {'capabilities': [{"
                             " 'capability': 'events', 'state': true}, {"
                             " 'capability': 'pause-before-switchover',"
                             " 'state': true}]}}");
    qtest_qmp_assert_success(from, "{'execute': 'migrate',"
                             " 'arguments': {'uri': %s}}", uri);
    wait_status(from, "pre-switchover");
    g_assert_cmphex(cfi_program(from, 0x8000, 0x12345678), ==, CFI_READY);
    qtest_qmp_assert_success(from, "{'execute': 'migrate-continue',"
                             " 'arguments': {'state': 'pre-switchover'}}");
    wait_status(from, "completed");
    qtest_quit(from);

    to = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s "
                     "-incoming defer", other, vmspec_stub());
    qtest_qmp_assert_success(to, "{'execute': 'migrate-set-capabilities',"
                             " 'arguments': {'capabilities': [{"
                             " 'capability': 'events', 'state': true}]}}");
    qtest_qmp_assert_success(to, "{'execute': 'migrate-incoming',"
                             " 'arguments': {'uri': %s}}", uri);
    wait_status(to, "completed");
    g_assert_cmphex(qtest_readl(to, base + 0x8000), ==, 0x12345678);
    qtest_qmp_assert_success(to, "{'execute': 'cont'}");
    g_assert_cmphex(cfi_program(to, 0x8004, 0), ==, CFI_READY);
    qtest_quit(to);
    g_assert_true(g_file_get_contents(other, &after, NULL, NULL));
    g_assert_cmphex(ldl_le_p(after + 0x8000), ==, 0x12345678);
    g_assert_cmphex(ldl_le_p(after + 0x8004), ==, 0);
}

/* A machine with a qcow2 store can make snapshots, which include the store. */
static void test_snapshot_has_store(void)
{
    g_autofree char *path = scratch_path("snapshot.qcow2");
    uint64_t base = vmspec_base("flash1");
    QTestState *qts = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s",
                                  path, vmspec_stub());
    g_autofree char *saved = NULL;
    g_autofree char *loaded = NULL;

    g_assert_cmphex(cfi_program(qts, 0x8000, 0x11111111), ==, CFI_READY);
    saved = qtest_hmp(qts, "savevm one");
    g_assert_cmpstr(saved, ==, "");
    g_assert_cmphex(cfi_program(qts, 0x8004, 0x22222222), ==, CFI_READY);
    loaded = qtest_hmp(qts, "loadvm one");
    g_assert_cmpstr(loaded, ==, "");
    g_assert_cmphex(qtest_readl(qts, base + 0x8000), ==, 0x11111111);
    g_assert_cmphex(qtest_readl(qts, base + 0x8004), ==, 0xffffffff);
    qtest_quit(qts);
    /* the file has what the guest reads */
    qts = qtest_initf("-M vmspec,pflash1=n -nodefaults -bios %s "
                      "-blockdev qcow2,node-name=n,file.driver=file,"
                      "file.filename=%s", vmspec_stub(), path);
    g_assert_cmphex(qtest_readl(qts, base + 0x8000), ==, 0x11111111);
    g_assert_cmphex(qtest_readl(qts, base + 0x8004), ==, 0xffffffff);
    qtest_quit(qts);
}

static void add_tests(void)
{
    static const struct {
        const char *name;
        FailedWrite failed;
    } failed_writes[] = {
        { "raw-enospc", { "raw", ENOSPC } },
        { "raw-eio", { "raw", EIO } },
        { "raw-efbig", { "raw", EFBIG } },
        { "qcow2-enospc", { "qcow2", ENOSPC } },
        { "qcow2-eio", { "qcow2", EIO } },
        { "qcow2-efbig", { "qcow2", EFBIG } },
        { "qcow2-enospc-snapshot", { "qcow2", ENOSPC, true } },
    };

    for (int i = 0; i < G_N_ELEMENTS(failed_writes); i++) {
        g_autofree char *path = g_strconcat("/vmspec/nvram-fault/failed-write/",
                                            failed_writes[i].name, NULL);

        qtest_add_data_func(path, &failed_writes[i].failed,
                            test_failed_write_is_told);
    }
    qtest_add_func("/vmspec/nvram-fault/file-size-limit",
                   test_beyond_file_size_limit);
    qtest_add_func("/vmspec/nvram-fault/one-message", test_one_message);
    qtest_add_func("/vmspec/nvram-fault/durable", test_durable);
    qtest_add_func("/vmspec/nvram-fault/interrupted-reclaim",
                   test_reclaim_is_completed);
    qtest_add_func("/vmspec/nvram-fault/written-during-migration",
                   test_written_during_migration);
    qtest_add_func("/vmspec/nvram-fault/snapshot", test_snapshot_has_store);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
