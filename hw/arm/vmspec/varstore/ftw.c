/*
 * vmspec: is the FTW work space of a store sound?
 *
 * EDK2's fault-tolerant write (FTW) driver replaces a block in such a way that
 * a crash at any point leaves the old content or the new one. The variable
 * driver uses it to reclaim: it writes the variable area without the deleted
 * variables. One queue entry of the work space tells how far that is:
 *
 *   0        24        32             40       48     72         80
 *   +--------+---------+--------------+--------+------+----------+
 *   | header | writes: | private data | record | LBA: | target:  |
 *   | bits   | 1       | bytes: 0     | bits   | 0    | -0x80000 |
 *   +--------+---------+--------------+--------+------+----------+
 *
 *   step of the FTW driver                   what a crash within it leaves
 *   1. write the header, without NO_HEADER   an entry to erase (ftw_record)
 *   2. clear NOT_ALLOCATED                   the old variable area
 *   3. write the record                      the old variable area
 *   4. write the spare block                 the old variable area
 *   5. clear RECORD_NO_SPARE                 the old variable area
 *   6. write the variable area               a spare block to copy (ftw_replay)
 *   7. clear RECORD_NO_TARGET                the same, or nothing to do
 *   8. clear NOT_COMPLETE                    the new variable area
 *
 * A crash within step 1 leaves some bytes of the header erased. The next entry
 * begins behind a complete one. When the queue is full the driver keeps the
 * work space in the spare block while it writes an empty one.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "layout.h"

/* Bytes of the queue entry @entry; 0 if its sizes are 0 or exceed @room. */
static size_t entry_size(const uint8_t *entry, size_t room)
{
    uint64_t writes = get64(entry + FTW_WRITES);
    uint64_t private_size = get64(entry + FTW_PRIVATE_SIZE);

    if (!writes || writes > room || private_size > room ||
        FTW_HEADER_SIZE + writes * (FTW_RECORD_SIZE + private_size) > room) {
        return 0;
    }
    return FTW_HEADER_SIZE + writes * (FTW_RECORD_SIZE + private_size);
}

/* Has @entry the sizes that the variable driver writes? */
static bool is_variable_driver_entry(const uint8_t *entry)
{
    return get64(entry + FTW_WRITES) == 1 &&
           get64(entry + FTW_PRIVATE_SIZE) == 0;
}

/* Are the sizes of @entry those of the variable driver, or still erased? */
static bool are_sizes_incomplete(const uint8_t *entry)
{
    for (unsigned i = FTW_WRITES; i < FTW_HEADER_SIZE; i++) {
        uint8_t complete = i == FTW_WRITES ? 1 : 0;

        if (entry[i] != 0xff && entry[i] != complete) {
            return false;
        }
    }
    return true;
}

/*
 * Is @entry free, or did a crash interrupt step 1? EDK2 would allocate such an
 * entry and follow the sizes in it, whatever they are.
 */
static bool is_entry_begun(const uint8_t *entry)
{
    if (entry[0] & FTW_NO_HEADER) {
        return true;
    }
    return (entry[0] & FTW_NOT_ALLOCATED) &&
           !is_variable_driver_entry(entry) && are_sizes_incomplete(entry);
}

/* Do the bits of @entry and its record say that step 5 is done, 7 is not? */
static bool is_spare_complete(const uint8_t *entry)
{
    const uint8_t *record = entry + FTW_HEADER_SIZE;

    return !(entry[0] & FTW_NOT_ALLOCATED) &&
           !(record[0] & FTW_RECORD_NO_SPARE) &&
           (record[0] & FTW_RECORD_NO_TARGET);
}

/* Is the record's target block 0, seen from the spare block? */
static bool is_target_variable_area(const uint8_t *record)
{
    return get64(record + FTW_RECORD_LBA) == 0 &&
           (int64_t)get64(record + FTW_RECORD_TARGET) == -VARSTORE_FTW_SPARE;
}

/*
 * Check the last entry of the queue, at @offset of the work space @work: the
 * one that is free, or that the FTW driver was working on. EDK2 follows its
 * sizes, and hangs on sizes that the variable driver does not write.
 */
static bool check_last_entry(const uint8_t *work, size_t offset, Varstore *vs,
                             VarstoreDamage *damage)
{
    const uint8_t *entry = work + offset;
    const uint8_t *record = entry + FTW_HEADER_SIZE;
    size_t end = VARSTORE_AREA_SIZE;

    if (is_entry_begun(entry)) {
        while (end > offset && work[end - 1] == 0xff) {
            end--;
        }
        vs->ftw_record = end > offset ? VARSTORE_FTW_WORK + offset : 0;
        vs->ftw_record_size = end - offset;
        return true;
    }
    if (!is_variable_driver_entry(entry)) {
        return damaged(damage, VARSTORE_FTW_WORK + offset,
                       "FTW queue entry with %" PRIu64 " writes, not 1",
                       get64(entry + FTW_WRITES));
    }
    vs->ftw_replay = is_spare_complete(entry);
    if (vs->ftw_replay && !is_target_variable_area(record)) {
        return damaged(damage, VARSTORE_FTW_WORK + offset,
                       "FTW queue entry for block %" PRIu64 ", which is not "
                       "the variable area", get64(record + FTW_RECORD_LBA));
    }
    return true;
}

/*
 * Is there no queue yet, or is the FTW driver writing an empty one? @header is
 * the work space's header without its valid bit, which is written last.
 */
static bool is_work_space_new(const uint8_t *header, const uint8_t *spare)
{
    bool erased = header[FTW_WORK_FLAGS] == 0xfe &&
                  span_of(header, FTW_WORK_FLAGS, 0xff) == FTW_WORK_FLAGS;

    return erased || !memcmp(spare, varstore_ftw_header,
                             sizeof(varstore_ftw_header));
}

bool varstore_check_ftw(const uint8_t *data, Varstore *vs,
                        VarstoreDamage *damage)
{
    const uint8_t *work = data + VARSTORE_FTW_WORK;
    size_t offset = FTW_WORK_HEADER_SIZE;
    uint8_t header[FTW_WORK_HEADER_SIZE];

    vs->ftw_replay = false;
    memcpy(header, work, sizeof(header));
    header[FTW_WORK_FLAGS] &= ~1;
    if (is_work_space_new(header, data + VARSTORE_FTW_SPARE)) {
        return true;
    }
    for (size_t i = 0; i < sizeof(header); i++) {
        if (header[i] != varstore_ftw_header[i]) {
            return damaged(damage, VARSTORE_FTW_WORK + i, "byte 0x%02x in "
                           "the header of the FTW work space, not 0x%02x",
                           work[i], varstore_ftw_header[i]);
        }
    }
    while (offset + FTW_HEADER_SIZE < VARSTORE_AREA_SIZE &&
           !(work[offset] & FTW_NOT_COMPLETE)) {
        size_t size = entry_size(work + offset, VARSTORE_AREA_SIZE - offset);

        if (!size) {
            return damaged(damage, VARSTORE_FTW_WORK + offset,
                           "FTW queue entry with %" PRIu64 " writes",
                           get64(work + offset + FTW_WRITES));
        }
        offset += size;
    }
    return offset + FTW_HEADER_SIZE + FTW_RECORD_SIZE > VARSTORE_AREA_SIZE ||
           check_last_entry(work, offset, vs, damage);
}
