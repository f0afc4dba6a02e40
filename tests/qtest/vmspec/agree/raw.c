/*
 * vmspec tests: the raw data of a machine
 *
 * The FDT from the start of RAM, as firmware finds it; the files of fw_cfg by
 * DMA (QEMU's docs/specs/fw_cfg.rst); the ACPI tables after the loader script;
 * the memory tree from the monitor.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/host-utils.h"
#include "qemu/units.h"
#include "../fdt-blob.h"
#include "agree.h"

/* The DMA buffer: the end of RAM, far from the FDT */
#define SCRATCH (1 * MiB)
#define FW_CFG_DATA 16
#define FW_CFG_DIRECTORY 0x19
#define FW_CFG_ENTRY 64
#define FW_CFG_NAME 8
#define DMA_READ_SELECT (2 | 8)
#define DMA_DONE 0

/* The loader script: entries of one size (QEMU's bios-linker-loader.c) */
#define SCRIPT_ENTRY 128
#define SCRIPT_NAME 56
#define ALLOCATE 1
#define ADD_POINTER 2
#define ADD_CHECKSUM 3
#define WRITE_POINTER 4
/*
 * Where tables are placed. The address has more than 16 bits, so that a
 * pointer that was not patched shows.
 */
#define FIRST_ADDRESS 0x1230000

/* ACPI 6.5: 5.2.5.3 RSDP, 5.2.6 table header, 5.2.9 FADT */
#define RSDP_XSDT 24
#define TABLE_LENGTH 4
#define TABLE_CHECKSUM 9
#define TABLE_HEADER 36
#define FADT_X_DSDT 140

uint64_t agree_get(const uint8_t *data, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = size; i-- > 0;) {
        value = value << 8 | data[i];
    }
    return value;
}

void agree_put(uint8_t *data, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++) {
        data[i] = value >> 8 * i;
    }
}

static const MtreeRange *first_ram(const AgreeRaw *raw)
{
    for (unsigned i = 0; i < raw->flat->len; i++) {
        const MtreeRange *range = g_ptr_array_index(raw->flat, i);

        if (!strcmp(range->kind, "ram")) {
            return range;
        }
    }
    g_error("no RAM in info mtree -f");
}

/* The first @size bytes of item @key */
static void read_item(const AgreeRaw *raw, unsigned key, void *data,
                      size_t size)
{
    const MtreeRange *ram = first_ram(raw);
    const MtreeRange *dma = mtree_find(raw->flat, "fwcfg.dma");
    uint64_t access = ram->base + ram->size - SCRATCH;
    uint64_t buffer = access + 64;
    uint8_t request[16];
    uint8_t address[8];

    g_assert_nonnull(dma);
    g_assert_cmpuint(size, <, SCRATCH - 64);
    stl_be_p(request, key << 16 | DMA_READ_SELECT);
    stl_be_p(request + 4, size);
    stq_be_p(request + 8, buffer);
    qtest_memwrite(raw->qts, access, request, sizeof(request));
    stq_be_p(address, access);
    qtest_memwrite(raw->qts, dma->base, address, sizeof(address));
    qtest_memread(raw->qts, access, request, sizeof(request));
    g_assert_cmphex(ldl_be_p(request), ==, DMA_DONE);
    if (size) {
        qtest_memread(raw->qts, buffer, data, size);
    }
}

static void read_files(AgreeRaw *raw)
{
    uint8_t count[4];
    g_autofree uint8_t *directory = NULL;
    size_t size;

    read_item(raw, FW_CFG_DIRECTORY, count, sizeof(count));
    size = 4 + ldl_be_p(count) * FW_CFG_ENTRY;
    directory = g_malloc(size);
    read_item(raw, FW_CFG_DIRECTORY, directory, size);
    for (size_t at = 4; at < size; at += FW_CFG_ENTRY) {
        AgreeFile *file = g_new0(AgreeFile, 1);

        file->size = ldl_be_p(directory + at);
        file->name = g_strndup((char *)directory + at + FW_CFG_NAME,
                               FW_CFG_ENTRY - FW_CFG_NAME);
        file->data = g_malloc0(file->size + 1);
        read_item(raw, lduw_be_p(directory + at + 4), file->data, file->size);
        g_ptr_array_add(raw->files, file);
    }
}

static AgreeFile *find_file(const AgreeRaw *raw, const char *name)
{
    for (unsigned i = 0; i < raw->files->len; i++) {
        AgreeFile *file = g_ptr_array_index(raw->files, i);

        if (!strcmp(file->name, name)) {
            return file;
        }
    }
    return NULL;
}

/* The file that an entry of the script names; it must have been placed. */
static AgreeFile *placed_file(const AgreeRaw *raw, const uint8_t *name)
{
    g_autofree char *text = g_strndup((const char *)name, SCRIPT_NAME);
    AgreeFile *file = find_file(raw, text);

    if (!file || !file->address) {
        g_error("the loader script uses '%s' and has not placed it", text);
    }
    return file;
}

static void allocate(const AgreeRaw *raw, const uint8_t *entry,
                     uint64_t *next)
{
    g_autofree char *name = g_strndup((const char *)entry, SCRIPT_NAME);
    AgreeFile *file = find_file(raw, name);
    uint64_t align = agree_get(entry + SCRIPT_NAME, 4);

    g_assert_nonnull(file);
    g_assert_cmphex(file->address, ==, 0);
    g_assert_true(is_power_of_2(align));
    file->address = ROUND_UP(*next, align);
    *next = file->address + file->size;
}

static void add_pointer(const AgreeRaw *raw, const uint8_t *entry)
{
    AgreeFile *to = placed_file(raw, entry);
    AgreeFile *from = placed_file(raw, entry + SCRIPT_NAME);
    size_t offset = agree_get(entry + 2 * SCRIPT_NAME, 4);
    unsigned size = entry[2 * SCRIPT_NAME + 4];
    uint64_t pointer;

    g_assert_true(size == 1 || size == 2 || size == 4 || size == 8);
    g_assert_cmpuint(offset + size, <=, to->size);
    pointer = agree_get(to->data + offset, size);
    g_assert_cmphex(pointer, <, from->size);
    agree_put(to->data + offset, size, pointer + from->address);
}

/* The firmware tells QEMU where a file is, and no test needs that. */
static void write_pointer(const AgreeRaw *raw, const uint8_t *entry)
{
    g_autofree char *name = g_strndup((const char *)entry, SCRIPT_NAME);
    AgreeFile *to = find_file(raw, name);
    AgreeFile *from = placed_file(raw, entry + SCRIPT_NAME);
    size_t offset = agree_get(entry + 2 * SCRIPT_NAME, 4);
    unsigned size = entry[2 * SCRIPT_NAME + 8];

    g_assert_nonnull(to);
    g_assert_cmpuint(offset + size, <=, to->size);
    g_assert_cmpuint(agree_get(entry + 2 * SCRIPT_NAME + 4, 4), <,
                     from->size);
}

static void add_checksum(const AgreeRaw *raw, const uint8_t *entry)
{
    AgreeFile *file = placed_file(raw, entry);
    size_t offset = agree_get(entry + SCRIPT_NAME, 4);
    size_t start = agree_get(entry + SCRIPT_NAME + 4, 4);
    size_t length = agree_get(entry + SCRIPT_NAME + 8, 4);
    uint8_t sum = 0;

    g_assert_cmpuint(offset, <, file->size);
    g_assert_cmpuint(start + length, <=, file->size);
    for (size_t i = start; i < start + length; i++) {
        sum += file->data[i];
    }
    file->data[offset] -= sum;
}

static void run_script(const AgreeRaw *raw)
{
    const AgreeFile *script = find_file(raw, "etc/table-loader");
    uint64_t next = FIRST_ADDRESS;

    for (size_t at = 0; script && at + SCRIPT_ENTRY <= script->size;
         at += SCRIPT_ENTRY) {
        const uint8_t *entry = script->data + at + 4;
        unsigned command = agree_get(script->data + at, 4);

        if (command == ALLOCATE) {
            allocate(raw, entry, &next);
        } else if (command == ADD_POINTER) {
            add_pointer(raw, entry);
        } else if (command == ADD_CHECKSUM) {
            add_checksum(raw, entry);
        } else if (command == WRITE_POINTER) {
            write_pointer(raw, entry);
        } else if (command) {
            g_error("the loader script has an unknown command %u", command);
        }
    }
}

static void file_free(void *opaque)
{
    AgreeFile *file = opaque;

    g_free(file->name);
    g_free(file->data);
    g_free(file);
}

AgreeRaw *agree_raw_read(QTestState *qts)
{
    AgreeRaw *raw = g_new0(AgreeRaw, 1);

    raw->qts = qts;
    raw->flat = mtree_flat(qts);
    raw->board = mtree_system(qts);
    raw->files = g_ptr_array_new_with_free_func(file_free);
    raw->fdt = vmspec_fdt_at(qts, first_ram(raw)->base);
    read_files(raw);
    run_script(raw);
    return raw;
}

void agree_raw_free(AgreeRaw *raw)
{
    g_ptr_array_free(raw->flat, true);
    g_ptr_array_free(raw->board, true);
    g_ptr_array_free(raw->files, true);
    g_free(raw->fdt);
    g_free(raw);
}

uint8_t *agree_raw_at(const AgreeRaw *raw, uint64_t address, size_t size)
{
    for (unsigned i = 0; i < raw->files->len; i++) {
        AgreeFile *file = g_ptr_array_index(raw->files, i);

        if (file->address && address >= file->address && size <= file->size &&
            address - file->address <= file->size - size) {
            return file->data + (address - file->address);
        }
    }
    return NULL;
}

/* The table at @address, if all of it lies in one file */
static uint8_t *table_at(const AgreeRaw *raw, uint64_t address)
{
    uint8_t *table = agree_raw_at(raw, address, TABLE_HEADER);
    size_t length = table ? agree_get(table + TABLE_LENGTH, 4) : 0;

    return length >= TABLE_HEADER && agree_raw_at(raw, address, length) ?
           table : NULL;
}

uint8_t *agree_raw_table(const AgreeRaw *raw, const char *signature)
{
    AgreeFile *rsdp = find_file(raw, "etc/acpi/rsdp");
    uint8_t *xsdt, *table;

    if (!rsdp || rsdp->size < RSDP_XSDT + 8) {
        return NULL;
    }
    if (!strcmp(signature, "RSDP")) {
        return rsdp->data;
    }
    xsdt = table_at(raw, agree_get(rsdp->data + RSDP_XSDT, 8));
    g_assert_nonnull(xsdt);
    if (!strcmp(signature, "XSDT")) {
        return xsdt;
    }
    if (!strcmp(signature, "DSDT")) {
        table = agree_raw_table(raw, "FACP");
        return table ? table_at(raw, agree_get(table + FADT_X_DSDT, 8)) :
               NULL;
    }
    for (size_t at = TABLE_HEADER;
         at + 8 <= agree_get(xsdt + TABLE_LENGTH, 4); at += 8) {
        table = table_at(raw, agree_get(xsdt + at, 8));
        g_assert_nonnull(table);
        if (!memcmp(table, signature, 4)) {
            return table;
        }
    }
    return NULL;
}

void agree_raw_sum(uint8_t *table)
{
    size_t length = agree_get(table + TABLE_LENGTH, 4);

    table[TABLE_CHECKSUM] = 0;
    for (size_t i = 0; i < length; i++) {
        if (i != TABLE_CHECKSUM) {
            table[TABLE_CHECKSUM] -= table[i];
        }
    }
}
