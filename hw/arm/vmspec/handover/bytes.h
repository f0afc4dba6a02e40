/*
 * vmspec: little-endian numbers in guest memory
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_HANDOVER_BYTES_H
#define HW_ARM_VMSPEC_HANDOVER_BYTES_H

#include <stdint.h>

/* Write the @bytes (1..8) low bytes of @value to @p. */
static inline void handover_put(uint8_t *p, uint64_t value, unsigned bytes)
{
    for (; bytes; bytes--, value >>= 8) {
        *p++ = value;
    }
}

/* The number of @bytes (1..8) at @p */
static inline uint64_t handover_get(const uint8_t *p, unsigned bytes)
{
    uint64_t value = 0;

    while (bytes--) {
        value = value << 8 | p[bytes];
    }
    return value;
}

#endif
