/*
 * vmspec firmware build: take the padding out of a PE image
 *
 * GenFw pads each section to its alignment in memory, and the list of
 * relocations with entries that mean nothing. A run-time driver of AArch64 has
 * sections of 64 KiB, so of its 256 KiB about 50 are content, and of its
 * relocations one in a hundred. The firmware would copy the padding and look at
 * each entry, in each boot.
 *
 *   pe-pack TYPE IMAGE      TYPE: the module type of EDK2, such as DXE_DRIVER
 *
 * An image that runs in place (SEC, PEI) loses the entries alone. The format is
 * Microsoft's "PE Format".
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_ALIGN 0x200        /* the least that the format allows */
#define ALIGN_UP(value, to) (((value) + (to) - 1) / (to) * (to))

/* offsets in the headers */
#define DOS_PE          0x3c
#define DOS_LEN         0x40
#define PE_SECTIONS     0x06
#define PE_OPTIONAL_LEN 0x14
#define PE_OPTIONAL     0x18
#define OPT_FILE_ALIGN  0x24
#define OPT_HEADERS_LEN 0x3c
#define DIR_RELOC       5
#define DIR_DEBUG       6
#define SECTION_LEN     0x28
#define SEC_ADDRESS     0x0c
#define SEC_RAW_LEN     0x10
#define SEC_RAW         0x14
#define DEBUG_LEN       0x1c
#define DEBUG_ADDRESS   0x14
#define DEBUG_RAW       0x18

typedef struct Image {
    const char *name;
    uint8_t *data;
    uint32_t len;
    uint32_t pe;                /* offset of the PE header */
    uint32_t directories;       /* offset of the data directories */
    uint32_t sections;          /* offset of the section headers */
    unsigned count;             /* of sections */
} Image;

static void fail(const char *name, const char *what)
{
    fprintf(stderr, "pe-pack: %s: %s\n", name, what);
    exit(1);
}

static uint8_t *at(Image *image, uint32_t offset, uint32_t len)
{
    if (offset > image->len || len > image->len - offset) {
        fail(image->name, "the headers point behind the end of the file");
    }
    return image->data + offset;
}

static uint32_t get(Image *image, uint32_t offset, unsigned bytes)
{
    const uint8_t *p = at(image, offset, bytes);
    uint32_t value = 0;

    for (unsigned i = bytes; i-- > 0;) {
        value = value << 8 | p[i];
    }
    return value;
}

static void put32(Image *image, uint32_t offset, uint32_t value)
{
    uint8_t *p = at(image, offset, 4);

    for (unsigned i = 0; i < 4; i++) {
        p[i] = value >> (8 * i);
    }
}

static void parse(Image *image)
{
    uint32_t magic;

    image->pe = get(image, DOS_PE, 4);
    if (memcmp(at(image, image->pe, 4), "PE\0\0", 4) != 0) {
        fail(image->name, "is no PE image");
    }
    magic = get(image, image->pe + PE_OPTIONAL, 2);
    image->directories = image->pe + PE_OPTIONAL + (magic == 0x20b ? 112 : 96);
    image->count = get(image, image->pe + PE_SECTIONS, 2);
    image->sections = image->pe + PE_OPTIONAL +
                      get(image, image->pe + PE_OPTIONAL_LEN, 2);
}

/* Return the offset in the file of an address, or 0 where there is none. */
static uint32_t raw_of(Image *image, uint32_t address)
{
    for (unsigned i = 0; i < image->count; i++) {
        uint32_t header = image->sections + i * SECTION_LEN;
        uint32_t start = get(image, header + SEC_ADDRESS, 4);

        if (address >= start &&
            address - start < get(image, header + SEC_RAW_LEN, 4)) {
            return address - start + get(image, header + SEC_RAW, 4);
        }
    }
    return 0;
}

/* Cut the entries of type 0 off the last block of relocations. */
static void cut_relocations(Image *image)
{
    uint32_t directory = image->directories + DIR_RELOC * 8;
    uint32_t start = raw_of(image, get(image, directory, 4));
    uint32_t end = start + get(image, directory + 4, 4);
    uint32_t block = start, len;

    if (start == 0 || start == end) {
        return;
    }
    for (;; block += len) {
        len = get(image, block + 4, 4);
        if (len < 8 || len > end - block) {
            fail(image->name, "a block of relocations has a wrong length");
        }
        if (block + len == end) {
            break;
        }
    }
    while (len >= 12 && get(image, block + len - 4, 4) == 0) {
        len -= 4;
    }
    memset(at(image, block + len, end - block - len), 0, end - block - len);
    put32(image, block + 4, len);
    put32(image, directory + 4, block + len - start);
}

/* Tell each entry of the debug directory where its data went. */
static void move_debug(Image *image)
{
    uint32_t directory = image->directories + DIR_DEBUG * 8;
    uint32_t entry = raw_of(image, get(image, directory, 4));
    uint32_t entries = get(image, directory + 4, 4) / DEBUG_LEN;

    for (; entry != 0 && entries-- > 0; entry += DEBUG_LEN) {
        put32(image, entry + DEBUG_RAW,
              raw_of(image, get(image, entry + DEBUG_ADDRESS, 4)));
    }
}

/* GenFw puts the PE header before the first section: move it to the start. */
static void move_headers(Image *image)
{
    uint32_t len = image->sections + image->count * SECTION_LEN - image->pe;

    if (image->pe > DOS_LEN) {
        memmove(at(image, DOS_LEN, len), at(image, image->pe, len), len);
        put32(image, DOS_PE, DOS_LEN);
        parse(image);
    }
}

/* Put the sections one behind the other, without the zeros at their ends. */
static void pack(Image *image)
{
    uint32_t end;

    move_headers(image);
    end = ALIGN_UP(image->sections + image->count * SECTION_LEN, FILE_ALIGN);
    put32(image, image->pe + PE_OPTIONAL + OPT_FILE_ALIGN, FILE_ALIGN);
    put32(image, image->pe + PE_OPTIONAL + OPT_HEADERS_LEN, end);
    for (unsigned i = 0; i < image->count; i++) {
        uint32_t header = image->sections + i * SECTION_LEN;
        uint32_t len = get(image, header + SEC_RAW_LEN, 4);
        uint32_t raw = get(image, header + SEC_RAW, 4);
        uint8_t *data = at(image, raw, len);

        if (raw < end) {
            fail(image->name, "the sections are not in the order of the file");
        }
        while (len > 0 && data[len - 1] == 0) {
            len--;
        }
        memmove(at(image, end, len), data, len);
        put32(image, header + SEC_RAW, end);
        put32(image, header + SEC_RAW_LEN, ALIGN_UP(len, FILE_ALIGN));
        memset(at(image, end + len, ALIGN_UP(len, FILE_ALIGN) - len), 0,
               ALIGN_UP(len, FILE_ALIGN) - len);
        end += ALIGN_UP(len, FILE_ALIGN);
    }
    image->len = end;
    move_debug(image);
}

static void load(Image *image)
{
    FILE *file = fopen(image->name, "rb");
    long len = -1;

    if (file && fseek(file, 0, SEEK_END) == 0) {
        len = ftell(file);
    }
    if (len < 0 || len > INT32_MAX) {
        fail(image->name, "cannot be read");
    }
    rewind(file);
    image->len = len;
    image->data = malloc(len + 1);
    if (!image->data || fread(image->data, 1, len, file) != (size_t)len) {
        fail(image->name, "cannot be read");
    }
    fclose(file);
}

static void store(Image *image)
{
    FILE *file = fopen(image->name, "wb");

    if (!file || fwrite(image->data, 1, image->len, file) != image->len ||
        fclose(file) != 0) {
        fail(image->name, "cannot be written");
    }
}

int main(int argc, char **argv)
{
    static const char *const in_place[] = { "SEC", "PEI_CORE", "PEIM", "BASE" };
    Image image = {};
    bool packs = true;

    if (argc != 3) {
        fail("usage", "pe-pack TYPE IMAGE");
    }
    for (unsigned i = 0; i < sizeof(in_place) / sizeof(in_place[0]); i++) {
        packs = packs && strcmp(argv[1], in_place[i]) != 0;
    }
    image.name = argv[2];
    load(&image);
    parse(&image);
    cut_relocations(&image);
    if (packs) {
        pack(&image);
    }
    store(&image);
    free(image.data);
    return 0;
}
