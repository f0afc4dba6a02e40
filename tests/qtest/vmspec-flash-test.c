/*
 * vmspec qtest: flash banks (platform.md, sections 2 and 7)
 *
 * Images have any length, the size of a bank is a power of two. Bank 0 is
 * read-only; what the guest writes to bank 1 goes to its file. The same holds
 * for each way to name an image: -bios, -drive if=pflash, -machine pflash0=.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/units.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"

#define BLOCK (256 * KiB)

/* A file of @size bytes; byte i is the low byte of i + @first. */
static char *image(const char *name, size_t size, uint8_t first)
{
    g_autofree uint8_t *data = g_malloc(size);

    for (size_t i = 0; i < size; i++) {
        data[i] = i + first;
    }
    return scratch_file(name, data, size, size);
}

/* The size of the region @name in info mtree. */
static uint64_t bank_size(QTestState *qts, const char *name)
{
    g_autofree char *tree = qtest_hmp(qts, "info mtree");
    g_autofree char *end = g_strdup_printf("): %s\r\n", name);
    const char *p = strstr(tree, end);
    uint64_t first, last;

    g_test_message("%s", tree);
    g_assert_nonnull(p);
    while (p > tree && p[-1] != '\n') {
        p--;
    }
    g_assert_cmpint(sscanf(p, " %" SCNx64 "-%" SCNx64, &first, &last), ==, 2);
    g_assert_cmphex(first, ==, vmspec_base(name));
    return last - first + 1;
}

/* The last address of the region @name, which begins at 0. 0: there is none. */
static uint64_t bank_end(QTestState *qts, const char *name)
{
    g_autofree char *tree = qtest_hmp(qts, "info mtree");
    g_autofree char *end = g_strdup_printf("): %s\r\n", name);
    const char *p = strstr(tree, end);
    uint64_t first, last;

    if (!p) {
        return 0;
    }
    while (p > tree && p[-1] != '\n') {
        p--;
    }
    g_assert_cmpint(sscanf(p, " %" SCNx64 "-%" SCNx64, &first, &last), ==, 2);
    g_assert_cmphex(first, ==, 0);
    return last;
}

static void check_contents(QTestState *qts, const char *bank, size_t size,
                           uint8_t first, size_t bank_size)
{
    uint64_t base = vmspec_base(bank);
    size_t probes[] = { 0, 1, size / 2, size - 1 };

    for (int i = 0; i < ARRAY_SIZE(probes); i++) {
        if (probes[i] < size) {
            g_assert_cmphex(qtest_readb(qts, base + probes[i]), ==,
                            (uint8_t)(probes[i] + first));
        }
    }
    /* Behind the image's last 512-byte sector the bank is erased. */
    if (ROUND_UP(size, 512) < bank_size) {
        g_assert_cmphex(qtest_readb(qts, base + ROUND_UP(size, 512)), ==,
                        0xff);
        g_assert_cmphex(qtest_readb(qts, base + bank_size - 1), ==, 0xff);
    }
}

/* A field of @bytes bytes of the CFI query (JESD68.01), from address @first */
static unsigned cfi_query(QTestState *qts, const char *bank, unsigned first,
                          unsigned bytes)
{
    uint64_t base = vmspec_base(bank);
    unsigned value = 0;

    qtest_writel(qts, base + 4 * 0x55, CFI_PAIR(0x98));
    for (unsigned i = 0; i < bytes; i++) {
        uint32_t pair = qtest_readl(qts, base + 4 * (first + i));

        g_assert_cmphex(pair, ==, CFI_PAIR(pair & 0xff));
        value |= (pair & 0xff) << 8 * i;
    }
    qtest_writel(qts, base, CFI_READ_ARRAY);
    return value;
}

/* What @bank says about itself: two chips, each with a half of each block. */
static void check_geometry(QTestState *qts, const char *bank, uint64_t size)
{
    g_assert_cmphex(1 << cfi_query(qts, bank, 0x27, 1), ==, size / 2);
    g_assert_cmpuint(cfi_query(qts, bank, 0x2c, 1), ==, 1);
    g_assert_cmpuint(cfi_query(qts, bank, 0x2d, 2) + 1, ==, size / BLOCK);
    g_assert_cmphex(cfi_query(qts, bank, 0x2f, 2) * 256, ==, BLOCK / 2);
}

static void test_any_length(void)
{
    static const struct {
        size_t size, bank;
    } cases[] = {
        { 1, BLOCK }, { 4096, BLOCK }, { BLOCK, BLOCK },
        { BLOCK + 1, 2 * BLOCK }, { 3 * BLOCK, 4 * BLOCK },
        { 2 * MiB + 1, 4 * MiB }, { 3 * MiB - 4096, 4 * MiB },
        { 64 * MiB, 64 * MiB },
    };

    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_autofree char *path = image("code.fd", cases[i].size, 7);
        QTestState *qts = qtest_initf("-M vmspec -nodefaults -bios %s", path);

        g_assert_cmphex(bank_size(qts, "flash0"), ==, cases[i].bank);
        check_contents(qts, "flash0", cases[i].size, 7, cases[i].bank);
        check_geometry(qts, "flash0", cases[i].bank);
        qtest_quit(qts);
    }
}

static void test_ways_to_name(void)
{
    static const char *const ways[] = {
        "-drive if=pflash,unit=0,format=raw,readonly=on,file=%s "
        "-drive if=pflash,unit=1,format=raw,file=%s",
        "-blockdev raw,node-name=code,read-only=on,file.driver=file,"
        "file.filename=%s -blockdev raw,node-name=vars,file.driver=file,"
        "file.filename=%s -M pflash0=code,pflash1=vars",
    };

    for (int i = 0; i < ARRAY_SIZE(ways); i++) {
        g_autofree char *code = image("code.fd", BLOCK + 4096, 1);
        g_autofree char *vars = image("vars.fd", 3 * BLOCK, 9);
        g_auto(GStrv) part = g_strsplit(ways[i], "%s", 3);
        g_autofree char *options = g_strconcat(part[0], code, part[1], vars,
                                               part[2], NULL);
        QTestState *qts = qtest_initf("-M vmspec -nodefaults %s", options);

        check_contents(qts, "flash0", BLOCK + 4096, 1, 2 * BLOCK);
        check_contents(qts, "flash1", 3 * BLOCK, 9, 4 * BLOCK);
        g_assert_cmphex(bank_size(qts, "flash1"), ==, 4 * BLOCK);
        check_geometry(qts, "flash1", 4 * BLOCK);
        qtest_quit(qts);
    }
}

/* Without an image bank 1 has 1 MiB and is volatile. */
static void test_default_bank1(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-S");

    g_assert_cmphex(bank_size(qts, "flash1"), ==,
                    contract_value(vmspec_contract(), "flash1-default-size"));
}

static void test_bank1_written_through(void)
{
    g_autofree char *vars = scratch_file("vars.fd", "", 0, 3 * BLOCK);
    g_autofree char *data = NULL;
    uint64_t address = vmspec_base("flash1") + BLOCK;
    QTestState *qts = vmspec_start(
        "", "-drive if=pflash,unit=1,format=raw,file=%s", vars);
    size_t len;

    g_assert_cmphex(cfi_program(qts, BLOCK, 0x12345678), ==, CFI_READY);
    g_assert_cmphex(qtest_readl(qts, address), ==, 0x12345678);
    qtest_quit(qts);

    g_assert_true(g_file_get_contents(vars, &data, &len, NULL));
    g_assert_cmpuint(len, ==, 4 * BLOCK);
    g_assert_cmphex(*(uint32_t *)(data + BLOCK), ==, 0x12345678);
}

/* A guest that programs bank 0 changes neither the file nor the bank. */
static void check_read_only(const char *options, const char *path)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    uint64_t address = vmspec_base("flash0");
    QTestState *qts = qtest_initf("-M vmspec -nodefaults %s", options);
    uint32_t old = qtest_readl(qts, address);
    size_t len, len_after;

    g_assert_true(g_file_get_contents(path, &before, &len, NULL));
    g_assert_cmphex(cfi_program_bank(qts, "flash0", 0, ~old), ==,
                    CFI_READY | CFI_PROGRAM_ERROR);
    g_assert_cmphex(qtest_readl(qts, address), ==, old);
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(path, &after, &len_after, NULL));
    g_assert_cmpmem(before, len, after, len_after);
}

static void test_bank0_read_only(void)
{
    g_autofree char *path = image("code.fd", BLOCK, 3);
    g_autofree char *bios = g_strdup_printf("-bios %s", path);
    g_autofree char *drive = g_strdup_printf(
        "-drive if=pflash,unit=0,format=raw,file=%s", path);

    check_read_only(bios, path);
    check_read_only(drive, path);
}

/*
 * A store whose length is no power of two grows to the next one. Its content
 * stays, and what is new reads erased.
 */
static void test_odd_store_grows(void)
{
    g_autofree char *vars = image("vars.fd", 2 * BLOCK + 100, 5);
    QTestState *qts = vmspec_start(
        "", "-drive if=pflash,unit=1,format=raw,file=%s", vars);
    struct stat st;

    g_assert_cmphex(bank_size(qts, "flash1"), ==, 4 * BLOCK);
    check_contents(qts, "flash1", 2 * BLOCK + 100, 5, 4 * BLOCK);
    g_assert_cmphex(qtest_readb(qts, vmspec_base("flash1") + 2 * BLOCK + 99),
                    ==, (uint8_t)(2 * BLOCK + 99 + 5));
    qtest_quit(qts);
    g_assert_cmpint(stat(vars, &st), ==, 0);
    g_assert_cmpint(st.st_size, ==, 4 * BLOCK);
}

/*
 * The same for a VM that waits for a migration. libvirt makes the store of such
 * a VM from the template, which is shorter than the bank.
 */
static void test_odd_store_of_target(void)
{
    g_autofree char *from = image("from.fd", 2 * BLOCK + 100, 5);
    g_autofree char *to = image("to.fd", 2 * BLOCK + 100, 7);
    g_autofree char *after = NULL;
    QTestState *qts;
    gsize length;

    migrate_out(vmspec_start(
        "", "-drive if=pflash,unit=1,format=raw,file=%s", from));
    qts = vmspec_start("", "-drive if=pflash,unit=1,format=raw,file=%s "
                       MIGRATE_TARGET, to);
    migrate_in(qts);
    check_contents(qts, "flash1", 2 * BLOCK + 100, 5, 4 * BLOCK);
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(to, &after, &length, NULL));
    g_assert_cmpuint(length, ==, 4 * BLOCK);
    g_assert_cmphex((uint8_t)after[0], ==, 5);
    g_assert_cmphex((uint8_t)after[4 * BLOCK - 1], ==, 0xff);
}

/*
 * Files in the current directory that have the names of the bundled firmware
 * and of its template are neither of them. The decoys are no firmware.
 */
static void test_bundle_not_from_here(void)
{
    static const char *const decoys[] = {
        "vmspec-uefi-aarch64-secure.fd", "vmspec-vars-aarch64-secure.fd",
    };
    g_autofree char *folder = scratch_path("");
    g_autofree char *qemu = g_canonicalize_filename(
        getenv("QTEST_QEMU_BINARY"), NULL);
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && echo \"qom-get /machine firmware-file\nquit\" | "
        "exec %s -M vmspec,secure-boot=on -S -display none -serial none "
        "-monitor stdio'", folder, qemu);
    g_autoptr(VmspecRun) run = NULL;

    for (int i = 0; i < ARRAY_SIZE(decoys); i++) {
        g_free(scratch_file(decoys[i], "decoy", 5, 8 * KiB));
    }
    run = vmspec_run_program(command);
    g_test_message("%s %s", run->out, run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_null(strstr(run->out, "\"vmspec-uefi"));
    g_assert_nonnull(strstr(run->out, "/vmspec-uefi-aarch64-secure.fd\""));
}

/* A direct boot has no flash bank (platform.md, section 1.1). */
static void test_absent_with_direct_boot(void)
{
    uint8_t header[64] = { [0x38] = 'A', 'R', 'M', 0x64 };
    g_autofree char *kernel = scratch_file("Image", header, sizeof(header),
                                           4096);
    g_autoptr(QTestState) qts = qtest_initf("-M vmspec -nodefaults -kernel %s",
                                            kernel);
    g_autofree char *tree = qtest_hmp(qts, "info mtree");

    g_assert_null(strstr(tree, "flash0"));
    g_assert_null(strstr(tree, "flash1"));
}

/*
 * Without firmware a block at address 0 reads 0, for guests that read through
 * a null pointer, and with firmware there is none (platform.md, section 8.1).
 */
static void test_blank_with_direct_boot(void)
{
    uint8_t header[64] = { [0x38] = 'A', 'R', 'M', 0x64 };
    g_autofree char *kernel = scratch_file("Image", header, sizeof(header),
                                           4096);
    uint64_t size = contract_value(vmspec_contract(), "blank-size");
    QTestState *qts = qtest_initf("-M vmspec -nodefaults -kernel %s", kernel);
    g_autofree uint8_t *block = g_malloc(size);

    g_assert_cmphex(bank_end(qts, "blank"), ==, size - 1);
    qtest_writel(qts, 8, 0xffffffff);
    qtest_memread(qts, 0, block, size);
    g_assert_true(buffer_is_zero(block, size));
    qtest_quit(qts);

    qts = vmspec_start("", "%s", "");
    g_assert_cmphex(bank_end(qts, "blank"), ==, 0);
    qtest_quit(qts);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/flash/any-length", test_any_length);
    qtest_add_func("/vmspec/flash/ways-to-name", test_ways_to_name);
    qtest_add_func("/vmspec/flash/default-bank1", test_default_bank1);
    qtest_add_func("/vmspec/flash/bank1-written-through",
                   test_bank1_written_through);
    qtest_add_func("/vmspec/flash/bank0-read-only", test_bank0_read_only);
    qtest_add_func("/vmspec/flash/odd-store-grows", test_odd_store_grows);
    qtest_add_func("/vmspec/flash/odd-store-of-target",
                   test_odd_store_of_target);
    qtest_add_func("/vmspec/flash/bundle-not-from-here",
                   test_bundle_not_from_here);
    qtest_add_func("/vmspec/flash/absent-with-direct-boot",
                   test_absent_with_direct_boot);
    qtest_add_func("/vmspec/flash/blank-with-direct-boot",
                   test_blank_with_direct_boot);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
