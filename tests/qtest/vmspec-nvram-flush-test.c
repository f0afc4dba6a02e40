/*
 * vmspec qtest: what the guest wrote is on stable storage (platform.md,
 * section 7)
 *
 * Shown by the system calls of QEMU: each program and each erase is flushed
 * once. When that flush fails, the guest gets an error and nothing has
 * changed.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qobject/qdict.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define QEMU_ENV "QTEST_QEMU_BINARY"
#define TRACE "trace"
#define PROGRAM_AT 0x8000

/* A machine under strace; @inject says which calls strace makes fail. */
static QTestState *start_traced(const char *inject, const char *options)
{
    g_autofree char *trace = scratch_path(TRACE);
    g_autofree char *command = g_strdup_printf(
        "strace -D -f -qq -o %s -e trace=pwrite64,pwritev,pwritev2,fsync,"
        "fdatasync %s %s", trace, inject, getenv(QEMU_ENV));
    g_autofree char *binary = g_strdup(getenv(QEMU_ENV));
    QTestState *qts;

    g_setenv(QEMU_ENV, command, TRUE);
    qts = qtest_initf("-M vmspec%s -nodefaults -bios %s", options,
                      vmspec_stub());
    g_setenv(QEMU_ENV, binary, TRUE);
    return qts;
}

/*
 * The calls so far, as letters: w is a write, f a flush. strace writes a call
 * to the file before QEMU continues.
 */
static char *calls(void)
{
    g_autofree char *path = scratch_path(TRACE);
    g_autofree char *trace = NULL;
    g_auto(GStrv) lines = NULL;
    GString *s = g_string_new("");

    g_assert_true(g_file_get_contents(path, &trace, NULL, NULL));
    lines = g_strsplit(trace, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        if (strstr(lines[i], "sync(")) {
            g_string_append_c(s, 'f');
        } else if (strstr(lines[i], " pwrite")) {
            g_string_append_c(s, 'w');
        }
    }
    return g_string_free(s, FALSE);
}

/* The calls since @before; then sets @before to all calls so far. */
static void check_calls(char **before, const char *expected)
{
    char *now = calls();

    g_assert_true(g_str_has_prefix(now, *before));
    g_test_message("%s", now);
    g_assert_cmpstr(now + strlen(*before), ==, expected);
    g_free(*before);
    *before = now;
}

/*
 * Each write is flushed once, the first one included, and also after a stop,
 * which flushes everything.
 */
static void check_each_flushed(const char *options)
{
    QTestState *qts = start_traced("", options);
    char *before = calls();

    g_assert_cmpstr(before, ==, "");
    for (int i = 0; i < 2; i++) {
        g_assert_cmphex(cfi_program(qts, PROGRAM_AT + 4 * i, 0), ==,
                        CFI_READY);
        check_calls(&before, "wf");
        g_assert_cmphex(cfi_program_buffer(qts, 0x9000 + 128 * i, 0, 32), ==,
                        CFI_READY);
        check_calls(&before, "wf");
        g_assert_cmphex(cfi_erase(qts, 2 * STORE_AREA), ==, CFI_READY);
        check_calls(&before, "wf");
        qtest_qmp_assert_success(qts, "{'execute': 'stop'}");
        qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
        g_free(before);
        before = calls();
    }
    qtest_quit(qts);
    g_free(before);
}

static void test_each_flushed(const void *format)
{
    g_autofree char *path = store_image("image", format);
    g_autofree char *options = g_strdup_printf(",nvram=%s,nvram-format=%s",
                                               path, (const char *)format);

    if (store_can_trace()) {
        check_each_flushed(options);
    }
}

static void test_each_flushed_pflash(const void *format)
{
    g_autofree char *path = store_image("image", format);
    g_autofree char *options = g_strdup_printf(
        ",pflash1=n -blockdev %s,node-name=n,file.driver=file,"
        "file.filename=%s", (const char *)format, path);

    if (store_can_trace()) {
        check_each_flushed(options);
    }
}

/*
 * An interrupted update is completed in flushed steps, so that a second crash
 * cannot mix them up.
 */
static void test_replay_flushed(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *path = NULL;
    g_autofree char *options = NULL;
    g_autofree char *seen = NULL;
    size_t end;

    if (!store_can_trace()) {
        return;
    }
    end = store_sample(data, STORE_BANK);
    store_put(data, end, "Incomplete", 0xff, 100);
    path = scratch_file("torn.fd", data, STORE_BANK, STORE_BANK);
    options = g_strdup_printf(",nvram=%s", path);
    qtest_quit(start_traced("", options));
    seen = calls();
    g_test_message("%s", seen);
    g_assert_true(g_str_has_prefix(seen, "wfwf"));
}

/*
 * The guest gets an error for a flush that fails, even for the first, and for
 * each one after it. The old value stays in the bank and in the file.
 */
static void test_failed_flush(const void *format)
{
    g_autofree char *path = store_image("image", format);
    g_autofree char *options = g_strdup_printf(",nvram=%s,nvram-format=%s",
                                               path, (const char *)format);
    g_autofree uint8_t *expected = g_malloc(STORE_BANK);
    g_autofree uint8_t *now = NULL;
    uint64_t base = vmspec_base("flash1");
    QTestState *qts;

    if (!store_can_trace()) {
        return;
    }
    qts = start_traced("-e inject=fdatasync:error=EIO:when=1", options);
    g_assert_cmphex(cfi_program(qts, PROGRAM_AT, 0), ==,
                    CFI_READY | CFI_PROGRAM_ERROR);
    g_assert_cmphex(qtest_readl(qts, base + PROGRAM_AT), ==, 0xffffffff);
    g_assert_cmphex(cfi_program_buffer(qts, PROGRAM_AT, 0, 32), ==,
                    CFI_READY | CFI_PROGRAM_ERROR);
    g_assert_cmphex(qtest_readl(qts, base + PROGRAM_AT), ==, 0xffffffff);
    g_assert_cmphex(cfi_erase(qts, 0), ==, CFI_READY | CFI_ERASE_ERROR);
    g_assert_cmphex(qtest_readl(qts, base + 40), ==, 0x4856465f);
    qtest_quit(qts);
    store_sample(expected, STORE_BANK);
    now = store_read_image(path, format);
    g_assert_cmpmem(now, STORE_BANK, expected, STORE_BANK);
}

/*
 * The flush fails, and then the write that restores the old value: the guest
 * still reads the old value.
 */
static void test_failed_way_back(void)
{
    g_autofree char *path = store_image("image.fd", "raw");
    g_autofree char *options = g_strdup_printf(",nvram=%s", path);
    uint64_t base = vmspec_base("flash1");
    QTestState *qts;

    if (!store_can_trace()) {
        return;
    }
    qts = start_traced("-e inject=fdatasync:error=EIO "
                       "-e inject=pwrite64:error=EIO:when=2+", options);
    for (int i = 0; i < 2; i++) {
        g_assert_cmphex(cfi_program(qts, PROGRAM_AT, 0), ==,
                        CFI_READY | CFI_PROGRAM_ERROR);
        g_assert_cmphex(qtest_readl(qts, base + PROGRAM_AT), ==, 0xffffffff);
    }
    qtest_quit(qts);
}

static void add_tests(void)
{
    qtest_add_data_func("/vmspec/nvram-fault/each-flushed/raw", "raw",
                        test_each_flushed);
    qtest_add_data_func("/vmspec/nvram-fault/each-flushed/qcow2", "qcow2",
                        test_each_flushed);
    qtest_add_data_func("/vmspec/nvram-fault/each-flushed/pflash1-raw", "raw",
                        test_each_flushed_pflash);
    qtest_add_func("/vmspec/nvram-fault/replay-flushed", test_replay_flushed);
    qtest_add_data_func("/vmspec/nvram-fault/failed-flush/raw", "raw",
                        test_failed_flush);
    qtest_add_data_func("/vmspec/nvram-fault/failed-flush/qcow2", "qcow2",
                        test_failed_flush);
    qtest_add_func("/vmspec/nvram-fault/failed-way-back",
                   test_failed_way_back);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
