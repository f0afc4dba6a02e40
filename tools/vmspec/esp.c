/*
 * vmspec: the EFI system partition of a disk, as firmware looks at it
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "bytes.h"
#include "esp.h"
#include "fat.h"

#define SECTOR 512
#define MAX_ENTRIES 1024
#define MAX_ENTRY 4096
/* In the header of a GPT, and in one of its entries (UEFI 2.10, 5.3) */
#define GPT_ENTRIES 72
#define GPT_COUNT 80
#define GPT_ENTRY_SIZE 84
#define GPT_FIRST 32
#define GPT_LAST 40
/* In the MBR (UEFI 2.10, 5.2.1) */
#define MBR_ENTRIES 446
#define MBR_TYPE 4
#define MBR_FIRST 8
#define MBR_SIZE 12
#define MBR_TYPE_ESP 0xef
/* In a PE file (Microsoft's PE format) */
#define PE_OFFSET 0x3c
#define PE_MAGIC 24
#define PE_PLUS 0x20b
#define PE_CERTIFICATES 4       /* the number of its data directory */

/* C12A7328-F81F-11D2-BA4B-00A0C93EC93B */
static const guint8 esp_type[16] = {
    0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11,
    0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b,
};

static const struct {
    const char *file;
    const char *entry;          /* the same in a directory of FAT */
    guint16 machine;            /* in the PE header */
} known[LOADER_ARCHS] = {
    [LOADER_AARCH64] = { "BOOTAA64.EFI", "BOOTAA64EFI", 0xaa64 },
    [LOADER_ARM] = { "BOOTARM.EFI", "BOOTARM EFI", 0x01c2 },
    [LOADER_X64] = { "BOOTX64.EFI", "BOOTX64 EFI", 0x8664 },
    [LOADER_IA32] = { "BOOTIA32.EFI", "BOOTIA32EFI", 0x014c },
};

const char *esp_loader_file(LoaderArch arch)
{
    return known[arch].file;
}

static bool find_in_gpt(Disk *disk, const guint8 *header, EspReport *report,
                        GError **error)
{
    guint64 entries = bytes_le64(header + GPT_ENTRIES) * SECTOR;
    guint32 count = MIN(bytes_le32(header + GPT_COUNT), MAX_ENTRIES);
    guint32 size = bytes_le32(header + GPT_ENTRY_SIZE);
    guint8 entry[128];

    if (size < sizeof(entry) || size > MAX_ENTRY) {
        return true;
    }
    for (guint32 i = 0; i < count; i++) {
        if (!disk_read(disk, entries + (guint64)i * size, entry,
                       sizeof(entry), error)) {
            return false;
        }
        if (!memcmp(entry, esp_type, sizeof(esp_type))) {
            guint64 first = bytes_le64(entry + GPT_FIRST);

            report->found = true;
            report->offset = first * SECTOR;
            report->size = (bytes_le64(entry + GPT_LAST) - first + 1) * SECTOR;
            return true;
        }
    }
    return true;
}

static void find_in_mbr(const guint8 *mbr, EspReport *report)
{
    for (int i = 0; i < 4; i++) {
        const guint8 *entry = mbr + MBR_ENTRIES + 16 * i;

        if (entry[MBR_TYPE]) {
            report->table = TABLE_MBR;
        }
        if (entry[MBR_TYPE] == MBR_TYPE_ESP && !report->found) {
            report->found = true;
            report->offset = bytes_le32(entry + MBR_FIRST) * (guint64)SECTOR;
            report->size = bytes_le32(entry + MBR_SIZE) * (guint64)SECTOR;
        }
    }
}

/* Find the partition. Returns false with @error set if that cannot be read. */
static bool find_partition(Disk *disk, EspReport *report, GError **error)
{
    guint8 start[2 * SECTOR];
    Fat fat;

    if (disk_size(disk) < sizeof(start)) {
        return true;
    }
    if (!disk_read(disk, 0, start, sizeof(start), error)) {
        return false;
    }
    if (!memcmp(start + SECTOR, "EFI PART", 8)) {
        report->table = TABLE_GPT;
        return find_in_gpt(disk, start + SECTOR, report, error);
    }
    if (fat_open(disk, 0, &fat)) {
        report->table = TABLE_WHOLE_DISK;
        report->found = true;
        report->size = disk_size(disk);
    } else if (start[510] == 0x55 && start[511] == 0xaa) {
        find_in_mbr(start, report);
    }
    return true;
}

/* What is the loader whose first @size bytes are at @b? */
static void inspect_pe(const guint8 *b, size_t size, guint16 machine,
                       Loader *loader)
{
    guint32 pe = size >= PE_OFFSET + 4 ? bytes_le32(b + PE_OFFSET) : 0;
    guint32 directory;

    if (size < 256 || b[0] != 'M' || b[1] != 'Z' || pe > size - 200 ||
        memcmp(b + pe, "PE\0\0", 4) || bytes_le16(b + pe + 4) != machine) {
        return;
    }
    loader->sound = true;
    directory = pe + PE_MAGIC + 8 * PE_CERTIFICATES +
                (bytes_le16(b + pe + PE_MAGIC) == PE_PLUS ? 112 : 96);
    loader->has_signature = directory + 8 <= size &&
                            bytes_le32(b + directory + 4);
}

static void find_loaders(const Fat *fat, EspReport *report)
{
    FatFile root = fat_root(fat);
    FatFile dir, file;
    guint8 start[1024];

    if (!fat_find(fat, &root, "EFI        ", &dir) ||
        !fat_find(fat, &dir, "BOOT       ", &dir)) {
        return;
    }
    for (int i = 0; i < LOADER_ARCHS; i++) {
        Loader *loader = &report->loaders[i];
        size_t n;

        if (fat_find(fat, &dir, known[i].entry, &file) && !file.is_directory) {
            loader->found = true;
            n = fat_read_start(fat, &file, start, sizeof(start));
            inspect_pe(start, n, known[i].machine, loader);
        }
    }
}

bool esp_inspect(Disk *disk, EspReport *report, GError **error)
{
    Fat fat;

    *report = (EspReport) { 0 };
    if (!find_partition(disk, report, error)) {
        return false;
    }
    report->fat = report->found && fat_open(disk, report->offset, &fat);
    if (report->fat) {
        find_loaders(&fat, report);
    }
    return true;
}
