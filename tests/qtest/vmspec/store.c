/*
 * vmspec tests: variable stores, sound and damaged
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "store.h"

/* xxd of AAVMF_VARS.fd, Debian's qemu-efi-aarch64 2025.02 */
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

static void put32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        p[i] = value >> (8 * i);
    }
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
    put32(p + 36, 2 * length);
    put32(p + 40, data_size);
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
    put32(entry + 24, 1);       /* one write */
    record[0] = 0xfd;           /* spare area complete */
    put32(record + 16, 72);
    put32(record + 24, STORE_AREA - 72);
    put32(record + 32, -2 * STORE_AREA);
    memset(record + 36, 0xff, 4);
}

static void free_damage(void *opaque)
{
    StoreDamage *d = opaque;

    g_free(d->name);
    g_free(d->data);
    g_free(d);
}

static StoreDamage *add(GPtrArray *corpus, size_t size, const char *what,
                        unsigned n)
{
    StoreDamage *d = g_new0(StoreDamage, 1);

    d->name = g_strdup_printf("%s-%u", what, n);
    d->size = size;
    d->data = g_malloc0(MAX(size, STORE_BANK));
    store_sample(d->data, STORE_BANK);
    g_ptr_array_add(corpus, d);
    return d;
}

static void add_lengths(GPtrArray *corpus)
{
    static const size_t lengths[] = {
        0, 1, 72, 4096, STORE_AREA, 2 * STORE_AREA, STORE_SIZE - 4096,
        STORE_SIZE - 1, STORE_SIZE + 1, STORE_BANK - 1, STORE_BANK + 1,
        STORE_BANK + 4096,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        add(corpus, lengths[i], "length", lengths[i]);
    }
}

/* Each byte of the headers that says what the store is */
static void add_header_bytes(GPtrArray *corpus)
{
    static const uint8_t bytes[] = {
        3, 16, 31, 32, 34, 39, 40, 43, 44, 48, 49, 50, 51, 52, 55, 56, 57, 60,
        62, 63, 64, 71, 72, 80, 87, 88, 89, 91, 92, 93,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++) {
        add(corpus, STORE_BANK, "header-byte", bytes[i])->data[bytes[i]] ^=
            0x81;
    }
    add(corpus, STORE_BANK, "format", 0)->data[92] = 0;
    add(corpus, STORE_BANK, "format", 0xff)->data[92] = 0xff;
    add(corpus, STORE_BANK, "state", 0)->data[93] = 0;
    add(corpus, STORE_BANK, "state", 0xff)->data[93] = 0xff;
    for (unsigned i = 0; i < sizeof(work); i += 5) {
        add(corpus, STORE_BANK, "work-byte", i)->data[STORE_AREA + i] ^=
            0x42;
    }
}

static void add_variable_bytes(GPtrArray *corpus)
{
    static const uint8_t states[] = { 0x00, 0x3b, 0x7e, 0xbf, 0xfe };
    static const uint8_t bytes[] = { 4, 5, 7, 36, 38, 39, 40, 42, 43 };
    size_t second = STORE_FIRST + 60 + 12 + 5 + 3;

    for (unsigned i = 0; i < G_N_ELEMENTS(states); i++) {
        add(corpus, STORE_BANK, "variable-state", states[i])->
            data[second + 2] = states[i];
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++) {
        add(corpus, STORE_BANK, "variable-byte", bytes[i])->
            data[second + bytes[i]] ^= 0xc1;
    }
    add(corpus, STORE_BANK, "start-id", 0)->data[second] ^= 1;
    add(corpus, STORE_BANK, "start-id", 1)->data[second + 1] ^= 1;
    add(corpus, STORE_BANK, "name-not-ended", 2)->
        data[second + STORE_VAR_HEADER + 12] = 'x';
}

/* Zeros and garbage from a point on, as a lost or foreign page leaves it */
static void add_runs(GPtrArray *corpus)
{
    GRand *rand = g_rand_new_with_seed(1);

    for (unsigned offset = 0; offset < 4096; offset += 293) {
        StoreDamage *d = add(corpus, STORE_BANK, "zeros-from", offset);

        memset(d->data + offset, 0, 4096);
        d = add(corpus, STORE_BANK, "garbage-from", offset);
        for (unsigned i = 0; i < 512; i++) {
            d->data[offset + i] = g_rand_int(rand);
        }
        d->may_pass = true;     /* within one variable's data */
    }
    g_rand_free(rand);
}

/* One flipped bit in a name or in data cannot be seen: nothing guards it. */
static void add_bits(GPtrArray *corpus)
{
    GRand *rand = g_rand_new_with_seed(2);
    uint8_t *sample = g_malloc(STORE_BANK);
    size_t end = store_sample(sample, STORE_BANK);

    for (unsigned i = 0; i < 16; i++) {
        StoreDamage *d = add(corpus, STORE_BANK, "bit", i);

        d->data[g_rand_int_range(rand, 0, end)] ^= 1 << i % 8;
        d->may_pass = true;
    }
    g_free(sample);
    g_rand_free(rand);
}

static void add_foreign(GPtrArray *corpus)
{
    StoreDamage *d = add(corpus, STORE_BANK, "all", 0);
    GRand *rand = g_rand_new_with_seed(3);

    memset(d->data, 0, STORE_BANK);
    memset(add(corpus, STORE_BANK, "all", 0xff)->data, 0xff, STORE_BANK);
    d = add(corpus, STORE_BANK, "random", 3);
    for (unsigned i = 0; i < STORE_BANK; i++) {
        d->data[i] = g_rand_int(rand);
    }
    /* OVMF's for x86: 528 KiB in blocks of 4 KiB, with a right checksum */
    d = add(corpus, STORE_BANK, "x86-store", 528);
    put32(d->data + 32, 0x84000);
    put32(d->data + 56, 0x84);
    put32(d->data + 60, 0x1000);
    d->data[50] = 0x28 + 0x44;
    d->data[51] = 0x09 + 0x6f;
    /* gEfiVariableGuid: variables without authentication */
    d = add(corpus, STORE_BANK, "not-authenticated", 0);
    memcpy(d->data + 72, "\x16\x36\xcf\xdd\x75\x32\x64\x41"
           "\x98\xb6\xfe\x85\x70\x7f\xfe\x7d", 16);
    g_rand_free(rand);
}

GPtrArray *store_corpus(void)
{
    GPtrArray *corpus = g_ptr_array_new_with_free_func(free_damage);

    add_lengths(corpus);
    add_header_bytes(corpus);
    add_variable_bytes(corpus);
    add_runs(corpus);
    add_bits(corpus);
    add_foreign(corpus);
    return corpus;
}
