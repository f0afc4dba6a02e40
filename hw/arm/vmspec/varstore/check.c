/*
 * vmspec: is this a sound UEFI variable store?
 *
 * EDK2 erases a store whose headers it does not like without a word, and
 * hangs on one with bytes that are not erased behind its last variable; so
 * everything that it relies on is checked here, before it runs. What a write
 * that was interrupted at any point leaves behind is sound: EDK2, or
 * varstore_replay(), copes with it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))
#else
#include "qemu/osdep.h"
#define PRINTF_LIKE(a, b) G_GNUC_PRINTF(a, b)
#endif
#include "layout.h"

/* The first of @size bytes that is not @value, or @size. */
static size_t span(const uint8_t *p, size_t size, uint8_t value)
{
    size_t n = 0;

    if (size && p[0] == value && !memcmp(p, p + 1, size - 1)) {
        return size;
    }
    while (n < size && p[n] == value) {
        n++;
    }
    return n;
}

static bool PRINTF_LIKE(3, 4) damaged(VarstoreDamage *damage, uint64_t offset,
                                      const char *fmt, ...)
{
    va_list ap;

    damage->offset = offset;
    va_start(ap, fmt);
    vsnprintf(damage->what, sizeof(damage->what), fmt, ap);
    va_end(ap);
    return false;
}

static bool check_volume_header(const uint8_t *p, size_t base,
                                VarstoreDamage *damage)
{
    if (span(p, FV_HEADER_SIZE, 0xff) == FV_HEADER_SIZE ||
        span(p, FV_HEADER_SIZE, 0) == FV_HEADER_SIZE) {
        return damaged(damage, base, "blank where the volume header must be");
    }
    if (memcmp(p + FV_SIGNATURE, "_FVH", 4)) {
        return damaged(damage, base + FV_SIGNATURE,
                       "no firmware volume: its signature is not _FVH");
    }
    if (memcmp(p + FV_GUID, varstore_volume_guid, VARSTORE_GUID_SIZE)) {
        return damaged(damage, base + FV_GUID,
                       "a firmware volume, but not one of variables");
    }
    if (get64(p + FV_LENGTH) != VARSTORE_SIZE) {
        return damaged(damage, base + FV_LENGTH, "volume of %" PRIu64
                       " bytes, this firmware's has %d: a store of another "
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
    /* The number of blocks is the bank's: EDK2 counts what it finds. */
    if (get32(p + FV_BLOCK_LENGTH) != VARSTORE_AREA_SIZE ||
        get32(p + FV_BLOCKS) < VARSTORE_SIZE / VARSTORE_AREA_SIZE) {
        return damaged(damage, base + FV_BLOCKS,
                       "block map of %" PRIu32 " blocks of %" PRIu32
                       " bytes, not of %d", get32(p + FV_BLOCKS),
                       get32(p + FV_BLOCK_LENGTH), VARSTORE_AREA_SIZE);
    }
    return true;
}

static bool check_store_header(const uint8_t *p, size_t base,
                               VarstoreDamage *damage)
{
    if (memcmp(p + VS_GUID, varstore_header_guid, VARSTORE_GUID_SIZE)) {
        return damaged(damage, base + VS_GUID,
                       "no store of authenticated variables");
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

static bool check_name(const uint8_t *area, size_t offset, size_t base,
                       VarstoreDamage *damage)
{
    const uint8_t *p = area + offset;
    const uint8_t *name = p + VAR_HEADER_SIZE;
    uint32_t size = get32(p + VAR_NAME_SIZE);

    for (uint32_t i = 0; i < size; i += 2) {
        if (!get16(name + i) != (i == size - 2)) {
            return damaged(damage, base + offset + VAR_HEADER_SIZE + i,
                           "the name of the variable at 0x%zx %s",
                           base + offset,
                           i == size - 2 ? "has no end" : "ends too early");
        }
    }
    return true;
}

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
                       "state 0x%02x, which no variable has", state);
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
                       "attributes 0x%" PRIx32 ", which no stored variable "
                       "has", get32(p + VAR_ATTRIBUTES));
    }
    return check_name(area, offset, base, damage);
}

/*
 * What an unfinished variable left behind the variables. EDK2 writes header
 * and data first and the state then, from the start on, by programs: what is
 * there may belong to the last header, at @last (0: none), or to one at
 * @offset whose first bytes are missing. Its state is among them: a variable
 * that the guest saw, and whose start is damaged, has a state.
 */
static void find_torn(const uint8_t *area, size_t last, size_t offset,
                      Varstore *vs)
{
    const uint8_t *p = area + last;
    bool begun = last && p[VAR_STATE] == STATE_ERASED;
    uint64_t end = offset;

    if (begun) {
        end += (uint64_t)get32(p + VAR_NAME_SIZE) + get32(p + VAR_DATA_SIZE);
        if (end > VARSTORE_AREA_SIZE) {
            end = align_to(offset, PROGRAM_SIZE);   /* half a header's sizes */
        }
    }
    if (offset + VAR_HEADER_SIZE <= VARSTORE_AREA_SIZE &&
        area[offset + VAR_STATE] == STATE_ERASED &&
        end < align_to(offset + VAR_HEADER_SIZE, PROGRAM_SIZE)) {
        end = align_to(offset + VAR_HEADER_SIZE, PROGRAM_SIZE);
    }
    vs->torn = vs->torn_size = 0;
    if (offset < end && span(area + offset, end - offset, 0xff) <
                        end - offset) {
        vs->torn = begun ? last : offset;
        vs->torn_size = end - vs->torn;
    }
}

/* @area is at byte @base of the store. */
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
    find_torn(area, last, offset, vs);
    if (vs->torn) {
        offset = vs->torn + vs->torn_size;
    }
    if (offset > VARSTORE_AREA_SIZE) {
        offset = VARSTORE_AREA_SIZE;
    }
    erased = span(area + offset, VARSTORE_AREA_SIZE - offset, 0xff);
    if (offset + erased < VARSTORE_AREA_SIZE) {
        return damaged(damage, base + offset + erased, "byte 0x%02x where the "
                       "store is not used yet and must be erased (0xff)",
                       area[offset + erased]);
    }
    vs->area = area;
    vs->used = (vs->torn ?: offset) - VARSTORE_FIRST;
    vs->variables = 0;
    vs->live = 0;
    for (offset = VARSTORE_FIRST; (size = varstore_step(area, offset));
         offset += size) {
        if (varstore_is_live(area, offset)) {
            vs->variables++;
            vs->live += size;
        }
    }
    return true;
}

/* The bytes of a queue entry with its records; 0 if they cannot be. */
static size_t ftw_entry_size(const uint8_t *entry, size_t room)
{
    uint64_t writes = get64(entry + FTW_WRITES);
    uint64_t private_size = get64(entry + FTW_PRIVATE_SIZE);

    if (!writes || writes > room || private_size > room ||
        FTW_HEADER_SIZE + writes * (FTW_RECORD_SIZE + private_size) > room) {
        return 0;
    }
    return FTW_HEADER_SIZE + writes * (FTW_RECORD_SIZE + private_size);
}

/* The entry that the variable driver makes: one write, no private data */
static bool ftw_is_whole(const uint8_t *entry)
{
    return get64(entry + FTW_WRITES) == 1 &&
           get64(entry + FTW_PRIVATE_SIZE) == 0;
}

/* A program of it stopped: each byte is erased or what it was to be. */
static bool ftw_is_torn(const uint8_t *entry)
{
    for (unsigned i = FTW_WRITES; i < FTW_HEADER_SIZE; i++) {
        if (entry[i] != 0xff && entry[i] != (i == FTW_WRITES)) {
            return false;
        }
    }
    return true;
}

/*
 * The queue's last entry, at @offset of the work area: free, begun, or an
 * update whose target may be incomplete. EDK2 follows the sizes in it, and
 * hangs on such as it cannot have written; one that it begins but does not
 * allocate it completes with whatever sizes are there.
 */
static bool check_last_entry(const uint8_t *work, size_t offset, Varstore *vs,
                             VarstoreDamage *damage)
{
    const uint8_t *entry = work + offset;
    const uint8_t *record = entry + FTW_HEADER_SIZE;
    size_t end = VARSTORE_AREA_SIZE;

    if ((entry[0] & FTW_NO_HEADER) || ((entry[0] & FTW_NOT_ALLOCATED) &&
        !ftw_is_whole(entry) && ftw_is_torn(entry))) {
        while (end > offset && work[end - 1] == 0xff) {
            end--;
        }
        vs->queue = end > offset ? VARSTORE_AREA_SIZE + offset : 0;
        vs->queue_size = end - offset;
        return true;
    }
    if (!ftw_is_whole(entry)) {
        return damaged(damage, VARSTORE_AREA_SIZE + offset,
                       "queue entry of the FTW work area with %" PRIu64
                       " writes, not 1", get64(entry + FTW_WRITES));
    }
    vs->replay = !(entry[0] & FTW_NOT_ALLOCATED) &&
                 !(record[0] & FTW_RECORD_NO_SPARE) &&
                 (record[0] & FTW_RECORD_NO_TARGET);
    if (vs->replay && (get64(record + FTW_RECORD_LBA) ||
        get64(record + FTW_RECORD_TARGET) + 2 * VARSTORE_AREA_SIZE)) {
        return damaged(damage, VARSTORE_AREA_SIZE + offset,
                       "queue entry of the FTW work area for block %" PRIu64
                       ", not that of the variables",
                       get64(record + FTW_RECORD_LBA));
    }
    return true;
}

static bool check_ftw(const uint8_t *data, Varstore *vs,
                      VarstoreDamage *damage)
{
    const uint8_t *work = data + VARSTORE_AREA_SIZE;
    const uint8_t *spare = work + VARSTORE_AREA_SIZE;
    size_t offset = FTW_WORK_HEADER_SIZE;
    uint8_t header[FTW_WORK_HEADER_SIZE];

    vs->replay = false;
    memcpy(header, work, sizeof(header));
    /* The valid bit is written last. */
    header[FTW_WORK_FLAGS] &= ~1;
    if ((header[FTW_WORK_FLAGS] == 0xfe &&
         span(header, FTW_WORK_FLAGS, 0xff) == FTW_WORK_FLAGS) ||
        !memcmp(spare, varstore_ftw_header, sizeof(varstore_ftw_header))) {
        /* Not set up yet, or being written anew: EDK2 copes with both. */
        return true;
    }
    for (size_t i = 0; i < sizeof(header); i++) {
        if (header[i] != varstore_ftw_header[i]) {
            return damaged(damage, VARSTORE_AREA_SIZE + i, "byte 0x%02x in "
                           "the header of the FTW work area, not 0x%02x",
                           work[i], varstore_ftw_header[i]);
        }
    }
    while (offset + FTW_HEADER_SIZE < VARSTORE_AREA_SIZE &&
           !(work[offset] & FTW_NOT_COMPLETE)) {
        size_t size = ftw_entry_size(work + offset,
                                     VARSTORE_AREA_SIZE - offset);

        if (!size) {
            return damaged(damage, VARSTORE_AREA_SIZE + offset,
                           "queue entry of the FTW work area with %" PRIu64
                           " writes", get64(work + offset + FTW_WRITES));
        }
        offset += size;
    }
    return offset + FTW_HEADER_SIZE + FTW_RECORD_SIZE > VARSTORE_AREA_SIZE ||
           check_last_entry(work, offset, vs, damage);
}

bool varstore_check(const uint8_t *data, size_t size, Varstore *vs,
                    VarstoreDamage *damage)
{
    size_t base = 0;

    memset(vs, 0, sizeof(*vs));
    if (size < VARSTORE_SIZE) {
        return damaged(damage, size, "ends after %zu bytes, a store has at "
                       "least %d: truncated, or no store", size,
                       VARSTORE_SIZE);
    }
    if (size % VARSTORE_AREA_SIZE || size > VARSTORE_MAX_SIZE) {
        return damaged(damage, size, "has %zu bytes, not blocks of %d: "
                       "truncated, or no store", size, VARSTORE_AREA_SIZE);
    }
    if (!check_ftw(data, vs, damage)) {
        VarstoreDamage first;

        /* No store at all is better told by the volume's header. */
        if (!check_area(data, 0, vs, &first)) {
            *damage = first;
        }
        return false;
    }
    if (vs->replay) {
        base = 2 * VARSTORE_AREA_SIZE;
    }
    return check_area(data + base, base, vs, damage);
}

