/*
 * vmspec qtest: a reset while the firmware writes variables (platform.md,
 * section 7)
 *
 * At a reset the machine completes an interrupted update before the firmware
 * runs again, as it does after a crash of QEMU. The test writes what the
 * firmware writes and stops where the next start of the firmware would lose
 * all variables.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define SPARE (2 * STORE_AREA)
/* More bytes than are in use in an area */
#define USED (16 * KiB)
#define FILE_NAME "image"

typedef struct Store {
    const char *name;
    const char *format;         /* NULL: no file */
    const char *options;        /* %s is the path */
} Store;

static const Store stores[] = {
    { "raw", "raw", ",nvram-format=raw,nvram=%s" },
    { "qcow2", "qcow2", ",nvram-format=auto,nvram=%s" },
    { "pflash1", "raw", ",pflash1=n -blockdev raw,node-name=n,"
      "file.driver=file,file.filename=%s" },
    { "none", NULL, ",nvram=none" },
};

static QTestState *start_with_store(const Store *store, const char *more)
{
    g_autofree char *path = scratch_path(FILE_NAME);
    g_autofree char *options = store->format ?
        g_strdup_printf(store->options, path) : g_strdup(store->options);

    return qtest_initf("-M vmspec%s -nodefaults -bios %s%s", options,
                       vmspec_stub(), more);
}

static void check_bank(QTestState *qts, uint64_t offset,
                       const uint8_t *expected, size_t size)
{
    g_autofree uint8_t *now = g_malloc(size);

    qtest_memread(qts, vmspec_base("flash1") + offset, now, size);
    g_assert_cmpmem(now, size, expected, size);
}

/* Program those words of @data that differ from the bank at @offset. */
static void program(QTestState *qts, uint64_t offset, const uint8_t *data,
                    size_t size)
{
    g_autofree uint8_t *now = g_malloc(size);

    qtest_memread(qts, vmspec_base("flash1") + offset, now, size);
    for (size_t i = 0; i < size; i += 4) {
        uint32_t value = data[i] | data[i + 1] << 8 | data[i + 2] << 16 |
                         (uint32_t)data[i + 3] << 24;

        if (memcmp(now + i, data + i, 4)) {
            g_assert_cmphex(cfi_program(qts, offset + i, value), ==,
                            CFI_READY);
        }
    }
}

/*
 * Start with the sample in the bank. Without a file the bank begins as zeros.
 */
static QTestState *start_sample(const Store *store, uint8_t *sample)
{
    g_autofree char *path = store->format ?
        store_image(FILE_NAME, store->format) : NULL;
    QTestState *qts = start_with_store(store, "");

    store_sample(sample, STORE_BANK);
    for (uint64_t area = 0; !path && area < STORE_SIZE; area += STORE_AREA) {
        cfi_erase(qts, area);
        program(qts, area, sample + area, USED);
    }
    return qts;
}

/* End the machine; its file has the content of the bank. */
static void quit_and_check_file(QTestState *qts, const Store *store,
                                const uint8_t *expected, size_t size)
{
    g_autofree char *path = scratch_path(FILE_NAME);
    g_autofree uint8_t *data = NULL;

    qtest_quit(qts);
    if (store->format) {
        data = store_read_image(path, store->format);
        g_assert_cmpmem(data, size, expected, size);
    }
}

/* The block of the variables is erased; the spare block has them all. */
static void test_reclaim_after_reset(const void *data)
{
    const Store *store = data;
    g_autofree uint8_t *sample = g_malloc(STORE_BANK);
    g_autofree uint8_t *pending = g_malloc(STORE_BANK);
    QTestState *qts = start_sample(store, sample);

    store_sample(pending, STORE_BANK);
    store_ftw_pending(pending);
    program(qts, SPARE, sample, USED);
    cfi_erase(qts, STORE_AREA);
    program(qts, STORE_AREA, pending + STORE_AREA, USED);
    g_assert_cmphex(cfi_erase(qts, 0), ==, CFI_READY);
    qtest_system_reset(qts);
    check_bank(qts, 0, sample, STORE_AREA);
    quit_and_check_file(qts, store, sample, STORE_AREA);
}

/* A variable without its state and without part of its data */
static void test_incomplete_variable(const void *data)
{
    const Store *store = data;
    g_autofree uint8_t *sample = g_malloc(STORE_BANK);
    g_autofree uint8_t *begun = g_malloc(STORE_BANK);
    QTestState *qts = start_sample(store, sample);
    size_t end = store_sample(begun, STORE_BANK);

    store_put(begun, end, "Begun", 0xff, 40);
    program(qts, end & ~3, begun + (end & ~3), 96);
    qtest_system_reset(qts);
    check_bank(qts, 0, sample, STORE_AREA);
    quit_and_check_file(qts, store, sample, STORE_AREA);
}

/* Nothing in the bank tells what was there, so the firmware has to act. */
static void test_not_a_store(const void *data)
{
    const Store *store = data;
    g_autofree uint8_t *sample = g_malloc(STORE_BANK);
    g_autofree uint8_t *erased = g_malloc(STORE_AREA);
    QTestState *qts = start_sample(store, sample);

    memset(erased, 0xff, STORE_AREA);
    g_assert_cmphex(cfi_erase(qts, 0), ==, CFI_READY);
    qtest_system_reset(qts);
    check_bank(qts, 0, erased, STORE_AREA);
    quit_and_check_file(qts, store, erased, STORE_AREA);
}

static void migrate_away(QTestState *qts)
{
    const char *status = "";

    qtest_qmp_assert_success(qts, "{'execute': 'migrate-set-capabilities',"
                             " 'arguments': {'capabilities': ["
                             " {'capability': 'events', 'state': true}]}}");
    qtest_qmp_assert_success(qts, "{'execute': 'migrate', 'arguments':"
                             " {'uri': 'exec:cat > /dev/null'}}");
    while (strcmp(status, "completed")) {
        QDict *event = qtest_qmp_eventwait_ref(qts, "MIGRATION");

        status = qdict_get_str(qdict_get_qdict(event, "data"), "status");
        g_test_message("%s", status);
        g_assert_cmpstr(status, !=, "failed");
        status = !strcmp(status, "completed") ? "completed" : "";
        qobject_unref(event);
    }
}

/* A reset before an incoming migration, and one after an outgoing migration */
static void test_reset_around_migration(const void *data)
{
    g_autofree uint8_t *sample = g_malloc(STORE_BANK);
    QTestState *qts = start_sample(data, sample);

    migrate_away(qts);
    qtest_system_reset(qts);
    quit_and_check_file(qts, data, sample, STORE_AREA);
    qts = start_with_store(data, " -incoming defer");
    qtest_system_reset(qts);
    quit_and_check_file(qts, data, sample, STORE_AREA);
}

static void add_tests(void)
{
    static const struct {
        const char *name;
        void (*run)(const void *store);
    } tests[] = {
        { "reclaim", test_reclaim_after_reset },
        { "incomplete-variable", test_incomplete_variable },
        { "not-a-store", test_not_a_store },
        { "migration", test_reset_around_migration },
    };

    for (int i = 0; i < G_N_ELEMENTS(tests); i++) {
        for (int n = 0; n < G_N_ELEMENTS(stores); n++) {
            g_autofree char *path = g_strdup_printf(
                "/vmspec/nvram-reset/%s/%s", tests[i].name, stores[n].name);

            qtest_add_data_func(path, &stores[n], tests[i].run);
        }
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
