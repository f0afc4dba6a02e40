/*
 * vmspec host test: the program vmspec-nvram (tools/nvram/)
 *
 * Runs each command on raw and qcow2 stores. A command that is refused does
 * not change the file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "store.h"

#define GUID "11111111-1111-1111-1111-111111111111"

static const char *dir;

/*
 * Run a shell line, in which $T is the tool and $S the store; returns what it
 * printed.
 */
static char *run_line(const char *store, const char *line, int expected)
{
    g_autofree char *script = g_strdup_printf("cd '%s'; S='%s'; "
        "T=$VMSPEC_NVRAM; { %s; } 2>&1", dir, store, line);
    const char *argv[] = { "sh", "-c", script, NULL };
    char *out = NULL;
    int status;

    /*
     * without descriptors to close GLib need not fork, which would copy the
     * corpus
     */
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH |
                               G_SPAWN_LEAVE_DESCRIPTORS_OPEN, NULL, NULL,
                               &out, NULL, &status, NULL));
    g_test_message("%s: %d: %s", line, status, out);
    g_assert_cmpint(status, ==, expected ? expected << 8 : 0);
    return out;
}

static void prints(const char *store, const char *line, const char *expected)
{
    g_autofree char *out = run_line(store, line, 0);

    g_assert_cmpstr(out, ==, expected);
}

static void refused(const char *store, const char *line, const char *why)
{
    g_autofree char *path = scratch_path(store);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *out = NULL;
    size_t size, size_after;

    g_assert_true(g_file_get_contents(path, &before, &size, NULL));
    out = run_line(store, line, 1);
    g_assert_nonnull(strstr(out, why));
    g_assert_true(g_file_get_contents(path, &after, &size_after, NULL));
    g_assert_cmpmem(before, size, after, size_after);
}

/* Make the sample, as raw or qcow2 by its name; false without qemu-img. */
static bool sample(const char *name)
{
    g_autofree char *raw = scratch_path("sample.raw");
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *out = NULL;

    store_sample(data, STORE_BANK);
    g_assert_true(g_file_set_contents(raw, (char *)data, STORE_BANK, NULL));
    if (!g_str_has_suffix(name, ".qcow2")) {
        out = run_line(name, "cp sample.raw $S", 0);
    } else if (!g_file_test(g_getenv("QEMU_IMG") ?: "",
                            G_FILE_TEST_IS_EXECUTABLE)) {
        g_test_skip("qemu-img is not built");
        return false;
    } else {
        out = run_line(name, "$QEMU_IMG convert -O qcow2 sample.raw $S", 0);
    }
    return true;
}

static void test_commands(const void *name)
{
    if (!sample(name)) {
        return;
    }
    prints(name, "$T list $S", "First-" GUID " attributes 0x07, 5 bytes\n"
           "Second-" GUID " attributes 0x07, 300 bytes\n"
           "Big-" GUID " attributes 0x07, 3000 bytes\n"
           "Last-" GUID " attributes 0x07, 1 bytes\n");
    prints(name, "$T read $S First-" GUID, "Fjtvx");
    prints(name, "echo hello | $T write $S First-" GUID " -", "");
    prints(name, "$T read $S First-" GUID, "hello\n");
    prints(name, "echo new | $T write $S BootNext - 3", "");
    prints(name, "$T list $S | tail -1", "BootNext-8be4df61-93ca-11d2-aa0d-"
           "00e098032b8c attributes 0x03, 4 bytes\n");
    prints(name, "$T delete $S Second-" GUID, "");
    prints(name, "$T list $S | wc -l", "4\n");
    prints(name, "$T check $S | grep -c '4 variables'", "1\n");
    prints(name, "$T read $S Big-" GUID " | wc -c", "3000\n");
}

static void test_export_import(const void *name)
{
    if (!sample(name)) {
        return;
    }
    prints(name, "$T export $S > all.json; $T delete $S First-" GUID "; "
           "$T delete $S Big-" GUID "; $T import $S all.json; "
           "$T export $S > again.json; $T list $S | wc -l; "
           "sort all.json | cksum > a; sort again.json | cksum > b; cmp a b",
           "4\n");
}

static void test_refusals_change_nothing(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *path = scratch_path("damaged.fd");

    sample("s.fd");
    refused("s.fd", "$T read $S Nothing", "has no variable");
    refused("s.fd", "echo x | $T write $S A-" GUID " - 2", "attributes");
    /* the header, the name A and 33728 bytes: the firmware's limit, and one */
    refused("s.fd", "head -c 33729 /dev/zero | $T write $S A-" GUID " -",
            "too large");
    g_free(run_line("s.fd", "cp $S full.fd; for i in 1 2 3 4 5 6 7; do "
                    "head -c 33728 /dev/zero | $T write full.fd $i-" GUID
                    " - || exit 1; done", 0));
    refused("full.fd", "head -c 33728 /dev/zero | $T write $S A-" GUID " -",
            "no room");
    refused("s.fd", "echo '{' | $T import $S -", "not JSON");
    refused("s.fd", "echo '[]' | $T import $S -", "not JSON");
    refused("s.fd", "echo '{}' | $T import $S -", "not an export");
    refused("s.fd", "echo '{\"version\": 99, \"variables\": []}' | "
            "$T import $S -", "not an export");
    refused("s.fd", "echo '{\"version\": 2, \"variables\": [{\"name\": 7}]}' "
            "| $T import $S -", "bad attr");
    store_sample(data, STORE_BANK);
    data[92] = 0;
    g_assert_true(g_file_set_contents(path, (char *)data, STORE_BANK, NULL));
    refused("damaged.fd", "$T list $S", "corrupt at offset 0x5c: ");
    refused("damaged.fd", "echo x | $T write $S A -",
            "corrupt at offset 0x5c: ");
}

/* An export to a full disk fails. */
static void test_output_lost(void)
{
    const char *why = "cannot write the output: No space left on device";

    sample("o.fd");
    refused("o.fd", "$T export $S > /dev/full", why);
    refused("o.fd", "$T read $S First-" GUID " > /dev/full", why);
    prints("o.fd", "head -c 30000 /dev/zero | $T write $S Long-" GUID " -",
           "");
    refused("o.fd", "$T read $S Long-" GUID " > /dev/full", why);
}

/*
 * Of several writes at the same time each is kept, or fails and says why. No
 * write that succeeded is lost.
 */
static void test_parallel(const void *name)
{
    if (!sample(name)) {
        return;
    }
    prints(name, "rm -f kept.* failed.*; for i in 0 1 2 3 4 5 6 7 8 9; do "
           "{ echo $i | $T write $S Parallel$i-" GUID " - 2> failed.$i && "
           "touch kept.$i; } & done; wait; "
           "for i in 0 1 2 3 4 5 6 7 8 9; do if [ -e kept.$i ]; then "
           "[ $($T read $S Parallel$i-" GUID ") = $i ] || echo lost $i; else "
           "grep -q 'another vmspec-nvram' failed.$i || cat failed.$i; fi; "
           "done; ls kept.* > /dev/null", "");
    prints(name, "$T list $S | grep -c -v Parallel", "4\n");
}

/* While a tool waits for its data, another one may read and may not write. */
static void test_busy(const void *name)
{
    g_autofree char *expected = g_strdup_printf(
        "vmspec-nvram: %s: another vmspec-nvram changes it; try again when "
        "that has ended\n1\n4\n5\n", (const char *)name);

    if (!sample(name)) {
        return;
    }
    prints(name, "rm -f fifo; mkfifo fifo; $T write $S New-" GUID " fifo & "
           "exec 3> fifo; $T delete $S First-" GUID "; echo $?; "
           "$T list $S | wc -l; echo x >&3; exec 3>&-; wait $!; "
           "$T list $S | wc -l", expected);
}

/* A change writes a new image, which would have no snapshots: refused. */
static void test_snapshots(void)
{
    if (!sample("v.qcow2")) {
        return;
    }
    g_free(run_line("v.qcow2", "$QEMU_IMG snapshot -c one $S", 0));
    refused("v.qcow2", "$T delete $S First-" GUID,
            "v.qcow2 has snapshots, which would be lost; delete them first");
    prints("v.qcow2", "$T list $S | wc -l", "4\n");
    g_free(run_line("v.qcow2", "$QEMU_IMG snapshot -d one $S", 0));
    prints("v.qcow2", "$T delete $S First-" GUID "; $T list $S | wc -l", "3\n");
}

/* When root runs the tool, the store still belongs to its user. */
static void test_owner(const void *name)
{
    if (geteuid()) {
        g_test_skip("only root can give files away");
        return;
    }
    if (!sample(name)) {
        return;
    }
    prints(name, "chown 65534:65533 $S; chmod 640 $S; umask 077; "
           "$T delete $S First-" GUID "; stat -c '%u:%g %a' $S",
           "65534:65533 640\n");
}

/* Names that qemu-img takes for an option, a protocol or a description */
static void test_variable_names(void)
{
    static const char *const names[] = {
        "-x.qcow2", "a:b.qcow2", "nbd:localhost:1.qcow2", "json:{}.qcow2",
        "--help.qcow2", "with space.qcow2",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *copy = g_strdup_printf("cp n.qcow2 './%s'",
                                                names[i]);

        if (!sample("n.qcow2")) {
            return;
        }
        g_free(run_line(names[i], copy, 0));
        prints(names[i], "$T delete \"$S\" First-" GUID, "");
        prints(names[i], "$T list \"$S\" | wc -l", "3\n");
    }
}

/*
 * A guest can write any header of a qcow2 image. One that names another file,
 * or a size that fills the disk, is refused.
 */
static void test_other_files(void)
{
    if (!sample("base.qcow2")) {
        return;
    }
    g_free(run_line("back.qcow2", "$QEMU_IMG create -f qcow2 -b base.qcow2 -F "
                    "qcow2 $S", 0));
    refused("back.qcow2", "$T list $S", "backing");
    refused("back.qcow2", "echo x | $T write $S A -", "backing");
    g_free(run_line("data.qcow2", "$QEMU_IMG convert -O qcow2 -o "
                    "data_file=secret,data_file_raw=on sample.raw $S", 0));
    refused("data.qcow2", "$T list $S", "data file");
    g_free(run_line("huge.qcow2", "$QEMU_IMG create -f qcow2 $S 100G", 0));
    refused("huge.qcow2", "$T list $S", "107374182400 bytes");
    g_free(run_line("short.qcow2", "printf 'QFI\\373' > $S", 0));
    refused("short.qcow2", "$T list $S", "qcow2");
}

/*
 * The name or --format decides what a file is, and never its content. Files
 * that are no store are named.
 */
static void test_formats(void)
{
    sample("f.fd");
    g_free(run_line("f.fd", "cp $S f; cp $S f.fd.bak3; cp $S f.qcow2", 0));
    prints("f.fd.bak3", "$T list $S | wc -l", "4\n");
    refused("f", "$T check $S", "try --format=raw");
    refused("f.qcow2", "$T check $S", "try --format=raw");
    prints("f", "$T --format=raw list $S | wc -l", "4\n");
    prints("f", "$T --format=raw delete $S First-" GUID, "");
    refused("f", "$T --format=qcow2 check $S", "try --format=raw");
    g_free(run_line("f.fd", "printf 'QFI\\373' | dd of=$S conv=notrunc", 0));
    refused("f.fd", "$T check $S", "corrupt at offset");
    g_free(run_line("d.fd", "dd if=/dev/zero bs=1M count=4 of=$S; printf "
                    "'EFI PART' | dd bs=512 seek=1 conv=notrunc of=$S", 0));
    refused("d.fd", "$T check $S", "is not a variable store, but a disk image");
    g_free(run_line("t.fd", "seq 1 300000 > $S", 0));
    refused("t.fd", "$T check $S", "is not a variable store");
    if (sample("g.qcow2")) {
        g_free(run_line("g.qcow2", "cp $S g.fd", 0));
        refused("g.fd", "$T check $S", "try --format=qcow2");
        prints("g.fd", "$T --format=qcow2 list $S | wc -l", "4\n");
    }
}

/* Another user's link is not followed, wherever it stands in the path. */
static void test_links(void)
{
    if (geteuid()) {
        g_test_skip("only root can make another user's link");
        return;
    }
    sample("k.fd");
    g_free(run_line("k.fd", "mkdir links; cp $S links/v.fd; ln -s links own; "
                    "ln -s links theirs; chown -h 65534 theirs", 0));
    prints("own/v.fd", "$T list $S | wc -l", "4\n");
    refused("theirs/v.fd", "$T list $S", "symbolic link of another user");
}

/* A tool that is killed leaves a file, which the next one removes. */
static void test_left_over(void)
{
    sample("x.fd");
    prints("x.fd", "mkdir left; cp $S left; touch left/.vmspec-new-12345678; "
           "$T delete left/x.fd First-" GUID "; ls -A left", "x.fd\n");
}

/*
 * Two copies of a variable are there: the first one counts, as in EDK2, and a
 * change leaves one.
 */
static void test_second_copy(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *path = scratch_path("second.fd");
    size_t end = store_sample(data, STORE_BANK);

    store_put(data, end, "First", STORE_ADDED, 9);
    g_assert_true(g_file_set_contents(path, (char *)data, STORE_BANK, NULL));
    prints("second.fd", "$T check $S | grep -o '4 variables\\|1 second copies'",
           "4 variables\n1 second copies\n");
    prints("second.fd", "$T read $S First-" GUID, "Fjtvx");
    prints("second.fd", "$T delete $S First-" GUID "; $T list $S | wc -l; "
           "$T check $S | grep -c copies || :", "3\n0\n");
}

/* Attributes and data that no stored variable of UEFI has (2.10, 8.2) */
static void test_impossible(void)
{
    static const char *const bad[] = {
        "0x100000007", "-1", "0", "1", "2", "5", "0x0b", "0x17", "0x47",
        "0x87", "7x", "", "0x",
    };
    static const char *const good[] = { "3", "7", "0x0f", "0x23", "0x27" };

    sample("i.fd");
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *write = g_strdup_printf("echo x | $T write $S A - "
                                                 "'%s'", bad[i]);
        g_autofree char *import = g_strdup_printf(
            "echo '{\"version\": 2, \"variables\": [{\"name\": \"A\", "
            "\"guid\": \"" GUID "\", \"data\": \"00\", "
            "\"attr\": %s}]}' | $T import $S -", bad[i]);

        refused("i.fd", write, "attributes");
        refused("i.fd", import, strlen(bad[i]) == 1 ? "bad attr" :
                "vmspec-nvram: ");
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *write = g_strdup_printf("echo x | $T write $S A - %s",
                                                 good[i]);

        prints("i.fd", write, "");
    }
    refused("i.fd", "$T export $S | sed 's/\"First\"/\"First\\\\u0000x\"/' | "
            "$T import $S -", "not a variable's name");
    refused("i.fd", "$T write $S A /dev/null", "vmspec-nvram delete");
    refused("i.fd", "$T export $S | sed 's/\"data\":.*\"/\"data\":\"\"/' | "
            "$T import $S -", "no data");
}

/* A write that fails leaves no file behind. */
static void test_write_beyond_limit(const void *name)
{
    if (!sample(name)) {
        return;
    }
    g_free(run_line(name, "mkdir -p tmp; ls -A > before", 0));
    refused(name, "ulimit -f 100; export TMPDIR=$PWD/tmp; "
            "$T delete $S First-" GUID, "File too large");
    prints(name, "ls -A | diff before -; ls -A tmp", "");
}

static void test_long_name(void)
{
    g_autofree char *fill = g_strnfill(NAME_MAX - 3, 'l');
    g_autofree char *name = g_strconcat(fill, ".fd", NULL);

    sample(name);
    prints(name, "$T delete $S First-" GUID "; $T list $S | wc -l", "3\n");
}

/* A store of an older firmware: tests/data/nvram/README */
static void test_store_of_older_edk2(void)
{
    g_free(run_line("older.fd", "gzip -dc \"$OLDER_STORE\" > $S", 0));
    prints("older.fd", "$T list $S | wc -l", "17\n");
    prints("older.fd", "$T list $S | sed -n 's/^Crash\\(..\\)-.*, / \\1: /p'",
           " 00: 104 bytes\n 01: 141 bytes\n 02: 178 bytes\n 03: 55 bytes\n"
           " 04: 92 bytes\n 05: 129 bytes\n 07: 43 bytes\n");
    prints("older.fd", "$T delete $S Crash00-3c7e115a-9b42-4d4f-8a21-"
           "6e9033d107c4; $T check $S | grep -o '16 variables'",
           "16 variables\n");
}

/*
 * For each store of the corpus the tool ends with an error or a list, never by
 * a signal.
 */
static void test_damaged_refused(void)
{
    GPtrArray *corpus = store_corpus();
    g_autofree char *path = scratch_path("c.fd");

    for (unsigned i = 0; i < corpus->len; i++) {
        StoreDamage *d = g_ptr_array_index(corpus, i);
        g_autofree char *out = NULL;

        g_assert_true(store_write(path, d));
        out = run_line("c.fd", "$T export $S > out", d->fate == STORE_REFUSED);
        g_assert_true(d->fate != STORE_REFUSED || !d->says ||
                      strstr(out, d->foreign ? "is not a variable store" :
                             d->says));
    }
    g_ptr_array_unref(corpus);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    dir = scratch_make();
    g_test_add_data_func("/vmspec/nvram-tool/commands/raw", "a.fd",
                         test_commands);
    g_test_add_data_func("/vmspec/nvram-tool/commands/qcow2", "a.qcow2",
                         test_commands);
    g_test_add_data_func("/vmspec/nvram-tool/export-import/raw", "b.fd",
                         test_export_import);
    g_test_add_data_func("/vmspec/nvram-tool/export-import/qcow2", "b.qcow2",
                         test_export_import);
    g_test_add_func("/vmspec/nvram-tool/refused", test_refusals_change_nothing);
    g_test_add_func("/vmspec/nvram-tool/output-lost", test_output_lost);
    g_test_add_data_func("/vmspec/nvram-tool/parallel/raw", "p.fd",
                         test_parallel);
    g_test_add_data_func("/vmspec/nvram-tool/parallel/qcow2", "p.qcow2",
                         test_parallel);
    g_test_add_data_func("/vmspec/nvram-tool/busy/raw", "w.fd", test_busy);
    g_test_add_data_func("/vmspec/nvram-tool/busy/qcow2", "w.qcow2",
                         test_busy);
    g_test_add_func("/vmspec/nvram-tool/snapshots", test_snapshots);
    g_test_add_data_func("/vmspec/nvram-tool/owner/raw", "u.fd", test_owner);
    g_test_add_data_func("/vmspec/nvram-tool/owner/qcow2", "u.qcow2",
                         test_owner);
    g_test_add_func("/vmspec/nvram-tool/names", test_variable_names);
    g_test_add_func("/vmspec/nvram-tool/other-files", test_other_files);
    g_test_add_func("/vmspec/nvram-tool/formats", test_formats);
    g_test_add_func("/vmspec/nvram-tool/links", test_links);
    g_test_add_func("/vmspec/nvram-tool/left-over", test_left_over);
    g_test_add_func("/vmspec/nvram-tool/second-copy", test_second_copy);
    g_test_add_func("/vmspec/nvram-tool/impossible", test_impossible);
    g_test_add_data_func("/vmspec/nvram-tool/file-size-limit/raw", "l.fd",
                         test_write_beyond_limit);
    g_test_add_data_func("/vmspec/nvram-tool/file-size-limit/qcow2",
                         "l.qcow2", test_write_beyond_limit);
    g_test_add_func("/vmspec/nvram-tool/long-name", test_long_name);
    g_test_add_func("/vmspec/nvram-tool/older", test_store_of_older_edk2);
    g_test_add_func("/vmspec/nvram-tool/corpus", test_damaged_refused);
    return scratch_remove(g_test_run());
}
