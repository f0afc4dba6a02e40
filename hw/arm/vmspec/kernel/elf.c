/*
 * vmspec: what an ELF file of -kernel is
 *
 * The offsets are those of the System V ABI, "Object Files" and "Program
 * Loading".
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "private.h"

#define IDENT_CLASS 4
#define IDENT_CLASS_64 2
#define IDENT_DATA 5
#define IDENT_DATA_BIG 2
#define E_TYPE 16
#define TYPE_RELOCATABLE 1
#define TYPE_CORE 4
#define E_MACHINE 18
#define MACHINE_ARM 40
#define MACHINE_AARCH64 183
#define SEGMENT_LOAD 1

/* Where the fields are that depend on the class */
typedef struct ElfClass {
    unsigned header_size;
    unsigned phoff, phentsize, phnum;
    unsigned offset, paddr, filesz, memsz;
    unsigned word;              /* bytes of an address */
} ElfClass;

static const ElfClass elf32 = { 52, 28, 42, 44, 4, 12, 16, 20, 4 };
static const ElfClass elf64 = { 64, 32, 54, 56, 8, 24, 32, 40, 8 };

static uint64_t elf_field(const VmspecImageFile *f, size_t at, unsigned bytes)
{
    bool big = f->head[IDENT_DATA] == IDENT_DATA_BIG;
    uint64_t value = 0;

    for (unsigned n = 0; n < bytes; n++) {
        value = value << 8 | f->head[at + (big ? n : bytes - 1 - n)];
    }
    return value;
}

/* Every segment must be whole, and adds its addresses to the image's. */
static bool add_segment(const VmspecImageFile *f, const ElfClass *c, size_t at,
                        VmspecImage *image, VmspecImageError *err)
{
    uint64_t offset = elf_field(f, at + c->offset, c->word);
    uint64_t filesz = elf_field(f, at + c->filesz, c->word);
    uint64_t memsz = elf_field(f, at + c->memsz, c->word);
    uint64_t first = elf_field(f, at + c->paddr, c->word);
    uint64_t last = first + memsz - 1;

    if (elf_field(f, at, 4) != SEGMENT_LOAD || !memsz) {
        return true;
    }
    if (offset + filesz > f->size || offset + filesz < offset) {
        return vmspec_image_truncated(err, offset + filesz, f->size);
    }
    if (last < first) {
        return vmspec_image_refuse(err, "has a segment that wraps around",
                                   "Link it again.");
    }
    if (!image->has_addresses || first < image->first) {
        image->first = first;
    }
    if (!image->has_addresses || last > image->last) {
        image->last = last;
    }
    image->has_addresses = true;
    return true;
}

static bool add_segments(const VmspecImageFile *f, const ElfClass *c,
                         VmspecImage *image, VmspecImageError *err)
{
    uint64_t at = elf_field(f, c->phoff, c->word);
    unsigned size = elf_field(f, c->phentsize, 2);
    unsigned n = elf_field(f, c->phnum, 2);

    if (at > f->size || at + (uint64_t)n * size > f->size) {
        return vmspec_image_truncated(err, at + (uint64_t)n * size, f->size);
    }
    for (; n; n--, at += size) {
        /* QEMU's loader judges a header that was not read. */
        if (size < c->memsz + c->word || at + size > f->head_size) {
            return true;
        }
        if (!add_segment(f, c, at, image, err)) {
            return false;
        }
    }
    if (!image->has_addresses) {
        return vmspec_image_refuse(err, "has no segment to load",
                                   "Link it to a program, with ld.");
    }
    return true;
}

bool vmspec_image_parse_elf(const VmspecImageFile *f, VmspecImage *image,
                            VmspecImageError *err)
{
    const ElfClass *c;
    unsigned type, machine;

    if (f->head_size < elf64.header_size) {
        return vmspec_image_truncated(err, elf64.header_size, f->size);
    }
    c = f->head[IDENT_CLASS] == IDENT_CLASS_64 ? &elf64 : &elf32;
    type = elf_field(f, E_TYPE, 2);
    machine = elf_field(f, E_MACHINE, 2);
    image->format = VMSPEC_IMAGE_ELF;
    image->aarch64 = machine == MACHINE_AARCH64;
    image->aarch32 = machine == MACHINE_ARM;
    image->big_endian = f->head[IDENT_DATA] == IDENT_DATA_BIG;
    if (!image->aarch64 && !image->aarch32) {
        return vmspec_image_refuse(err, "is an ELF file for a CPU that is "
                                   "not Arm", "Give a program for Arm.");
    }
    if (type == TYPE_RELOCATABLE || type == TYPE_CORE) {
        return vmspec_image_refuse(err, "is an ELF file, but no program",
                                   "Link it to a program, with ld.");
    }
    return add_segments(f, c, image, err);
}
