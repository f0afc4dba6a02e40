/*
 * vmspec: write what a guest programs into flash to the image of the bank
 *
 * The way of a guest's SetVariable to the disk:
 *
 *   EDK2's variable driver       one step of those that layout.h and ftw.c of
 *                                hw/arm/vmspec/varstore/ list
 *   EDK2's flash driver          programs or erases flash1
 *   pflash_cfi01.c               with our patch 0002
 *     vmspec_pflash_commit()     image first, then the memory the guest reads
 *       vmspec_pflash_store()    write to the image, flush
 *       put_back()               if that fails: the old bytes, and an error
 *                                in the status register that EDK2 reads
 *
 * Patch 0003 calls vmspec_pflash_take_state(). The code is here, and not in
 * the patches, so that the patches have a few calls only.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "hw/block/vmspec-pflash.h"
#include "hw/sysbus.h"
#include "system/block-backend.h"

void vmspec_pflash_write_through(BlockBackend *blk)
{
    blk_set_enable_write_cache(blk, false);
}

int vmspec_pflash_store(BlockBackend *blk, uint64_t offset, const void *data,
                        size_t size)
{
    int ret = blk_pwrite(blk, offset, size, data, 0);

    /*
     * With the write cache off the write has BDRV_REQ_FUA, and file-posix of
     * QEMU 10.0 flushes for that (raw_co_prw()). But bdrv_co_flush() does
     * nothing if BlockDriverState.write_gen has not changed since the last
     * flush, and bdrv_co_write_req_finish() increments that only after the
     * write. So the first write after a flush stays in the host's cache. Flush
     * explicitly.
     */
    if (ret == 0 && !blk_enable_write_cache(blk)) {
        ret = blk_flush(blk);
    }
    return ret;
}

static bool image_matches(BlockBackend *blk, uint64_t offset,
                          const void *data, size_t size)
{
    g_autofree void *now = g_malloc(size);

    return blk_pread(blk, offset, size, now, 0) == 0 &&
           !memcmp(now, data, size);
}

/*
 * A write failed: the image has a part of it, or all of it if the flush failed.
 * The guest goes on reading the @old bytes, so write these back. Durability
 * cannot be confirmed, because after one failed flush file-posix fails all
 * later ones. Only the content is compared.
 */
static void put_back(BlockBackend *blk, const char *name, uint64_t offset,
                     const void *old, size_t size)
{
    int ret;

    if (image_matches(blk, offset, old, size)) {
        return;
    }
    ret = vmspec_pflash_store(blk, offset, old, size);
    if (ret < 0 && !image_matches(blk, offset, old, size)) {
        error_report_once("%s: cannot put back what the image had: %s; after a "
                          "restart the guest may find what it was told is not "
                          "written", name, strerror(-ret));
    }
}

static MemoryRegion *watched;
static QEMUBH *watcher;

void vmspec_pflash_watch(MemoryRegion *mr, QEMUBH *bh)
{
    watched = mr;
    watcher = bh;
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
    /* A live migration sends only what is marked dirty. */
    memory_region_set_dirty(mr, offset, size);
    if (watched == mr && watcher) {
        qemu_bh_schedule(watcher);
    }
    return true;
}

/* Command 0xe8, "write to buffer", and its last cycle, which writes */
#define CMD_WRITE_TO_BUFFER 0xe8
#define CMD_READ_ARRAY 0    /* QEMU's word for 0xff */
#define CYCLE_CONFIRM 3
#define STATUS_PROGRAM_ERROR 0x10
#define NO_BUFFER UINT32_MAX

bool vmspec_pflash_take_state(MemoryRegion *mr, uint32_t block, uint8_t wcycle,
                              uint8_t cmd, uint8_t status, uint32_t blk_offset)
{
    uint64_t size = memory_region_size(mr);
    bool confirms = wcycle == CYCLE_CONFIRM && cmd == CMD_WRITE_TO_BUFFER &&
                    !(status & STATUS_PROGRAM_ERROR);

    if (blk_offset == NO_BUFFER ? confirms :
        blk_offset % block || blk_offset > size - block) {
        error_report("%s: the migration stream has a write buffer at 0x%x, "
                     "which is not in the bank of 0x%" PRIx64 " bytes",
                     memory_region_name(mr), blk_offset, size);
        return false;
    }
    memory_region_rom_device_set_romd(mr, !wcycle && cmd == CMD_READ_ARRAY);
    return true;
}
