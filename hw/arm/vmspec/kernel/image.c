/*
 * vmspec: what a file of -kernel is
 *
 * Looks at the headers of the images that QEMU's hw/arm/boot.c loads, and
 * names the files that users give by mistake (platform.md, section 8.1). A
 * file without a known header is a flat binary.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "private.h"

/* Linux' Documentation/arch/arm64/booting.rst */
#define ARM64_TEXT_OFFSET 8
#define ARM64_IMAGE_SIZE 16
#define ARM64_FLAGS 24
#define ARM64_FLAG_BIG_ENDIAN 1
#define ARM64_MAGIC 0x38
#define ARM64_HEADER 64

/* Linux' arch/arm/boot/compressed/head.S */
#define ZIMAGE_MAGIC_OFFSET 0x24
#define ZIMAGE_MAGIC 0x016f2818
#define ZIMAGE_START 0x28
#define ZIMAGE_END 0x2c

/* U-Boot's include/image.h, legacy_img_hdr: all words are big-endian */
#define UIMAGE_MAGIC 0x27051956
#define UIMAGE_SIZE 12
#define UIMAGE_LOAD 16
#define UIMAGE_OS 28
#define UIMAGE_OS_LINUX 5
#define UIMAGE_ARCH 29
#define UIMAGE_ARCH_ARM 2
#define UIMAGE_ARCH_ARM64 22
#define UIMAGE_TYPE 30
#define UIMAGE_TYPE_KERNEL 2
#define UIMAGE_TYPE_KERNEL_NOLOAD 14
#define UIMAGE_COMPRESSION 31
#define UIMAGE_COMPRESSION_NONE 0
#define UIMAGE_COMPRESSION_GZIP 1
#define UIMAGE_HEADER 64

/* Linux' drivers/firmware/efi/libstub/zboot-header.S */
#define ZBOOT_MAGIC 4
#define ZBOOT_PAYLOAD 8
#define ZBOOT_PAYLOAD_SIZE 12
#define ZBOOT_COMPRESSION 24
#define ZBOOT_COMPRESSION_SIZE 32

/* Microsoft's PE Format: offsets from the signature "PE\0\0" */
#define PE_POINTER 0x3c
#define PE_MACHINE 4
#define PE_NUM_SECTIONS 6
#define PE_OPTIONAL_SIZE 20
#define PE_SECTIONS 24
#define PE_SECTION_SIZE 40
#define PE_SECTION_RAW_SIZE 16
#define PE_SECTION_RAW 20
#define PE_MACHINE_ARM64 0xaa64

/* Where the PE header is; 0 if there is none within what was read */
static size_t pe_header(const VmspecImageFile *f)
{
    uint64_t at;

    if (f->head_size < ARM64_HEADER || memcmp(f->head, "MZ", 2)) {
        return 0;
    }
    at = image_le32(f, PE_POINTER);
    return at && at + PE_SECTIONS <= f->head_size &&
           !memcmp(f->head + at, "PE\0", 4) ? at : 0;
}

/* The end of the last section in the file; 0 without a PE header */
static uint64_t pe_end(const VmspecImageFile *f)
{
    size_t at = pe_header(f);
    uint64_t end = 0;
    size_t section;

    if (!at) {
        return 0;
    }
    section = at + PE_SECTIONS + image_le16(f, at + PE_OPTIONAL_SIZE);
    for (unsigned n = image_le16(f, at + PE_NUM_SECTIONS); n; n--) {
        uint64_t raw_end;

        if (section + PE_SECTION_SIZE > f->head_size) {
            break;
        }
        raw_end = (uint64_t)image_le32(f, section + PE_SECTION_RAW) +
                  image_le32(f, section + PE_SECTION_RAW_SIZE);
        end = raw_end > end ? raw_end : end;
        section += PE_SECTION_SIZE;
    }
    return end;
}

/*
 * The Image's image_size counts memory that is not in the file, so that it
 * cannot tell a truncated file. The sections of its EFI stub can.
 */
static bool parse_arm64(const VmspecImageFile *f, VmspecImage *image,
                        VmspecImageError *err)
{
    uint64_t end = pe_end(f);

    image->format = VMSPEC_IMAGE_ARM64;
    image->aarch64 = true;
    image->linux_boot = true;
    image->big_endian = image_le32(f, ARM64_FLAGS) & ARM64_FLAG_BIG_ENDIAN;
    image->text_offset = image_le64(f, ARM64_TEXT_OFFSET);
    image->size = image_le64(f, ARM64_IMAGE_SIZE);
    if (!image->size) {
        /* Before Linux 3.17; text_offset has no meaning then. */
        image->size = f->size;
        image->text_offset = VMSPEC_FLAT_OFFSET_AARCH64;
    }
    if (end > f->size) {
        return vmspec_image_truncated(err, end, f->size);
    }
    return true;
}

static bool parse_zimage(const VmspecImageFile *f, bool big_endian,
                         VmspecImage *image, VmspecImageError *err)
{
    uint32_t start = big_endian ? image_be32(f, ZIMAGE_START) :
                                  image_le32(f, ZIMAGE_START);
    uint32_t end = big_endian ? image_be32(f, ZIMAGE_END) :
                                image_le32(f, ZIMAGE_END);

    image->format = VMSPEC_IMAGE_ZIMAGE;
    image->aarch32 = true;
    image->linux_boot = true;
    image->big_endian = big_endian;
    image->size = f->size;
    if (end > start && end - start > f->size) {
        return vmspec_image_truncated(err, end - start, f->size);
    }
    return true;
}

static bool parse_uimage(const VmspecImageFile *f, VmspecImage *image,
                         VmspecImageError *err)
{
    uint64_t end = UIMAGE_HEADER + (uint64_t)image_be32(f, UIMAGE_SIZE);
    unsigned type = f->head[UIMAGE_TYPE];
    unsigned compression = f->head[UIMAGE_COMPRESSION];

    image->format = VMSPEC_IMAGE_UIMAGE;
    image->aarch64 = f->head[UIMAGE_ARCH] == UIMAGE_ARCH_ARM64;
    image->aarch32 = f->head[UIMAGE_ARCH] == UIMAGE_ARCH_ARM;
    image->linux_boot = f->head[UIMAGE_OS] == UIMAGE_OS_LINUX;
    if (!image->aarch64 && !image->aarch32) {
        return vmspec_image_refuse(err, "is a U-Boot image for a CPU that "
                                   "is not Arm", "Give a kernel for Arm.");
    }
    if (type != UIMAGE_TYPE_KERNEL && type != UIMAGE_TYPE_KERNEL_NOLOAD) {
        return vmspec_image_refuse(err, "is a U-Boot image, but no kernel",
                                   "Make it by mkimage -T kernel; a ramdisk "
                                   "goes to -initrd.");
    }
    if (compression != UIMAGE_COMPRESSION_NONE &&
        compression != UIMAGE_COMPRESSION_GZIP) {
        return vmspec_image_refuse(err, "is a U-Boot image packed in a way "
                                   "that QEMU cannot unpack",
                                   "Make it by mkimage -C none or -C gzip.");
    }
    if (end > f->size) {
        return vmspec_image_truncated(err, end, f->size);
    }
    if (type == UIMAGE_TYPE_KERNEL) {
        image->has_addresses = true;
        image->first = image_be32(f, UIMAGE_LOAD);
        image->last = image->first + end - UIMAGE_HEADER - 1;
    }
    return true;
}

static bool parse_zboot(const VmspecImageFile *f, VmspecImage *image,
                        VmspecImageError *err)
{
    const char *packer = (const char *)f->head + ZBOOT_COMPRESSION;
    size_t pe = pe_header(f);

    image->format = VMSPEC_IMAGE_ZBOOT;
    image->aarch64 = true;
    image->payload = image_le32(f, ZBOOT_PAYLOAD);
    image->payload_size = image_le32(f, ZBOOT_PAYLOAD_SIZE);
    if (pe && image_le16(f, pe + PE_MACHINE) != PE_MACHINE_ARM64) {
        return vmspec_image_refuse(err, "is a kernel for a CPU that is not "
                                   "AArch64", "Give a kernel for Arm.");
    }
    image->zstd = !strncmp(packer, "zstd", ZBOOT_COMPRESSION_SIZE);
    if (!image->zstd && strncmp(packer, "gzip", ZBOOT_COMPRESSION_SIZE)) {
        snprintf(err->msg, sizeof(err->msg), "is an EFI zboot image packed "
                 "with %.8s, which QEMU cannot unpack", packer);
        snprintf(err->hint, sizeof(err->hint), "Give the plain Image, or let "
                 "the firmware start it: -bios vmspec-uefi-aarch64.fd.");
        return false;
    }
    if (image->payload + image->payload_size > f->size) {
        return vmspec_image_truncated(err, image->payload +
                                      image->payload_size, f->size);
    }
    return true;
}

static void parse_flat(const VmspecImageFile *f, VmspecImage *image)
{
    image->format = VMSPEC_IMAGE_FLAT;
    image->aarch64 = true;
    image->aarch32 = true;
    image->linux_boot = true;
    image->text_offset = VMSPEC_FLAT_OFFSET_AARCH64;
    image->size = f->size;
}

bool vmspec_image_parse(const uint8_t *head, size_t head_size, uint64_t size,
                        VmspecImage *image, VmspecImageError *err)
{
    const VmspecImageFile file = { head, head_size, size };
    const VmspecImageFile *f = &file;

    memset(image, 0, sizeof(*image));
    if (!size) {
        return vmspec_image_refuse(err, "is empty", "Name a kernel image.");
    }
    if (image_has(f, 0, "\x7f" "ELF", 4)) {
        return vmspec_image_parse_elf(f, image, err);
    }
    if (head_size >= ARM64_HEADER && image_has(f, ARM64_MAGIC, "ARM\x64", 4)) {
        return parse_arm64(f, image, err);
    }
    if (head_size >= ARM64_HEADER && image_has(f, 0, "MZ", 2) &&
        image_has(f, ZBOOT_MAGIC, "zimg", 4)) {
        return parse_zboot(f, image, err);
    }
    if (head_size >= UIMAGE_HEADER && image_be32(f, 0) == UIMAGE_MAGIC) {
        return parse_uimage(f, image, err);
    }
    if (image_has(f, 0, "\x1f\x8b", 2)) {
        image->format = VMSPEC_IMAGE_GZIP;
        image->aarch64 = true;
        image->payload_size = size;
        return true;
    }
    if (image_has(f, 0, "\x28\xb5\x2f\xfd", 4)) {
        image->format = VMSPEC_IMAGE_ZSTD;
        image->aarch64 = true;
        image->zstd = true;
        image->payload_size = size;
        return true;
    }
    if (head_size > ZIMAGE_END + 4) {
        if (image_le32(f, ZIMAGE_MAGIC_OFFSET) == ZIMAGE_MAGIC) {
            return parse_zimage(f, false, image, err);
        }
        if (image_be32(f, ZIMAGE_MAGIC_OFFSET) == ZIMAGE_MAGIC) {
            return parse_zimage(f, true, image, err);
        }
    }
    if (vmspec_image_mistaken(f, err)) {
        return false;
    }
    parse_flat(f, image);
    return true;
}

bool vmspec_image_fits_cpu(const VmspecImage *image, bool aarch64,
                           bool big_endian, VmspecImageError *err)
{
    if (aarch64 && !image->aarch64) {
        return vmspec_image_refuse(err, "is for AArch32, the CPU is AArch64",
                                   "Use -cpu cortex-a15. libvirt: <cpu><model>"
                                   "cortex-a15</model></cpu>.");
    }
    if (!aarch64 && !image->aarch32) {
        return vmspec_image_refuse(err, "is for AArch64, the CPU is AArch32",
                                   "Use -cpu max.");
    }
    if (image->big_endian && !big_endian) {
        return vmspec_image_refuse(err, "is big-endian, and the CPU has no "
                                   "big-endian data", "Use a little-endian "
                                   "kernel, or -accel tcg -cpu max.");
    }
    return true;
}
