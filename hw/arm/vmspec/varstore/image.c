/*
 * vmspec: the format of a variable store file, raw or qcow2
 *
 * The machine and vmspec-nvram probe the format themselves. A guest can write
 * the header of any image into a raw store, so both refuse an image that names
 * another file (VarstoreImage.names_others).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
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
