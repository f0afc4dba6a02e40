/*
 * vmspec-nvram: write a variable store file
 *
 * A file is written whole, under another name or none, before it has its name
 * (hw/arm/vmspec/nvram/durable.c). nvram-store.c holds the locks meanwhile.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hw/arm/vmspec/nvram/durable.h"
#include "nvram-private.h"

/* Write the store's bytes to the file that @fd has open. */
static bool write_raw(const StoreFile *store, int fd, GError **error)
{
    int ret = durable_write(fd, store->data, store->size);

    errno = -ret;
    return ret == 0 || store_failed(error, store->path, "cannot write");
}

/* Make the file that @fd has open a qcow2 image of the store. */
static bool write_qcow2(const StoreFile *store, int fd, GError **error)
{
    uint8_t snapshots[4];
    int raw_fd;
    g_autofree char *raw = NULL;
    g_autofree char *image = store_fd_path(fd);
    bool ok;

    if (store->fd >= 0 &&
        (pread(store->fd, snapshots, 4, QCOW2_SNAPSHOTS) != 4 ||
         memcmp(snapshots, "\0\0\0", 4))) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s has snapshots, which "
                    "would be lost; delete them first", store->path);
        return false;
    }
    raw_fd = store_scratch(error);
    if (raw_fd < 0) {
        return false;
    }
    raw = store_fd_path(raw_fd);
    ok = write_raw(store, raw_fd, error) &&
         store_qemu_img((const char *[]) { "convert", "-f", "raw", "-O",
                        "qcow2", raw, image, NULL }, error);
    close(raw_fd);
    return ok;
}

/* Write the content of the new file that @fd has open. */
static bool write_content(const StoreFile *store, int fd, GError **error)
{
    return store->qcow2 ? write_qcow2(store, fd, error) :
                          write_raw(store, fd, error);
}

/* Give the file that @fd has open the owner and group of the store. */
static bool keep_owner(const StoreFile *store, int fd)
{
    struct stat st;

    if (store->fd < 0) {
        return true;            /* a new file */
    }
    return fstat(fd, &st) == 0 &&
           ((st.st_uid == store->uid && st.st_gid == store->gid) ||
            fchown(fd, store->uid, store->gid) == 0);
}

/* Save to a file with a temporary name if @named. *@again: it has to be. */
static bool save_as(StoreFile *store, bool named, DurableMode mode,
                    bool *again, GError **error)
{
    DurableFile file;
    const char *failed;
    int ret = durable_make(&file, store->place.dir, named);
    bool ok;

    *again = false;
    if (ret < 0) {
        errno = -ret;
        return store_failed(error, store->path,
                            "cannot create a new file beside it");
    }
    ok = write_content(store, file.fd, error);
    if (ok && !keep_owner(store, file.fd)) {
        ok = store_failed(error, store->path,
                          "cannot keep its owner and group");
    }
    if (ok) {
        ret = durable_publish(&file, store->place.base, store->mode,
                              mode, &failed);
        *again = ret == -ENOTSUP && !named;
        ok = ret == 0;
    }
    if (ret < 0 && !*again) {
        errno = -ret;
        store_failed(error, store->path, failed);
    }
    durable_drop(&file);
    return ok;
}

static bool save(StoreFile *store, DurableMode mode, GError **error)
{
    bool again;

    durable_clean(store->place.dir, NULL);
    return save_as(store, false, mode, &again, error) ||
           (again && save_as(store, true, mode, &again, error));
}

bool store_file_save(StoreFile *store, GError **error)
{
    return save(store, DURABLE_REPLACE, error);
}

/* Make @store one without variables, of the size of a new bank. */
static void make_empty(StoreFile *store)
{
    VarstoreDamage damage;

    g_free(store->data);
    store->size = VMSPEC_FLASH1_DEFAULT_SIZE;
    store->data = g_malloc(store->size);
    varstore_format(store->data, store->size);
    if (!varstore_check(store->data, store->size, &store->vs, &damage)) {
        g_error("made a damaged store: %s", damage.what);
    }
}

StoreFile *store_file_create(const char *path, StoreFormat format,
                             GError **error)
{
    g_autoptr(StoreFile) store = g_new0(StoreFile, 1);
    g_autofree char *why = NULL;
    struct stat st;

    store->path = g_strdup(path);
    store->place.dir = -1;
    store->fd = -1;
    store->mode = 0600;
    if (!store_place_find(&store->place, path, &why)) {
        g_set_error(error, STORE_ERROR, errno, "%s: cannot create: %s", path,
                    why);
        return NULL;
    }
    if (fstatat(store->place.dir, store->place.base, &st,
                AT_SYMLINK_NOFOLLOW) == 0) {
        g_set_error(error, STORE_ERROR, EEXIST, "%s exists; vmspec-nvram reset "
                    "makes an empty store of it, and keeps the old one", path);
        return NULL;
    }
    store->qcow2 = format == STORE_FORMAT_AUTO ?
                   !varstore_is_raw_name(store->place.base) :
                   format == STORE_FORMAT_QCOW2;
    make_empty(store);
    return save(store, DURABLE_NEW, error) ? g_steal_pointer(&store) : NULL;
}

/* Give the file of @store the first free name FILE.bak, FILE.bak2 ... */
static char *set_aside(StoreFile *store, GError **error)
{
    int ret = -EEXIST;

    for (int n = 1; ret == -EEXIST; n++) {
        g_autofree char *number = n > 1 ? g_strdup_printf("%d", n) : NULL;
        g_autofree char *backup = g_strconcat(store->place.base, ".bak",
                                              number, NULL);

        ret = durable_set_aside(store->place.dir, store->place.base, backup);
        if (ret == 0) {
            return g_steal_pointer(&backup);
        }
    }
    errno = -ret;
    store_failed(error, store->path, "cannot rename");
    return NULL;
}

char *store_file_reset(StoreFile *store, GError **error)
{
    g_autofree char *backup = set_aside(store, error);
    int fd = store->fd;
    bool ok;

    if (!backup) {
        return NULL;
    }
    make_empty(store);
    /* the snapshots of the old image stay in the old image */
    store->fd = -1;
    ok = save(store, DURABLE_NEW, error);
    store->fd = fd;
    return ok ? g_steal_pointer(&backup) : NULL;
}
