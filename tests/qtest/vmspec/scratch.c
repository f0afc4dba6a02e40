/*
 * vmspec tests: a program's scratch directory
 *
 * See scratch.h. Nothing here starts a program, so that scratch_remove() can
 * run in a handler of SIGABRT.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _XOPEN_SOURCE 700       /* nftw() */

#include <ftw.h>
#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#include "scratch.h"

#define OPEN_DIRECTORIES 8

static char *dir;

const char *scratch_make(void)
{
    g_autoptr(GError) error = NULL;

    dir = g_dir_make_tmp("vmspec-test-XXXXXX", &error);
    g_assert_no_error(error);
    return dir;
}

char *scratch_path(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

char *scratch_file(const char *name, const void *data, size_t data_size,
                   off_t size)
{
    char *path = scratch_path(name);

    g_assert_true(g_file_set_contents(path, data, data_size, NULL));
    g_assert_cmpint(truncate(path, size), ==, 0);
    return path;
}

static int remove_entry(const char *path,
                        const struct stat *st G_GNUC_UNUSED,
                        int type G_GNUC_UNUSED,
                        struct FTW *place G_GNUC_UNUSED)
{
    return remove(path);
}

int scratch_remove(int result)
{
    if (dir && nftw(dir, remove_entry, OPEN_DIRECTORIES,
                    FTW_DEPTH | FTW_PHYS)) {
        result = 1;
    }
    g_clear_pointer(&dir, g_free);
    return result;
}
