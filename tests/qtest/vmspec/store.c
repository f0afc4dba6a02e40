/*
 * vmspec tests: sound variable stores
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "store.h"

/* From Debian's AAVMF_VARS.fd (qemu-efi-aarch64 2025.02) */
static const uint8_t head[STORE_FIRST] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c,
    0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
    0x00, 0x00, 0x0c, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x5f, 0x46, 0x56, 0x48, 0xff, 0xfe, 0x04, 0x00,
    0x48, 0x00, 0x28, 0x09, 0x00, 0x00, 0x00, 0x02,
    0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x78, 0x2c, 0xf3, 0xaa, 0x7b, 0x94, 0x9a, 0x43,
    0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92,
    0xb8, 0xff, 0x03, 0x00, 0x5a, 0xfe, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00,
};
static const uint8_t work[] = {
    0x2b, 0x29, 0x58, 0x9e, 0x68, 0x7c, 0x7d, 0x49,
    0xa0, 0xce, 0x65, 0x00, 0xfd, 0x9f, 0x1b, 0x95,
    0x5b, 0xe7, 0xc6, 0x86, 0xfe, 0xff, 0xff, 0xff,
    0xe0, 0xff, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00,
};

void store_init(uint8_t *data, size_t size)
{
    memset(data, 0xff, size);
    memcpy(data, head, sizeof(head));
    memcpy(data + STORE_AREA, work, sizeof(work));
}

size_t store_put(uint8_t *data, size_t offset, const char *name,
                 uint8_t state, uint32_t data_size)
{
    uint8_t *p = data + offset;
    size_t length = strlen(name) + 1;
    size_t end = offset + STORE_VAR_HEADER + 2 * length + data_size;

    memset(p, 0, STORE_VAR_HEADER);
    p[0] = 0xaa;
    p[1] = 0x55;
    p[2] = state;
    p[4] = 0x07;                /* non-volatile, boot services, run time */
    store_put32(p + 36, 2 * length);
    store_put32(p + 40, data_size);
    memset(p + 44, 0x11, 16);   /* vendor GUID */
    p += STORE_VAR_HEADER;
    for (size_t i = 0; i < length; i++, p += 2) {
        p[0] = name[i];
        p[1] = 0;
    }
    for (uint32_t i = 0; i < data_size; i++) {
        p[i] = name[i % (length - 1)] + i;
    }
    return (end + 3) & ~(size_t)3;
}

size_t store_sample(uint8_t *data, size_t size)
{
    size_t offset = STORE_FIRST;

    store_init(data, size);
    offset = store_put(data, offset, "First", STORE_ADDED, 5);
    offset = store_put(data, offset, "Second", STORE_ADDED, 300);
    offset = store_put(data, offset, "Gone", STORE_DELETED, 40);
    offset = store_put(data, offset, "Big", STORE_ADDED, 3000);
    return store_put(data, offset, "Last", STORE_ADDED, 1);
}

void store_ftw_pending(uint8_t *data)
{
    uint8_t *entry = data + STORE_AREA + sizeof(work);
    uint8_t *record = entry + 40;

    memset(entry, 0, 80);
    entry[0] = 0xfc;            /* header and writes allocated */
    store_put32(entry + 24, 1);       /* one write */
    record[0] = 0xfd;           /* spare block complete */
    store_put32(record + 16, 72);
    store_put32(record + 24, STORE_AREA - 72);
    store_put32(record + 32, -2 * STORE_AREA);
    memset(record + 36, 0xff, 4);
}
