/*
 * vmspec qtest: memory errors by ACPI (platform.md, section 6.7)
 *
 * Offsets and numbers are typed from ACPI 6.5, 18.3.2. That a guest handles an
 * error is for guest-ras.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "vmspec/agree/agree.h"
#include "vmspec/iasl.h"

#define SOURCES 2
#define HEST_SOURCE 92

static uint64_t ram(unsigned offset)
{
    return vmspec_base("ram-low") + offset;
}

/* The refusal of that value, NULL: it is taken. g_free() it. */
static char *set_error(QTestState *qts, uint64_t address)
{
    QDict *reply = qtest_qmp(qts, "{'execute': 'qom-set', 'arguments': {"
                             "'path': '/machine', 'property': 'memory-error',"
                             " 'value': %" PRIu64 "}}", address);
    QDict *error = qdict_get_qdict(reply, "error");
    char *text = error ? g_strdup(qdict_get_str(error, "desc")) : NULL;

    qobject_unref(reply);
    return text;
}

static void expect_refusal(QTestState *qts, uint64_t address, const char *why)
{
    g_autofree char *text = set_error(qts, address);

    g_test_message("%s", text ?: "taken");
    g_assert_nonnull(text);
    g_assert_nonnull(strstr(text, why));
}

/* Each source: type, ID, and how it tells */
static void test_table(void)
{
    static const uint8_t tells[SOURCES] = { 8, 7 };     /* SEA, GPIO */
    g_autoptr(QTestState) qts = vmspec_start(",ras=on", "-accel tcg -S");
    g_autoptr(AgreeRaw) raw = agree_raw_read(qts);
    uint8_t *hest = agree_raw_table(raw, "HEST");

    g_assert_nonnull(hest);
    iasl_validate(hest, agree_get(hest + 4, 4));
    g_assert_cmpuint(agree_get(hest + 4, 4), ==, 40 + SOURCES * HEST_SOURCE);
    g_assert_cmpuint(agree_get(hest + 36, 4), ==, SOURCES);
    for (unsigned i = 0; i < SOURCES; i++) {
        const uint8_t *source = hest + 40 + i * HEST_SOURCE;
        uint64_t at = agree_get(source + 24, 8);
        uint64_t acknowledgement = agree_get(source + 68, 8);
        uint8_t *block = agree_raw_at(raw, at, 8);

        g_assert_cmpuint(agree_get(source, 2), ==, 10);
        g_assert_cmpuint(agree_get(source + 2, 2), ==, i);
        g_assert_cmpuint(source[32], ==, tells[i]);
        g_assert_nonnull(block);
        g_assert_nonnull(agree_raw_at(raw, agree_get(block, 8), 1024));
        g_assert_cmphex(agree_get(agree_raw_at(raw, acknowledgement, 8), 8),
                        ==, 1);
    }
}

static void test_no_table(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-accel tcg -S");
    g_autoptr(AgreeRaw) raw = agree_raw_read(qts);

    g_assert_null(agree_raw_table(raw, "HEST"));
    expect_refusal(qts, ram(0), "reports no memory errors");
}

static void test_refused_errors(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",ras=on", "%s", "");

    expect_refusal(qts, vmspec_base("uart0"), "there is no RAM");
    expect_refusal(qts, ram(0), "has not taken the tables");
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/ras/table", test_table);
    qtest_add_func("/vmspec/ras/no-table", test_no_table);
    qtest_add_func("/vmspec/ras/refused-errors", test_refused_errors);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
