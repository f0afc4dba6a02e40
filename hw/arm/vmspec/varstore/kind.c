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

#define MAGIC(offset, text, kind) { offset, text, sizeof(text) - 1, kind }

static const Magic magics[] = {
    MAGIC(0, "QFI\xfb", VARSTORE_KIND_QCOW2),
    MAGIC(0, "\x7f" "ELF", VARSTORE_KIND_ELF),
    MAGIC(512, "EFI PART", VARSTORE_KIND_DISK),
    MAGIC(0x8001, "CD001", VARSTORE_KIND_DISK),
    MAGIC(0, "KDMV", VARSTORE_KIND_DISK),
    MAGIC(0, "vhdxfile", VARSTORE_KIND_DISK),
    MAGIC(0, "conectix", VARSTORE_KIND_DISK),
    MAGIC(0, "<<< Oracle VM VirtualBox", VARSTORE_KIND_DISK),
};

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

VarstoreKind varstore_kind(const uint8_t *data, size_t size)
{
    if (!size) {
        return VARSTORE_KIND_UNKNOWN;
    }
    if ((data[0] == 0 || data[0] == 0xff) &&
        span_of(data, size, data[0]) == size) {
        return data[0] ? VARSTORE_KIND_ERASED : VARSTORE_KIND_ZERO;
    }
    if (is_store(data, size)) {
        return VARSTORE_KIND_STORE;
    }
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        const Magic *m = &magics[i];

        if (m->offset + m->size <= size &&
            !memcmp(data + m->offset, m->bytes, m->size)) {
            return m->kind;
        }
    }
    return is_firmware(data, size) ? VARSTORE_KIND_FIRMWARE :
                                     VARSTORE_KIND_UNKNOWN;
}

const char *varstore_kind_name(VarstoreKind kind)
{
    static const char *const names[] = {
        [VARSTORE_KIND_UNKNOWN] = "neither a variable store nor blank",
        [VARSTORE_KIND_ZERO] = "blank (zero)",
        [VARSTORE_KIND_ERASED] = "blank (0xff)",
        [VARSTORE_KIND_STORE] = "a variable store",
        [VARSTORE_KIND_FIRMWARE] = "a UEFI firmware image",
        [VARSTORE_KIND_QCOW2] = "a qcow2 image",
        [VARSTORE_KIND_ELF] = "an ELF program",
        [VARSTORE_KIND_DISK] = "a disk image",
    };

    return names[kind];
}
