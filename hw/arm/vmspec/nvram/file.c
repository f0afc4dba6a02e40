/*
 * vmspec: the files of a variable store
 *
 * Owns what a store's file must be before it is trusted, and how one comes
 * into being: nobody else's file is followed or written, and a crash at any
 * system call leaves the old file, none, or a whole new one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "block/block-global-state.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "nvram.h"

#define MAX_LINKS 8
#define MAX_KEPT 1000
#define TEMPORARY ".new-"       /* and six random characters */

/* Follow the links at @path that are this user's own. */
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

static bool check_file(const char *path, const struct stat *st, Error **errp)
{
    ERRP_GUARD();

    if (!S_ISREG(st->st_mode)) {
        error_setg(errp, "%s is a %s, not a regular file", path,
                   S_ISDIR(st->st_mode) ? "directory" :
                   S_ISFIFO(st->st_mode) ? "FIFO" : "device or socket");
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
 * A crash between the two calls of name_new() leaves a second name that only
 * vmspec gives. There is no third, so that the file is nobody else's.
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
    /* Once more, on what was really opened */
    if (fstat(fd, &st) < 0) {
        error_setg_errno(errp, errno, "cannot tell what %s is", *path);
    } else if (!st.st_nlink || check_file(*path, &st, errp)) {
        return fd;              /* that it has no name, the caller finds */
    }
    close(fd);
    return -EINVAL;
}

static bool write_raw(int fd, const uint8_t *data, size_t size, Error **errp)
{
    while (size) {
        ssize_t n = RETRY_ON_EINTR(write(fd, data, size));

        if (n < 0) {
            error_setg_errno(errp, errno, "cannot write");
            return false;
        }
        data += n;
        size -= n;
    }
    return true;
}

static bool write_qcow2(const char *path, const uint8_t *data, size_t size,
                        Error **errp)
{
    ERRP_GUARD();
    /* In a name that is not absolute a colon is behind a protocol. */
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

static bool sync_dir(const char *path)
{
    g_autofree char *dir = g_path_get_dirname(path);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* -ENOTSUP where the file system or the kernel has no such rename() */
static int rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    return errno == EINVAL || errno == ENOSYS ? -ENOTSUP : -errno;
}

/* The temporary file gets its name, in place of no other file. */
static int name_new(const char *tmp, const char *path)
{
    int ret = rename_new(tmp, path);

    if (ret == -ENOTSUP) {
        /* A crash in between is mended by drop_second_name(). */
        ret = link(tmp, path) < 0 ? -errno : 0;
        if (ret == 0) {
            unlink(tmp);
        }
    }
    return ret;
}

/* With the lock, and so never two names, of which the next start took one */
static int keep_as(const char *path, const char *kept)
{
    int ret = rename_new(path, kept);
    struct stat st;

    if (ret == -ENOTSUP) {
        ret = lstat(kept, &st) == 0 ? -EEXIST :
              rename(path, kept) < 0 ? -errno : 0;
    }
    return ret;
}

bool vmspec_nvram_create(const char *path, const char *format,
                         const uint8_t *data, size_t size, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *tmp = g_strconcat(path, TEMPORARY, "XXXXXX", NULL);
    int fd = g_mkstemp_full(tmp, O_RDWR | O_CLOEXEC, 0600);
    bool ok;
    int ret;

    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot create %s", path);
        error_append_hint(errp, "Name a file in a directory that exists and "
                          "can be written to with nvram=PATH, or use "
                          "nvram=none for a volatile store.\n");
        return false;
    }
    ok = strcmp(format, "raw") ? write_qcow2(tmp, data, size, errp) :
                                 write_raw(fd, data, size, errp);
    /* The umask took its part of mkstemp's mode. */
    if (ok && (fchmod(fd, 0600) < 0 || fsync(fd) < 0)) {
        error_setg_errno(errp, errno, "cannot write");
        ok = false;
    }
    close(fd);
    if (ok) {
        ret = name_new(tmp, path);
        if (ret < 0) {
            error_setg_errno(errp, -ret, "cannot rename");
            ok = false;
        } else if (!sync_dir(path)) {
            error_setg_errno(errp, errno, "cannot sync the directory");
            ok = false;
        }
    }
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

        ret = keep_as(path, kept);
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
        return "raw";
    }
    image = varstore_image(header);
    if (image.names_others) {
        error_setg(errp, "a qcow2 image with a backing or data file");
        error_append_hint(errp, "Make it one file with qemu-img convert, or "
                          "start afresh with nvram-reset=on, which keeps it "
                          "as .bak.\n");
        return NULL;
    }
    return image.qcow2 ? "qcow2" : "raw";
}

/* Has process @pid a lock on the file of @st by a descriptor of its own? */
static bool has_lock(const char *pid, const struct stat *st)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/fd", pid);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    bool found = false;

    while (dir && !found && (name = g_dir_read_name(dir))) {
        g_autofree char *link = g_build_filename(path, name, NULL);
        g_autofree char *about = g_strdup_printf("/proc/%s/fdinfo/%s", pid,
                                                 name);
        g_autofree char *info = NULL;
        struct stat other;

        found = stat(link, &other) == 0 && other.st_ino == st->st_ino &&
                other.st_dev == st->st_dev &&
                g_file_get_contents(about, &info, NULL, NULL) &&
                strstr(info, "lock:");
    }
    if (dir) {
        g_dir_close(dir);
    }
    return found;
}

char *vmspec_nvram_user(int fd)
{
    g_autofree char *self = g_strdup_printf("%d", (int)getpid());
    GDir *proc = g_dir_open("/proc", 0, NULL);
    char *user = NULL;
    const char *pid;
    struct stat st;

    if (fstat(fd, &st) < 0) {
        st.st_ino = 0;
    }
    while (proc && !user && (pid = g_dir_read_name(proc))) {
        if (g_ascii_isdigit(*pid) && strcmp(pid, self) && has_lock(pid, &st)) {
            g_autofree char *path = g_strdup_printf("/proc/%s/comm", pid);
            g_autofree char *comm = NULL;

            g_file_get_contents(path, &comm, NULL, NULL);
            user = g_strdup_printf("process %s (%s)", pid,
                                   comm ? g_strstrip(comm) : "?");
        }
    }
    if (proc) {
        g_dir_close(proc);
    }
    return user;
}
