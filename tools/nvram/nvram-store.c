/*
 * vmspec-nvram: the variable store file
 *
 * This file reads, locks and replaces the store file. The locks are those of
 * QEMU's block layer (block/file-posix.c): while the tool has one no VM can use
 * the store, and the tool cannot use a store that a VM uses. A second lock is
 * between tools: only one of them changes a store at a time.
 *
 * The tool never writes into the file. It makes a new one beside it, which
 * takes its name (nvram-save.c). So a VM or a tool that
 * opened the file before, and gets the lock after, must look whether the file
 * still has its name: lock_tool() here, has_name() in nvram/open.c.
 *
 * qemu-img converts qcow2 images, from and to a raw file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nvram-private.h"

/*
 * A QEMU locks byte LOCK_TAKEN + n of an image if it has the permission n
 * (BLK_PERM_*), and byte LOCK_UNSHARED + n if nobody else may have it.
 */
#define LOCK_TAKEN 100
#define LOCK_UNSHARED 200
#define PERM_WRITE 1
#define PERM_COUNT 3            /* write, write unchanged, resize */
/* QEMU does not lock this byte. The one tool that changes the store does. */
#define LOCK_TOOL 300

bool store_failed(GError **error, const char *path, const char *what)
{
    g_set_error(error, STORE_ERROR, errno, "%s: %s: %s", path, what,
                g_strerror(errno));
    return false;
}

/*
 * Become the only tool that changes the store. Fails if another tool has
 * replaced the file since it was opened: @st is of the file that was opened.
 */
static bool lock_tool(StoreFile *store, const struct stat *st, GError **error)
{
    struct flock tool = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET,
        .l_start = LOCK_TOOL, .l_len = 1,
    };
    struct stat now;
    bool busy = fcntl(store->fd, F_OFD_SETLK, &tool) < 0;

    if (busy && errno != EAGAIN && errno != EACCES) {
        return store_failed(error, store->path, "cannot lock");
    }
    if (busy || fstatat(store->place.dir, store->place.base, &now,
                        AT_SYMLINK_NOFOLLOW) < 0 ||
        now.st_ino != st->st_ino || now.st_dev != st->st_dev) {
        g_set_error(error, STORE_ERROR, EBUSY, "%s: another vmspec-nvram "
                    "changes it; try again when that has ended", store->path);
        return false;
    }
    return true;
}

/* Take the lock of a writer, as a VM does. */
static bool lock_writer(StoreFile *store, GError **error)
{
    struct flock other = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET,
        .l_start = LOCK_TAKEN + PERM_WRITE, .l_len = PERM_COUNT,
    };
    struct flock own = {
        .l_type = F_RDLCK, .l_whence = SEEK_SET,
        .l_start = LOCK_UNSHARED + PERM_WRITE, .l_len = PERM_COUNT,
    };

    if (fcntl(store->fd, F_OFD_SETLK, &own) < 0 ||
        fcntl(store->fd, F_OFD_GETLK, &other) < 0) {
        return store_failed(error, store->path, "cannot lock");
    }
    if (other.l_type != F_UNLCK) {
        g_set_error(error, STORE_ERROR, EBUSY, "%s: a VM uses it; shut that "
                    "down first", store->path);
        return false;
    }
    return true;
}

bool store_qemu_img(const char *const args[], GError **error)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *err = NULL;
    int status;

    g_ptr_array_add(argv, (char *)(g_getenv("QEMU_IMG") ?: "qemu-img"));
    for (int i = 0; args[i]; i++) {
        g_ptr_array_add(argv, (char *)args[i]);
    }
    g_ptr_array_add(argv, NULL);
    if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH,
                      NULL, NULL, NULL, &err, &status, error)) {
        g_prefix_error(error, "qcow2 needs qemu-img, of the package qemu-utils "
                       "or in QEMU_IMG: ");
        return false;
    }
    if (!g_spawn_check_wait_status(status, *err ? NULL : error)) {
        if (*err) {
            g_set_error(error, STORE_ERROR, EIO, "%s", g_strstrip(err));
        }
        return false;
    }
    return true;
}

int store_scratch(GError **error)
{
    const char *dir = g_get_tmp_dir();
    g_autofree char *path = g_build_filename(dir, "vmspec-nvram-XXXXXX", NULL);
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0) {
        fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
        if (fd >= 0) {
            g_unlink(path);
        }
    }
    if (fd < 0) {
        store_failed(error, dir, "cannot create a temporary file");
    }
    return fd;
}

char *store_fd_path(int fd)
{
    return g_strdup_printf("/proc/%d/fd/%d", (int)getpid(), fd);
}

/*
 * May qemu-img convert the image, of which @header bytes were read? It must
 * name no other file and give no more bytes than a flash bank has.
 */
static bool check_qcow2(const StoreFile *store, const VarstoreImage *image,
                        ssize_t header, GError **error)
{
    if (header <= QCOW2_SNAPSHOTS) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: truncated, or not a "
                    "qcow2 image", store->path);
    } else if (image->names_others) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: a qcow2 image with a "
                    "backing or data file; make it one file with qemu-img "
                    "convert", store->path);
    } else if (image->size > VARSTORE_MAX_SIZE) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s is not a variable store: a "
                    "qcow2 image of %" G_GUINT64_FORMAT " bytes, but a flash "
                    "bank has at most %d", store->path, (guint64)image->size,
                    VARSTORE_MAX_SIZE);
    } else {
        return true;
    }
    return false;
}

/* Read the @size bytes of the file that @fd has open into @store->data. */
static bool read_raw(StoreFile *store, int fd, size_t size, GError **error)
{
    store->data = g_malloc(size + 1);
    while (store->size < size) {
        ssize_t n = pread(fd, store->data + store->size, size - store->size,
                          store->size);

        if (n < 0 && errno != EINTR) {
            return store_failed(error, store->path, "cannot read");
        }
        if (n == 0) {
            break;
        }
        store->size += MAX(n, 0);
    }
    return true;
}

static bool read_qcow2(StoreFile *store, GError **error)
{
    g_autofree char *image = store_fd_path(store->fd);
    g_autofree char *raw = NULL;
    int fd = store_scratch(error);
    struct stat st;
    bool ok;

    if (fd < 0) {
        return false;
    }
    raw = store_fd_path(fd);
    ok = store_qemu_img((const char *[]) { "convert", "-U", "-f", "qcow2",
                        "-O", "raw", image, raw, NULL }, error);
    if (!ok) {
        g_prefix_error(error, "%s: ", store->path);
    } else if (fstat(fd, &st) < 0) {
        ok = store_failed(error, store->path, "cannot read");
    } else {
        ok = read_raw(store, fd, st.st_size, error);
    }
    close(fd);
    return ok;
}

/* Open the file @store->path and lock it. */
static bool open_and_lock(StoreFile *store, bool change, struct stat *st,
                          GError **error)
{
    int flags = O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
    g_autofree char *why = NULL;

    if (!store_place_find(&store->place, store->path, &why)) {
        g_set_error(error, STORE_ERROR, errno, "%s: cannot open: %s",
                    store->path, why);
        return false;
    }
    store->fd = openat(store->place.dir, store->place.base,
                       flags | (change ? O_RDWR : O_RDONLY));
    if (store->fd < 0 || fstat(store->fd, st) < 0) {
        return store_failed(error, store->path, "cannot open");
    }
    if (!S_ISREG(st->st_mode) || st->st_size > 2 * VARSTORE_MAX_SIZE) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s is not a variable store: "
                    "not a regular file of up to 64 MiB", store->path);
        return false;
    }
    store->uid = st->st_uid;
    store->gid = st->st_gid;
    store->mode = st->st_mode & 0777;
    return (!change || lock_tool(store, st, error)) &&
           lock_writer(store, error);
}

static bool no_store(StoreFile *store, VarstoreKind kind, GError **error)
{
    bool known = kind != VARSTORE_KIND_UNKNOWN;

    g_set_error(error, STORE_ERROR, EINVAL, "%s is not a variable store%s%s",
                store->path, known ? ", but " : "",
                known ? varstore_kind_name(kind) : "");
    return false;
}

/* Read the content of the file, which has @size bytes, into @store->data. */
static bool read_content(StoreFile *store, size_t size, GError **error)
{
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };
    ssize_t n = pread(store->fd, header, sizeof(header), 0);
    VarstoreImage image = varstore_image(header);
    VarstoreKind kind;

    if (!store->qcow2) {
        return read_raw(store, store->fd, size, error);
    }
    if (image.qcow2) {
        return check_qcow2(store, &image, n, error) &&
               read_qcow2(store, error);
    }
    if (!read_raw(store, store->fd, size, error)) {
        return false;
    }
    kind = varstore_kind(store->data, store->size);
    if (varstore_kind_is_other(kind)) {
        return no_store(store, kind, error);
    }
    g_set_error(error, STORE_ERROR, EINVAL, "%s: by its name a qcow2 image, "
                "but it is %s; try --format=raw", store->path,
                varstore_kind_name(kind));
    return false;
}

/* Check what read_content() has read, and say what it is if it is no store. */
static bool check_content(StoreFile *store, GError **error)
{
    VarstoreDamage damage;
    VarstoreKind kind;

    if (varstore_check(store->data, store->size, &store->vs, &damage)) {
        return true;
    }
    kind = varstore_kind(store->data, store->size);
    if (kind == VARSTORE_KIND_QCOW2 && !store->qcow2) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: by its name a raw store, "
                    "but it is a qcow2 image; try --format=qcow2", store->path);
        return false;
    }
    if (varstore_kind_is_other(kind)) {
        return no_store(store, kind, error);
    }
    g_set_error(error, STORE_ERROR, EINVAL, "%s: variable store is corrupt "
                "at offset 0x%" G_GINT64_MODIFIER "x: %s", store->path,
                damage.offset, damage.what);
    return false;
}

/* Open and lock the file @path, and read what it has. */
static StoreFile *open_file(const char *path, StoreFormat format, bool change,
                            bool read, GError **error)
{
    g_autoptr(StoreFile) store = g_new0(StoreFile, 1);
    struct stat st;

    store->path = g_strdup(path);
    store->place.dir = -1;
    store->fd = -1;
    if (!open_and_lock(store, change, &st, error)) {
        return NULL;
    }
    store->qcow2 = format == STORE_FORMAT_AUTO ?
                   !varstore_is_raw_name(store->place.base) :
                   format == STORE_FORMAT_QCOW2;
    if (read ? !read_content(store, st.st_size, error) :
               !read_raw(store, store->fd, st.st_size, error)) {
        return NULL;
    }
    return g_steal_pointer(&store);
}

StoreFile *store_file_open(const char *path, StoreFormat format, bool change,
                           GError **error)
{
    g_autoptr(StoreFile) store = open_file(path, format, change, true, error);

    return store && check_content(store, error) ? g_steal_pointer(&store) :
                                                  NULL;
}

StoreFile *store_file_open_any(const char *path, StoreFormat format,
                               GError **error)
{
    g_autoptr(StoreFile) store = open_file(path, format, true, false, error);
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };
    VarstoreImage image;
    VarstoreKind kind;

    if (!store) {
        return NULL;
    }
    memcpy(header, store->data, MIN(store->size, sizeof(header)));
    image = varstore_image(header);
    kind = varstore_kind(store->data, store->size);
    if (store->qcow2 && image.qcow2) {
        return check_qcow2(store, &image, store->size, error) ?
               g_steal_pointer(&store) : NULL;
    }
    if (varstore_kind_is_other(kind)) {
        no_store(store, kind, error);
        return NULL;
    }
    return g_steal_pointer(&store);
}

void store_file_free(StoreFile *store)
{
    if (store) {
        if (store->fd >= 0) {
            close(store->fd);
        }
        g_free(store->path);
        store_place_clear(&store->place);
        g_free(store->data);
        g_free(store);
    }
}

/* The firmware would not write a larger variable, nor an update of one. */
static bool fits_firmware(const VarstoreVar *var, GError **error)
{
    uint64_t size = VARSTORE_VAR_HEADER + (uint64_t)var->name_size +
                    var->data_size;

    if (size <= VARSTORE_MAX_VAR) {
        return true;
    }
    g_set_error(error, STORE_ERROR, EINVAL, "the variable is too large: %"
                PRIu64 " bytes with its header and name, and the firmware "
                "takes %d", size, VARSTORE_MAX_VAR);
    return false;
}

bool store_file_put(StoreFile *store, const VarstoreVar *var, GError **error)
{
    g_autofree uint8_t *data = g_malloc(store->size);
    VarstoreVar old = { 0 };
    VarstoreDamage damage;
    size_t used = 0;
    bool ok = true;

    if (var->data && !var->data_size) {
        g_set_error(error, STORE_ERROR, EINVAL, "no data, and UEFI has no "
                    "empty variables; to remove one use vmspec-nvram delete");
        return false;
    }
    if (!fits_firmware(var, error)) {
        return false;
    }
    varstore_format(data, store->size);
    while (ok && varstore_next(&store->vs, &old)) {
        if (old.name_size != var->name_size ||
            memcmp(old.name, var->name, old.name_size) ||
            memcmp(old.guid, var->guid, VARSTORE_GUID_SIZE)) {
            used = varstore_append(data, used, &old);
            ok = used;
        }
    }
    if (ok && var->data) {
        ok = varstore_append(data, used, var);
    }
    if (!ok) {
        g_set_error(error, STORE_ERROR, ENOSPC, "%s: no room for %u bytes of "
                    "data", store->path, var->data_size);
        return false;
    }
    g_free(store->data);
    store->data = g_steal_pointer(&data);
    if (!varstore_check(store->data, store->size, &store->vs, &damage)) {
        g_error("made a damaged store: %s", damage.what);
    }
    return true;
}
