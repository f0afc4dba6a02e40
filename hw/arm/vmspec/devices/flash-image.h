/*
 * vmspec: fit an image to a flash bank
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_FLASH_IMAGE_H
#define HW_ARM_VMSPEC_DEVICES_FLASH_IMAGE_H

#include "system/block-backend.h"
#include "hw/arm/vmspec-varstore.h"

/*
 * Open the file @filename read-only, as raw bytes. The caller owns the
 * reference. Returns NULL with @errp set on failure.
 */
BlockBackend *vmspec_flash_open_readonly(const char *filename, Error **errp);

/*
 * The size in bytes of a bank for the image @blk: its length, rounded up to a
 * power of two, and a flash block at least. Returns 0 with @errp set if the
 * image is empty or larger than a bank (platform.md, section 2.2).
 */
uint64_t vmspec_flash_bank_size(BlockBackend *blk, Error **errp);

/*
 * A read-only copy of the image @blk, padded with 0xff to @size bytes, in an
 * anonymous file. The caller owns the reference. Returns NULL with @errp set on
 * failure.
 */
BlockBackend *vmspec_flash_padded_copy(BlockBackend *blk, int64_t size,
                                       Error **errp);

/*
 * Extend the writable image @blk to @size bytes, the new ones 0xff. Nothing in
 * the store moves. Returns false with @errp set on failure; the image may be
 * longer then.
 */
bool vmspec_flash_extend_store(BlockBackend *blk, int64_t size, Error **errp);

/*
 * Is the image @blk, which -bios or pflash0 named, firmware for a CPU whose
 * execution state is AArch64 if @aarch64, else AArch32? Sets @uefi to whether
 * it is UEFI, and @ours to whether that is one of our images. Returns false
 * with @errp set if the image cannot be read, or certainly is no such
 * firmware. What cannot be told is taken for firmware.
 */
bool vmspec_flash_check_firmware(BlockBackend *blk, bool aarch64, bool *uefi,
                                 bool *ours, Error **errp);

/*
 * Is the image @blk of pflash1 a variable store, or blank? UEFI would overwrite
 * what is neither (platform.md, section 7.2). A store must be sound if the
 * firmware is @bundled, or if the store has the layout of ours: other firmware
 * may have another one. Returns false with @errp set if not, or if the image
 * cannot be read.
 */
bool vmspec_flash_check_store(BlockBackend *blk, bool bundled, Error **errp);

/*
 * Warn if only firmware of the other kind has used the store @blk, for which
 * messages have @name: another maker's if the firmware is @ours, else ours.
 * Cannot fail: what cannot be read is no store.
 */
void vmspec_flash_warn_of_maker(BlockBackend *blk, bool ours,
                                const char *name);

/*
 * Has the image @blk of pflash1 the variables that secure-boot=on needs
 * (platform.md, section 7)? Returns false with @errp set if not, or if the
 * image cannot be read.
 */
bool vmspec_flash_check_keys(BlockBackend *blk, Error **errp);

#endif
