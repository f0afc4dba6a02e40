/*
 * vmspec host test: what a file of -kernel is
 *
 * Each row is a header, made here by hand, and what the machine must make of
 * it (platform.md, section 8.1).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "hw/arm/vmspec/kernel/image.h"

#define FILE_SIZE 0x2000

typedef struct Piece {
    size_t at;
    const char *bytes;
    size_t size;
} Piece;

#define PIECE(at, text) { at, text, sizeof(text) - 1 }

typedef struct Header {
    const char *name;
    Piece piece[6];
    const char *msg;            /* of the refusal; NULL: it is good */
    VmspecImageFormat format;
    bool aarch64, aarch32, big_endian, linux_boot;
    uint64_t size;
} Header;

#define Z7 "\0\0\0\0\0\0\0"
#define Z21 Z7 Z7 Z7
#define ARM64 PIECE(17, "\x40" Z21 Z7 Z7 "\0\0\0" "ARM\x64")
#define ELF64 PIECE(0, "\x7f" "ELF\2\1\1" Z7 "\0\0" "\2\0\xb7")
/* One segment of 0x100 bytes at file offset 0x1000, address 0x40100000 */
#define SEGMENT PIECE(32, "\x40" Z21 "\x38\0\1" Z7 \
    "\1\0\0\0\0\0\0\0" "\0\x10\0\0\0\0\0\0" "\0\0\x10\x40\0\0\0\0" \
    "\0\0\x10\x40\0\0\0\0" "\0\1\0\0\0\0\0\0" "\0\1")

static const Header headers[] = {
    { "flat", { PIECE(0, "\x1f\x20\x03\xd5") }, NULL, VMSPEC_IMAGE_FLAT, true,
      true, false, true, FILE_SIZE },
    { "zeros", { PIECE(0, "") }, NULL, VMSPEC_IMAGE_FLAT, true, true, false,
      true, FILE_SIZE },
    { "image", { ARM64 }, NULL, VMSPEC_IMAGE_ARM64, true, false, false, true,
      0x4000 },
    { "image-big-endian", { ARM64, PIECE(24, "\xb") }, NULL,
      VMSPEC_IMAGE_ARM64, true, false, true, true, 0x4000 },
    { "image-without-size", { PIECE(0x38, "ARM\x64") }, NULL,
      VMSPEC_IMAGE_ARM64, true, false, false, true, FILE_SIZE },
    /* One section of 0x1000 bytes at 0x1000, or at 0x1001 */
    { "image-whole",
      { ARM64, PIECE(0, "MZ"), PIECE(0x3c, "\x40"),
        PIECE(0x40, "PE\0\0\x64\xaa\1\0"),
        PIECE(0x68, "\0\x10\0\0\0\x10") },
      NULL, VMSPEC_IMAGE_ARM64, true, false, false, true, 0x4000 },
    { "image-truncated",
      { ARM64, PIECE(0, "MZ"), PIECE(0x3c, "\x40"),
        PIECE(0x40, "PE\0\0\x64\xaa\1\0"),
        PIECE(0x68, "\0\x10\0\0\1\x10") },
      "is truncated: its header asks for 8193 bytes, it has 8192" },
    { "zimage", { PIECE(0x24, "\x18\x28\x6f\x01\0\0\0\0\0\x20") }, NULL,
      VMSPEC_IMAGE_ZIMAGE, false, true, false, true, FILE_SIZE },
    { "zimage-big-endian", { PIECE(0x24, "\x01\x6f\x28\x18\0\0\0\0\0\0\x20") },
      NULL, VMSPEC_IMAGE_ZIMAGE, false, true, true, true, FILE_SIZE },
    { "zimage-truncated", { PIECE(0x24, "\x18\x28\x6f\x01\0\0\0\0\1\x20") },
      "is truncated" },
    { "zboot", { PIECE(0, "MZ"), PIECE(4, "zimg\0\x10\0\0\0\x10"),
                 PIECE(24, "gzip") },
      NULL, VMSPEC_IMAGE_ZBOOT, true, false, false, false, 0 },
    { "zboot-zstd", { PIECE(0, "MZ"), PIECE(4, "zimg\0\x10\0\0\0\x10"),
                      PIECE(24, "zstd") },
      NULL, VMSPEC_IMAGE_ZBOOT, true, false, false, false, 0 },
    { "zboot-lz4", { PIECE(0, "MZ"), PIECE(4, "zimg\0\x10\0\0\0\x10"),
                     PIECE(24, "lz4") },
      "packed with lz4, which QEMU cannot unpack" },
    { "zboot-truncated", { PIECE(0, "MZ"), PIECE(4, "zimg\0\x10\0\0\1\x10"),
                           PIECE(24, "gzip") }, "is truncated" },
    { "zboot-other-cpu",
      { PIECE(0, "MZ"), PIECE(4, "zimg\0\x10\0\0\0\x10"), PIECE(24, "gzip"),
        PIECE(0x3c, "\x40\0\0\0PE\0\0\x64\x50") },
      "for a CPU that is not AArch64" },
    { "gzip", { PIECE(0, "\x1f\x8b\x08") }, NULL, VMSPEC_IMAGE_GZIP, true },
    { "uimage", { PIECE(0, "\x27\x05\x19\x56"), PIECE(14, "\x1f\xc0"),
                  PIECE(28, "\5\x16\2\0") },
      NULL, VMSPEC_IMAGE_UIMAGE, true, false, false, true, 0 },
    { "uimage-arm", { PIECE(0, "\x27\x05\x19\x56"), PIECE(28, "\5\2\2\0") },
      NULL, VMSPEC_IMAGE_UIMAGE, false, true, false, true, 0 },
    { "uimage-truncated", { PIECE(0, "\x27\x05\x19\x56"),
                            PIECE(14, "\x1f\xc1"), PIECE(28, "\5\x16\2\0") },
      "is truncated" },
    { "uimage-x86", { PIECE(0, "\x27\x05\x19\x56"), PIECE(28, "\5\3\2\0") },
      "is a U-Boot image for a CPU that is not Arm" },
    { "uimage-ramdisk", { PIECE(0, "\x27\x05\x19\x56"),
                          PIECE(28, "\5\x16\3\0") },
      "is a U-Boot image, but no kernel" },
    { "uimage-bzip2", { PIECE(0, "\x27\x05\x19\x56"),
                        PIECE(28, "\5\x16\2\2") }, "QEMU cannot unpack" },
    { "elf", { ELF64, SEGMENT }, NULL, VMSPEC_IMAGE_ELF, true },
    { "elf-big-endian",
      { PIECE(0, "\x7f" "ELF\1\2\1"), PIECE(16, "\0\2\0\x28"),
        PIECE(28, "\0\0\0\x34"), PIECE(42, "\0\x20\0\1"),
        PIECE(52, "\0\0\0\1\0\0\x10\0\0\0\0\0\x40\x10\0\0"
                  "\0\0\1\0\0\0\1") },
      NULL, VMSPEC_IMAGE_ELF, false, true, true },
    { "elf-truncated", { ELF64, SEGMENT, PIECE(97, "\x20") },
      "is truncated: its header asks for 12288 bytes, it has 8192" },
    { "elf-x86", { PIECE(0, "\x7f" "ELF\2\1\1"), PIECE(16, "\2\0\x3e") },
      "is an ELF file for a CPU that is not Arm" },
    { "elf-object", { ELF64, PIECE(16, "\1") }, "but no program" },
    { "elf-without-segment", { ELF64 }, "has no segment to load" },
    { "xz", { PIECE(0, "\xfd" "7zXZ") }, "is packed with xz" },
    { "bzip2", { PIECE(0, "BZh9") }, "is packed with bzip2" },
    { "lz4", { PIECE(0, "\x04\x22\x4d\x18") }, "is packed with lz4" },
    { "lz4-legacy", { PIECE(0, "\x02\x21\x4c\x18") }, "is packed with lz4" },
    { "zstd", { PIECE(0, "\x28\xb5\x2f\xfd") }, NULL, VMSPEC_IMAGE_ZSTD,
      true },
    { "x86", { PIECE(0, "MZ"), PIECE(0x1fe, "\x55\xaa"), PIECE(0x202, "HdrS") },
      "is a kernel for x86" },
    { "riscv", { PIECE(0, "MZ"), PIECE(0x38, "RSC\x05") },
      "is a kernel for RISC-V" },
    { "efi", { PIECE(0, "MZ") }, "is an EFI application" },
    { "fdt", { PIECE(0, "\xd0\x0d\xfe\xed") }, "is a device tree" },
    { "android", { PIECE(0, "ANDROID!") }, "is an Android boot image" },
};

static void make_head(const Header *h, uint8_t *head)
{
    memset(head, 0, FILE_SIZE);
    for (size_t i = 0; i < G_N_ELEMENTS(h->piece) && h->piece[i].size; i++) {
        memcpy(head + h->piece[i].at, h->piece[i].bytes, h->piece[i].size);
    }
}

static void test_header(gconstpointer data)
{
    const Header *h = data;
    g_autofree uint8_t *head = g_malloc(FILE_SIZE);
    VmspecImageError err = { "", "" };
    VmspecImage image;
    bool good;

    make_head(h, head);
    good = vmspec_image_parse(head, FILE_SIZE, FILE_SIZE, &image, &err);
    g_test_message("%s: '%s' '%s'", h->name, err.msg, err.hint);
    g_assert_cmpint(good, ==, !h->msg);
    if (h->msg) {
        g_assert_nonnull(strstr(err.msg, h->msg));
        g_assert_cmpstr(err.hint, !=, "");
        return;
    }
    g_assert_cmpint(image.format, ==, h->format);
    g_assert_cmpint(image.aarch64, ==, h->aarch64);
    g_assert_cmpint(image.aarch32, ==, h->aarch32);
    g_assert_cmpint(image.big_endian, ==, h->big_endian);
    g_assert_cmpint(image.linux_boot, ==, h->linux_boot);
    g_assert_cmphex(image.size, ==, h->size);
}

/* A file may end within its header. */
static void test_short(gconstpointer data)
{
    g_autofree uint8_t *head = g_malloc(FILE_SIZE);
    VmspecImageError err;
    VmspecImage image;

    make_head(data, head);
    for (size_t size = 1; size < 600; size++) {
        g_autofree uint8_t *cut = g_memdup2(head, size);

        vmspec_image_parse(cut, size, size, &image, &err);
    }
}

static void test_empty_kernel(void)
{
    VmspecImageError err;
    VmspecImage image;

    g_assert_false(vmspec_image_parse(NULL, 0, 0, &image, &err));
    g_assert_cmpstr(err.msg, ==, "is empty");
}

static void test_text_kernel(void)
{
    static const char text[] = "#!/bin/sh\necho This is no kernel.\n";
    VmspecImageError err;
    VmspecImage image;

    g_assert_false(vmspec_image_parse((const uint8_t *)text, sizeof(text) - 1,
                                      sizeof(text) - 1, &image, &err));
    g_assert_cmpstr(err.msg, ==, "is text, not a kernel");
}

static void test_elf_addresses(void)
{
    static const Header elf = { "elf", { ELF64, SEGMENT } };
    g_autofree uint8_t *head = g_malloc(FILE_SIZE);
    VmspecImageError err;
    VmspecImage image;

    make_head(&elf, head);
    g_assert_true(vmspec_image_parse(head, FILE_SIZE, FILE_SIZE, &image,
                                     &err));
    g_assert_true(image.has_addresses);
    g_assert_cmphex(image.first, ==, 0x40100000);
    g_assert_cmphex(image.last, ==, 0x401000ff);
}

static void test_cpu(void)
{
    VmspecImage a64 = { .aarch64 = true };
    VmspecImage a32 = { .aarch32 = true };
    VmspecImage big = { .aarch64 = true, .big_endian = true };
    VmspecImageError err;

    g_assert_true(vmspec_image_fits_cpu(&a64, true, false, &err));
    g_assert_true(vmspec_image_fits_cpu(&a32, false, false, &err));
    g_assert_true(vmspec_image_fits_cpu(&big, true, true, &err));
    g_assert_false(vmspec_image_fits_cpu(&a32, true, true, &err));
    g_assert_nonnull(strstr(err.hint, "cortex-a15"));
    g_assert_false(vmspec_image_fits_cpu(&a64, false, true, &err));
    g_assert_nonnull(strstr(err.hint, "-cpu max"));
    g_assert_false(vmspec_image_fits_cpu(&big, true, false, &err));
    g_assert_nonnull(strstr(err.msg, "is big-endian"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/kernel-image/header/"
                                                "%s", headers[i].name);
        g_autofree char *cut = g_strdup_printf("/vmspec/kernel-image/short/%s",
                                               headers[i].name);

        g_test_add_data_func(path, &headers[i], test_header);
        g_test_add_data_func(cut, &headers[i], test_short);
    }
    g_test_add_func("/vmspec/kernel-image/empty", test_empty_kernel);
    g_test_add_func("/vmspec/kernel-image/text", test_text_kernel);
    g_test_add_func("/vmspec/kernel-image/elf-addresses", test_elf_addresses);
    g_test_add_func("/vmspec/kernel-image/cpu", test_cpu);
    return g_test_run();
}
