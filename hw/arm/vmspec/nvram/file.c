/*
 * vmspec: the variable store file
 *
 * This file decides which files QEMU trusts, and creates new ones. QEMU neither
 * follows a symbolic link of another user nor writes a file of another user.
 * vmspec_nvram_open_file() does in this order:
 *
 *   follow_own_links()     symbolic links, if this user owns them
 *   drop_second_name()     what a crash in durable.c left
 *   lstat(), check_file()  a regular file, of this user, with one name
 *   open()                 without following a link, which may be new
 *   fstat(), check_file()  once more, on the file that was really opened
 *
 * A new file is written under a temporary name; durable.c then gives it its
 * name, so that a crash at any system call leaves the old file, none, or a
 * whole new one.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "block/block-global-state.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "durable.h"
#include "store-file.h"

#define MAX_LINKS 8
#define MAX_KEPT 1000
#define TEMPORARY ".new-"       /* and six random characters */

void vmspec_nvram_hint_damaged(Error **errp)
{
    error_append_hint(errp, "Nothing was changed. Restore the file, or start "
                      "afresh with nvram-reset=on, which keeps it as .bak.\n");
}

bool vmspec_nvram_damaged(const VarstoreDamage *damage, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "variable store is corrupt at offset 0x%" PRIx64 ": %s",
               damage->offset, damage->what);
    vmspec_nvram_hint_damaged(errp);
    return false;
}

/*
 * Replace @path by the file that the symbolic links at @path lead to. A link
 * that another user owns is an error, because that user could change it.
 */
static bool follow_own_links(char **path, Error **errp)
{
    ERRP_GUARD();
    struct stat st;

    for (int i = 0; i < MAX_LINKS; i++) {
        g_autofree char *dir = g_path_get_dirname(*path);
        g_autofree char *target = NULL;

        if (lstat(*path, &st) < 0 || !S_ISLNK(st.st_mode)) {
            return true;
        }
        if (st.st_uid != geteuid()) {
            error_setg(errp, "%s is a symbolic link of another user (%u)",
                       *path, (unsigned)st.st_uid);
            error_append_hint(errp, "Name the file itself with nvram=PATH.\n");
            return false;
        }
        target = g_file_read_link(*path, NULL);
        if (!target) {
            return true;
        }
        g_free(*path);
        *path = g_path_is_absolute(target) ? g_steal_pointer(&target) :
                g_build_filename(dir, target, NULL);
    }
    error_setg(errp, "%s: too many symbolic links", *path);
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

/*
 * Without renameat2(), durable_publish() does link() and then unlink(). A
 * crash in between leaves PATH and PATH.new-XXXXXX, two names of one file,
 * which check_file() would refuse. Remove the temporary name. The link count
 * must be 2, so that no third name belongs to somebody else.
 */
static void drop_second_name(const char *path)
{
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *prefix = g_strconcat(base, TEMPORARY, NULL);
    struct stat st, other;
    const char *name;
    GDir *d;

    if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 2 ||
        st.st_uid != geteuid()) {
        return;
    }
    d = g_dir_open(dir, 0, NULL);
    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *file = g_build_filename(dir, name, NULL);

        if (g_str_has_prefix(name, prefix) && lstat(file, &other) == 0 &&
            other.st_dev == st.st_dev && other.st_ino == st.st_ino) {
            unlink(file);
        }
    }
    g_clear_pointer(&d, g_dir_close);
}

int vmspec_nvram_open_file(char **path, Error **errp)
{
    ERRP_GUARD();
    struct stat st;
    int fd;
    int err;

    if (!follow_own_links(path, errp)) {
        return -ELOOP;
    }
    drop_second_name(*path);
    if (lstat(*path, &st) == 0 && !check_file(*path, &st, errp)) {
        return -EINVAL;
    }
    fd = open(*path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    err = errno;
    if (fd < 0 && err == ENOENT) {
        return -ENOENT;
    }
    if (fd < 0) {
        error_setg_errno(errp, err, "cannot open %s to read and write", *path);
        error_append_hint(errp, "Make it readable and writable, or use "
                          "nvram=none for a volatile store.\n");
        return -err;
    }
    /* The file may be another one than lstat() saw. */
    if (fstat(fd, &st) < 0) {
        error_setg_errno(errp, errno, "cannot get the status of %s", *path);
        close(fd);
        return -EINVAL;
    }
    /* st_nlink == 0: deleted since open(). open.c's has_name() sees that. */
    if (st.st_nlink != 0 && !check_file(*path, &st, errp)) {
        close(fd);
        return -EINVAL;
    }
    return fd;
}

static bool write_qcow2(const char *path, const uint8_t *data, size_t size,
                        Error **errp)
{
    ERRP_GUARD();
    /* QEMU takes "a:b" for protocol a, but not if the name is absolute. */
    g_autofree char *file = g_canonicalize_filename(path, NULL);
    QDict *options = qdict_new();
    BlockBackend *blk;
    int ret;

    bdrv_img_create(file, "qcow2", NULL, NULL, NULL, size, BDRV_O_RDWR, true,
                    errp);
    if (*errp) {
        qobject_unref(options);
        return false;
    }
    qdict_put_str(options, "driver", "qcow2");
    blk = blk_new_open(file, NULL, options, BDRV_O_RDWR, errp);
    if (!blk) {
        return false;
    }
    ret = blk_pwrite(blk, 0, size, data, 0);
    if (ret == 0) {
        ret = blk_flush(blk);
    }
    blk_unref(blk);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot write");
    }
    return ret == 0;
}

/* Write the content of the new file @tmp, which @fd has open. */
static bool write_content(int fd, const char *tmp, const char *format,
                          const uint8_t *data, size_t size, Error **errp)
{
    int ret;

    if (strcmp(format, VMSPEC_NVRAM_RAW)) {
        return write_qcow2(tmp, data, size, errp);
    }
    ret = durable_write(fd, data, size);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot write");
    }
    return ret == 0;
}

bool vmspec_nvram_create(const char *path, const char *format,
                         const uint8_t *data, size_t size, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *tmp = g_strconcat(path, TEMPORARY, "XXXXXX", NULL);
    int fd = g_mkstemp_full(tmp, O_RDWR | O_CLOEXEC, 0600);
    const char *failed;
    bool ok;

    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot create %s", path);
        error_append_hint(errp, "Name a file in a directory that exists and "
                          "can be written to with nvram=PATH, or use "
                          "nvram=none for a volatile store.\n");
        return false;
    }
    ok = write_content(fd, tmp, format, data, size, errp);
    if (ok) {
        int ret = durable_publish(fd, tmp, path, 0600, DURABLE_NEW, &failed);

        if (ret < 0) {
            error_setg_errno(errp, -ret, "%s", failed);
            ok = false;
        }
    }
    close(fd);
    if (!ok) {
        unlink(tmp);
        error_prepend(errp, "cannot create %s: ", path);
        error_append_hint(errp, "Make room, name another file with "
                          "nvram=PATH, or use nvram=none.\n");
    }
    return ok;
}

bool vmspec_nvram_keep(const char *path, Error **errp)
{
    int ret = -EEXIST;

    for (int i = 0; i < MAX_KEPT && ret == -EEXIST; i++) {
        g_autofree char *number = i ? g_strdup_printf("%d", i) : g_strdup("");
        g_autofree char *kept = g_strdup_printf("%s.bak%s", path, number);

        ret = durable_set_aside(path, kept);
        if (ret == 0) {
            info_report("nvram-reset: %s is kept as %s", path, kept);
        }
    }
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot keep %s as %s.bak", path, path);
    }
    return ret == 0;
}

const char *vmspec_nvram_format(int fd, Error **errp)
{
    ERRP_GUARD();
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };
    VarstoreImage image;

    if (pread(fd, header, sizeof(header), 0) < 4) {
        return VMSPEC_NVRAM_RAW;
    }
    image = varstore_image(header);
    if (image.names_others) {
        error_setg(errp, "a qcow2 image with a backing or data file");
        error_append_hint(errp, "Make it one file with qemu-img convert, or "
                          "start afresh with nvram-reset=on, which keeps it "
                          "as .bak.\n");
        return NULL;
    }
    return image.qcow2 ? VMSPEC_NVRAM_QCOW2 : VMSPEC_NVRAM_RAW;
}
