/*
 * vmspec: FAT file systems, as far as a boot loader needs them
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "bytes.h"
#include "fat.h"

/* Microsoft's FAT specification 1.03: the BIOS parameter block */
#define BOOT_SECTOR 512
#define ENTRY 32
#define ENTRY_ATTRIBUTES 11
#define ENTRY_CLUSTER_HIGH 20
#define ENTRY_CLUSTER_LOW 26
#define ENTRY_SIZE 28
#define IS_DIRECTORY 0x10
#define IS_LABEL 0x08           /* a volume label or a part of a long name */
#define NAME 11
/* no sound disk has a longer directory on the way to a loader */
#define MAX_CLUSTERS 256

static bool is_power_of_two(guint32 n)
{
    return n && !(n & (n - 1));
}

bool fat_open(Disk *disk, guint64 offset, Fat *fat)
{
    guint8 b[BOOT_SECTOR];
    guint32 sector, reserved, tables, entries, table_size, total, root_size;
    guint32 data_start;

    if (!disk_read(disk, offset, b, sizeof(b), NULL) ||
        b[510] != 0x55 || b[511] != 0xaa) {
        return false;
    }
    sector = bytes_le16(b + 11);
    reserved = bytes_le16(b + 14);
    tables = b[16];
    entries = bytes_le16(b + 17);
    total = bytes_le16(b + 19) ?: bytes_le32(b + 32);
    table_size = bytes_le16(b + 22) ?: bytes_le32(b + 36);
    if (!is_power_of_two(sector) || sector < 512 || sector > 4096 ||
        !is_power_of_two(b[13]) || !reserved || !tables || tables > 2 ||
        !table_size || table_size > total / tables) {
        return false;
    }
    root_size = (entries * ENTRY + sector - 1) / sector;
    data_start = reserved + tables * table_size + root_size;
    if (data_start >= total) {
        return false;
    }
    *fat = (Fat) {
        .disk = disk,
        .table = offset + (guint64)reserved * sector,
        .root = offset + (reserved + (guint64)tables * table_size) * sector,
        .root_size = entries * ENTRY,
        .data = offset + (guint64)data_start * sector,
        .cluster_size = sector * b[13],
        .clusters = (total - data_start) / b[13],
    };
    fat->bits = fat->clusters < 65525 ? 16 : 32;
    if (fat->clusters < 4085) {
        fat->bits = 12;
    }
    if (fat->bits == 32) {
        fat->root_cluster = bytes_le32(b + 44);
    }
    return true;
}

FatFile fat_root(const Fat *fat)
{
    return (FatFile) { .cluster = fat->root_cluster, .is_directory = true };
}

/* The cluster behind @cluster in its chain; 0 at the end or if it is bad */
static guint32 next_cluster(const Fat *fat, guint32 cluster)
{
    guint64 at = (guint64)cluster * fat->bits / 8;
    guint8 b[4] = { 0 };
    guint32 next;

    if (!disk_read(fat->disk, fat->table + at, b, fat->bits == 32 ? 4 : 2,
                   NULL)) {
        return 0;
    }
    next = bytes_le32(b);
    if (fat->bits == 12) {
        next = (cluster % 2 ? next >> 4 : next) & 0xfff;
    } else if (fat->bits == 32) {
        next &= 0x0fffffff;
    }
    return next >= 2 && next < fat->clusters + 2 ? next : 0;
}

/* Look for @name in the @size bytes of a directory. *@end: it ends there */
static bool find_entry(const guint8 *data, size_t size, const char *name,
                       FatFile *found, bool *end)
{
    for (size_t i = 0; i + ENTRY <= size; i += ENTRY) {
        const guint8 *e = data + i;

        if (!e[0]) {
            *end = true;
            return false;
        }
        if (!(e[ENTRY_ATTRIBUTES] & IS_LABEL) && !memcmp(e, name, NAME)) {
            *found = (FatFile) {
                .cluster = bytes_le16(e + ENTRY_CLUSTER_HIGH) << 16 |
                           bytes_le16(e + ENTRY_CLUSTER_LOW),
                .size = bytes_le32(e + ENTRY_SIZE),
                .is_directory = e[ENTRY_ATTRIBUTES] & IS_DIRECTORY,
            };
            return true;
        }
    }
    return false;
}

static bool read_cluster(const Fat *fat, guint32 cluster, void *data,
                         size_t size)
{
    return cluster >= 2 && cluster < fat->clusters + 2 &&
           disk_read(fat->disk, fat->data + (cluster - 2) *
                     (guint64)fat->cluster_size, data, size, NULL);
}

bool fat_find(const Fat *fat, const FatFile *dir, const char *name,
              FatFile *found)
{
    bool fixed_root = !dir->cluster;
    size_t size = fixed_root ? fat->root_size : fat->cluster_size;
    g_autofree guint8 *data = g_malloc(size + 1);
    guint32 cluster = dir->cluster;
    bool end = false;

    if (!dir->is_directory) {
        return false;
    }
    if (fixed_root) {
        return size && disk_read(fat->disk, fat->root, data, size, NULL) &&
               find_entry(data, size, name, found, &end);
    }
    for (int i = 0; i < MAX_CLUSTERS && cluster && !end; i++) {
        if (!read_cluster(fat, cluster, data, size)) {
            return false;
        }
        if (find_entry(data, size, name, found, &end)) {
            return true;
        }
        cluster = next_cluster(fat, cluster);
    }
    return false;
}

size_t fat_read_start(const Fat *fat, const FatFile *file, void *data,
                      size_t size)
{
    size = MIN(size, MIN(file->size, fat->cluster_size));
    return read_cluster(fat, file->cluster, data, size) ? size : 0;
}
