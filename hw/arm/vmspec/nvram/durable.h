/*
 * vmspec: a file that is whole and durable before it has its name
 *
 * Shared by the machine, which makes a new store file, and by vmspec-nvram,
 * which replaces one. Both make a file in the directory of the store file,
 * write it, and then call durable_publish(). Directories are descriptors, which
 * may be O_PATH (place.h). POSIX calls and GLib only.
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

/* A file that does not have its name yet */
typedef struct DurableFile {
    int dir;                    /* the directory, not owned */
    int fd;                     /* to read and write; the caller closes it */
    char *temporary;            /* its name in @dir; NULL: it has none */
} DurableFile;

/*
 * Make an empty file of mode 0600 in the directory @dir. It has no name, so
 * that nobody can put another file into its place, and it is gone if the
 * program is killed. With @named, and where the file system or the host has no
 * such files, it has a temporary name. Returns 0 with @file set, for
 * durable_drop(), or a negative errno.
 */
int durable_make(DurableFile *file, int dir, bool named);

/*
 * Write the @size bytes at @data to @fd, from its file position on. Returns 0
 * or a negative errno; some of the bytes may be written then.
 */
int durable_write(int fd, const uint8_t *data, size_t size);

/*
 * Give @file, whose content is complete, the permissions @permissions and the
 * name @name. Returns 0 when content and name are on stable storage. On failure
 * it returns a negative errno and sets @failed to what could not be done
 * ("cannot rename"); -ENOTSUP if a file without a name cannot get one here, and
 * the caller has to make a named one.
 */
int durable_publish(DurableFile *file, const char *name, mode_t permissions,
                    DurableMode mode, const char **failed);

/* Close @file, and remove its temporary name if it still has one. */
void durable_drop(DurableFile *file);

/*
 * Remove what programs that were killed left in @dir: temporary files of this
 * user that no program has locked; with @of also all temporary names of the
 * file that has this name. Cannot fail.
 */
void durable_clean(int dir, const char *of);

/*
 * Give the file @name in @dir the name @to. Returns -EEXIST if a file has that
 * name, or another negative errno on failure; the file keeps its name then. The
 * caller holds the lock of the file, so that no other VM is in between.
 */
int durable_set_aside(int dir, const char *name, const char *to);

#endif
