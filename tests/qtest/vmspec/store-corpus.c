/*
 * vmspec tests: damaged variable stores
 *
 * Each store is the sample with one thing wrong, and has the result that the
 * check must give. The offsets come from store_sample(): there are variables
 * at 100, 180, 556 (deleted), 668 and 3736; the last one ends at 3808.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store.h"

#define SECOND 180
#define GONE 556
#define BIG_DATA 736
#define LAST 3736
#define SAMPLE_END 3808
#define MIB (1024 * 1024)
/* The queue of the fault-tolerant write (FTW), behind its header */
#define QUEUE (STORE_AREA + 32)
#define ENTRY 80                /* with one record, as for variables */
#define SPARE (2 * STORE_AREA)

static void free_damage(void *opaque)
{
    StoreDamage *d = opaque;

    g_free(d->name);
    g_free(d->data);
    g_free(d);
}

static StoreDamage *add_sized(GPtrArray *corpus, size_t size,
                              const char *what, unsigned n)
{
    StoreDamage *d = g_new0(StoreDamage, 1);

    d->name = g_strdup_printf("%s-%u", what, n);
    d->size = size;
    d->data = g_malloc0(MAX(size, STORE_BANK));
    store_sample(d->data, STORE_BANK);
    g_ptr_array_add(corpus, d);
    return d;
}

static StoreDamage *spoil(GPtrArray *corpus, const char *what, unsigned n,
                          StoreFate fate, const char *says)
{
    StoreDamage *d = add_sized(corpus, STORE_BANK, what, n);

    d->fate = fate;
    d->says = says;
    return d;
}

static void garbage(uint8_t *p, size_t size, unsigned seed)
{
    GRand *rand = g_rand_new_with_seed(seed);

    while (size--) {
        *p++ = g_rand_int(rand);
    }
    g_rand_free(rand);
}

/* The volume header's 16-bit words add up to 0 (UEFI PI 1.8, 3-3.2.1.1). */
static void mend_checksum(uint8_t *data)
{
    uint16_t sum = 0;

    data[50] = data[51] = 0;
    for (int i = 0; i < 72; i += 2) {
        sum -= data[i] | data[i + 1] << 8;
    }
    data[50] = sum;
    data[51] = sum >> 8;
}

static void add_lengths(GPtrArray *corpus)
{
    static const size_t lengths[] = {
        0, 1, 72, 4096, STORE_AREA, 2 * STORE_AREA, STORE_SIZE - 4096,
        STORE_SIZE - 1, STORE_SIZE + 1, STORE_BANK - 1, STORE_BANK + 1,
        STORE_BANK + 4096, 64 * MIB - 1, 64 * MIB + 1, 64 * MIB + STORE_AREA,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        add_sized(corpus, lengths[i], "length", lengths[i])->says =
            "truncated, or not a store";
    }
    add_sized(corpus, STORE_SIZE, "length", STORE_SIZE)->fate = STORE_WHOLE;
    add_sized(corpus, 64 * MIB, "length", 64 * MIB)->fate = STORE_WHOLE;
}

/* Each byte of the headers that identifies the store */
static void add_header_bytes(GPtrArray *corpus)
{
    static const uint8_t bytes[] = {
        3, 16, 31, 32, 34, 39, 40, 43, 44, 48, 49, 50, 51, 52, 55, 56, 57, 60,
        62, 63, 64, 71, 72, 80, 87, 88, 89, 91, 92, 93,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++) {
        spoil(corpus, "header-byte", bytes[i], STORE_REFUSED, NULL)->
            data[bytes[i]] ^= 0x81;
    }
    spoil(corpus, "format", 0, STORE_REFUSED, "format byte 0x00")->data[92] = 0;
    spoil(corpus, "format", 0xff, STORE_REFUSED, "format byte 0xff")->
        data[92] = 0xff;
    spoil(corpus, "state", 0, STORE_REFUSED, "state byte 0x00")->data[93] = 0;
    spoil(corpus, "state", 0xff, STORE_REFUSED, "state byte 0xff")->
        data[93] = 0xff;
    for (unsigned i = 0; i < 32; i += 5) {
        spoil(corpus, "work-byte", i, i == 20 ? STORE_WHOLE : STORE_REFUSED,
              "header of the FTW work space")->data[STORE_AREA + i] ^=
            i == 20 ? 1 : 0x42;
    }
}

/*
 * The same with a correct checksum, as another firmware writes it: the error
 * says what differs. A newer format has another revision or GUID.
 */
static void add_header_values(GPtrArray *corpus)
{
    static const struct {
        unsigned offset;
        uint32_t value;
        const char *says;
    } rows[] = {
        { 16, 0x8c8b7696, "not one of variables" },
        { 32, 0x00080000, "volume of 524288 bytes" },
        { 32, 0x000c0001, "volume of 786433 bytes" },
        { 36, 0x00000001, "volume of 4295753728 bytes" },
        { 40, 0x5856465f, "_FVH" },
        { 48, 0x00000038, "volume header of 56 bytes" },
        { 48, 0x00000050, "volume header of 80 bytes" },
        { 52, 0x01000000, "revision 1" },
        { 52, 0x03000000, "revision 3" },
        { 56, 0x00000002, "block map of 2 blocks of 262144" },
        { 60, 0x00001000, "block map of 3 blocks of 4096" },
        { 60, 0x00000000, "block map of 3 blocks of 0" },
        { 72, 0xaaf32c79, "authenticated" },
        { 88, 0x0003ffb4, "variable store of 262068 bytes" },
        { 88, 0x0000ffb8, "variable store of 65464 bytes" },
    };
    StoreDamage *d;

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        d = spoil(corpus, "header-value", i, STORE_REFUSED, rows[i].says);
        store_put32(d->data + rows[i].offset, rows[i].value);
        mend_checksum(d->data);
    }
    spoil(corpus, "checksum", 0, STORE_REFUSED, "checksum")->data[50]++;
    /* EDK2 does not look at these, nor does the check */
    mend_checksum(memset(spoil(corpus, "zero-vector", 0, STORE_WHOLE, NULL)->
                         data, 0x5a, 16));
    d = spoil(corpus, "attributes", 0, STORE_WHOLE, NULL);
    store_put32(d->data + 44, 0);
    mend_checksum(d->data);
    memset(spoil(corpus, "reserved", 0, STORE_WHOLE, NULL)->data + 94, 0xa5, 6);
}

static void add_variable_bytes(GPtrArray *corpus)
{
    static const uint8_t states[] = { 0x00, 0x3b, 0x7e, 0xbf, 0xfe };
    static const uint8_t bytes[] = { 4, 5, 7, 36, 38, 39, 40, 42, 43 };

    for (unsigned i = 0; i < G_N_ELEMENTS(states); i++) {
        spoil(corpus, "variable-state", states[i], STORE_REFUSED, "state 0x")->
            data[SECOND + 2] = states[i];
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++) {
        spoil(corpus, "variable-byte", bytes[i], STORE_REFUSED, NULL)->
            data[SECOND + bytes[i]] ^= 0xc1;
    }
    spoil(corpus, "name-not-ended", 2, STORE_REFUSED, "has no end")->
        data[SECOND + STORE_VAR_HEADER + 12] = 'x';
}

/*
 * Zeros or garbage from an offset on, as a lost or a foreign page leaves them
 */
static void add_runs(GPtrArray *corpus)
{
    for (unsigned offset = 0; offset < 4096; offset += 293) {
        bool in_data = offset >= BIG_DATA && offset + 512 <= LAST;

        memset(spoil(corpus, "zeros-from", offset, STORE_REFUSED, NULL)->data +
               offset, 0, 4096);
        garbage(spoil(corpus, "garbage-from", offset, in_data ? STORE_ALTERED :
                      STORE_REFUSED, NULL)->data + offset, 512, 100 + offset);
    }
}

/* One flipped bit of each field of each area */
static void add_bits(GPtrArray *corpus)
{
    static const struct {
        unsigned offset, bit;
        StoreFate fate;
    } rows[] = {
        /* the volume's header, the store's, and what is reserved there */
        { 0, 0, STORE_REFUSED }, { 20, 3, STORE_REFUSED },
        { 33, 7, STORE_REFUSED }, { 45, 2, STORE_REFUSED },
        { 53, 6, STORE_REFUSED }, { 70, 1, STORE_REFUSED },
        { 75, 4, STORE_REFUSED }, { 88, 0, STORE_REFUSED },
        { 92, 1, STORE_REFUSED }, { 93, 0, STORE_REFUSED },
        { 94, 5, STORE_WHOLE }, { 99, 0, STORE_WHOLE },
        /* a variable's start id, state, and reserved byte */
        { SECOND, 0, STORE_REFUSED }, { SECOND + 1, 7, STORE_REFUSED },
        { SECOND + 2, 0, STORE_WHOLE }, { SECOND + 2, 1, STORE_ALTERED },
        { SECOND + 2, 2, STORE_REFUSED }, { SECOND + 2, 3, STORE_REFUSED },
        { SECOND + 2, 6, STORE_ALTERED }, { SECOND + 2, 7, STORE_REFUSED },
        { SECOND + 3, 0, STORE_WHOLE },
        /* attributes, count, time, key */
        { SECOND + 4, 0, STORE_REFUSED }, { SECOND + 4, 2, STORE_ALTERED },
        { SECOND + 4, 7, STORE_REFUSED }, { SECOND + 8, 0, STORE_ALTERED },
        { SECOND + 16, 3, STORE_ALTERED }, { SECOND + 32, 0, STORE_ALTERED },
        /* the sizes of name and data: 14 and 300 bytes, 2 of padding */
        { SECOND + 36, 0, STORE_REFUSED }, { SECOND + 36, 1, STORE_REFUSED },
        { SECOND + 36, 4, STORE_REFUSED }, { SECOND + 38, 0, STORE_REFUSED },
        { SECOND + 40, 0, STORE_ALTERED }, { SECOND + 40, 2, STORE_REFUSED },
        { SECOND + 42, 0, STORE_ALTERED },
        /* vendor GUID, name, its end, data, padding */
        { SECOND + 44, 0, STORE_ALTERED }, { SECOND + 60, 0, STORE_ALTERED },
        { SECOND + 61, 3, STORE_ALTERED }, { SECOND + 72, 0, STORE_REFUSED },
        { SECOND + 74, 6, STORE_ALTERED }, { SECOND + 373, 1, STORE_ALTERED },
        { SECOND + 374, 7, STORE_WHOLE }, { LAST + 70, 2, STORE_ALTERED },
        /*
         * a deleted variable: a state that makes it live again, its name and
         * data
         */
        { GONE + 2, 1, STORE_ALTERED }, { GONE + 2, 0, STORE_WHOLE },
        { GONE + 60, 1, STORE_WHOLE }, { GONE + 80, 1, STORE_WHOLE },
        /* erased bytes behind the variables */
        { SAMPLE_END, 0, STORE_WHOLE }, { SAMPLE_END + 200, 0, STORE_REFUSED },
        { STORE_AREA - 1, 7, STORE_REFUSED },
        /* the work space's header: GUID, CRC, valid, invalid, size */
        { STORE_AREA, 0, STORE_REFUSED }, { STORE_AREA + 16, 3, STORE_REFUSED },
        { STORE_AREA + 20, 0, STORE_WHOLE },
        { STORE_AREA + 20, 1, STORE_REFUSED },
        { STORE_AREA + 24, 5, STORE_REFUSED },
        /* its queue: allocated, writes allocated, complete, caller, number */
        { QUEUE, 0, STORE_WHOLE }, { QUEUE, 1, STORE_WHOLE },
        { QUEUE, 2, STORE_REFUSED }, { QUEUE + 4, 0, STORE_WHOLE },
        { QUEUE + 24, 0, STORE_WHOLE }, { QUEUE + 41, 0, STORE_WHOLE },
        { QUEUE + 5000, 4, STORE_WHOLE }, { SPARE - 1, 0, STORE_WHOLE },
        /* the spare block */
        { SPARE, 0, STORE_WHOLE }, { SPARE + 40, 3, STORE_WHOLE },
        { SPARE + 5000, 3, STORE_WHOLE }, { STORE_SIZE - 1, 7, STORE_WHOLE },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        spoil(corpus, "bit", rows[i].offset * 8 + rows[i].bit, rows[i].fate,
              NULL)->data[rows[i].offset] ^= 1 << rows[i].bit;
    }
}

/* Entry @n of the queue, as a complete reclaim leaves it */
static void complete_entry(uint8_t *data, unsigned n)
{
    store_ftw_pending(data);
    data[QUEUE] = 0xf8;
    data[QUEUE + 40] = 0xf9;
    memmove(data + QUEUE + n * ENTRY, data + QUEUE, ENTRY);
}

/* Queue entries that are not written, not complete, or of another driver */
static void add_queue(GPtrArray *corpus)
{
    static const uint8_t first[] = {
        0x00, 0x04, 0xf8, 0xfc, 0xfd, 0xfe, 0xff,
    };
    const char *says = "FTW queue entry";
    StoreDamage *d;

    memset(spoil(corpus, "work-zero", 0, STORE_REFUSED,
                 "header of the FTW work space")->data + STORE_AREA, 0,
           STORE_AREA);
    memset(spoil(corpus, "queue-zero", 0, STORE_REFUSED, says)->data + QUEUE, 0,
           SPARE - QUEUE);
    memset(spoil(corpus, "queue-zero", 4096, STORE_REFUSED, says)->data + QUEUE,
           0, 4096);
    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++) {
        bool is_free = (first[i] & 1) && (first[i] & 4);

        d = spoil(corpus, "queue-garbage", first[i],
                  is_free ? STORE_WHOLE : STORE_REFUSED, says);
        garbage(d->data + QUEUE, 512, first[i]);
        d->data[QUEUE] = first[i];
    }
    /* the write stopped at this byte; the first part is one program */
    for (unsigned size = 1; size < ENTRY; size += size < 40 ? 6 : 13) {
        d = spoil(corpus, "entry-incomplete", size, STORE_WHOLE, NULL);
        store_ftw_pending(d->data);
        memset(d->data + QUEUE + size, 0xff, ENTRY - size);
        d->data[QUEUE] = size < 40 ? 0xfe : 0xfc;
        d->data[QUEUE + 40] = 0xff;
    }
    /* or only the end was written: pages reach the disk in any order */
    d = spoil(corpus, "entry-end", 0, STORE_WHOLE, NULL);
    store_ftw_pending(d->data);
    memset(d->data + QUEUE, 0xff, 16);
    d->data[QUEUE + 40] = 0xff;
    /* behind a complete entry */
    d = spoil(corpus, "entry-then-zero", 0, STORE_REFUSED, says);
    complete_entry(d->data, 0);
    memset(d->data + QUEUE + ENTRY, 0, 512);
    d = spoil(corpus, "entry-of-none", 0, STORE_REFUSED, says);
    complete_entry(d->data, 0);
    store_put32(d->data + QUEUE + 24, 0);
    d = spoil(corpus, "entry-private", 0, STORE_REFUSED, says);
    complete_entry(d->data, 0);
    store_put32(d->data + QUEUE + 36, 1);
    d = spoil(corpus, "queue-full", 0, STORE_WHOLE, NULL);
    for (unsigned n = (SPARE - QUEUE) / ENTRY; n--; ) {
        complete_entry(d->data, n);
    }
}

/* The copy in the spare block, and the pending update that uses it */
static void add_spare(GPtrArray *corpus)
{
    StoreDamage *d = spoil(corpus, "spare-garbage", 0, STORE_WHOLE, NULL);

    garbage(d->data + SPARE, STORE_AREA, 5);
    memset(spoil(corpus, "spare-zero", 0, STORE_WHOLE, NULL)->data + SPARE, 0,
           STORE_AREA);
    d = spoil(corpus, "pending", 0, STORE_WHOLE, NULL);
    memcpy(d->data + SPARE, d->data, STORE_AREA);
    memset(d->data, 0, STORE_AREA);
    store_ftw_pending(d->data);
    d = spoil(corpus, "pending-erased", 0, STORE_REFUSED, "blank");
    store_ftw_pending(d->data);
    d = spoil(corpus, "pending-zero", 0, STORE_REFUSED, "blank");
    memset(d->data + SPARE, 0, STORE_AREA);
    store_ftw_pending(d->data);
    d = spoil(corpus, "pending-garbage", 0, STORE_REFUSED, "_FVH");
    garbage(d->data + SPARE, STORE_AREA, 6);
    store_ftw_pending(d->data);
    d = spoil(corpus, "pending-block", 1, STORE_REFUSED, "for block 1");
    memcpy(d->data + SPARE, d->data, STORE_AREA);
    store_ftw_pending(d->data);
    d->data[QUEUE + 40 + 8] = 1;
    d = spoil(corpus, "pending-target", 1, STORE_REFUSED, "for block 0");
    memcpy(d->data + SPARE, d->data, STORE_AREA);
    store_ftw_pending(d->data);
    d->data[QUEUE + 40 + 33] = 1;
    d = spoil(corpus, "pending-header", 0, STORE_REFUSED, "format byte");
    memcpy(d->data + SPARE, d->data, STORE_AREA);
    d->data[SPARE + 92] = 0;
    store_ftw_pending(d->data);
}

/*
 * The store of OvmfPkg/VarStore.fdf.inc (EDK2) for x86: 528 KiB in blocks of 4
 * KiB. The header is typed from that file.
 */
static void add_x86(GPtrArray *corpus)
{
    static const size_t sizes[] = { 528 * 1024, STORE_BANK };

    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        StoreDamage *d = add_sized(corpus, sizes[i], "x86-store", sizes[i]);

        d->says = i ? "volume of 540672 bytes" : "truncated, or not a store";
        store_put32(d->data + 32, 0x84000);
        store_put32(d->data + 56, 0x84);
        store_put32(d->data + 60, 0x1000);
        d->data[50] = 0xaf;
        d->data[51] = 0xb8;
    }
}

static void add_foreign(GPtrArray *corpus)
{
    StoreDamage *d = spoil(corpus, "all", 0, STORE_REFUSED, "blank");

    memset(d->data, 0, STORE_BANK);
    memset(spoil(corpus, "all", 0xff, STORE_REFUSED, "blank")->data, 0xff,
           STORE_BANK);
    d = spoil(corpus, "random", 3, STORE_REFUSED, "_FVH");
    garbage(d->data, STORE_BANK, 3);
    d->foreign = true;
    /* gEfiVariableGuid: variables without authentication */
    d = spoil(corpus, "not-authenticated", 0, STORE_REFUSED, "authenticated");
    memcpy(d->data + 72, "\x16\x36\xcf\xdd\x75\x32\x64\x41"
           "\x98\xb6\xfe\x85\x70\x7f\xfe\x7d", 16);
}

GPtrArray *store_corpus(void)
{
    GPtrArray *corpus = g_ptr_array_new_with_free_func(free_damage);

    add_lengths(corpus);
    add_header_bytes(corpus);
    add_header_values(corpus);
    add_variable_bytes(corpus);
    add_runs(corpus);
    add_bits(corpus);
    add_queue(corpus);
    add_spare(corpus);
    add_x86(corpus);
    add_foreign(corpus);
    return corpus;
}

bool store_write(const char *path, const StoreDamage *d)
{
    /* g_file_set_contents() would wait for the disk */
    size_t size = MIN(d->size, STORE_BANK);
    FILE *file = fopen(path, "w");
    bool ok = file && fwrite(d->data, 1, size, file) == size;

    return file && fclose(file) == 0 && ok && truncate(path, d->size) == 0;
}
