/*
 * vmspec: the place of a store file, which links of others cannot move
 *
 * Shared by the machine and vmspec-nvram. POSIX calls and GLib only.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_NVRAM_PLACE_H
#define HW_ARM_VMSPEC_NVRAM_PLACE_H

#include <glib.h>
#include <stdbool.h>

/*
 * Where a file is, or is to be. @path is for messages and for users: what they
 * wrote, but behind the symbolic links that the last part of it was. Programs
 * use @dir and @base.
 */
typedef struct StorePlace {
    char *path;
    char *base;                 /* the file's name in its directory */
    int dir;                    /* O_PATH descriptor of the directory, or -1 */
} StorePlace;

/*
 * Find the place of the file @path, which need not exist. Symbolic links, also
 * those of directories, must be of this user or of root. Returns true with
 * @place set, for store_place_clear(). Returns false with *@why set, for the
 * caller to free, and errno, on failure: ELOOP for links.
 */
bool store_place_find(StorePlace *place, const char *path, char **why);

/* Free what @place has, which may be zeros with @dir -1. */
void store_place_clear(StorePlace *place);

#endif
