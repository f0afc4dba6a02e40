/*
 * vmspec: the format of a variable store file, raw or qcow2
 *
 * A guest can write the header of any image into a raw store. So the format is
 * never decided by the content (platform.md, section 7.2): the machine and
 * vmspec-nvram take what the user says, or else what the file's name says. The
 * header only shows whether that is true. Both refuse an image that names
 * another file (VarstoreImage.names_others).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#include <string.h>
#else
#include "qemu/osdep.h"
#endif
#include "hw/arm/vmspec-varstore.h"

/* The header of a qcow2 image, big-endian (QEMU's docs/interop/qcow2.txt) */
#define QCOW2_MAGIC 0x514649fb
#define QCOW2_VERSION 4
#define QCOW2_BACKING 8
#define QCOW2_SIZE 24
#define QCOW2_FEATURES 72
#define QCOW2_EXTERNAL_DATA 4
/* What nvram-reset=on appends to the name of the file that it keeps */
#define KEPT ".bak"

static uint64_t get_be(const uint8_t *p, unsigned size)
{
    uint64_t value = 0;

    while (size--) {
        value = value << 8 | *p++;
    }
    return value;
}

VarstoreImage varstore_image(const uint8_t *header)
{
    bool qcow2 = get_be(header, 4) == QCOW2_MAGIC;
    bool external = get_be(header + QCOW2_VERSION, 4) >= 3 &&
                    get_be(header + QCOW2_FEATURES, 8) & QCOW2_EXTERNAL_DATA;

    return (VarstoreImage) {
        .qcow2 = qcow2,
        .names_others = qcow2 && (get_be(header + QCOW2_BACKING, 8) ||
                                  external),
        .size = qcow2 ? get_be(header + QCOW2_SIZE, 8) : 0,
    };
}

/* Does the name of @length bytes at @name end in @end? */
static bool has_end(const char *name, size_t length, const char *end)
{
    size_t size = strlen(end);

    return length >= size && !memcmp(name + length - size, end, size);
}

bool varstore_is_raw_name(const char *path)
{
    size_t length = strlen(path);
    size_t digits = length;

    while (digits && path[digits - 1] >= '0' && path[digits - 1] <= '9') {
        digits--;
    }
    if (has_end(path, digits, KEPT)) {
        length = digits - strlen(KEPT);
    }
    return has_end(path, length, ".fd") || has_end(path, length, ".raw");
}
