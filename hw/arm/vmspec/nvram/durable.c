/*
 * vmspec: a file that is whole and durable before it has its name
 *
 * A store file comes into being in this order:
 *
 *   1. durable_make()         a file without a name (O_TMPFILE)
 *   2. the caller writes the content
 *   3. fchmod()               the umask took its part of the mode
 *   4. fsync()                the content is on stable storage
 *   5. linkat()               the file has its name
 *   6. fsync() of the folder  the name is on stable storage
 *
 * A crash before step 5 leaves the old file, or none, and nothing else. A crash
 * after step 5 leaves the new file; until step 6 is done a power failure can
 * bring the old file, or none, back.
 *
 * linkat() does not replace a file. A file that is to be replaced gets a
 * temporary name in step 5, and rename() makes that the right one. The same is
 * done where files cannot be without a name, or cannot get one later: there the
 * file has a temporary name from step 1 on. Step 5 is then a rename that fails
 * if the new name exists (renameat2() with RENAME_NOREPLACE). Not every file
 * system has that either; the last way is link(), which fails in that case, and
 * unlink().
 *
 * A crash can leave a file with a temporary name alone, or with both names.
 * durable_clean() removes the temporary names at the next start. A program that
 * is at work has a lock on its file, so that nobody else cleans it away.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include "qemu/osdep.h"
#include <dirent.h>
#endif
#include "durable.h"

/* Temporary names: this and eight digits. A store's own may be too long. */
#define TEMPORARY ".vmspec-new-"
/* What versions before 1.0 appended to the store's name */
#define OLD_TEMPORARY ".new-"
#define MAX_TRIES 100
/* QEMU's block layer locks bytes from 100 on, and vmspec-nvram byte 300. */
#define LOCK_BYTE 301

/* -EAGAIN if another program has the lock; another -errno without locks */
static int lock_temporary(int fd)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET,
        .l_start = LOCK_BYTE, .l_len = 1,
    };

    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
        return 0;
    }
    return errno == EACCES ? -EAGAIN : -errno;
}

static char *temporary_name(void)
{
    return g_strdup_printf(TEMPORARY "%08x", g_random_int());
}

/* Does the directory have the name of the file that is open? */
static bool names_file(int dir, const char *name, int fd)
{
    struct stat named, opened;

    return fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

/*
 * Another program may clean the file away before it is locked: then it has lost
 * its name, and the next name gets its turn.
 */
static int make_named(DurableFile *file, int dir)
{
    for (int i = 0; i < MAX_TRIES; i++) {
        g_autofree char *name = temporary_name();
        int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
                        O_CLOEXEC, 0600);

        if (fd < 0 && errno != EEXIST) {
            return -errno;
        }
        if (fd >= 0 && lock_temporary(fd) != -EAGAIN &&
            names_file(dir, name, fd)) {
            *file = (DurableFile) {
                .dir = dir, .fd = fd, .temporary = g_steal_pointer(&name),
            };
            return 0;
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    return -EEXIST;
}

int durable_make(DurableFile *file, int dir, bool named)
{
    int fd = -1;

    if (!named) {
        fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    }
    if (fd < 0) {
        return make_named(file, dir);
    }
    lock_temporary(fd);
    *file = (DurableFile) { .dir = dir, .fd = fd };
    return 0;
}

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
static int rename_new(int dir, const char *from, const char *to)
{
    if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    return errno == EINVAL || errno == ENOSYS ? -ENOTSUP : -errno;
}

/* Give the file without a name the name @name. */
static int link_unnamed(const DurableFile *file, const char *name)
{
    g_autofree char *opened = g_strdup_printf("/proc/self/fd/%d", file->fd);

    if (linkat(AT_FDCWD, opened, file->dir, name, AT_SYMLINK_FOLLOW) == 0) {
        return 0;
    }
    /* No /proc, or a file system without links */
    return errno == ENOENT || errno == EPERM || errno == ENOSYS ||
           errno == EOPNOTSUPP ? -ENOTSUP : -errno;
}

/* Step 5 for DURABLE_NEW */
static int name_new(DurableFile *file, const char *name)
{
    int ret;

    if (!file->temporary) {
        return link_unnamed(file, name);
    }
    ret = rename_new(file->dir, file->temporary, name);
    if (ret != -ENOTSUP) {
        return ret;
    }
    return linkat(file->dir, file->temporary, file->dir, name, 0) < 0 ?
           -errno : 0;
}

/* Step 5 for DURABLE_REPLACE */
static int name_replacing(DurableFile *file, const char *name)
{
    int ret = 0;

    for (int i = 0; !file->temporary && i < MAX_TRIES; i++) {
        g_autofree char *temporary = temporary_name();

        ret = link_unnamed(file, temporary);
        if (ret == 0) {
            file->temporary = g_steal_pointer(&temporary);
        } else if (ret != -EEXIST) {
            return ret;
        }
    }
    if (!file->temporary) {
        return ret;
    }
    return renameat(file->dir, file->temporary, file->dir, name) < 0 ?
           -errno : 0;
}

/* Step 6: a descriptor of O_PATH cannot be synced. */
static int sync_folder(int dir)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int ret;

    if (fd < 0) {
        return -errno;
    }
    ret = fsync(fd) < 0 ? -errno : 0;
    close(fd);
    return ret;
}

/* The temporary name may have become the right one. */
static void drop_name(DurableFile *file)
{
    if (file->temporary && names_file(file->dir, file->temporary, file->fd)) {
        unlinkat(file->dir, file->temporary, 0);
    }
    g_clear_pointer(&file->temporary, g_free);
}

int durable_publish(DurableFile *file, const char *name, mode_t permissions,
                    DurableMode mode, const char **failed)
{
    int ret;

    *failed = "cannot write";
    if (fchmod(file->fd, permissions) < 0 || fsync(file->fd) < 0) {
        return -errno;
    }
    *failed = "cannot rename";
    ret = mode == DURABLE_NEW ? name_new(file, name) :
                                name_replacing(file, name);
    if (ret < 0) {
        return ret;
    }
    drop_name(file);
    /* A temporary name can be given to another file before it is renamed. */
    if (!names_file(file->dir, name, file->fd)) {
        return -ESTALE;
    }
    *failed = "cannot flush the directory";
    return sync_folder(file->dir);
}

void durable_drop(DurableFile *file)
{
    drop_name(file);
    close(file->fd);
    file->fd = -1;
}

static bool is_temporary(const char *name, const char *of)
{
    g_autofree char *old = of ? g_strconcat(of, OLD_TEMPORARY, NULL) : NULL;

    return g_str_has_prefix(name, TEMPORARY) ||
           (old && g_str_has_prefix(name, old));
}

/* Does nobody work on the temporary file @name in @dir? */
static bool is_left_over(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    bool left;

    if (fd < 0) {
        return false;
    }
    left = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_uid == geteuid() && lock_temporary(fd) == 0;
    close(fd);
    return left;
}

void durable_clean(int dir, const char *of)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    struct stat store, other;
    bool exists = of && fstatat(dir, of, &store, AT_SYMLINK_NOFOLLOW) == 0;
    struct dirent *entry;

    if (fd >= 0 && !d) {
        close(fd);
    }
    while (d && (entry = readdir(d))) {
        const char *name = entry->d_name;

        if (!is_temporary(name, of) ||
            fstatat(dir, name, &other, AT_SYMLINK_NOFOLLOW) < 0) {
            continue;
        }
        /* The store itself may be locked by the VM that uses it. */
        if ((exists && other.st_dev == store.st_dev &&
             other.st_ino == store.st_ino) || is_left_over(dir, name)) {
            unlinkat(dir, name, 0);
        }
    }
    if (d) {
        closedir(d);
    }
}

int durable_set_aside(int dir, const char *name, const char *to)
{
    int ret = rename_new(dir, name, to);
    struct stat st;

    if (ret != -ENOTSUP) {
        return ret;
    }
    if (fstatat(dir, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        return -EEXIST;
    }
    /*
     * Not link() and unlink(): a crash between the two would leave the old
     * store under both names, and the next start would use it.
     */
    return renameat(dir, name, dir, to) < 0 ? -errno : 0;
}
