/*
 * vmspec qtest: both descriptions of nine machines against golden text
 *
 * Reads the FDT from RAM and the ACPI tables from fw_cfg, turns them into
 * text, and compares the text with tests/data/vmspec: CONFIGURATION.dts and
 * acpi/CONFIGURATION/TABLE.dsl. Whoever changes what guests see has to change
 * those files with "make refresh-golden"; only people can tell whether the new
 * text is right.
 *
 * The text must not depend on the version of a tool. All versions of dtc print
 * the same text, except for lists of strings. iasl prints more fields with
 * each version. So a .dsl file names the iasl that wrote it and the hash of
 * the table's bytes. The hash is always compared; the text is compared if the
 * same iasl is installed.
 *
 * A configuration has files only for the tables that differ from those of the
 * default configuration, so that a change shows once.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "vmspec/fdt-blob.h"
#include "vmspec/iasl.h"
#include "vmspec/regions.h"
#include "vmspec/tables.h"

#define REFRESH "VMSPEC_GOLDEN_REFRESH"
#define TABLE_CHECKSUM 9

/* The first one is the default, from which the others differ. */
static const char *const names[] = {
    "default", "gicv2", "virtualization", "smmuv3", "numa", "topology",
    "aarch32", "devices", "ras-vmgenid", NULL
};

/* An ACPI table and the name of its file */
typedef struct Table {
    char *name;                 /* signature; the second is TABLE2 */
    const uint8_t *data;
    uint32_t length;
} Table;

typedef struct Machine {
    const TestConfig *config;
    char *fdt;
    uint8_t *blob;              /* the tables' bytes */
    GArray *tables;             /* Table */
} Machine;

static bool refresh(void)
{
    return g_getenv(REFRESH);
}

static bool has_acpi(const TestConfig *config)
{
    return config_meets(config, "acpi");
}

static char *golden_options(const TestConfig *config)
{
    return g_strdup_printf("-M vmspec,dtb-randomness=off%s%s%s%s",
                           has_acpi(config) ? ",acpi=on" : "",
                           config->machine, *config->options ? " " : "",
                           config->options);
}

static const Table *find_table(const Machine *m, const char *name)
{
    for (guint i = 0; i < m->tables->len; i++) {
        const Table *t = &g_array_index(m->tables, Table, i);

        if (g_str_equal(t->name, name)) {
            return t;
        }
    }
    return NULL;
}

/* The XSDT is left out, because it holds nothing but file offsets. */
static void split_tables(Machine *m, size_t size)
{
    uint32_t offset = 0, length;

    while ((length = tables_length(m->blob, size, offset))) {
        Table t = { NULL, m->blob + offset, length };

        offset += length;
        t.name = g_strndup((const char *)t.data, 4);
        if (g_str_equal(t.name, "XSDT")) {
            g_free(t.name);
            continue;
        }
        for (int n = 2; find_table(m, t.name); n++) {
            g_free(t.name);
            t.name = g_strdup_printf("%.4s%d", (const char *)t.data, n);
        }
        g_array_append_val(m->tables, t);
    }
}

/* With TCG, because the qtest accelerator has its own CPUs and PSCI */
static Machine *read_machine(const TestConfig *config)
{
    g_autofree char *options = golden_options(config);
    QTestState *qts = qtest_initf("-nodefaults -bios %s -accel tcg -S %s",
                                  vmspec_stub(), options);
    Machine *m = g_new0(Machine, 1);
    size_t size;

    m->config = config;
    m->fdt = vmspec_fdt_in_ram(qts);
    m->tables = g_array_new(FALSE, FALSE, sizeof(Table));
    if (has_acpi(config)) {
        m->blob = tables_read(qts, &size);
        split_tables(m, size);
    }
    qtest_quit(qts);
    return m;
}

/* Read once; the machine lives until the program ends. */
static const Machine *get_machine(const TestConfig *config)
{
    static GHashTable *machines;
    Machine *m;

    if (!machines) {
        machines = g_hash_table_new(NULL, NULL);
    }
    m = g_hash_table_lookup(machines, config);
    if (!m) {
        m = read_machine(config);
        g_hash_table_insert(machines, (void *)config, m);
    }
    return m;
}

static const Machine *default_machine(void)
{
    return get_machine(config_named(names[0]));
}

/* The head of a golden file: what it is and which command made it */
static char *heading(const TestConfig *config, const char *what)
{
    g_autofree char *options = golden_options(config);
    g_auto(GStrv) words = g_strsplit(options, " -", -1);
    g_autofree char *lines = g_strjoinv("\n//     -", words);

    /* In two pieces, so that the licence test does not take it for our own */
    return g_strdup_printf("// SPDX-" "License-Identifier: GPL-2.0-or-later\n"
                           "// %s of: qemu-system-aarch64 -nodefaults -bios "
                           "FIRMWARE\n//     %s\n"
                           "// Written by \"make refresh-golden\".\n",
                           what, lines);
}

static void print_difference(const char *path, const char *seen)
{
    g_autofree char *new = scratch_file("seen", seen, strlen(seen),
                                        strlen(seen));
    g_autofree char *command = g_strdup_printf("diff -uN %s %s", path, new);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    g_test_message("%s", run->out);
    g_test_message("if this is what guests are to see: make refresh-golden, "
                   "and commit it with the reason");
    g_test_fail();
}

static char *line_with(const char *text, const char *prefix)
{
    const char *line = text ? strstr(text, prefix) : NULL;

    return line ? g_strndup(line, strcspn(line, "\n")) : NULL;
}

/* The bytes are the same, and another iasl wrote the golden text. */
static bool same_table(const char *golden, const char *seen)
{
    g_autofree char *hash = line_with(golden, "// sha256 ");
    g_autofree char *iasl = line_with(golden, "// iasl ");

    return hash && strstr(seen, hash) && iasl && !strstr(seen, iasl);
}

/* Compare @seen with the file @path; with REFRESH, write it there. */
static void compare_or_refresh(const char *path, const char *seen)
{
    g_autofree char *golden = NULL;

    if (g_file_get_contents(path, &golden, NULL, NULL) &&
        (g_str_equal(golden, seen) || same_table(golden, seen))) {
        return;
    }
    if (refresh()) {
        g_autofree char *dir = g_path_get_dirname(path);

        g_assert_cmpint(g_mkdir_with_parents(dir, 0777), ==, 0);
        g_assert_true(g_file_set_contents(path, seen, -1, NULL));
        g_test_message("%s written", path);
    } else {
        print_difference(path, seen);
    }
}

static void test_fdt_is_golden(const void *opaque)
{
    const Machine *m = get_machine(opaque);
    uint32_t size = fdt_totalsize(m->fdt);
    g_autofree char *dtb = scratch_file("fdt.dtb", m->fdt, size, size);
    g_autofree char *name = g_strdup_printf("vmspec/%s.dts", m->config->name);
    g_autofree char *path = vmspec_data(name);
    g_autofree char *command = g_strdup_printf("dtc -q -I dtb -O dts %s", dtb);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);
    /* dtc before 1.7 prints a list of strings as one string with zeros. */
    g_auto(GStrv) strings = g_strsplit(run->out, "\\0", -1);
    g_autofree char *dts = g_strjoinv("\", \"", strings);
    g_autofree char *head = heading(m->config, "FDT");
    g_autofree char *text = g_strconcat(head, dts, NULL);

    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 0);
    compare_or_refresh(path, text);
}

static bool same_bytes(const Table *a, const Table *b)
{
    return a && a->length == b->length && !memcmp(a->data, b->data, b->length);
}

static char *table_text(const TestConfig *config, const Table *t)
{
    g_autofree uint8_t *copy = g_memdup2(t->data, t->length);
    g_autofree char *version = iasl_version();
    g_autofree char *head = heading(config, t->name);
    g_autofree char *hash = NULL;
    g_autofree char *body = NULL;

    copy[TABLE_CHECKSUM] = 0;
    hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, copy, t->length);
    body = iasl_text(copy, t->length);
    return g_strdup_printf("%s// iasl %s, %u bytes\n// sha256 %s\n\n%s", head,
                           version, t->length, hash, body);
}

/* Fail for a file of a table that does not exist or is as the default. */
static void check_surplus(const TestConfig *config, GHashTable *names)
{
    g_autofree char *folder = g_strdup_printf("vmspec/acpi/%s", config->name);
    g_autofree char *path = vmspec_data(folder);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        if (!g_hash_table_contains(names, name)) {
            g_autofree char *file = g_build_filename(path, name, NULL);

            g_test_message("surplus: %s", file);
            if (!refresh() || g_unlink(file)) {
                g_test_fail();
            }
        }
    }
    g_clear_pointer(&dir, g_dir_close);
}

/* The default configuration has the same table, so @m has no file of it. */
static bool is_default(const Machine *m, const Table *t)
{
    return m != default_machine() &&
           same_bytes(find_table(default_machine(), t->name), t);
}

static void test_tables_are_golden(const void *opaque)
{
    const Machine *m = get_machine(opaque);
    const Machine *plain = default_machine();
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash,
                                                        g_str_equal, g_free,
                                                        NULL);

    for (guint i = 0; i < m->tables->len; i++) {
        const Table *t = &g_array_index(m->tables, Table, i);
        g_autofree char *name = g_strdup_printf("%s.dsl", t->name);
        g_autofree char *file = g_build_filename("vmspec/acpi",
                                                 m->config->name, name, NULL);
        g_autofree char *path = vmspec_data(file);

        if (!is_default(m, t)) {
            g_autofree char *text = table_text(m->config, t);

            compare_or_refresh(path, text);
            g_hash_table_add(names, g_steal_pointer(&name));
        }
    }
    for (guint i = 0; i < plain->tables->len; i++) {
        /* A table that is missing has no file that could tell. */
        g_assert_nonnull(find_table(m, g_array_index(plain->tables, Table,
                                                     i).name));
    }
    check_surplus(m->config, names);
}

/* Tables that are as the default are validated in the default. */
static void test_iasl_validates(const void *opaque)
{
    const Machine *m = get_machine(opaque);

    for (guint i = 0; i < m->tables->len; i++) {
        const Table *t = &g_array_index(m->tables, Table, i);

        if (!is_default(m, t)) {
            g_autofree uint8_t *copy = g_memdup2(t->data, t->length);

            iasl_validate(copy, t->length);
        }
    }
}

static void check_names(const char *folder, const char *suffix)
{
    g_autofree char *path = vmspec_data(folder);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *found = g_strndup(name, strcspn(name, "."));
        bool known = g_str_equal(name, "acpi");

        for (int i = 0; names[i]; i++) {
            known |= g_str_equal(found, names[i]) &&
                     g_str_has_suffix(name, suffix);
        }
        if (!known) {
            g_test_message("%s/%s is of no configuration", path, name);
            g_test_fail();
        }
    }
    g_clear_pointer(&dir, g_dir_close);
}

static void test_no_other_file(void)
{
    check_names("vmspec", ".dts");
    check_names("vmspec/acpi", "");
}

static void add_golden(const TestConfig *config, const char *rule,
                       void (*test)(const void *config))
{
    g_autofree char *path = g_strdup_printf("/vmspec/golden/%s/%s",
                                            config->name, rule);

    qtest_add_data_func(path, config, test);
}

static void add_tests(void)
{
    for (int i = 0; names[i]; i++) {
        const TestConfig *config = config_named(names[i]);

        add_golden(config, "fdt", test_fdt_is_golden);
        if (has_acpi(config)) {
            add_golden(config, "acpi", test_tables_are_golden);
            add_golden(config, "iasl-finds-nothing", test_iasl_validates);
        }
    }
    qtest_add_func("/vmspec/golden/nothing-else", test_no_other_file);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
