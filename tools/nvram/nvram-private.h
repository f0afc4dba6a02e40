/*
 * vmspec-nvram: what reads and what writes a variable store file share
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_NVRAM_PRIVATE_H
#define VMSPEC_TOOLS_NVRAM_PRIVATE_H

#include "nvram-store.h"

/* In the header of a qcow2 image (QEMU's docs/interop/qcow2.txt) */
#define QCOW2_SNAPSHOTS 60

/* Set @error to @path, @what could not be done, and errno. Returns false. */
bool store_failed(GError **error, const char *path, const char *what);

/* Run qemu-img with @args, which end with NULL. */
bool store_qemu_img(const char *const args[], GError **error);

/*
 * Make an empty file without a name, which is gone when the program ends, in
 * the directory for temporary files. Returns a descriptor, or -1 with @error
 * set.
 */
int store_scratch(GError **error);

/* A name for qemu-img of the file that @fd has open; the caller frees it. */
char *store_fd_path(int fd);

#endif
