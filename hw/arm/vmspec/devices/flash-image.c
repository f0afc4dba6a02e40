/*
 * vmspec: fit an image to a flash bank
 *
 * pflash_cfi01 demands a backend that is exactly as long as the bank. This file
 * makes one: a store that can be written is extended, anything else is copied.
 * It knows block backends only; flash.c decides which bank has which image.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/host-utils.h"
#include "qemu/memfd.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "hw/arm/vmspec-map.h"
#include "flash-image.h"

BlockBackend *vmspec_flash_open_readonly(const char *filename, Error **errp)
{
    QDict *options = qdict_new();

    /* Do not probe: a firmware image may begin like another format. */
    qdict_put_str(options, "driver", "raw");
    return blk_new_open(filename, NULL, options, 0, errp);
}

BlockBackend *vmspec_flash_padded_copy(BlockBackend *blk, int64_t size,
                                       Error **errp)
{
    int64_t length = blk_getlength(blk);
    g_autofree char *path = NULL;
    BlockBackend *copy = NULL;
    void *data;
    int fd;

    data = qemu_memfd_alloc("vmspec-flash", size, 0, &fd, errp);
    if (!data) {
        return NULL;
    }
    memset(data + length, 0xff, size - length);
    if (blk_set_perm(blk, BLK_PERM_CONSISTENT_READ, BLK_PERM_ALL, errp) == 0) {
        int ret = blk_pread(blk, 0, length, data, 0);

        blk_set_perm(blk, 0, BLK_PERM_ALL, &error_abort);
        if (ret < 0) {
            error_setg_errno(errp, -ret, "cannot read the image");
        } else {
            path = g_strdup_printf("/proc/self/fd/%d", fd);
            copy = vmspec_flash_open_readonly(path, errp);
        }
    }
    qemu_memfd_free(data, size, fd);
    return copy;
}

/* Extend @blk from @length to @size bytes. The caller has the permissions. */
static bool extend_erased(BlockBackend *blk, int64_t length, int64_t size,
                          Error **errp)
{
    g_autofree void *erased = g_malloc(size - length);
    int ret;

    if (blk_truncate(blk, size, true, PREALLOC_MODE_OFF, 0, errp) < 0) {
        return false;
    }
    memset(erased, 0xff, size - length);
    ret = blk_pwrite(blk, length, size - length, erased, 0);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot extend the image");
    }
    return ret == 0;
}

bool vmspec_flash_extend_store(BlockBackend *blk, int64_t size,
                               Error **errp)
{
    uint64_t perm = BLK_PERM_CONSISTENT_READ | BLK_PERM_WRITE |
                    BLK_PERM_RESIZE;
    int64_t length = blk_getlength(blk);
    bool ok;

    if (blk_set_perm(blk, perm, BLK_PERM_ALL, errp) < 0) {
        return false;
    }
    ok = extend_erased(blk, length, size, errp);
    blk_set_perm(blk, 0, BLK_PERM_ALL, &error_abort);
    return ok;
}

uint64_t vmspec_flash_bank_size(BlockBackend *blk, Error **errp)
{
    ERRP_GUARD();
    int64_t length = blk_getlength(blk);

    if (length < 0) {
        error_setg_errno(errp, -length, "cannot get the image's length");
        return 0;
    }
    if (length == 0) {
        error_setg(errp, "the image is empty");
        return 0;
    }
    if (length > VMSPEC_FLASH_MAX_SIZE) {
        error_setg(errp, "the image has %" PRId64 " bytes, but a flash bank "
                   "at most %" PRId64, length, (int64_t)VMSPEC_FLASH_MAX_SIZE);
        return 0;
    }
    /* CFI (JESD68) gives the size of a device as a power of two. */
    return MAX(pow2ceil(length), VMSPEC_FLASH_BLOCK_SIZE);
}
