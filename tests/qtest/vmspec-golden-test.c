/*
 * vmspec: both descriptions of eight machines against golden text
 *
 * Reads the FDT from RAM and the ACPI tables from fw_cfg, turns them into text
 * and compares that with tests/data/vmspec: CONFIGURATION.dts and
 * acpi/CONFIGURATION/TABLE.dsl. A change of what guests see is a change of
 * those files, which "make refresh-golden" writes; only people judge them.
 *
 * Normal form. dtc's text is the same in all versions but for lists of
 * strings. iasl's is not, since newer ones know more fields: so a .dsl names
 * the iasl that wrote it and the hash of the table's bytes. The hash is always
 * compared, the text only by the iasl that wrote it. A configuration has those
 * tables that differ from the default's, so that a change shows once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <libfdt.h>
#include "qemu/bswap.h"
#include "vmspec/iasl.h"
#include "vmspec/machine.h"
#include "vmspec/tables.h"

#define REFRESH "VMSPEC_GOLDEN_REFRESH"
#define TABLE_CHECKSUM 9

typedef struct Golden {
    const char *name;
    const char *machine;        /* "" or begins with a comma */
    const char *options;
    bool acpi;
} Golden;

/* The first is the one that the others differ from. */
static const Golden goldens[] = {
    { "default", "", "", true },
    { "gicv2", ",gic-version=2", " -smp 4", true },
    { "virtualization", ",virtualization=on", "", true },
    { "smmuv3", ",iommu=smmuv3", "", true },
    { "numa", ",hmat=on", " -m 512M -smp 2,sockets=2"
      " -object memory-backend-ram,id=m0,size=256M"
      " -object memory-backend-ram,id=m1,size=256M"
      " -numa node,nodeid=0,memdev=m0,cpus=0"
      " -numa node,nodeid=1,memdev=m1,cpus=1,initiator=1"
      " -numa dist,src=0,dst=1,val=20"
      " -numa hmat-lb,initiator=0,target=0,hierarchy=memory,"
      "data-type=access-latency,latency=5"
      " -numa hmat-lb,initiator=0,target=1,hierarchy=memory,"
      "data-type=access-latency,latency=10"
      " -numa hmat-lb,initiator=1,target=0,hierarchy=memory,"
      "data-type=access-latency,latency=10"
      " -numa hmat-lb,initiator=1,target=1,hierarchy=memory,"
      "data-type=access-latency,latency=5", true },
    { "topology", "", " -smp 16,sockets=2,clusters=2,cores=2,threads=2",
      true },
    { "aarch32", "", " -cpu cortex-a15 -smp 2", false },
    { "devices", ",virtio-mmio=32,hotplug-ports=4,nvdimm=on",
      " -serial null -serial null -m 1G,slots=4,maxmem=4G"
      " -object memory-backend-ram,id=m0,size=512M,reserve=off"
      " -device pc-dimm,memdev=m0"
      " -object memory-backend-ram,id=n0,size=128M,reserve=off"
      " -device nvdimm,memdev=n0"
      " -device virtio-iommu-pci", true },
};

/* An ACPI table with the name of its file */
typedef struct Table {
    char *name;                 /* signature, from the second on numbered */
    const uint8_t *data;
    uint32_t length;
} Table;

typedef struct Machine {
    const Golden *golden;
    char *fdt;
    uint8_t *blob;              /* the tables' bytes */
    GArray *tables;             /* Table */
} Machine;

static bool refresh(void)
{
    return g_getenv(REFRESH);
}

static char *golden_options(const Golden *g)
{
    return g_strdup_printf("-M vmspec,dtb-randomness=off%s%s%s",
                           g->acpi ? ",acpi=on" : "", g->machine, g->options);
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

/* The XSDT is left out: it holds places in the file and nothing else. */
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

/* With TCG: the qtest accelerator has CPUs and a PSCI of its own. */
static Machine *read_machine(const Golden *golden)
{
    g_autofree char *options = golden_options(golden);
    QTestState *qts = qtest_initf("-nodefaults -bios %s -accel tcg -S %s",
                                  vmspec_stub(), options);
    uint64_t ram = vmspec_base("ram-low");
    uint32_t header[2];
    Machine *m = g_new0(Machine, 1);
    size_t size;

    m->golden = golden;
    qtest_memread(qts, ram, header, sizeof(header));
    g_assert_cmphex(fdt32_to_cpu(header[0]), ==, FDT_MAGIC);
    m->fdt = g_malloc(fdt32_to_cpu(header[1]));
    qtest_memread(qts, ram, m->fdt, fdt32_to_cpu(header[1]));
    m->tables = g_array_new(FALSE, FALSE, sizeof(Table));
    if (golden->acpi) {
        m->blob = tables_read(qts, &size);
        split_tables(m, size);
    }
    qtest_quit(qts);
    return m;
}

/* Read once; lives until the program ends. */
static const Machine *get_machine(const Golden *golden)
{
    static Machine *machines[ARRAY_SIZE(goldens)];
    Machine **m = &machines[golden - goldens];

    if (!*m) {
        *m = read_machine(golden);
    }
    return *m;
}

/* What the file is and how it came about, each line a comment */
static char *heading(const Golden *golden, const char *what)
{
    g_autofree char *options = golden_options(golden);
    g_auto(GStrv) words = g_strsplit(options, " -", -1);
    g_autofree char *lines = g_strjoinv("\n//     -", words);

    /* in two pieces: this is not the licence of this file */
    return g_strdup_printf("// SPDX-" "License-Identifier: GPL-2.0-or-later\n"
                           "// %s of: qemu-system-aarch64 -nodefaults -bios "
                           "FIRMWARE\n//     %s\n"
                           "// Written by \"make refresh-golden\".\n",
                           what, lines);
}

static void print_difference(const char *path, const char *seen)
{
    g_autofree char *new = vmspec_tmp_file("seen", seen, strlen(seen),
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

/* The same bytes, and text by another iasl than ours */
static bool same_table(const char *golden, const char *seen)
{
    g_autofree char *hash = line_with(golden, "// sha256 ");
    g_autofree char *iasl = line_with(golden, "// iasl ");

    return hash && strstr(seen, hash) && iasl && !strstr(seen, iasl);
}

/* Compare @seen with the file @path, or write it there. */
static void settle(const char *path, const char *seen)
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

static void test_fdt(const void *opaque)
{
    const Machine *m = get_machine(opaque);
    uint32_t size = fdt_totalsize(m->fdt);
    g_autofree char *dtb = vmspec_tmp_file("fdt.dtb", m->fdt, size, size);
    g_autofree char *name = g_strdup_printf("vmspec/%s.dts", m->golden->name);
    g_autofree char *path = vmspec_data(name);
    g_autofree char *command = g_strdup_printf("dtc -q -I dtb -O dts %s", dtb);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);
    /* dtc before 1.7 writes one string with zeros in it. */
    g_auto(GStrv) strings = g_strsplit(run->out, "\\0", -1);
    g_autofree char *dts = g_strjoinv("\", \"", strings);
    g_autofree char *head = heading(m->golden, "FDT");
    g_autofree char *text = g_strconcat(head, dts, NULL);

    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 0);
    settle(path, text);
}

static bool same_bytes(const Table *a, const Table *b)
{
    return a && a->length == b->length && !memcmp(a->data, b->data, b->length);
}

static char *table_text(const Golden *golden, const Table *t)
{
    g_autofree uint8_t *copy = g_memdup2(t->data, t->length);
    g_autofree char *version = iasl_version();
    g_autofree char *head = heading(golden, t->name);
    g_autofree char *hash = NULL;
    g_autofree char *body = NULL;

    copy[TABLE_CHECKSUM] = 0;
    hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, copy, t->length);
    body = iasl_text(copy, t->length);
    return g_strdup_printf("%s// iasl %s, %u bytes\n// sha256 %s\n\n%s", head,
                           version, t->length, hash, body);
}

/* Files of no table, or of one that is the default's */
static void check_surplus(const Golden *golden, GHashTable *names)
{
    g_autofree char *folder = g_strdup_printf("vmspec/acpi/%s", golden->name);
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

/* What is in no file of @m: the default's table of that name is the same. */
static bool is_default(const Machine *m, const Table *t)
{
    return m->golden != goldens &&
           same_bytes(find_table(get_machine(goldens), t->name), t);
}

static void test_acpi(const void *opaque)
{
    const Machine *m = get_machine(opaque);
    const Machine *plain = get_machine(goldens);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash,
                                                        g_str_equal, g_free,
                                                        NULL);

    for (guint i = 0; i < m->tables->len; i++) {
        const Table *t = &g_array_index(m->tables, Table, i);
        g_autofree char *name = g_strdup_printf("%s.dsl", t->name);
        g_autofree char *file = g_build_filename("vmspec/acpi",
                                                 m->golden->name, name, NULL);
        g_autofree char *path = vmspec_data(file);

        if (!is_default(m, t)) {
            g_autofree char *text = table_text(m->golden, t);

            settle(path, text);
            g_hash_table_add(names, g_steal_pointer(&name));
        }
    }
    for (guint i = 0; i < plain->tables->len; i++) {
        /* Its absence would be in no file. */
        g_assert_nonnull(find_table(m, g_array_index(plain->tables, Table,
                                                     i).name));
    }
    check_surplus(m->golden, names);
}

/* Each table once: those of the default in the default. */
static void test_iasl(const void *opaque)
{
    const Machine *m = get_machine(opaque);

    for (guint i = 0; i < m->tables->len; i++) {
        const Table *t = &g_array_index(m->tables, Table, i);

        if (!is_default(m, t)) {
            g_autofree uint8_t *copy = g_memdup2(t->data, t->length);

            iasl_judge(copy, t->length);
        }
    }
}

static void check_names(const char *folder, const char *suffix)
{
    g_autofree char *path = vmspec_data(folder);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *found = g_strndup(name, strcspn(name, "."));
        bool known = g_str_equal(name, "acpi");

        for (int i = 0; i < ARRAY_SIZE(goldens); i++) {
            known |= g_str_equal(found, goldens[i].name) &&
                     g_str_has_suffix(name, suffix);
        }
        if (!known) {
            g_test_message("%s/%s is of no configuration", path, name);
            g_test_fail();
        }
    }
    g_clear_pointer(&dir, g_dir_close);
}

static void test_nothing_else(void)
{
    check_names("vmspec", ".dts");
    check_names("vmspec/acpi", "");
}

static void add_tests(void)
{
    for (int i = 0; i < ARRAY_SIZE(goldens); i++) {
        const Golden *g = &goldens[i];
        g_autofree char *fdt = g_strdup_printf("/vmspec/golden/%s/fdt",
                                               g->name);
        g_autofree char *acpi = g_strdup_printf("/vmspec/golden/%s/acpi",
                                                g->name);
        g_autofree char *iasl = g_strdup_printf(
            "/vmspec/golden/%s/iasl-finds-nothing", g->name);

        qtest_add_data_func(fdt, g, test_fdt);
        if (g->acpi) {
            qtest_add_data_func(acpi, g, test_acpi);
            qtest_add_data_func(iasl, g, test_iasl);
        }
    }
    qtest_add_func("/vmspec/golden/nothing-else", test_nothing_else);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
