/*
 * vmspec qtest: SMBIOS 3
 *
 * What firmware passes on (platform.md, section 6.4): the structures that SBBR
 * asks for, with a 64-bit entry point, and what -smbios adds.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest-single.h"
#include "vmspec/machine.h"
#include "vmspec/tables.h"

/* DSP0134 3.0, 5.2.2: of the entry point */
#define ANCHOR "_SM3_"
#define ANCHOR_MAJOR 7
#define ANCHOR_TABLE_SIZE 12
/* 6.1.2: of a structure */
#define TYPE 0
#define LENGTH 1

#define TABLES "etc/smbios/smbios-tables"
#define ANCHOR_FILE "etc/smbios/smbios-anchor"

typedef struct Structure {
    const uint8_t *data;
    const char *strings;        /* an empty string ends them */
} Structure;

static const char *next_string(const char *string)
{
    return string + strlen(string) + 1;
}

/* The structure at @at; *@next is the first byte behind it */
static Structure read_structure(const uint8_t *at, const uint8_t *end,
                                const uint8_t **next)
{
    Structure s = { at, (const char *)at + at[LENGTH] };
    const char *string = s.strings;

    g_assert_cmpuint(at[LENGTH], >=, 4);
    do {
        string = next_string(string);
        g_assert_true((const uint8_t *)string < end);
    } while (*string);
    *next = (const uint8_t *)string + 1;
    return s;
}

/* The first structure of the type; without one, its data is NULL. */
static Structure find_structure(const uint8_t *tables, size_t size,
                                uint8_t type)
{
    const uint8_t *at = tables;

    while (at < tables + size) {
        Structure s = read_structure(at, tables + size, &at);

        if (s.data[TYPE] == type) {
            return s;
        }
    }
    return (Structure) { NULL, NULL };
}

static bool has_string(Structure s, const char *want)
{
    for (const char *at = s.strings; *at; at = next_string(at)) {
        if (!strcmp(at, want)) {
            return true;
        }
    }
    return false;
}

static void test_smbios_types(void)
{
    static const uint8_t types[] = { 0, 1, 3, 4, 16, 17, 19, 32, 127 };
    QTestState *qts = vmspec_start("", "-bios %s -smbios type=0,vendor=V",
                                   vmspec_stub());
    size_t size, anchor_size;
    g_autofree uint8_t *tables = tables_file(qts, TABLES, &size);
    g_autofree uint8_t *anchor = tables_file(qts, ANCHOR_FILE, &anchor_size);

    g_assert_cmpint(memcmp(anchor, ANCHOR, strlen(ANCHOR)), ==, 0);
    g_assert_cmpuint(anchor[ANCHOR_MAJOR], ==, 3);
    g_assert_cmpuint(ldl_le_p(anchor + ANCHOR_TABLE_SIZE), ==, size);
    for (int i = 0; i < ARRAY_SIZE(types); i++) {
        g_test_message("type %d", types[i]);
        g_assert_nonnull(find_structure(tables, size, types[i]).data);
    }
    qtest_quit(qts);
}

static void test_smbios_option(void)
{
    QTestState *qts = vmspec_start(
        "", "-bios %s -smbios type=0,vendor=Ours"
        " -smbios type=1,manufacturer=Maker,serial=S-1"
        " -smbios type=11,value=one,value=two", vmspec_stub());
    size_t size;
    g_autofree uint8_t *tables = tables_file(qts, TABLES, &size);

    g_assert_true(has_string(find_structure(tables, size, 0), "Ours"));
    g_assert_true(has_string(find_structure(tables, size, 1), "Maker"));
    g_assert_true(has_string(find_structure(tables, size, 1), "S-1"));
    g_assert_true(has_string(find_structure(tables, size, 11), "one"));
    g_assert_true(has_string(find_structure(tables, size, 11), "two"));
    qtest_quit(qts);
}

/* A user's own structure of type 4 is passed on unchanged (7.2). */
static void test_smbios_file(void)
{
    static const uint8_t processor[] = {
        4, 6, 0, 9, 1, 0, 'o', 'w', 'n', 0, 0
    };
    g_autofree char *path = scratch_file("type4", processor,
                                         sizeof(processor),
                                         sizeof(processor));
    QTestState *qts = vmspec_start("", "-bios %s -smbios file=%s",
                                   vmspec_stub(), path);
    size_t size;
    g_autofree uint8_t *tables = tables_file(qts, TABLES, &size);
    Structure s = find_structure(tables, size, 4);

    g_assert_nonnull(s.data);
    g_assert_cmpmem(s.data, sizeof(processor), processor, sizeof(processor));
    qtest_quit(qts);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/smbios/structures-of-sbbr", test_smbios_types);
    qtest_add_func("/vmspec/smbios/option-fills-structures",
                   test_smbios_option);
    qtest_add_func("/vmspec/smbios/file-passed-unchanged", test_smbios_file);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
