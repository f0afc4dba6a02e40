/*
 * vmspec: what a file of -kernel is
 *
 * Plain C with <stdint.h> only: the host tests compile it without QEMU.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_KERNEL_IMAGE_H
#define HW_ARM_VMSPEC_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a file's start that hold every header that is looked at */
#define VMSPEC_IMAGE_HEAD 0x9000

/* Where a flat binary is loaded, from the start of RAM (platform.md, 8.1) */
#define VMSPEC_FLAT_OFFSET_AARCH64 0x80000
#define VMSPEC_FLAT_OFFSET_AARCH32 0x10000

typedef enum VmspecImageFormat {
    VMSPEC_IMAGE_FLAT,          /* no header is known */
    VMSPEC_IMAGE_ARM64,         /* Linux' Image: Documentation/arch/arm64 */
    VMSPEC_IMAGE_ZIMAGE,        /* Linux' zImage for AArch32 */
    VMSPEC_IMAGE_ELF,
    VMSPEC_IMAGE_UIMAGE,        /* U-Boot's legacy image */
    VMSPEC_IMAGE_GZIP,          /* the image is within, */
    VMSPEC_IMAGE_ZSTD,
    VMSPEC_IMAGE_ZBOOT,         /* and here as well, packed with one of them */
} VmspecImageFormat;

typedef struct VmspecImage {
    VmspecImageFormat format;
    bool aarch64;               /* it can be for an AArch64 CPU, */
    bool aarch32;               /* for an AArch32 CPU; a flat binary: both */
    bool big_endian;            /* it needs a CPU with big-endian data */
    bool linux_boot;            /* it gets the FDT in a register, and initrd */
    uint64_t text_offset;       /* of an Image, from a multiple of 2 MiB */
    uint64_t size;              /* bytes in memory; 0: not known */
    uint64_t first, last;       /* an ELF file's or uImage's addresses */
    bool has_addresses;         /* first and last are set */
    bool zstd;                  /* the packed image is packed with zstd */
    uint64_t payload;           /* where the packed image is in the file, */
    uint64_t payload_size;      /* and its bytes */
} VmspecImage;

/* What is wrong, to be put behind the file's name, and the way out */
typedef struct VmspecImageError {
    char msg[128];
    char hint[160];
} VmspecImageError;

/*
 * Fill in @image for a file of @size bytes that begins with the @head_size
 * bytes at @head: all of it, or VMSPEC_IMAGE_HEAD bytes. Returns true. A file
 * that no Arm CPU can start, that lacks its end or that QEMU cannot unpack:
 * returns false with @err filled in, and @image is undefined.
 */
bool vmspec_image_parse(const uint8_t *head, size_t head_size, uint64_t size,
                        VmspecImage *image, VmspecImageError *err);

/*
 * Can a CPU start @image that has AArch64 or not, and that can have big-endian
 * data or not? Returns false with @err filled in if it cannot.
 */
bool vmspec_image_fits_cpu(const VmspecImage *image, bool aarch64,
                           bool big_endian, VmspecImageError *err);

#endif
