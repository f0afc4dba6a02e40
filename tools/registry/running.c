/*
 * The VMs of this user, by name: those that run
 *
 * A VM runs while a process has the lock of its directory. The kernel drops the
 * lock however the process ends, so that what a killed one left is no VM.
 *
 * Copyright (c) 2026 The vmspec authors
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

#include "registry.h"

#define GROUP "run"

static char *runtime_dir(void)
{
    return g_build_filename(g_get_user_runtime_dir(), "vmspec", NULL);
}

char *vm_run_path(const char *name, const char *file)
{
    g_autofree char *dir = runtime_dir();

    return g_build_filename(dir, name, file, NULL);
}

void vm_run_free(VmRun *run)
{
    if (run) {
        g_free(run->disk);
        g_free(run->stage);
        g_free(run);
    }
}

static VmRun *load_state(const char *name)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = vm_run_path(name, "state");
    VmRun *run = g_new0(VmRun, 1);

    if (g_key_file_load_from_file(file, path, 0, NULL)) {
        run->disk = g_key_file_get_string(file, GROUP, "disk", NULL);
        run->stage = g_key_file_get_string(file, GROUP, "stage", NULL);
        run->pid = g_key_file_get_integer(file, GROUP, "pid", NULL);
        run->ssh_port = g_key_file_get_integer(file, GROUP, "ssh-port", NULL);
        run->shared_memory = g_key_file_get_boolean(file, GROUP,
                                                    "shared-memory", NULL);
    }
    return run;
}

/* Is @path still a name of the file that @fd has open? */
static bool has_path(int fd, const char *path)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 && stat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

int vm_run_begin(const char *name, GError **error)
{
    g_autofree char *path = vm_run_path(name, "lock");
    g_autofree char *dir = g_path_get_dirname(path);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = -1;

    do {
        /* one that ended in between has removed its file */
        if (fd >= 0) {
            close(fd);
        }
        if (g_mkdir_with_parents(dir, 0700) < 0 ||
            (fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                       0600)) < 0) {
            g_set_error(error, REGISTRY_ERROR, errno, "cannot create %s: %s; "
                        "set XDG_RUNTIME_DIR to a directory of yours", path,
                        g_strerror(errno));
            return -1;
        }
        if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
            g_autoptr(VmRun) run = load_state(name);

            g_set_error(error, REGISTRY_ERROR, EBUSY, "the VM '%s' runs "
                        "already (process %d): vmspec console %s shows it, "
                        "vmspec stop %s ends it; --name gives another VM "
                        "another name", name, run->pid, name, name);
            close(fd);
            return -1;
        }
    } while (!has_path(fd, path));
    return fd;
}

void vm_run_update(const char *name, const VmRun *run)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = vm_run_path(name, "state");

    if (run->disk) {
        g_key_file_set_string(file, GROUP, "disk", run->disk);
    }
    g_key_file_set_string(file, GROUP, "stage", run->stage ?: "");
    g_key_file_set_integer(file, GROUP, "pid", run->pid);
    g_key_file_set_integer(file, GROUP, "ssh-port", run->ssh_port);
    g_key_file_set_boolean(file, GROUP, "shared-memory", run->shared_memory);
    g_key_file_save_to_file(file, path, NULL);
}

void vm_run_end(const char *name)
{
    g_autofree char *path = vm_run_path(name, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *full = g_build_filename(path, file, NULL);

        unlink(full);
    }
    rmdir(path);
}

/* Does a process hold the lock of the VM @name? */
static bool is_locked(const char *name)
{
    g_autofree char *path = vm_run_path(name, "lock");
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool locked;

    if (fd < 0) {
        return false;
    }
    locked = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(fd);
    return locked;
}

VmRun *vm_run_load(const char *name)
{
    return vm_name_valid(name) && is_locked(name) ? load_state(name) : NULL;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *vm_running(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *top = runtime_dir();
    g_autoptr(GDir) dir = g_dir_open(top, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        if (vm_name_valid(name) && is_locked(name)) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

char *vm_run_of_disk(const char *path)
{
    g_autoptr(GPtrArray) names = vm_running();

    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(VmRun) run = vm_run_load(name);

        if (run && run->disk && same_file(run->disk, path)) {
            return g_strdup(name);
        }
    }
    return NULL;
}
