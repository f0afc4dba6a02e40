/*
 * vmspec: who uses a variable store file
 *
 * QEMU's block layer locks an image, but it reports a lock that it did not get
 * in English only: bdrv_open() returns no errno. So this file asks the kernel.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "store-file.h"

bool vmspec_nvram_is_locked(int fd)
{
    /* Length 0: all bytes, whether the file has them or not */
    return qemu_lock_fd_test(fd, 0, 0, true) == -EAGAIN;
}

/* Does a descriptor of process @pid hold a lock on the file of @st? */
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
    char *user = NULL;
    const char *pid;
    struct stat st;
    GDir *proc;

    if (fstat(fd, &st) < 0) {
        return NULL;
    }
    proc = g_dir_open("/proc", 0, NULL);
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
