/*
 * vmspec: FAT file systems, as far as a boot loader needs them
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_FAT_H
#define VMSPEC_TOOLS_FAT_H

#include "disk.h"

typedef struct Fat {
    Disk *disk;                 /* not owned */
    unsigned bits;              /* 12, 16 or 32 */
    guint64 table;              /* bytes from the disk's start */
    guint64 data;               /* of cluster 2 */
    guint64 root;               /* of the root directory, unless it is FAT32's */
    guint32 root_size;          /* bytes of it; 0 with FAT32 */
    guint32 root_cluster;       /* of FAT32 */
    guint32 cluster_size;       /* bytes */
    guint32 clusters;
} Fat;

typedef struct FatFile {
    guint32 cluster;            /* the first one; 0: the root directory */
    guint32 size;               /* bytes; 0 for a directory */
    bool is_directory;
} FatFile;

/* Is a FAT file system at @offset? Then @fat is set. */
bool fat_open(Disk *disk, guint64 offset, Fat *fat);

/* The root directory of @fat */
FatFile fat_root(const Fat *fat);

/*
 * Look in the directory @dir for a file of the name @name: eleven characters,
 * such as "BOOTAA64EFI". False if it is not there or cannot be read.
 */
bool fat_find(const Fat *fat, const FatFile *dir, const char *name,
              FatFile *found);

/* Read the first bytes of @file, at most a cluster's. Returns how many. */
size_t fat_read_start(const Fat *fat, const FatFile *file, void *data,
                      size_t size);

#endif
