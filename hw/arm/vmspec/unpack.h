/*
 * vmspec: a kernel that is packed with zstd
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_UNPACK_H
#define HW_ARM_VMSPEC_UNPACK_H

/*
 * Unpack the @size bytes at offset @at of the file @fd, one zstd frame, to at
 * most @max bytes. Returns a file of memory, which the caller closes.
 * Returns -1 with @errp set, whose text is to be put behind the file's name,
 * for damaged data, without room, and in a QEMU without zstd.
 */
int vmspec_unpack_zstd(int fd, uint64_t at, uint64_t size, uint64_t max,
                       Error **errp);

#endif
