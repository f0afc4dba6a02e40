/*
 * vmspec qtest: QEMU refuses a -kernel, -initrd or -dtb that cannot work, and
 * loads what is packed with zstd
 *
 * Each row has the options, and the file that FILE stands for. QEMU must end
 * with status 1 and print one error that names the option, what is wrong and
 * the way out (platform.md, section 8.1). Which headers are known is in
 * tests/host/kernel-image-test.c.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "vmspec/machine.h"

#define PROGRAM "qemu-system-aarch64:"

typedef struct File {
    const char *name;
    size_t at;
    const char *bytes;
    size_t num_bytes;
    off_t size;
} File;

#define FILE_(name, at, bytes, size) \
    { name, at, bytes, sizeof(bytes) - 1, size }

static const File files[] = {
    FILE_("empty", 0, "", 0),
    FILE_("text", 0, "This is no kernel.\n", 19),
    /* image_size is 0x4000, text_offset 0 */
    FILE_("image", 16, "\0\x40\0\0\0\0\0\0\xa\0\0\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0ARM\x64", 4096),
    FILE_("zimage", 0x24, "\x18\x28\x6f\x01", 4096),
    FILE_("zimage-truncated", 0x24, "\x18\x28\x6f\x01\0\0\0\0\0\x20", 4096),
    FILE_("efi", 0, "MZ", 4096),
    FILE_("x86", 0x202, "HdrS", 4096),
    FILE_("xz", 0, "\xfd" "7zXZ", 4096),
    FILE_("lz4", 0, "\x02\x21\x4c\x18", 4096),
    FILE_("bzip2", 0, "BZh91AY", 4096),
    FILE_("zstd", 0, "\x28\xb5\x2f\xfd", 4096),
    FILE_("qcow2", 0, "QFI\xfb", 4096),
    /* a partition of type 0x83 at sector 1, of one sector */
    FILE_("mbr", 450, "\x83\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x55\xaa", 4096),
    FILE_("gpt", 512, "EFI PART", 1 * MiB),
    FILE_("gzip-damaged", 0, "\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff", 4096),
    FILE_("flat", 0, "\x1f\x20\x03\xd5", 4096),
    FILE_("flat-large", 0, "\x1f\x20\x03\xd5", 70 * MiB),
    FILE_("initrd-large", 0, "070701", 40 * MiB),
    FILE_("zboot-zstd", 0, "MZ\0\0zimg\0\2\0\0\0\2\0\0"
          "\0\0\0\0\0\0\0\0zstd", 4096),
    /* one segment at 0 */
    FILE_("elf-at-0", 0, "\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\xb7\0\1\0\0\0"
          "\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0"
          "\x38\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1", 4096),
};

typedef struct Row {
    const char *name;
    const char *options;        /* FILE stands for the path of @file */
    const char *file;
    const char *error;          /* begins with the option */
    const char *what;
    const char *way_out;
} Row;

#define A64 "-M vmspec -kernel FILE"
#define A32 "-M vmspec -cpu cortex-a15 -kernel FILE"

static const Row rows[] = {
    { "empty", A64, "empty", "-kernel:", "is empty", "Name a kernel" },
    { "missing", A64, "missing", "-kernel:", "No such file", "readable" },
    { "directory", A64, ".", "-kernel:", "Is a directory", "a file in it" },
    { "text", A64, "text", "-kernel:", "is text", "arm64 Image" },
    { "aarch64-on-aarch32", A32, "image", "-kernel:", "is for AArch64",
      "-cpu max" },
    { "aarch32-on-aarch64", A64, "zimage", "-kernel:", "is for AArch32",
      "-cpu cortex-a15" },
    { "zimage-truncated", A32, "zimage-truncated", "-kernel:",
      "is truncated: its header asks for 8192 bytes, it has 4096",
      "Copy or download" },
    { "efi", A64, "efi", "-kernel:", "is an EFI application", "-bios" },
    { "x86", A64, "x86", "-kernel:", "is a kernel for x86", "for Arm" },
    { "xz", A64, "xz", "-kernel:", "is packed with xz", "xz -dc" },
    { "lz4", A64, "lz4", "-kernel:", "is packed with lz4", "lz4 -dc" },
    { "bzip2", A64, "bzip2", "-kernel:", "is packed with bzip2", "bzip2 -dc" },
    { "gzip-damaged", A64, "gzip-damaged", "-kernel:",
      "is truncated or damaged", "Copy or download" },
    { "qcow2", A64, "qcow2", "-kernel:", "is a qcow2 image",
      "format=qcow2" },
    { "gpt", A64, "gpt", "-kernel:", "is a disk image", "if=virtio" },
    { "mbr", A64, "mbr", "-kernel:", "is a disk image", "if=virtio" },
    { "elf-outside-ram", A64, "elf-at-0", "-kernel:", "is linked to 0x0",
      "address in RAM" },
    { "kernel-too-large", A64 " -m 64M", "flat-large", "-kernel:",
      "does not fit into -m 64M", "Use -m" },
    { "initrd-too-large", A64 " -m 64M -initrd DIR/initrd-large", "flat",
      "-initrd:", "does not fit into -m 64M", "Use -m 86M" },
    { "initrd-missing", A64 " -initrd DIR/missing", "flat", "-initrd:",
      "No such file", "readable" },
    { "initrd-directory", A64 " -initrd DIR", "flat", "-initrd:",
      "Is a directory", "a file in it" },
    { "dtb-missing", A64 " -dtb DIR/missing", "flat", "-dtb:",
      "No such file", "readable" },
    { "dtb-directory", A64 " -dtb DIR", "flat", "-dtb:", "Is a directory",
      "readable" },
    { "dtb-text", A64 " -dtb DIR/text", "flat", "-dtb:",
      "is not a device tree", "dtc" },
    { "dtb-other-ram", A64 " -m 1G -dtb DIR/vmspec.dtb", "flat", "-dtb:",
      "has 512 MiB of RAM, the machine has 1024", "-m 512M" },
    { "dtb-other-cpus", A64 " -m 512M -smp 4 -dtb DIR/vmspec.dtb", "flat",
      "-dtb:", "has 2 CPUs, the machine has 4", "-smp 2" },
    { "dtb-other-gic", "-M vmspec,gic-version=2 -m 512M -smp 2"
      " -kernel FILE -dtb DIR/vmspec.dtb", "flat", "-dtb:",
      "has a GICv3, the machine has a GICv2", "gic-version=3" },
    { "dtb-other-psci", "-M vmspec,virtualization=on -m 512M"
      " -smp 2 -kernel FILE -dtb DIR/vmspec.dtb", "flat", "-dtb:",
      "calls PSCI by hvc, the machine takes smc", "virtualization=off" },
    { "dtb-other-machine", A64 " -m 512M -smp 2 -dtb DIR/virt.dtb", "flat",
      "-dtb:", "where the machine has none", "dumpdtb" },
};

/* Refused as well, by a QEMU that has zstd */
static const Row zstd_rows[] = {
    { "zstd-damaged", A64, "zstd", "-kernel:", "is truncated or damaged",
      "Copy or download" },
    { "zstd-truncated", A64, "zstd-truncated", "-kernel:",
      "is truncated or damaged", "Copy or download" },
    { "zstd-on-aarch32", A32, "zstd-image", "-kernel:", "is for AArch64",
      "-cpu max" },
    { "zstd-zimage", A64, "zstd-zimage", "-kernel:", "packed with zstd, in",
      "zstd -dc" },
    { "zboot-zstd-damaged", A64, "zboot-zstd", "-kernel:",
      "is truncated or damaged", "Copy or download" },
};

static char *replace(const char *text, const char *word, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, word, -1);

    return g_strjoinv(with, parts);
}

/* FILE and DIR in the options become paths. */
static char *row_options(const Row *row)
{
    g_autofree char *path = scratch_path(row->file);
    g_autofree char *dir = scratch_path(".");
    g_autofree char *options = replace(row->options, "FILE", path);

    return replace(options, "DIR", dir);
}

static void test_refused(const void *opaque)
{
    const Row *row = opaque;
    g_autofree char *options = row_options(row);
    g_autoptr(VmspecRun) r = vmspec_run("%s", options);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(r->err), "\n", -1);

    g_test_message("%s", r->err);
    g_assert_cmpint(r->status, ==, 1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2);
    g_assert_true(g_str_has_prefix(lines[0], PROGRAM " "));
    g_assert_true(g_str_has_prefix(lines[0] + strlen(PROGRAM " "),
                                   row->error));
    g_assert_nonnull(strstr(lines[0], row->what));
    g_assert_nonnull(strstr(lines[1], row->way_out));
    g_assert_cmpstr(r->out, ==, "");
}

/* One frame with one block that is not packed (RFC 8878, 3.1.1) */
static GByteArray *zstd_frame(const char *file)
{
    static const uint8_t header[] = { 0x28, 0xb5, 0x2f, 0xfd, 0xa0 };
    GByteArray *frame = g_byte_array_new();
    g_autofree char *path = scratch_path(file);
    g_autofree char *data = NULL;
    uint8_t word[4];
    size_t size;

    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    g_byte_array_append(frame, header, sizeof(header));
    stl_le_p(word, size);
    g_byte_array_append(frame, word, 4);
    stl_le_p(word, size << 3 | 1);
    g_byte_array_append(frame, word, 3);
    return g_byte_array_append(frame, (uint8_t *)data, size);
}

static void make_zstd_files(void)
{
    g_autoptr(GByteArray) image = zstd_frame("image");
    g_autoptr(GByteArray) zimage = zstd_frame("zimage");
    g_autofree uint8_t *zboot = g_malloc0(512 + image->len);

    g_free(scratch_file("zstd-image", image->data, image->len, image->len));
    g_free(scratch_file("zstd-truncated", image->data, image->len - 100,
                        image->len - 100));
    g_free(scratch_file("zstd-zimage", zimage->data, zimage->len,
                        zimage->len));
    memcpy(zboot, "MZ\0\0zimg\0\2\0\0", 12);
    stl_le_p(zboot + 12, image->len);
    strcpy((char *)zboot + 24, "zstd");
    memcpy(zboot + 512, image->data, image->len);
    g_free(scratch_file("zboot-zstd-image", zboot, 512 + image->len,
                        512 + image->len));
}

/* The Image is at RAM + 2 MiB, which text_offset counts from. */
static void test_unpacked(const void *file)
{
    g_autofree char *path = scratch_path(file);
    g_autofree char *image = scratch_path("image");
    g_autofree char *want = NULL;
    g_autofree char *options = g_strdup_printf("-M vmspec -nodefaults "
                                               "-kernel %s", path);
    QTestState *qts = qtest_init(options);
    char got[0x1000];

    g_assert_true(g_file_get_contents(image, &want, NULL, NULL));
    qtest_memread(qts, 0x40200000, got, sizeof(got));
    g_assert_cmpmem(got, sizeof(got), want, sizeof(got));
    qtest_system_reset(qts);
    qtest_memread(qts, 0x40200000, got, sizeof(got));
    g_assert_cmpmem(got, sizeof(got), want, sizeof(got));
    qtest_quit(qts);
}

static void test_no_zstd(const void *unused)
{
    g_test_skip("this QEMU was built without zstd");
}

static bool has_zstd(void)
{
    g_autofree char *dtb = scratch_path("unused.dtb");
    g_autofree char *path = scratch_path("zstd-image");
    g_autoptr(VmspecRun) r = vmspec_run("-M vmspec,dumpdtb=%s -nodefaults "
                                        "-kernel %s", dtb, path);

    g_test_message("%s", r->err);
    return !strstr(r->err, "without zstd");
}

static void dump_dtb(const char *machine, const char *name)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *kernel = scratch_path("flat");
    g_autoptr(VmspecRun) r = vmspec_run("-M %s,dumpdtb=%s -nodefaults -cpu max "
                                        "-m 512M -smp 2 -kernel %s", machine,
                                        path, kernel);

    g_test_message("%s", r->err);
    g_assert_cmpint(r->status, ==, 0);
}

/* The machine's own FDT is no contradiction, nor is one without a part. */
static void test_own_dtb(void)
{
    g_autofree char *dtb = scratch_path("vmspec.dtb");
    g_autofree char *kernel = scratch_path("flat");
    g_autofree char *options =
        g_strdup_printf("-M vmspec -nodefaults -m 512M -smp 2 -kernel %s "
                        "-dtb %s",
                        kernel, dtb);
    QTestState *qts = qtest_init(options);

    qtest_quit(qts);
}

static void make_files(void)
{
    for (int i = 0; i < ARRAY_SIZE(files); i++) {
        const File *f = &files[i];
        g_autofree uint8_t *head = g_malloc0(f->at + f->num_bytes + 1);

        memcpy(head + f->at, f->bytes, f->num_bytes);
        g_free(scratch_file(f->name, head, f->at + f->num_bytes, f->size));
    }
    dump_dtb("virt,gic-version=3", "virt.dtb");
    dump_dtb("vmspec", "vmspec.dtb");
    make_zstd_files();
}

static void add_refused(const Row *row, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/vmspec/kernel/refused/%s",
                                            row->name);

    g_test_add_data_func(path, row, test);
}

static void add_tests(void)
{
    bool zstd;

    make_files();
    zstd = has_zstd();
    qtest_add_func("/vmspec/kernel/own-dtb", test_own_dtb);
    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        add_refused(&rows[i], test_refused);
    }
    for (int i = 0; i < ARRAY_SIZE(zstd_rows); i++) {
        add_refused(&zstd_rows[i], zstd ? test_refused : test_no_zstd);
    }
    g_test_add_data_func("/vmspec/kernel/zstd", "zstd-image",
                         zstd ? test_unpacked : test_no_zstd);
    g_test_add_data_func("/vmspec/kernel/zboot-zstd", "zboot-zstd-image",
                         zstd ? test_unpacked : test_no_zstd);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
