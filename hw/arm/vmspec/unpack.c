/*
 * vmspec: a kernel that is packed with zstd
 *
 * QEMU's loader unpacks gzip only. So the kernel is unpacked here, into memory
 * that looks like a file, and QEMU loads that.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/memfd.h"
#include "unpack.h"

#ifdef CONFIG_ZSTD

#include <zstd.h>

typedef struct Unpacker {
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
    ZSTD_outBuffer out;
    uint8_t *packed, *unpacked;         /* the buffers */
    size_t packed_room;
    int from, to;                       /* files */
    uint64_t at, end;                   /* of the packed data in @from */
    uint64_t room;                      /* bytes that @to may still grow by */
} Unpacker;

static bool refuse_packed(Error **errp)
{
    error_setg(errp, "is truncated or damaged: its packed data cannot be "
               "unpacked");
    error_append_hint(errp, "Copy or download it again.\n");
    return false;
}

/* Read the next part of the packed data; nothing is left behind the last. */
static bool refill(Unpacker *u)
{
    size_t want = MIN(u->packed_room, u->end - u->at);
    ssize_t n = pread(u->from, u->packed, want, u->at);

    if (n <= 0) {
        return false;
    }
    u->at += n;
    u->in = (ZSTD_inBuffer) { u->packed, n, 0 };
    return true;
}

/* One frame; what is behind it is of no interest. */
static bool unpack_frame(Unpacker *u, Error **errp)
{
    ERRP_GUARD();
    size_t left;

    do {
        if (u->in.pos == u->in.size && !refill(u)) {
            return refuse_packed(errp);
        }
        u->out.pos = 0;
        left = ZSTD_decompressStream(u->stream, &u->out, &u->in);
        if (ZSTD_isError(left) || u->out.pos > u->room) {
            return refuse_packed(errp);
        }
        u->room -= u->out.pos;
        if (qemu_write_full(u->to, u->unpacked, u->out.pos) != u->out.pos) {
            error_setg_errno(errp, errno, "cannot be unpacked");
            error_append_hint(errp, "Unpack it first: zstd -dc FILE > "
                              "Image.\n");
            return false;
        }
    } while (left);
    return true;
}

int vmspec_unpack_zstd(int fd, uint64_t at, uint64_t size, uint64_t max,
                       Error **errp)
{
    Unpacker u = {
        .stream = ZSTD_createDStream(), .packed_room = ZSTD_DStreamInSize(),
        .from = fd, .at = at, .end = at + size, .room = max,
    };
    g_autofree uint8_t *packed = g_malloc(u.packed_room);
    g_autofree uint8_t *unpacked = g_malloc(ZSTD_DStreamOutSize());

    u.packed = packed;
    u.unpacked = unpacked;
    u.out = (ZSTD_outBuffer) { unpacked, ZSTD_DStreamOutSize(), 0 };
    u.to = qemu_memfd_create("vmspec-kernel", 0, false, 0, 0, errp);
    if (u.to >= 0 && !unpack_frame(&u, errp)) {
        close(u.to);
        u.to = -1;
    }
    ZSTD_freeDStream(u.stream);
    return u.to;
}

#else

int vmspec_unpack_zstd(int fd, uint64_t at, uint64_t size, uint64_t max,
                       Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "is packed with zstd, and this QEMU was built without "
               "zstd");
    error_append_hint(errp, "Unpack it first: zstd -dc FILE > Image.\n");
    return -1;
}

#endif
