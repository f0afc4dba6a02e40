/*
 * vmspec tests: ACPI tables as iasl reads them
 *
 * See iasl.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "machine.h"
#include "iasl.h"

#define TABLE_CHECKSUM 9
#define TABLE_HEADER 36
#define TABLE_REVISION 8
#define TABLE_ID 16
#define AML_ZERO_OP 0x00
#define AML_IF_OP 0xa0
#define FADT_DSDT 40
#define FADT_X_DSDT 140

/* Tables that iasl up to a version cannot compile again */
static const struct {
    const char *signature;
    const char *newest;         /* version of iasl */
    bool warns;
    const char *why;
} outdated[] = {
    { "APIC", "20200925", false, "GICC ends before the TRBE interrupt" },
    { "IORT", "20200925", true, "node identifiers are reserved" },
    { "PPTT", "20200925", false, "caches end before the cache ID" },
    { "SPCR", "20200925", false, "ends before what revision 4 added" },
    { "VIOT", "20200925", false, "unknown: disassembled into bytes alone" },
};

/*
 * AML of QEMU's own builders, by the ID of the table: iasl must find no error.
 * Its warnings, and an encoding that iasl writes in another way, are accepted.
 */
static const struct {
    const char *id;
    const char *why;
} foreign[] = {
    { "VMSPECMH", "memory_hotplug.c: 32-bit fields of a 64-bit resource" },
    { "NVDIMM", "nvdimm.c: unused arguments, integers of other widths, ODAT"
      " as a name of two types" },
};

static bool is_foreign(const uint8_t *table)
{
    for (int i = 0; i < ARRAY_SIZE(foreign); i++) {
        if (!memcmp(table, "SSDT", 4) &&
            !memcmp(table + TABLE_ID, foreign[i].id, strlen(foreign[i].id))) {
            g_test_message("errors alone are validated: %s", foreign[i].why);
            return true;
        }
    }
    return false;
}

static int find_outdated(const uint8_t *table)
{
    g_autofree char *version = iasl_version();

    for (int i = 0; i < ARRAY_SIZE(outdated); i++) {
        if (!memcmp(table, outdated[i].signature, 4) &&
            strcmp(version, outdated[i].newest) <= 0) {
            return i;
        }
    }
    return -1;
}

char *iasl_version(void)
{
    static char *version;

    if (!version) {
        g_autoptr(VmspecRun) run = vmspec_run_program("iasl -v");
        const char *word = strstr(run->out, "version ");

        g_assert_nonnull(word);
        word += strlen("version ");
        version = g_strndup(word, strspn(word, "0123456789"));
    }
    return g_strdup(version);
}

/* Set the checksum as firmware does after it has run the linker script. */
static void set_checksum(uint8_t *table, uint32_t length)
{
    uint8_t sum = 0;

    table[TABLE_CHECKSUM] = 0;
    for (uint32_t i = 0; i < length; i++) {
        sum += table[i];
    }
    table[TABLE_CHECKSUM] = -sum;
}

/*
 * A complaint about an external method does not count: one table alone cannot
 * show that another table defines it.
 */
static bool has_complaint(const char *said)
{
    g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

    for (int i = 0; lines[i]; i++) {
        if ((strstr(lines[i], "Warning") || strstr(lines[i], "Error")) &&
            !strstr(lines[i], "external control method")) {
            return true;
        }
    }
    return false;
}

/* Disassemble @table into "table.dsl" in the scratch directory. */
static void disassemble(uint8_t *table, uint32_t length)
{
    g_autofree char *source = scratch_path("table.dsl");
    g_autofree char *path = NULL;
    g_autofree char *command = NULL;
    g_autoptr(VmspecRun) run = NULL;

    set_checksum(table, length);
    path = scratch_file("table.dat", table, length, length);
    command = g_strdup_printf("iasl -p %s -d %s", source, path);
    run = vmspec_run_program(command);
    if (run->status) {
        g_test_message("%s: %.4s: %s%s", command, (char *)table, run->out,
                       run->err);
    }
    g_assert_cmpint(run->status, ==, 0);
    if (find_outdated(table) < 0 && !is_foreign(table) &&
        has_complaint(run->err)) {
        g_test_message("%s: %.4s: %s", command, (char *)table, run->err);
        g_test_fail();
    }
}

/*
 * Append a line of a data table. A line without an offset is a bit field of
 * the line before it.
 */
static void append_line(GString *text, const char *line)
{
    const char *bracket = line[0] == '[' ? strchr(line, ']') : NULL;
    g_autofree char *copy = g_strdup(bracket ? bracket + 1 : line);

    g_strstrip(copy);
    if (g_str_has_prefix(copy, "Checksum :")) {
        return;
    }
    g_string_append_printf(text, "%s%s\n", bracket || !*copy ? "" : "    ",
                           copy);
}

char *iasl_text(uint8_t *table, uint32_t length)
{
    g_autofree char *path = scratch_path("table.dsl");
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *said = NULL;
    g_auto(GStrv) lines = NULL;
    bool code, unknown;
    char *body;

    disassemble(table, length);
    g_assert_true(g_file_get_contents(path, &said, NULL, NULL));
    body = strstr(said, "*/");              /* the heading's end */
    g_assert_nonnull(body);
    body += strlen("*/");
    code = strstr(body, "DefinitionBlock (");
    unknown = strstr(body, "Unknown ACPI table signature");
    lines = g_strsplit(g_strstrip(body), "\n", -1);
    for (int i = 0; lines[i]; i++) {
        if (code) {
            g_string_append_printf(text, "%s\n", g_strchomp(lines[i]));
        } else if (!unknown && g_str_has_prefix(lines[i], "Raw Table Data")) {
            break;
        } else {
            append_line(text, lines[i]);
        }
    }
    g_string_truncate(text, strlen(g_strchomp(text->str)));
    g_string_append_c(text, '\n');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/*
 * The length of the block with which iasl begins AML that names objects of
 * other tables: If (Zero) and a list of them, which no interpreter runs. 0:
 * there is none.
 */
static size_t externals_length(const uint8_t *aml)
{
    unsigned more = aml[1] >> 6;        /* PkgLength, ACPI 6.5, 20.2.4 */
    size_t length = more ? aml[1] & 0xf : aml[1] & 0x3f;

    if (aml[0] != AML_IF_OP || aml[2 + more] != AML_ZERO_OP) {
        return 0;
    }
    for (unsigned i = 0; i < more; i++) {
        length |= aml[2 + i] << (4 + 8 * i);
    }
    return 1 + length;
}

/*
 * All bytes must be the same, but not the checksum and the name of the
 * compiler.
 */
static void assert_same_bytes(const char *path, const uint8_t *table,
                              uint32_t length)
{
    g_autofree char *object = NULL;
    size_t size;

    const char *body;

    g_assert_true(g_file_get_contents(path, &object, &size, NULL));
    body = object + TABLE_HEADER;
    if (!memcmp(table, "DSDT", 4) || !memcmp(table, "SSDT", 4)) {
        body += externals_length((uint8_t *)body);
    }
    g_assert_cmpmem(body, object + size - body, table + TABLE_HEADER,
                    length - TABLE_HEADER);
    g_assert_cmpmem(object, 4, table, 4);
    g_assert_cmpmem(object + TABLE_REVISION, 1, table + TABLE_REVISION, 1);
}

void iasl_validate(uint8_t *table, uint32_t length)
{
    g_autofree char *source = scratch_path("table.dsl");
    g_autofree char *object = scratch_path("table.aml");
    /* without optimization, so that the bytes stay those of the machine */
    /* QEMU's _HID of vmgenid is known by this name, which is no proper one. */
    bool named = memmem(table, length, "QEMUVGID", 8) != NULL;
    g_autofree char *command = g_strdup_printf("iasl %s-oa -on -p %s %s",
                                               named ? "-vw 6035 " : "",
                                               object, source);
    g_autofree char *said = NULL;
    g_autoptr(VmspecRun) run = NULL;
    int old = find_outdated(table);

    if (!memcmp(table, "FACP", 4) && !ldl_le_p(table + FADT_DSDT)) {
        /* the linker script sets it; Debian 13's iasl takes 0 for an error */
        stq_le_p(table + FADT_X_DSDT, UINT32_MAX);
    }
    disassemble(table, length);
    run = vmspec_run_program(command);
    said = g_strconcat(run->out, run->err, NULL);
    g_test_message("%s: %.4s: %s", command, (char *)table, said);
    g_assert_cmpint(run->status, ==, 0);
    if (old >= 0) {
        g_test_message("%s not compared: in iasl %s, %s",
                       outdated[old].signature, outdated[old].newest,
                       outdated[old].why);
    } else if (!is_foreign(table)) {
        assert_same_bytes(object, table, length);
    }
    g_assert_nonnull(strstr(said, " 0 Errors"));
    g_assert_true((old >= 0 && outdated[old].warns) || is_foreign(table) ||
                  strstr(said, " 0 Warnings"));
}
