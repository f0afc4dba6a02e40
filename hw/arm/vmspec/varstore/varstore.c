/*
 * vmspec: the variables of a store
 *
 * This file reads and makes variables: it decides which ones the guest can
 * read, what an empty store contains, and what varstore_replay() changes. The
 * functions trust the sizes in a store, so the store must have passed
 * varstore_check(). They do no I/O and allocate nothing.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "layout.h"

/* gEfiSystemNvDataFvGuid, gEfiAuthenticatedVariableGuid */
const uint8_t varstore_volume_guid[VARSTORE_GUID_SIZE] = {
    0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c,
    0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
};
const uint8_t varstore_header_guid[VARSTORE_GUID_SIZE] = {
    0x78, 0x2c, 0xf3, 0xaa, 0x7b, 0x94, 0x9a, 0x43,
    0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92,
};

/*
 * The header of the FTW work space: gEdkiiWorkingBlockSignatureGuid, the CRC,
 * the flags and the queue's size. No byte depends on the store's content, and
 * EDK2 compares the whole header.
 */
const uint8_t varstore_ftw_header[FTW_WORK_HEADER_SIZE] = {
    0x2b, 0x29, 0x58, 0x9e, 0x68, 0x7c, 0x7d, 0x49,
    0xa0, 0xce, 0x65, 0x00, 0xfd, 0x9f, 0x1b, 0x95,
    0x5b, 0xe7, 0xc6, 0x86, 0xfe, 0xff, 0xff, 0xff,
    0xe0, 0xff, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00,
};

size_t varstore_step(const uint8_t *area, size_t offset)
{
    const uint8_t *p = area + offset;

    if (offset + VAR_HEADER_SIZE >= VARSTORE_AREA_SIZE ||
        get16(p) != VAR_START_ID) {
        return 0;
    }
    if (p[VAR_STATE] == STATE_ERASED) {
        return VAR_HEADER_SIZE;
    }
    return align_var(VAR_HEADER_SIZE + (size_t)get32(p + VAR_NAME_SIZE) +
                 get32(p + VAR_DATA_SIZE));
}

/*
 * Has a variable with @state, whose header is at @from or behind it and before
 * @to, the name and GUID of the one at @offset?
 */
static bool has_copy(const uint8_t *area, size_t offset, uint8_t state,
                     size_t from, size_t to)
{
    const uint8_t *p = area + offset;
    uint32_t name_size = get32(p + VAR_NAME_SIZE);
    size_t size;

    for (; from < to && (size = varstore_step(area, from)); from += size) {
        const uint8_t *q = area + from;

        if (q[VAR_STATE] == state && get32(q + VAR_NAME_SIZE) == name_size &&
            !memcmp(q + VAR_GUID, p + VAR_GUID, VARSTORE_GUID_SIZE) &&
            !memcmp(q + VAR_HEADER_SIZE, p + VAR_HEADER_SIZE, name_size)) {
            return true;
        }
    }
    return false;
}

bool varstore_is_second(const uint8_t *area, size_t offset)
{
    return area[offset + VAR_STATE] == STATE_ADDED &&
           has_copy(area, offset, STATE_ADDED, VARSTORE_FIRST, offset);
}

/* EDK2's FindVariableEx(): the first one that is added, else the last one. */
bool varstore_is_live(const uint8_t *area, size_t offset)
{
    uint8_t state = area[offset + VAR_STATE];
    size_t next = offset + varstore_step(area, offset);

    if (state == STATE_ADDED) {
        return !varstore_is_second(area, offset);
    }
    return state == STATE_LEAVING &&
           !has_copy(area, offset, STATE_ADDED, VARSTORE_FIRST,
                     VARSTORE_AREA_SIZE) &&
           !has_copy(area, offset, STATE_LEAVING, next, VARSTORE_AREA_SIZE);
}

static void read_variable(const uint8_t *area, size_t offset,
                          VarstoreVar *var)
{
    const uint8_t *p = area + offset;

    var->offset = offset;
    var->attributes = get32(p + VAR_ATTRIBUTES);
    var->count = get64(p + VAR_COUNT);
    var->key = get32(p + VAR_KEY);
    var->time = p + VAR_TIME;
    var->guid = p + VAR_GUID;
    var->name = p + VAR_HEADER_SIZE;
    var->name_size = get32(p + VAR_NAME_SIZE);
    var->data = var->name + var->name_size;
    var->data_size = get32(p + VAR_DATA_SIZE);
}

bool varstore_next(const Varstore *vs, VarstoreVar *var)
{
    size_t offset = var->offset ?
                    var->offset + varstore_step(vs->area, var->offset) :
                    VARSTORE_FIRST;
    size_t size;

    for (; (size = varstore_step(vs->area, offset)); offset += size) {
        if (varstore_is_live(vs->area, offset)) {
            read_variable(vs->area, offset, var);
            return true;
        }
    }
    return false;
}

bool varstore_find(const Varstore *vs, const uint8_t *name,
                   uint32_t name_size, const uint8_t *guid, VarstoreVar *var)
{
    var->offset = 0;
    while (varstore_next(vs, var)) {
        if (var->name_size == name_size &&
            !memcmp(var->name, name, name_size) &&
            !memcmp(var->guid, guid, VARSTORE_GUID_SIZE)) {
            return true;
        }
    }
    return false;
}

void varstore_replay(uint8_t *data, const Varstore *vs)
{
    if (vs->ftw_replay) {
        memcpy(data, data + VARSTORE_FTW_SPARE, VARSTORE_AREA_SIZE);
    }
    memset(data + vs->incomplete_var, 0xff, vs->incomplete_var_size);
    memset(data + vs->ftw_record, 0xff, vs->ftw_record_size);
    for (size_t at = 0; (at = varstore_drop_second(data, vs, at));) {
        continue;
    }
}

size_t varstore_drop_second(uint8_t *data, const Varstore *vs, size_t after)
{
    size_t offset = after ? after - VAR_STATE : VARSTORE_FIRST;
    size_t size;

    if (!vs->seconds || vs->ftw_replay) {
        return 0;
    }
    for (; (size = varstore_step(data, offset)); offset += size) {
        if (varstore_is_second(data, offset)) {
            data[offset + VAR_STATE] = STATE_DELETED;
            return offset + VAR_STATE;
        }
    }
    return 0;
}

void varstore_format(uint8_t *data, size_t size)
{
    memset(data, 0xff, size);
    memset(data, 0, VARSTORE_FIRST);
    memcpy(data + FV_GUID, varstore_volume_guid, sizeof(varstore_volume_guid));
    put_le(data + FV_LENGTH, VARSTORE_SIZE, 8);
    memcpy(data + FV_SIGNATURE, "_FVH", 4);
    put_le(data + FV_ATTRIBUTES, FV_ATTRIBUTES_NV, 4);
    put_le(data + FV_HEADER_LENGTH, FV_HEADER_SIZE, 2);
    data[FV_REVISION] = FV_REVISION_2;
    put_le(data + FV_BLOCKS, VARSTORE_SIZE / VARSTORE_AREA_SIZE, 4);
    put_le(data + FV_BLOCK_LENGTH, VARSTORE_AREA_SIZE, 4);
    put_le(data + FV_CHECKSUM, -sum16(data, FV_HEADER_SIZE), 2);
    memcpy(data + VS_GUID, varstore_header_guid, sizeof(varstore_header_guid));
    put_le(data + VS_SIZE, VARSTORE_AREA_SIZE - FV_HEADER_SIZE, 4);
    data[VS_FORMAT] = VS_FORMATTED;
    data[VS_STATE] = VS_HEALTHY;
    memcpy(data + VARSTORE_FTW_WORK, varstore_ftw_header,
           sizeof(varstore_ftw_header));
}

size_t varstore_append(uint8_t *data, size_t used, const VarstoreVar *var)
{
    uint8_t *p = data + VARSTORE_FIRST + used;
    uint64_t size = VAR_HEADER_SIZE + (uint64_t)var->name_size +
                    var->data_size;

    if (used + size >= VARSTORE_CAPACITY) {
        return 0;
    }
    memset(p, 0, VAR_HEADER_SIZE);
    put_le(p, VAR_START_ID, 2);
    p[VAR_STATE] = STATE_ADDED;
    put_le(p + VAR_ATTRIBUTES, var->attributes, 4);
    put_le(p + VAR_COUNT, var->count, 8);
    if (var->time) {
        memcpy(p + VAR_TIME, var->time, VARSTORE_TIME_SIZE);
    }
    put_le(p + VAR_KEY, var->key, 4);
    put_le(p + VAR_NAME_SIZE, var->name_size, 4);
    put_le(p + VAR_DATA_SIZE, var->data_size, 4);
    memcpy(p + VAR_GUID, var->guid, VARSTORE_GUID_SIZE);
    memcpy(p + VAR_HEADER_SIZE, var->name, var->name_size);
    memcpy(p + VAR_HEADER_SIZE + var->name_size, var->data, var->data_size);
    return align_var(used + size);
}
