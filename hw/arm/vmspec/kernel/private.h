/*
 * vmspec: what the files that look at a kernel image share
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_KERNEL_PRIVATE_H
#define HW_ARM_VMSPEC_KERNEL_PRIVATE_H

#include <string.h>
#include "image.h"

typedef struct VmspecImageFile {
    const uint8_t *head;
    size_t head_size;           /* bytes at @head */
    uint64_t size;              /* bytes of the file */
} VmspecImageFile;

/* The caller knows that the bytes are within the head. */
static inline uint16_t image_le16(const VmspecImageFile *f, size_t at)
{
    return f->head[at] | f->head[at + 1] << 8;
}

static inline uint32_t image_le32(const VmspecImageFile *f, size_t at)
{
    return image_le16(f, at) | (uint32_t)image_le16(f, at + 2) << 16;
}

static inline uint64_t image_le64(const VmspecImageFile *f, size_t at)
{
    return image_le32(f, at) | (uint64_t)image_le32(f, at + 4) << 32;
}

static inline uint32_t image_be32(const VmspecImageFile *f, size_t at)
{
    return (uint32_t)f->head[at] << 24 | f->head[at + 1] << 16 |
           f->head[at + 2] << 8 | f->head[at + 3];
}

/* Are the @size bytes at offset @at those at @bytes? */
static inline bool image_has(const VmspecImageFile *f, size_t at,
                             const char *bytes, size_t size)
{
    return at + size <= f->head_size && !memcmp(f->head + at, bytes, size);
}

/* Fill in @err. Returns false, so that a caller can return the call. */
bool vmspec_image_refuse(VmspecImageError *err, const char *msg,
                         const char *hint);
/* The same for a file that should have @want bytes and has @have */
bool vmspec_image_truncated(VmspecImageError *err, uint64_t want,
                            uint64_t have);

/* vmspec_image_parse() of a file that begins as ELF files do */
bool vmspec_image_parse_elf(const VmspecImageFile *f, VmspecImage *image,
                            VmspecImageError *err);

/*
 * Is @f a file that is no kernel for Arm? Returns true with @err filled in if
 * so.
 */
bool vmspec_image_mistaken(const VmspecImageFile *f, VmspecImageError *err);

#endif
