/*
 * vmspec: is this a sound variable store?
 *
 * This file decides what the machine and vmspec-nvram accept as a store. EDK2
 * erases a store with a wrong header without a message, and hangs if the bytes
 * behind the last variable are not erased. So this file checks everything that
 * EDK2 relies on, before EDK2 runs:
 *
 *   offset in the variable area
 *   0     volume header     check_volume_header()  GUID, sizes, checksum
 *   72    store header      check_store_header()   GUID, size, state
 *   100   variables         check_variable()       sizes, state, name's end
 *         one incomplete variable, or none         find_incomplete_var()
 *         free space, all 0xff                     check_area()
 *
 * ftw.c checks the FTW work space. What a write that was interrupted at any
 * point leaves is sound: EDK2 copes with it, or varstore_replay() repairs it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "layout.h"

/* EDK2 writes the number of blocks of the whole bank into the map. */
static bool check_block_map(const uint8_t *p, size_t base,
                            VarstoreDamage *damage)
{
    if (get32(p + FV_BLOCK_LENGTH) != VARSTORE_AREA_SIZE ||
        get32(p + FV_BLOCKS) < VARSTORE_SIZE / VARSTORE_AREA_SIZE) {
        return damaged(damage, base + FV_BLOCKS,
                       "block map of %" PRIu32 " blocks of %" PRIu32
                       " bytes, not of %d", get32(p + FV_BLOCKS),
                       get32(p + FV_BLOCK_LENGTH), VARSTORE_AREA_SIZE);
    }
    return true;
}

static bool check_volume_header(const uint8_t *p, size_t base,
                                VarstoreDamage *damage)
{
    if (span_of(p, FV_HEADER_SIZE, 0xff) == FV_HEADER_SIZE ||
        span_of(p, FV_HEADER_SIZE, 0) == FV_HEADER_SIZE) {
        return damaged(damage, base, "blank where the volume header must be");
    }
    if (memcmp(p + FV_SIGNATURE, "_FVH", 4)) {
        return damaged(damage, base + FV_SIGNATURE,
                       "the volume header's signature is not _FVH");
    }
    if (memcmp(p + FV_GUID, varstore_volume_guid, VARSTORE_GUID_SIZE)) {
        return damaged(damage, base + FV_GUID,
                       "a firmware volume, but not one of variables");
    }
    if (get64(p + FV_LENGTH) != VARSTORE_SIZE) {
        return damaged(damage, base + FV_LENGTH, "volume of %" PRIu64
                       " bytes, but this firmware's has %d: a store of another "
                       "firmware or architecture", get64(p + FV_LENGTH),
                       VARSTORE_SIZE);
    }
    if (p[FV_REVISION] != FV_REVISION_2) {
        return damaged(damage, base + FV_REVISION,
                       "volume header of revision %u, not 2", p[FV_REVISION]);
    }
    if (get16(p + FV_HEADER_LENGTH) != FV_HEADER_SIZE) {
        return damaged(damage, base + FV_HEADER_LENGTH,
                       "volume header of %u bytes, not %d",
                       get16(p + FV_HEADER_LENGTH), FV_HEADER_SIZE);
    }
    if (sum16(p, FV_HEADER_SIZE)) {
        return damaged(damage, base + FV_CHECKSUM,
                       "the volume header's checksum is wrong");
    }
    return check_block_map(p, base, damage);
}

static bool check_store_header(const uint8_t *p, size_t base,
                               VarstoreDamage *damage)
{
    if (memcmp(p + VS_GUID, varstore_header_guid, VARSTORE_GUID_SIZE)) {
        return damaged(damage, base + VS_GUID,
                       "not a store of authenticated variables");
    }
    if (get32(p + VS_SIZE) != VARSTORE_AREA_SIZE - FV_HEADER_SIZE) {
        return damaged(damage, base + VS_SIZE,
                       "variable store of %" PRIu32 " bytes, not %d",
                       get32(p + VS_SIZE),
                       VARSTORE_AREA_SIZE - FV_HEADER_SIZE);
    }
    if (p[VS_FORMAT] != VS_FORMATTED) {
        return damaged(damage, base + VS_FORMAT,
                       "format byte 0x%02x of the variable store, not 0x%02x",
                       p[VS_FORMAT], VS_FORMATTED);
    }
    if (p[VS_STATE] != VS_HEALTHY) {
        return damaged(damage, base + VS_STATE,
                       "state byte 0x%02x of the variable store, not 0x%02x",
                       p[VS_STATE], VS_HEALTHY);
    }
    return true;
}

static bool is_visible(uint8_t state)
{
    return state == STATE_ADDED || state == STATE_LEAVING;
}

/* A name is UTF-16 of @size bytes; only its last character is 0. */
static bool check_name(const uint8_t *area, size_t offset, size_t base,
                       VarstoreDamage *damage)
{
    const uint8_t *p = area + offset;
    const uint8_t *name = p + VAR_HEADER_SIZE;
    uint32_t size = get32(p + VAR_NAME_SIZE);
    size_t at = base + offset + VAR_HEADER_SIZE;

    for (uint32_t i = 0; i < size - 2; i += 2) {
        if (get16(name + i) == 0) {
            return damaged(damage, at + i, "the name of the variable at "
                           "0x%zx ends too early", base + offset);
        }
    }
    if (get16(name + size - 2) != 0) {
        return damaged(damage, at + size - 2, "the name of the variable at "
                       "0x%zx has no end", base + offset);
    }
    return true;
}

/*
 * Check the variable whose header is at @offset of @area. A variable without a
 * state is incomplete, whatever else it contains; with STATE_HEADER only the
 * sizes count.
 */
static bool check_variable(const uint8_t *area, size_t offset, size_t base,
                           VarstoreDamage *damage)
{
    const uint8_t *p = area + offset;
    uint8_t state = p[VAR_STATE];
    uint64_t room = VARSTORE_AREA_SIZE - offset - VAR_HEADER_SIZE;
    uint64_t name = get32(p + VAR_NAME_SIZE);
    uint64_t data = get32(p + VAR_DATA_SIZE);

    if (state == STATE_ERASED) {
        return true;
    }
    if (!is_visible(state) && state != STATE_HEADER &&
        state != STATE_DELETED && state != STATE_REPLACED) {
        return damaged(damage, base + offset + VAR_STATE,
                       "variable with state 0x%02x, which does not exist",
                       state);
    }
    if (name + data > room) {
        return damaged(damage, base + offset + VAR_NAME_SIZE,
                       "variable with a name of %" PRIu64 " and data of %"
                       PRIu64 " bytes, more than the %" PRIu64 " left", name,
                       data, room);
    }
    if (name < 4 || name % 2) {
        return damaged(damage, base + offset + VAR_NAME_SIZE,
                       "variable with a name of %" PRIu64 " bytes", name);
    }
    if (state == STATE_HEADER) {
        return true;
    }
    if (is_visible(state) &&
        (!(get32(p + VAR_ATTRIBUTES) & VARSTORE_NON_VOLATILE) ||
         get32(p + VAR_ATTRIBUTES) & ~VARSTORE_ATTRIBUTES)) {
        return damaged(damage, base + offset + VAR_ATTRIBUTES,
                       "variable with attributes 0x%" PRIx32 ", which a stored "
                       "one cannot have", get32(p + VAR_ATTRIBUTES));
    }
    return check_name(area, offset, base, damage);
}

/*
 * Find an incomplete variable at the end of the variables, at @offset of @area.
 * The last header is at @last (0: there is no variable). A crash in step 1 of
 * SetVariable (layout.h) leaves one of two states; "ff" is erased:
 *
 *   A: the start of the header is there, with its ID. varstore_step() went
 *      over the header, because its state is erased. Behind it are name and
 *      data, complete or not, or nothing.
 *
 *      ... | variable | 55aa ff sizes ... | name, data   ff ff | ff ff ff ...
 *                     ^ last              ^ offset             ^ end
 *
 *   B: only the end of the first program is there, because the host writes
 *      its pages in any order. Nobody finds an ID at @offset.
 *
 *      ... | variable | ff ff ff ff   ..rest of the header, data | ff ff ff ...
 *                     ^ offset                                   ^ end
 *
 *      The state byte is in the part that is missing: a variable that the
 *      guest saw has a state, so a damaged start of one is not taken for B.
 *
 * In both cases the bytes to erase begin at the header. They end where the
 * sizes say (A), and not before the end of the program that the end of a
 * header at @offset is in (B).
 */
static void find_incomplete_var(const uint8_t *area, size_t last,
                                size_t offset, Varstore *vs)
{
    const uint8_t *p = area + last;
    bool has_header = last && p[VAR_STATE] == STATE_ERASED;
    size_t first_program = align_to(offset + VAR_HEADER_SIZE, PROGRAM_SIZE);
    uint64_t end = offset;

    if (has_header) {
        end += (uint64_t)get32(p + VAR_NAME_SIZE) + get32(p + VAR_DATA_SIZE);
        if (end > VARSTORE_AREA_SIZE) {
            /* The sizes are not completely written: assume one program. */
            end = align_to(offset, PROGRAM_SIZE);
        }
    }
    if (offset + VAR_HEADER_SIZE <= VARSTORE_AREA_SIZE &&
        area[offset + VAR_STATE] == STATE_ERASED && end < first_program) {
        end = first_program;
    }
    vs->incomplete_var = 0;
    vs->incomplete_var_size = 0;
    if (offset < end &&
        span_of(area + offset, end - offset, 0xff) < end - offset) {
        vs->incomplete_var = has_header ? last : offset;
        vs->incomplete_var_size = end - vs->incomplete_var;
    }
}

/*
 * Count the variables of @vs->area that the guest can read, and the second
 * copies of such.
 */
static void count_variables(Varstore *vs)
{
    size_t size;

    vs->variables = 0;
    vs->seconds = 0;
    vs->live = 0;
    for (size_t offset = VARSTORE_FIRST;
         (size = varstore_step(vs->area, offset)); offset += size) {
        if (varstore_is_live(vs->area, offset)) {
            vs->variables++;
            vs->live += size;
        } else if (varstore_is_second(vs->area, offset)) {
            vs->seconds++;
        }
    }
}

/*
 * Check the variable area @area, which is at @base of the store (0, or
 * VARSTORE_FTW_SPARE), and fill in @vs.
 */
static bool check_area(const uint8_t *area, size_t base, Varstore *vs,
                       VarstoreDamage *damage)
{
    size_t offset = VARSTORE_FIRST;
    size_t last = 0;
    size_t size;
    size_t erased;

    if (!check_volume_header(area, base, damage) ||
        !check_store_header(area, base, damage)) {
        return false;
    }
    for (; (size = varstore_step(area, offset)); offset += size) {
        if (!check_variable(area, offset, base, damage)) {
            return false;
        }
        last = offset;
    }
    find_incomplete_var(area, last, offset, vs);
    if (vs->incomplete_var) {
        offset = vs->incomplete_var + vs->incomplete_var_size;
    }
    if (offset > VARSTORE_AREA_SIZE) {
        offset = VARSTORE_AREA_SIZE;
    }
    erased = span_of(area + offset, VARSTORE_AREA_SIZE - offset, 0xff);
    if (offset + erased < VARSTORE_AREA_SIZE) {
        return damaged(damage, base + offset + erased, "byte 0x%02x in the "
                       "free space, which must be erased (0xff)",
                       area[offset + erased]);
    }
    vs->area = area;
    vs->used = (vs->incomplete_var ?: offset) - VARSTORE_FIRST;
    count_variables(vs);
    return true;
}

bool varstore_check(const uint8_t *data, size_t size, Varstore *vs,
                    VarstoreDamage *damage)
{
    size_t base = 0;

    memset(vs, 0, sizeof(*vs));
    if (size < VARSTORE_SIZE) {
        return damaged(damage, size, "only %zu bytes, but a store has at least "
                       "%d: truncated, or not a store", size, VARSTORE_SIZE);
    }
    if (size % VARSTORE_AREA_SIZE || size > VARSTORE_MAX_SIZE) {
        return damaged(damage, size, "%zu bytes, not whole blocks of %d up to "
                       "%d: truncated, or not a store", size,
                       VARSTORE_AREA_SIZE, VARSTORE_MAX_SIZE);
    }
    if (!varstore_check_ftw(data, vs, damage)) {
        VarstoreDamage first;

        /* If the file is not a store, its volume header says more. */
        if (!check_area(data, 0, vs, &first)) {
            *damage = first;
        }
        return false;
    }
    if (vs->ftw_replay) {
        base = VARSTORE_FTW_SPARE;
    }
    return check_area(data + base, base, vs, damage);
}
