/*
 * vmspec: numbers in the bytes of a disk
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_BYTES_H
#define VMSPEC_TOOLS_BYTES_H

#include <glib.h>

static inline guint32 bytes_le16(const guint8 *b)
{
    return b[0] | (guint32)b[1] << 8;
}

static inline guint32 bytes_le32(const guint8 *b)
{
    return bytes_le16(b) | bytes_le16(b + 2) << 16;
}

static inline guint64 bytes_le64(const guint8 *b)
{
    return bytes_le32(b) | (guint64)bytes_le32(b + 4) << 32;
}

#endif
