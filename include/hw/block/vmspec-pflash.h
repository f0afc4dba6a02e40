/*
 * vmspec: write what a guest programs into flash to the image of the bank
 *
 * QEMU's pflash_cfi01.c calls vmspec_pflash_commit() for every board that has
 * such a flash. Callers hold the big QEMU lock.
 *
 * A write is durable if the write cache of the image is off; the head of
 * hw/arm/vmspec/devices/flash.c says which other parts belong to that.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_BLOCK_VMSPEC_PFLASH_H
#define HW_BLOCK_VMSPEC_PFLASH_H

/*
 * Turn the write cache of the image @blk off: from then on
 * vmspec_pflash_store() returns when the bytes are on stable storage. Cannot
 * fail.
 */
void vmspec_pflash_write_through(BlockBackend *blk);

/*
 * Write the @size bytes of @data at byte @offset of the image @blk, and flush
 * them if the write cache of @blk is off (platform.md, section 7). Returns 0,
 * or a negative errno; some of the bytes may be written then.
 */
int vmspec_pflash_store(BlockBackend *blk, uint64_t offset, const void *data,
                        size_t size);

/*
 * Program the @size bytes of @data at byte @offset of a bank, or erase @size
 * bytes there if @data is NULL: in the bank's memory @mr and in its image @blk
 * (NULL: the bank has none). If the image cannot be written, @mr is unchanged,
 * the image gets its old bytes back as far as it takes them, and the first
 * such error is reported to the user. Returns false then: the device sets an
 * error bit of its status register (JESD68, Intel command set).
 */
bool vmspec_pflash_commit(BlockBackend *blk, MemoryRegion *mr, uint64_t offset,
                          const void *data, size_t size);

/*
 * From now on schedule @bh after each vmspec_pflash_commit() to the memory @mr,
 * in place of the watch before. With NULL there is no watch.
 */
void vmspec_pflash_watch(MemoryRegion *mr, QEMUBH *bh);

/*
 * Take the state of a bank, with the memory @mr, that a migration stream
 * brought: the guest reads the array or a register, as it did. @wcycle, @cmd,
 * @status and @blk_offset are the fields of QEMU's PFlashCFI01; @block is the
 * size of its write buffer. Returns false after an error message if no bank can
 * be in that state: QEMU's device would write outside the bank, or fail an
 * assertion.
 */
bool vmspec_pflash_take_state(MemoryRegion *mr, uint32_t block, uint8_t wcycle,
                              uint8_t cmd, uint8_t status,
                              uint32_t blk_offset);

#endif
