/*
 * vmspec: the place of a store file, which links of others cannot move
 *
 * A directory that others can write to, such as /tmp, may have symbolic links
 * of theirs. To follow one would let another user choose which file of this
 * user is written. So this file walks the path part by part, as the kernel
 * does, with openat() and O_NOFOLLOW, and holds a descriptor of the directory
 * reached so far. A link is followed if this user or root made it: root could
 * do anything anyway, and /var/run is such a link.
 *
 * The kernel's openat2() can refuse all links or none, but cannot look at a
 * link's owner. The walk is as safe: a directory that is swapped after the walk
 * has left it does not change what the descriptor stands for.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include "qemu/osdep.h"
#endif
#include "place.h"

#define MAX_LINKS 40

/* How far the walk is */
typedef struct Walk {
    char *rest;                 /* what is still to be walked */
    int dir;                    /* where that begins */
    unsigned links;             /* that were followed */
} Walk;

/* Go on at @fd, which @walk owns from now on. */
static void step_to(Walk *walk, int fd)
{
    close(walk->dir);
    walk->dir = fd;
}

/* Go to / if @path is absolute. Returns false with errno set on failure. */
static bool start_at_root(Walk *walk, const char *path)
{
    int root;

    if (*path != '/') {
        return true;
    }
    root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root >= 0) {
        step_to(walk, root);
    }
    return root >= 0;
}

/*
 * The target of the symbolic link @name, of which @st is. NULL with errno and
 * *@why set if nobody may follow it.
 */
static char *read_own_link(Walk *walk, const char *name, const struct stat *st,
                           char **why)
{
    char target[PATH_MAX];
    ssize_t n;

    if (st->st_uid != geteuid() && st->st_uid != 0) {
        errno = ELOOP;
        *why = g_strdup_printf("'%s' is a symbolic link of another user (%u)",
                               name, (unsigned)st->st_uid);
        return NULL;
    }
    if (++walk->links > MAX_LINKS) {
        errno = ELOOP;
        *why = g_strdup("too many symbolic links");
        return NULL;
    }
    n = readlinkat(walk->dir, name, target, sizeof(target));
    if (n <= 0 || n == sizeof(target)) {
        errno = n < 0 ? errno : ENAMETOOLONG;
        return NULL;
    }
    return g_strndup(target, n);
}

/* Replace what is still to be walked by @target and @behind. */
static bool follow(Walk *walk, const char *target, const char *behind)
{
    char *rest = *behind ? g_strconcat(target, "/", behind, NULL) :
                           g_strdup(target);

    g_free(walk->rest);
    walk->rest = rest;
    return start_at_root(walk, target);
}

/*
 * Walk the directory @name, behind which comes @behind. If somebody replaces it
 * by a link after fstatat(), openat() fails.
 */
static bool walk_directory(Walk *walk, const char *name, const char *behind,
                           char **why)
{
    struct stat st;
    int fd;

    if (fstatat(walk->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return false;
    }
    if (S_ISLNK(st.st_mode)) {
        g_autofree char *target = read_own_link(walk, name, &st, why);

        return target && follow(walk, target, behind);
    }
    fd = openat(walk->dir, name,
                O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    step_to(walk, fd);
    memmove(walk->rest, behind, strlen(behind) + 1);
    return true;
}

/*
 * Is the last part @name a link? Then *@target is set, for the caller to free.
 */
static bool walk_last(Walk *walk, const char *name, char **target, char **why)
{
    struct stat st;

    *target = NULL;
    if (fstatat(walk->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT;
    }
    if (S_ISLNK(st.st_mode)) {
        *target = read_own_link(walk, name, &st, why);
        return *target;
    }
    return true;
}

/* The name of the file to which the last part of @path is a link */
static void set_path(StorePlace *place, const char *target)
{
    g_autofree char *dir = g_path_get_dirname(place->path);
    char *path = g_path_is_absolute(target) ? g_strdup(target) :
                 g_build_filename(dir, target, NULL);

    g_free(place->path);
    place->path = path;
}

/* Walk one part. *@done: it was the last one, and no link. */
static bool walk_part(Walk *walk, StorePlace *place, bool *done, char **why)
{
    g_autofree char *target = NULL;
    g_autofree char *name = NULL;
    size_t length;
    size_t behind;

    memmove(walk->rest, walk->rest + strspn(walk->rest, "/"),
            strlen(walk->rest + strspn(walk->rest, "/")) + 1);
    length = strcspn(walk->rest, "/");
    behind = length + strspn(walk->rest + length, "/");
    name = length ? g_strndup(walk->rest, length) : g_strdup(".");
    if (walk->rest[behind]) {
        return walk_directory(walk, name, walk->rest + behind, why);
    }
    /* With a slash at its end the path can only be a directory's. */
    if (behind > length) {
        errno = EISDIR;
        return false;
    }
    if (!walk_last(walk, name, &target, why)) {
        return false;
    }
    *done = !target;
    if (*done) {
        place->base = g_steal_pointer(&name);
        return true;
    }
    set_path(place, target);
    return follow(walk, target, "");
}

bool store_place_find(StorePlace *place, const char *path, char **why)
{
    Walk walk = { .rest = g_strdup(path) };
    bool done = false;
    bool ok;

    *why = NULL;
    *place = (StorePlace) { .path = g_strdup(path), .dir = -1 };
    walk.dir = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    ok = walk.dir >= 0 && start_at_root(&walk, path);
    while (ok && !done) {
        ok = walk_part(&walk, place, &done, why);
    }
    g_free(walk.rest);
    if (ok) {
        place->dir = walk.dir;
        return true;
    }
    if (!*why) {
        *why = g_strdup(g_strerror(errno));
    }
    if (walk.dir >= 0) {
        int err = errno;

        close(walk.dir);
        errno = err;
    }
    store_place_clear(place);
    return false;
}

void store_place_clear(StorePlace *place)
{
    int err = errno;

    if (place->dir >= 0) {
        close(place->dir);
    }
    g_clear_pointer(&place->path, g_free);
    g_clear_pointer(&place->base, g_free);
    place->dir = -1;
    errno = err;
}
