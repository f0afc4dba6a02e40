/*
 * vmspec: a disk image, read while no guest runs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_DISK_H
#define VMSPEC_TOOLS_DISK_H

#include <glib.h>
#include <stdbool.h>

typedef struct Disk Disk;

/*
 * The format of the image @path by its name, or by its content if the name
 * does not tell: "raw", "qcow2" and others that QEMU has. It is for a file that
 * no guest has written to: a guest can make a raw disk look like another one.
 */
const char *disk_guess_format(const char *path);

/*
 * Open the image @path of @format. Another format than raw is read by
 * @qemu_img, which may be NULL if @format is raw. Returns NULL with @error set
 * on failure.
 */
Disk *disk_open(const char *path, const char *format, const char *qemu_img,
                GError **error);

void disk_close(Disk *disk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Disk, disk_close)

/* The size in bytes that a guest sees; 0 if qemu-img cannot say */
guint64 disk_size(const Disk *disk);

/* Read @size bytes at @offset to @data. Bytes behind the end are an error. */
bool disk_read(Disk *disk, guint64 offset, void *data, size_t size,
               GError **error);

#endif
