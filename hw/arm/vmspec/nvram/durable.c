/*
 * vmspec: a file that is whole and durable before it has its name
 *
 * A store file comes into being in this order:
 *
 *   1. the caller makes PATH.new-XXXXXX (or another temporary name)
 *   2. the caller writes the content
 *   3. fchmod()               the umask took its part of the mode
 *   4. fsync()                the content is on stable storage
 *   5. rename                 the file has the name PATH
 *   6. fsync() of the folder  the name is on stable storage
 *
 * A crash before step 5 leaves the old file, or none, and a temporary file
 * that nobody reads. A crash after step 5 leaves the new file; until step 6 is
 * done a power failure can bring the old file, or none, back.
 *
 * Not every file system has a rename that fails if the new name exists
 * (renameat2() with RENAME_NOREPLACE). There step 5 is link(), which fails in
 * that case, and unlink(). A crash between the two leaves the file with two
 * names; file.c removes the temporary one at the next start.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include "qemu/osdep.h"
#endif
#include "durable.h"

int durable_write(int fd, const uint8_t *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        if (n > 0) {
            data += n;
            size -= n;
        }
    }
    return 0;
}

/* -ENOTSUP where the file system or the kernel has no RENAME_NOREPLACE. */
static int rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    return errno == EINVAL || errno == ENOSYS ? -ENOTSUP : -errno;
}

/* Step 5 for DURABLE_NEW. */
static int name_new(const char *tmp, const char *path)
{
    int ret = rename_new(tmp, path);

    if (ret != -ENOTSUP) {
        return ret;
    }
    if (link(tmp, path) < 0) {
        return -errno;
    }
    unlink(tmp);
    return 0;
}

/* Step 6. */
static int sync_folder_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int ret;

    if (fd < 0) {
        return -errno;
    }
    ret = fsync(fd) < 0 ? -errno : 0;
    close(fd);
    return ret;
}

int durable_publish(int fd, const char *tmp, const char *path,
                    mode_t permissions, DurableMode mode,
                    const char **failed)
{
    int ret;

    *failed = "cannot write";
    if (fchmod(fd, permissions) < 0 || fsync(fd) < 0) {
        return -errno;
    }
    *failed = "cannot rename";
    if (mode == DURABLE_NEW) {
        ret = name_new(tmp, path);
    } else {
        ret = rename(tmp, path) < 0 ? -errno : 0;
    }
    if (ret < 0) {
        return ret;
    }
    *failed = "cannot flush the directory";
    return sync_folder_of(path);
}

int durable_set_aside(const char *path, const char *to)
{
    int ret = rename_new(path, to);
    struct stat st;

    if (ret != -ENOTSUP) {
        return ret;
    }
    if (lstat(to, &st) == 0) {
        return -EEXIST;
    }
    /*
     * Not link() and unlink(): a crash between the two would leave the old
     * store under both names, and the next start would use it.
     */
    return rename(path, to) < 0 ? -errno : 0;
}
