/*
 * vmspec tests: a program's scratch directory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>

#include "scratch.h"

static char *dir;

const char *scratch_make(void)
{
    g_autoptr(GError) error = NULL;

    dir = g_dir_make_tmp("vmspec-XXXXXX", &error);
    g_assert_no_error(error);
    return dir;
}

char *scratch_path(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

int scratch_remove(int result)
{
    const char *argv[] = { "rm", "-rf", dir, NULL };
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, NULL, NULL, &status, NULL) || status) {
        result = 1;
    }
    g_clear_pointer(&dir, g_free);
    return result;
}
