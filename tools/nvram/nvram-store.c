/*
 * vmspec-nvram: a store's file
 *
 * Owns reading, locking and replacing the file. qcow2 images go through
 * qemu-img; the locks are those of QEMU's block layer (block/file-posix.c),
 * so that no VM can use a store meanwhile, nor the tool one that a VM uses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nvram-store.h"

/* Bytes that QEMU locks: permissions taken, permissions not shared */
#define LOCK_TAKEN 100
#define LOCK_UNSHARED 200
#define PERM_WRITE 1
#define PERM_COUNT 3            /* write, write unchanged, resize */
/* A byte that it does not: held by the one tool that changes the store */
#define LOCK_TOOL 300
/* In the header of a qcow2 image (QEMU's docs/interop/qcow2.txt) */
#define QCOW2_SNAPSHOTS 60

static bool fail(GError **error, const char *path, const char *what)
{
    g_set_error(error, STORE_ERROR, errno, "%s: %s: %s", path, what,
                g_strerror(errno));
    return false;
}

/*
 * The only tool that changes the store, and that of the file which has its
 * name: another may have replaced it since it was opened.
 */
static bool lock_tool(Store *store, const struct stat *st, GError **error)
{
    struct flock tool = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET,
        .l_start = LOCK_TOOL, .l_len = 1,
    };
    struct stat now;
    bool busy = fcntl(store->fd, F_OFD_SETLK, &tool) < 0;

    if (busy && errno != EAGAIN && errno != EACCES) {
        return fail(error, store->path, "cannot lock");
    }
    if (busy || lstat(store->real, &now) < 0 || now.st_ino != st->st_ino ||
        now.st_dev != st->st_dev) {
        g_set_error(error, STORE_ERROR, EBUSY, "%s: another vmspec-nvram "
                    "changes it; try again when that has ended", store->path);
        return false;
    }
    return true;
}

/* A writer's lock, as a VM takes it */
static bool lock(Store *store, GError **error)
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
        return fail(error, store->path, "cannot lock");
    }
    if (other.l_type != F_UNLCK) {
        g_set_error(error, STORE_ERROR, EBUSY, "%s: a VM uses it; shut that "
                    "down first", store->path);
        return false;
    }
    return true;
}

static bool qemu_img(const char *const args[], GError **error)
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
        g_prefix_error(error, "qcow2 needs qemu-img (QEMU_IMG): ");
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

/* An empty file in the directory @in, or in that for temporary ones */
static char *temporary(const char *in, int *fd, GError **error)
{
    g_autofree char *dir = g_canonicalize_filename(in ?: g_get_tmp_dir(),
                                                   NULL);
    /* Short: the store's own name may be as long as names can be. */
    char *path = g_build_filename(dir, ".vmspec-nvram-XXXXXX", NULL);

    *fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (*fd < 0) {
        fail(error, path, "cannot create");
        g_clear_pointer(&path, g_free);
    }
    return path;
}

/* An open file for qemu-img: whatever its name is, or becomes */
static char *path_of_fd(int fd)
{
    return g_strdup_printf("/proc/%d/fd/%d", (int)getpid(), fd);
}

/* Is it an image that may be unpacked? No more than a flash bank is. */
static bool check_qcow2(const Store *store, const VarstoreImage *image,
                        ssize_t header, GError **error)
{
    if (header <= QCOW2_SNAPSHOTS) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: truncated, or no qcow2 "
                    "image", store->path);
    } else if (image->names_others) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: a qcow2 image with a "
                    "backing or data file; make it one file with qemu-img "
                    "convert", store->path);
    } else if (image->size > VARSTORE_MAX_SIZE) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s is no store: a qcow2 image "
                    "of %" G_GUINT64_FORMAT " bytes, a flash bank has at most "
                    "%d", store->path, (guint64)image->size,
                    VARSTORE_MAX_SIZE);
    } else {
        return true;
    }
    return false;
}

static bool read_qcow2(Store *store, GError **error)
{
    g_autofree char *image = path_of_fd(store->fd);
    g_autofree char *raw = NULL;
    int fd;
    bool ok;

    raw = temporary(NULL, &fd, error);
    if (!raw) {
        return false;
    }
    ok = qemu_img((const char *[]) { "convert", "-U", "-f", "qcow2", "-O",
                  "raw", image, raw, NULL }, error) &&
         g_file_get_contents(raw, (char **)&store->data, &store->size, error);
    g_unlink(raw);
    close(fd);
    if (!ok) {
        g_prefix_error(error, "%s: ", store->path);
    }
    return ok;
}

static bool read_raw(Store *store, size_t size, GError **error)
{
    store->data = g_malloc(size + 1);
    while (store->size < size) {
        ssize_t n = pread(store->fd, store->data + store->size,
                          size - store->size, store->size);

        if (n < 0 && errno != EINTR) {
            return fail(error, store->path, "cannot read");
        }
        if (n == 0) {
            break;
        }
        store->size += MAX(n, 0);
    }
    return true;
}

Store *store_open(const char *path, bool change, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    VarstoreDamage damage;
    struct stat st;
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };
    VarstoreImage image;
    ssize_t read;

    store->path = g_strdup(path);
    store->real = realpath(path, NULL);
    store->fd = store->real ? open(store->real, (change ? O_RDWR : O_RDONLY) |
                                   O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW) : -1;
    if (store->fd < 0 || fstat(store->fd, &st) < 0) {
        fail(error, path, "cannot open");
        return NULL;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > 2 * VARSTORE_MAX_SIZE) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s is no store: not a "
                    "regular file of up to 64 MiB", path);
        return NULL;
    }
    store->uid = st.st_uid;
    store->gid = st.st_gid;
    store->mode = st.st_mode & 0777;
    if ((change && !lock_tool(store, &st, error)) || !lock(store, error)) {
        return NULL;
    }
    read = pread(store->fd, header, sizeof(header), 0);
    image = varstore_image(header);
    store->qcow2 = image.qcow2;
    if (image.qcow2 ? !check_qcow2(store, &image, read, error) ||
                      !read_qcow2(store, error) :
        !read_raw(store, st.st_size, error)) {
        return NULL;
    }
    if (!varstore_check(store->data, store->size, &store->vs, &damage)) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: damaged at byte 0x%"
                    G_GINT64_MODIFIER "x: %s", path, damage.offset,
                    damage.what);
        return NULL;
    }
    return g_steal_pointer(&store);
}

void store_free(Store *store)
{
    if (store) {
        if (store->fd >= 0) {
            close(store->fd);
        }
        g_free(store->path);
        free(store->real);
        g_free(store->data);
        g_free(store);
    }
}

static bool write_all(int fd, const uint8_t *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            data += n;
            size -= n;
        }
    }
    return true;
}

/* @tmp, which has @fd open, becomes the image of the store. */
static bool fill(Store *store, const char *tmp, int fd, GError **error)
{
    uint8_t snapshots[4];
    int raw_fd;
    g_autofree char *raw = NULL;
    g_autofree char *image = path_of_fd(fd);
    bool ok;

    if (!store->qcow2) {
        return write_all(fd, store->data, store->size) ||
               fail(error, tmp, "cannot write");
    }
    if (pread(store->fd, snapshots, 4, QCOW2_SNAPSHOTS) != 4 ||
        memcmp(snapshots, "\0\0\0", 4)) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s has snapshots, which "
                    "would be lost; delete them first", store->path);
        return false;
    }
    raw = temporary(NULL, &raw_fd, error);
    if (!raw) {
        return false;
    }
    ok = (write_all(raw_fd, store->data, store->size) ||
          fail(error, raw, "cannot write")) &&
         qemu_img((const char *[]) { "convert", "-f", "raw", "-O", "qcow2",
                  raw, image, NULL }, error);
    g_unlink(raw);
    close(raw_fd);
    return ok;
}

/* The file that @fd has open becomes the user's that the store is. */
static bool keep_owner(const Store *store, int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 &&
           ((st.st_uid == store->uid && st.st_gid == store->gid) ||
            fchown(fd, store->uid, store->gid) == 0);
}

bool store_save(Store *store, GError **error)
{
    g_autofree char *dir = g_path_get_dirname(store->real);
    int fd;
    int dir_fd;
    g_autofree char *tmp = temporary(dir, &fd, error);
    bool ok;

    if (!tmp) {
        return false;
    }
    ok = fill(store, tmp, fd, error);
    if (ok && !keep_owner(store, fd)) {
        ok = fail(error, store->path, "cannot keep its owner and group");
    }
    if (ok && (fchmod(fd, store->mode) < 0 || fsync(fd) < 0 ||
               g_rename(tmp, store->real) < 0)) {
        ok = fail(error, store->path, "cannot replace");
    }
    close(fd);
    if (!ok) {
        g_unlink(tmp);
        return false;
    }
    dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = dir_fd >= 0 && fsync(dir_fd) == 0;
    if (dir_fd >= 0) {
        close(dir_fd);
    }
    return ok || fail(error, dir, "cannot sync");
}

bool store_put(Store *store, const VarstoreVar *var, GError **error)
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
