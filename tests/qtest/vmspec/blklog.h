/*
 * vmspec tests: the log of QEMU's block driver blklogwrites
 *
 * The format is that of Linux's dm-log-writes: a superblock, then for each
 * write or flush a sector that describes it and the data written. All numbers
 * are little-endian.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_BLKLOG_H
#define VMSPEC_TEST_BLKLOG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define BLKLOG_SECTOR 512

typedef struct BlkLog {
    const uint8_t *entry;       /* the next one */
    const uint8_t *end;
    uint64_t left;              /* entries */
} BlkLog;

typedef struct BlkLogEntry {
    uint64_t offset;            /* in the image, bytes */
    uint64_t size;              /* bytes; 0: only a flush */
    const uint8_t *data;
    bool flush;                 /* flush everything written before */
} BlkLogEntry;

/* The little-endian number of 8 bytes at @p */
static inline uint64_t blklog_u64(const uint8_t *p)
{
    uint64_t n = 0;

    for (int i = 7; i >= 0; i--) {
        n = n << 8 | p[i];
    }
    return n;
}

/* Begin to read the log, a file's @size bytes, which outlive @log. */
static inline void blklog_open(BlkLog *log, const void *data, size_t size)
{
    g_assert_cmpuint(size, >, BLKLOG_SECTOR);
    g_assert_cmphex(blklog_u64(data), ==, 0x6a736677736872);
    log->left = blklog_u64((const uint8_t *)data + 16);
    log->entry = (const uint8_t *)data + BLKLOG_SECTOR;
    log->end = (const uint8_t *)data + size;
}

/* The next entry, in the order of the writes; false if there are no more */
static inline bool blklog_next(BlkLog *log, BlkLogEntry *entry)
{
    uint64_t flags;

    if (!log->left) {
        return false;
    }
    g_assert_cmpuint(log->end - log->entry, >=, BLKLOG_SECTOR);
    entry->offset = blklog_u64(log->entry) * BLKLOG_SECTOR;
    entry->size = blklog_u64(log->entry + 8) * BLKLOG_SECTOR;
    entry->data = log->entry + BLKLOG_SECTOR;
    flags = blklog_u64(log->entry + 16);
    g_assert_cmphex(flags & ~1, ==, 0); /* no FUA, no discard, no mark */
    entry->flush = flags & 1;
    g_assert_cmpuint(log->end - entry->data, >=, entry->size);
    log->entry = entry->data + entry->size;
    log->left--;
    return true;
}

#endif
