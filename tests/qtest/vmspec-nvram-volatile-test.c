/*
 * vmspec qtest: a store that is lost when QEMU ends (platform.md, section 7.2)
 *
 * The machine says so once, when the guest writes a variable that the firmware
 * does not write by itself. The test writes what the firmware would.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

#define WARNING "which is lost when QEMU ends"
#define WORK_HEADER 32

/* Program @size bytes of @data, which are erased in the bank. */
static void program_bytes(QTestState *qts, uint64_t offset,
                          const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i += 4) {
        uint32_t value = ldl_le_p(data + i);

        if (value != UINT32_MAX) {
            g_assert_cmphex(cfi_program(qts, offset + i, value), ==,
                            CFI_READY);
        }
    }
}

static QTestState *start_empty(const char *options, const char *err)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    QTestState *qts = qtest_initf("-M vmspec%s -nodefaults -bios %s 2> %s",
                                  options, vmspec_stub(), err);

    store_init(data, STORE_BANK);
    for (uint64_t area = 0; area < STORE_SIZE; area += STORE_AREA) {
        g_assert_cmphex(cfi_erase(qts, area), ==, CFI_READY);
    }
    program_bytes(qts, 0, data, STORE_FIRST);
    program_bytes(qts, STORE_AREA, data + STORE_AREA, WORK_HEADER);
    return qts;
}

/* How often the warning with @name stands in the file @err */
static unsigned count_warnings(const char *err, const char *name)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    unsigned warnings = 0;

    g_assert_true(g_file_get_contents(err, &text, NULL, NULL));
    g_test_message("%s", text);
    lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        warnings += strstr(lines[i], WARNING) && strstr(lines[i], name) ? 1 : 0;
    }
    return warnings;
}

/* Write the variable @name behind @end; where it ends. */
static size_t write_variable(QTestState *qts, size_t end, const char *name)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    size_t next;

    store_init(data, STORE_BANK);
    next = store_put(data, end, name, STORE_ADDED, 40);
    program_bytes(qts, end & ~3, data + (end & ~3), next - end + 4);
    return (next + 3) & ~3;
}

static void test_warned_once(void)
{
    g_autofree char *err = scratch_path("err");
    QTestState *qts = start_empty("", err);
    size_t end = write_variable(qts, STORE_FIRST, "Timeout");

    end = write_variable(qts, end, "ConOut");
    /* the monitor answers after the bottom half */
    g_free(store_fill(qts));
    g_assert_cmpuint(count_warnings(err, ""), ==, 0);
    end = write_variable(qts, end, "LoaderEntryDefault");
    write_variable(qts, end, "Another");
    g_free(store_fill(qts));
    qtest_quit(qts);
    g_assert_cmpuint(count_warnings(err, "LoaderEntryDefault"), ==, 1);
    g_assert_cmpuint(count_warnings(err, ""), ==, 1);
}

/* Who asks for a volatile store, or has a file, gets no warning. */
static void test_not_warned(const void *option)
{
    g_autofree char *err = scratch_path("err");
    g_autofree char *path = scratch_path("kept.fd");
    g_autofree char *options = g_strdup_printf(",nvram=%s",
                                               *(char *)option ?
                                               (const char *)option : path);
    QTestState *qts = start_empty(options, err);

    write_variable(qts, STORE_FIRST, "LoaderEntryDefault");
    g_free(store_fill(qts));
    qtest_quit(qts);
    g_assert_cmpuint(count_warnings(err, ""), ==, 0);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/nvram-volatile/warned-once", test_warned_once);
    qtest_add_data_func("/vmspec/nvram-volatile/not-warned/none", "none",
                        test_not_warned);
    qtest_add_data_func("/vmspec/nvram-volatile/not-warned/file", "",
                        test_not_warned);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
