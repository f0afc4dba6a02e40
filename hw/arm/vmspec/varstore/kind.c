/*
 * vmspec: what is this file, if it is no variable store?
 *
 * Users mix up the files of a VM. This file knows the ones that are given for
 * a store or for firmware by mistake, so that the error can name them.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "layout.h"

/* UEFI volumes begin at a multiple of this (UEFI PI 1.8, volume 3) */
#define VOLUME_ALIGN 0x1000
#define MAX_VOLUME_HEADER 0x1000

typedef struct Magic {
    size_t offset;
    const char *bytes;
    size_t size;
    VarstoreKind kind;
} Magic;

/* The partition table of a PC (UEFI 2.10, section 5.2.1) */
#define MBR_PARTITIONS 446
#define MBR_PARTITION_SIZE 16
#define MBR_ACTIVE 0x80
#define MBR_TYPE 4
#define MBR_START 8
#define MBR_LENGTH 12
#define MBR_END 510
#define MBR_SIZE 512

#define MAGIC(offset, text, kind) { offset, text, sizeof(text) - 1, kind }

static const Magic magics[] = {
    MAGIC(0, "QFI\xfb", VARSTORE_KIND_QCOW2),
    MAGIC(0, "\x7f" "ELF", VARSTORE_KIND_ELF),
    MAGIC(512, "EFI PART", VARSTORE_KIND_DISK),
    MAGIC(4096, "EFI PART", VARSTORE_KIND_DISK),
    MAGIC(54, "FAT1", VARSTORE_KIND_DISK),
    MAGIC(82, "FAT32", VARSTORE_KIND_DISK),
    MAGIC(3, "NTFS    ", VARSTORE_KIND_DISK),
    MAGIC(0x8001, "CD001", VARSTORE_KIND_DISK),
    MAGIC(0, "KDMV", VARSTORE_KIND_DISK),
    MAGIC(0, "vhdxfile", VARSTORE_KIND_DISK),
    MAGIC(0, "conectix", VARSTORE_KIND_DISK),
    MAGIC(0, "<<< Oracle VM VirtualBox", VARSTORE_KIND_DISK),
};

/*
 * A table of partitions, each of which is empty or has a type, a start and a
 * length, and one of which is not empty. Two bytes at the end of a sector alone
 * prove nothing.
 */
static bool has_mbr(const uint8_t *data, size_t size)
{
    unsigned partitions = 0;

    if (size < MBR_SIZE || data[MBR_END] != 0x55 || data[MBR_END + 1] != 0xaa) {
        return false;
    }
    for (size_t at = MBR_PARTITIONS; at < MBR_END; at += MBR_PARTITION_SIZE) {
        const uint8_t *p = data + at;

        if (span_of(p, MBR_PARTITION_SIZE, 0) == MBR_PARTITION_SIZE) {
            continue;
        }
        if ((p[0] & ~MBR_ACTIVE) || !p[MBR_TYPE] || !get32(p + MBR_START) ||
            !get32(p + MBR_LENGTH)) {
            return false;
        }
        partitions++;
    }
    return partitions;
}

/* Are the @size bytes at @p a volume header with a good checksum? */
static bool is_volume(const uint8_t *p, size_t size)
{
    unsigned header;

    if (size < FV_HEADER_SIZE || memcmp(p + FV_SIGNATURE, "_FVH", 4)) {
        return false;
    }
    header = get16(p + FV_HEADER_LENGTH);
    return header >= FV_HEADER_SIZE && header % 2 == 0 &&
           header <= MAX_VOLUME_HEADER && header <= size && !sum16(p, header);
}

/* A store header follows the volume header: a store, if of another format. */
static bool has_variables(const uint8_t *data, size_t size)
{
    return size >= VS_SIZE &&
           !memcmp(data + VS_GUID, varstore_header_guid, VARSTORE_GUID_SIZE);
}

static bool is_firmware(const uint8_t *data, size_t size)
{
    if (has_variables(data, size)) {
        return false;
    }
    for (size_t at = 0; at < size; at += VOLUME_ALIGN) {
        if (is_volume(data + at, size - at)) {
            return true;
        }
    }
    return false;
}

static bool is_store(const uint8_t *data, size_t size)
{
    return is_volume(data, size) &&
           !memcmp(data + FV_GUID, varstore_volume_guid, VARSTORE_GUID_SIZE);
}

/* Has the work space of FTW its place, as in a store and nowhere else? */
static bool has_work_space(const uint8_t *data, size_t size)
{
    return size >= VARSTORE_FTW_WORK + VARSTORE_GUID_SIZE &&
           !memcmp(data + VARSTORE_FTW_WORK, varstore_ftw_header,
                   VARSTORE_GUID_SIZE);
}

/* Does a part of the first headers of a store stand at its place? */
static bool has_remains(const uint8_t *data, size_t size)
{
    return (size >= FV_SIGNATURE + 4 &&
            (!memcmp(data + FV_SIGNATURE, "_FVH", 4) ||
             !memcmp(data + FV_GUID, varstore_volume_guid,
                     VARSTORE_GUID_SIZE))) || has_variables(data, size);
}

static VarstoreKind kind_of_magic(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        const Magic *m = &magics[i];

        if (m->offset + m->size <= size &&
            !memcmp(data + m->offset, m->bytes, m->size)) {
            return m->kind;
        }
    }
    return has_mbr(data, size) ? VARSTORE_KIND_DISK : VARSTORE_KIND_UNKNOWN;
}

VarstoreKind varstore_kind(const uint8_t *data, size_t size)
{
    VarstoreKind kind;

    if (!size) {
        return VARSTORE_KIND_EMPTY;
    }
    if ((data[0] == 0 || data[0] == 0xff) &&
        span_of(data, size, data[0]) == size) {
        return data[0] ? VARSTORE_KIND_ERASED : VARSTORE_KIND_ZERO;
    }
    if (is_store(data, size)) {
        return VARSTORE_KIND_STORE;
    }
    /* A guest can write the header of any file over the start of its store. */
    if (has_work_space(data, size)) {
        return VARSTORE_KIND_REMAINS;
    }
    kind = kind_of_magic(data, size);
    if (kind != VARSTORE_KIND_UNKNOWN) {
        return kind;
    }
    if (is_firmware(data, size)) {
        return VARSTORE_KIND_FIRMWARE;
    }
    return has_remains(data, size) ? VARSTORE_KIND_REMAINS :
                                     VARSTORE_KIND_UNKNOWN;
}

bool varstore_kind_is_other(VarstoreKind kind)
{
    return kind == VARSTORE_KIND_UNKNOWN || kind == VARSTORE_KIND_FIRMWARE ||
           kind == VARSTORE_KIND_QCOW2 || kind == VARSTORE_KIND_ELF ||
           kind == VARSTORE_KIND_DISK;
}

bool varstore_has_layout(const uint8_t *data, size_t size)
{
    return has_variables(data, size) && size >= VARSTORE_SIZE &&
           get64(data + FV_LENGTH) == VARSTORE_SIZE &&
           get32(data + VS_SIZE) == VARSTORE_AREA_SIZE - FV_HEADER_SIZE;
}

const char *varstore_kind_name(VarstoreKind kind)
{
    static const char *const names[] = {
        [VARSTORE_KIND_UNKNOWN] = "neither a variable store nor blank",
        [VARSTORE_KIND_EMPTY] = "empty",
        [VARSTORE_KIND_ZERO] = "blank (zero)",
        [VARSTORE_KIND_ERASED] = "blank (0xff)",
        [VARSTORE_KIND_STORE] = "a variable store",
        [VARSTORE_KIND_REMAINS] = "a damaged variable store",
        [VARSTORE_KIND_FIRMWARE] = "a UEFI firmware image",
        [VARSTORE_KIND_QCOW2] = "a qcow2 image",
        [VARSTORE_KIND_ELF] = "an ELF program",
        [VARSTORE_KIND_DISK] = "a disk image",
    };

    return names[kind];
}
