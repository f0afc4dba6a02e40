/*
 * vmspec: what a guest writes to a flash bank reaches the bank's image
 *
 * For QEMU's pflash_cfi01.c, which calls these for whatever board has it. Not
 * thread-safe: called with the big QEMU lock held.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_BLOCK_VMSPEC_PFLASH_H
#define HW_BLOCK_VMSPEC_PFLASH_H

/*
 * Write @size bytes of @data at byte @offset of the image @blk: to stable
 * storage if its write cache is off (platform.md, section 7). Returns 0 or a
 * negative errno.
 */
int vmspec_pflash_store(BlockBackend *blk, uint64_t offset, const void *data,
                        size_t size);

/*
 * The guest programs @data into, or with NULL erases, @size bytes at byte
 * @offset of a bank: both of the array @mr and of the image @blk (NULL: none),
 * or neither, as far as the image takes the old bytes back. If it cannot be
 * written the user is told once, and the result is false: the device has to
 * set an error bit of its status register (JESD68, Intel command set).
 */
bool vmspec_pflash_commit(BlockBackend *blk, MemoryRegion *mr, uint64_t offset,
                          const void *data, size_t size);

#endif
