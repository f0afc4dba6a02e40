/*
 * vmspec: the EFI system partition of a disk, as firmware looks at it
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_ESP_H
#define VMSPEC_TOOLS_ESP_H

#include "disk.h"

typedef enum PartitionTable {
    TABLE_NONE,
    TABLE_GPT,
    TABLE_MBR,
    TABLE_WHOLE_DISK,           /* a FAT file system without a table */
} PartitionTable;

/* Architectures that UEFI names a default loader for (UEFI 2.10, 3.5.1.1) */
typedef enum LoaderArch {
    LOADER_AARCH64,
    LOADER_ARM,
    LOADER_X64,
    LOADER_IA32,
    LOADER_ARCHS,
} LoaderArch;

typedef struct Loader {
    bool found;                 /* \EFI\BOOT has its file */
    bool sound;                 /* which is an EFI application of that kind */
    bool has_signature;         /* and has a signature, whoever's */
} Loader;

typedef struct EspReport {
    PartitionTable table;
    bool found;                 /* an EFI system partition is there ... */
    bool fat;                   /* with a FAT file system */
    guint64 offset;             /* of the partition, in bytes */
    guint64 size;
    Loader loaders[LOADER_ARCHS];
} EspReport;

/* The name of the loader's file, such as "BOOTAA64.EFI" */
const char *esp_loader_file(LoaderArch arch);

/*
 * Look for the ESP and its default loaders. Returns false with @error set if
 * the disk cannot be read; a disk without an ESP is no error.
 */
bool esp_inspect(Disk *disk, EspReport *report, GError **error);

#endif
