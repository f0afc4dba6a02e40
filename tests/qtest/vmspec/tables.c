/*
 * vmspec tests: the ACPI tables, as firmware gets them from fw_cfg
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "machine.h"
#include "tables.h"

#define FW_CFG_FILE_DIR 0x19
#define TABLE_LENGTH 4
#define TABLE_HEADER 36

/* QEMU's fw_cfg specification: data at 0, selector (big-endian) at 8 */
static void fw_cfg_select(QTestState *qts, uint16_t key)
{
    uint16_t selector = cpu_to_be16(key);

    qtest_memwrite(qts, vmspec_base("fw-cfg") + 8, &selector,
                   sizeof(selector));
}

/* @size is rounded up to the width of the data register. */
static void fw_cfg_read(QTestState *qts, void *data, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        qtest_memread(qts, vmspec_base("fw-cfg"), (uint8_t *)data + i, 8);
    }
}

/* Select file @name, 0 bytes long if there is none. */
static uint32_t fw_cfg_open(QTestState *qts, const char *name)
{
    uint8_t directory[64 * 64];
    uint32_t count;

    fw_cfg_select(qts, FW_CFG_FILE_DIR);
    fw_cfg_read(qts, directory, sizeof(directory));
    count = ldl_be_p(directory);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *entry = directory + 4 + i * 64;

        if (!strcmp((char *)entry + 8, name)) {
            fw_cfg_select(qts, lduw_be_p(entry + 4));
            return ldl_be_p(entry);
        }
    }
    return 0;
}

uint8_t *tables_file(QTestState *qts, const char *name, size_t *size)
{
    uint8_t *data;

    *size = fw_cfg_open(qts, name);
    g_assert_cmpuint(*size, >, 0);
    data = g_malloc0(ROUND_UP(*size, 8));
    fw_cfg_read(qts, data, *size);
    return data;
}

uint8_t *tables_read(QTestState *qts, size_t *size)
{
    return tables_file(qts, "etc/acpi/tables", size);
}

uint32_t tables_length(const uint8_t *tables, size_t size, uint32_t offset)
{
    return offset + TABLE_HEADER <= size && tables[offset] ?
           ldl_le_p(tables + offset + TABLE_LENGTH) : 0;
}

const uint8_t *tables_find(const uint8_t *tables, size_t size,
                           const char *signature)
{
    uint32_t offset = 0, length;

    while ((length = tables_length(tables, size, offset))) {
        if (!memcmp(tables + offset, signature, 4)) {
            return tables + offset;
        }
        offset += length;
    }
    return NULL;
}
