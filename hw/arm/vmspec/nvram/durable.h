/*
 * vmspec: a file that is whole and durable before it has its name
 *
 * Shared by the machine, which makes a new store file, and by vmspec-nvram,
 * which replaces one. Both write a temporary file in the directory of the
 * store file and then call durable_publish(). POSIX calls and GLib only.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_NVRAM_DURABLE_H
#define HW_ARM_VMSPEC_NVRAM_DURABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef enum DurableMode {
    DURABLE_NEW,                /* a file that has the name is kept: -EEXIST */
    DURABLE_REPLACE,            /* a file that has the name is replaced */
} DurableMode;

/*
 * Write the @size bytes at @data to @fd, from its file position on. Returns 0
 * or a negative errno; some of the bytes may be written then.
 */
int durable_write(int fd, const uint8_t *data, size_t size);

/*
 * Give the file @tmp, which @fd has open and whose content is complete, the
 * permissions @permissions and the name @path, in the same directory. Returns
 * 0 when content and name are on stable storage. On failure it returns a
 * negative errno and sets @failed to what could not be done ("cannot rename");
 * the caller removes @tmp, if that is still there.
 */
int durable_publish(int fd, const char *tmp, const char *path,
                    mode_t permissions, DurableMode mode,
                    const char **failed);

/*
 * Give the file @path the name @to. Returns -EEXIST if a file has that name,
 * or another negative errno on failure; the file keeps its name then. The
 * caller holds the lock of the file, so that no other VM is in between.
 */
int durable_set_aside(const char *path, const char *to);

#endif
