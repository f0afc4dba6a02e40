/*
 * vmspec: what a guest writes to a flash bank reaches the bank's image
 *
 * See include/hw/block/vmspec-pflash.h. Beside QEMU's flash device rather than
 * in it, to keep the patch to that to a few calls.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "hw/block/vmspec-pflash.h"
#include "hw/sysbus.h"
#include "system/block-backend.h"

int vmspec_pflash_store(BlockBackend *blk, uint64_t offset, const void *data,
                        size_t size)
{
    int ret = blk_pwrite(blk, offset, size, data, 0);

    /*
     * A write without write cache asks for FUA, which file-posix of QEMU 10.0
     * makes a flush, but before the block layer has counted the write: if it
     * is the first since the last flush, nothing is flushed. One that counts
     * leaves nothing to that.
     */
    if (ret == 0 && !blk_enable_write_cache(blk)) {
        ret = blk_flush(blk);
    }
    return ret;
}

static bool has(BlockBackend *blk, uint64_t offset, const void *data,
                size_t size)
{
    g_autofree void *now = g_malloc(size);

    return blk_pread(blk, offset, size, now, 0) == 0 &&
           !memcmp(now, data, size);
}

/*
 * The image may have a part of a write that failed, or all of one whose flush
 * failed: put the @old bytes back, which the guest goes on reading. That they
 * are on stable storage, nobody can say: after a flush that failed, file-posix
 * fails all others, so that only the content tells of success.
 */
static void put_back(BlockBackend *blk, const char *name, uint64_t offset,
                     const void *old, size_t size)
{
    int ret = has(blk, offset, old, size) ? 0 :
              vmspec_pflash_store(blk, offset, old, size);

    if (ret < 0 && !has(blk, offset, old, size)) {
        error_report_once("%s: cannot put back what the image had: %s; after a "
                          "restart the guest may find what it was told is not "
                          "written", name, strerror(-ret));
    }
}

bool vmspec_pflash_commit(BlockBackend *blk, MemoryRegion *mr, uint64_t offset,
                          const void *data, size_t size)
{
    uint8_t *array = memory_region_get_ram_ptr(mr);
    g_autofree void *erased = NULL;
    int ret;

    if (!data) {
        erased = g_malloc(size);
        data = memset(erased, 0xff, size);
    }
    ret = blk ? vmspec_pflash_store(blk, offset, data, size) : 0;
    if (ret < 0) {
        error_report_once("%s: cannot write the image: %s; the guest gets an "
                          "error", memory_region_name(mr), strerror(-ret));
        put_back(blk, memory_region_name(mr), offset, array + offset, size);
        return false;
    }
    memcpy(array + offset, data, size);
    /* or a live migration would carry what was there before */
    memory_region_set_dirty(mr, offset, size);
    return true;
}
