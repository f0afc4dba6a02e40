/*
 * vmspec: the variable store file
 *
 * This file decides which files QEMU trusts, and creates new ones. QEMU
 * neither follows a symbolic link of another user nor writes a file of another
 * user. place.c finds the directory; then vmspec_nvram_open_file() does in
 * this order:
 *
 *   durable_clean()          what a crash in durable.c left
 *   fstatat(), check_file()  a regular file, of this user, with one name
 *   openat()                 without following a link, which may be new
 *   fstat(), check_file()    once more, on the file that was really opened
 *
 * A new file is written before it has a name; durable.c then gives it its name,
 * so that a crash at any system call leaves the old file, none, or a whole new
 * one. Nothing here opens a file by a path: between two uses of one path,
 * another user can put something else there.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "durable.h"
#include "store-file.h"

#define MAX_KEPT 1000
/* What vmspec_nvram_keep() appends is at most so long: ".bak999" */
#define MAX_KEPT_BASE (NAME_MAX - 7)

void vmspec_nvram_hint_damaged(bool unchanged, Error **errp)
{
    error_append_hint(errp, "%sRestore the file, or start afresh with "
                      "nvram-reset=on, which keeps it as .bak.\n",
                      unchanged ? "Nothing was changed. " : "");
}

void vmspec_nvram_damaged(const VarstoreDamage *damage, bool unchanged,
                          Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "variable store is corrupt at offset 0x%" PRIx64 ": %s",
               damage->offset, damage->what);
    vmspec_nvram_hint_damaged(unchanged, errp);
}

bool vmspec_nvram_find_place(StorePlace *place, const char *path,
                             Error **errp)
{
    ERRP_GUARD();
    g_autofree char *why = NULL;

    if (store_place_find(place, path, &why)) {
        return true;
    }
    if (errno == ELOOP) {
        error_setg(errp, "%s: %s", path, why);
        error_append_hint(errp, "Name the file itself with nvram=PATH.\n");
        return false;
    }
    error_setg(errp, "cannot open or create %s: %s", path, why);
    error_append_hint(errp, "Name a file in a directory that exists and can be "
                      "written to with nvram=PATH, or use nvram=none for a "
                      "volatile store.\n");
    return false;
}

static const char *kind_of_file(mode_t mode)
{
    if (S_ISDIR(mode)) {
        return "directory";
    }
    return S_ISFIFO(mode) ? "FIFO" : "device or socket";
}

static bool check_file(const char *path, const struct stat *st, Error **errp)
{
    ERRP_GUARD();

    if (!S_ISREG(st->st_mode)) {
        error_setg(errp, "%s is a %s, not a regular file", path,
                   kind_of_file(st->st_mode));
    } else if (st->st_uid != geteuid()) {
        error_setg(errp, "%s belongs to another user (%u)", path,
                   (unsigned)st->st_uid);
    } else if (st->st_nlink != 1) {
        error_setg(errp, "%s has %u names (hard links)", path,
                   (unsigned)st->st_nlink);
    } else {
        return true;
    }
    error_append_hint(errp, "Name a file of this VM alone with nvram=PATH, or "
                      "use nvram=none.\n");
    return false;
}

int vmspec_nvram_open_file(const StorePlace *place, Error **errp)
{
    ERRP_GUARD();
    const char *path = place->path;
    struct stat st;
    int fd;
    int err;

    if (fstatat(place->dir, place->base, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_nlink > 1) {
            durable_clean(place->dir, place->base);
            fstatat(place->dir, place->base, &st, AT_SYMLINK_NOFOLLOW);
        }
        if (!check_file(path, &st, errp)) {
            return -EINVAL;
        }
    }
    fd = openat(place->dir, place->base,
                O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    err = errno;
    if (fd < 0 && err == ENOENT) {
        return -ENOENT;
    }
    if (fd < 0) {
        error_setg_errno(errp, err, "cannot open %s to read and write", path);
        error_append_hint(errp, "Make it readable and writable, or use "
                          "nvram=none for a volatile store.\n");
        return -err;
    }
    /* The file may be another one than fstatat() saw. */
    if (fstat(fd, &st) < 0) {
        error_setg_errno(errp, errno, "cannot get the status of %s", path);
        close(fd);
        return -EINVAL;
    }
    /* st_nlink == 0: deleted since openat(). open.c's has_name() sees that. */
    if (st.st_nlink != 0 && !check_file(path, &st, errp)) {
        close(fd);
        return -EINVAL;
    }
    return fd;
}

/* Write the content of the new file that @fd has open. */
static bool write_content(int fd, const char *format, const uint8_t *data,
                          size_t size, Error **errp)
{
    int ret;

    if (strcmp(format, VMSPEC_NVRAM_RAW)) {
        return vmspec_nvram_write_qcow2(fd, data, size, errp);
    }
    ret = durable_write(fd, data, size);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot write");
    }
    return ret == 0;
}

/*
 * Make the file, with a temporary name if it is to be @named. Returns -ENOTSUP
 * without an error if it has to be.
 */
static int create_as(const StorePlace *place, bool named, const char *format,
                     const uint8_t *data, size_t size, Error **errp)
{
    ERRP_GUARD();
    DurableFile file;
    const char *failed;
    int ret = durable_make(&file, place->dir, named);

    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot create %s", place->path);
        error_append_hint(errp, "Name a file in a directory that exists and "
                          "can be written to with nvram=PATH, or use "
                          "nvram=none for a volatile store.\n");
        return ret;
    }
    if (!write_content(file.fd, format, data, size, errp)) {
        ret = -EIO;
    } else {
        ret = durable_publish(&file, place->base, 0600, DURABLE_NEW, &failed);
        if (ret < 0 && (named || ret != -ENOTSUP)) {
            error_setg_errno(errp, -ret, "%s", failed);
        }
    }
    durable_drop(&file);
    if (*errp) {
        error_prepend(errp, "cannot create %s: ", place->path);
        error_append_hint(errp, "Make room, name another file with "
                          "nvram=PATH, or use nvram=none.\n");
    }
    return ret;
}

bool vmspec_nvram_create(const StorePlace *place, const char *format,
                         const uint8_t *data, size_t size, Error **errp)
{
    int ret;

    durable_clean(place->dir, place->base);
    ret = create_as(place, false, format, data, size, errp);
    if (ret == -ENOTSUP) {
        ret = create_as(place, true, format, data, size, errp);
    }
    return ret == 0;
}

bool vmspec_nvram_keep(const StorePlace *place, Error **errp)
{
    g_autofree char *dir = g_path_get_dirname(place->path);
    g_autofree char *base = g_strndup(place->base, MAX_KEPT_BASE);
    int ret = -EEXIST;

    for (int i = 0; i < MAX_KEPT && ret == -EEXIST; i++) {
        g_autofree char *number = i ? g_strdup_printf("%d", i) : g_strdup("");
        g_autofree char *kept = g_strdup_printf("%s.bak%s", base, number);

        ret = durable_set_aside(place->dir, place->base, kept);
        if (ret == 0) {
            g_autofree char *path = g_build_filename(dir, kept, NULL);

            info_report("nvram-reset: %s is kept as %s", place->path, path);
        }
    }
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot keep %s as %s.bak", place->path,
                         base);
    }
    return ret == 0;
}

const char *vmspec_nvram_format(const VmspecMachineState *vms,
                                const char *path)
{
    if (vms->nvram_format) {
        return vms->nvram_format;
    }
    return varstore_is_raw_name(path) ? VMSPEC_NVRAM_RAW : VMSPEC_NVRAM_QCOW2;
}
