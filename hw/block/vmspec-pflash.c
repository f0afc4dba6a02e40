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
        return false;
    }
    memcpy(array + offset, data, size);
    /* or a live migration would carry what was there before */
    memory_region_set_dirty(mr, offset, size);
    return true;
}
