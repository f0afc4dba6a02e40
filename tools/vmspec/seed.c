/*
 * vmspec: the seed disk that cloud-init in the guest reads
 *
 * cloud-init's data source NoCloud takes a file system labelled CIDATA, ISO
 * 9660 or FAT, with the files user-data and meta-data. Whichever program of
 * Debian that makes one is here does it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "find.h"
#include "seed.h"
#include "text.h"

/* What the first line of user-data can begin with (cloud-init's manual) */
static const char *const starts[] = {
    "#cloud-config", "#!", "#include", "#cloud-boothook", "#part-handler",
    "#upstart-job", "## template:", "Content-Type:", "MIME-Version:", "\x1f\x8b",
};

static bool is_user_data(const char *path, GError **error)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, error)) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_str_has_prefix(text, starts[i])) {
            return true;
        }
    }
    return misuse(error, "--cloud-init: %s is no user-data: its first line must "
                  "be #cloud-config, or #!/bin/sh for a script", path);
}

static void add_command(GPtrArray *commands, const char *first, ...)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    va_list ap;

    va_start(ap, first);
    for (const char *word = first; word; word = va_arg(ap, const char *)) {
        g_ptr_array_add(words, g_strdup(word));
    }
    va_end(ap);
    g_ptr_array_add(words, NULL);
    g_ptr_array_add(commands, words);
}

GPtrArray *seed_commands(const VmSetup *s, GError **error)
{
    g_autoptr(GPtrArray) commands =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autofree char *dir = g_path_get_dirname(s->seed);
    g_autofree char *user = g_build_filename(dir, "user-data", NULL);
    g_autofree char *meta = g_build_filename(dir, "meta-data", NULL);
    g_autofree char *xorriso = find_program("xorriso");
    g_autofree char *iso = find_program("genisoimage") ?:
                           find_program("mkisofs");
    g_autofree char *mtools = find_program("mformat");

    if (!is_user_data(s->user_data, error)) {
        return NULL;
    }
    if (xorriso) {
        add_command(commands, xorriso, "-as", "mkisofs", "-quiet", "-o",
                    s->seed, "-V", "CIDATA", "-J", "-r", user, meta, NULL);
    } else if (iso) {
        add_command(commands, iso, "-quiet", "-o", s->seed, "-V", "CIDATA",
                    "-J", "-r", user, meta, NULL);
    } else if (mtools) {
        add_command(commands, mtools, "-C", "-i", s->seed, "-v", "CIDATA",
                    "-T", "4096", "-h", "2", "-s", "32", "::", NULL);
        add_command(commands, "mcopy", "-o", "-i", s->seed, user, meta, "::",
                    NULL);
    } else {
        bail(error, "--cloud-init: nothing here makes the seed disk: install "
             "the package xorriso, genisoimage or mtools");
        return NULL;
    }
    return g_steal_pointer(&commands);
}

char *seed_meta_data(const VmSetup *s)
{
    g_autofree char *text = NULL;
    g_autofree char *hash = NULL;
    gsize size = 0;

    g_file_get_contents(s->user_data, &text, &size, NULL);
    hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                       (const guchar *)(text ?: ""), size);
    /* other user-data is another instance, on which cloud-init runs again */
    return g_strdup_printf("instance-id: %s-%.8s\nlocal-hostname: %s\n",
                           s->name, hash, s->name);
}

static bool run_one(const GPtrArray *words, GError **error)
{
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    int status;

    if (!g_spawn_sync(NULL, (char **)words->pdata, NULL, G_SPAWN_SEARCH_PATH,
                      NULL, NULL, &out, &err, &status, error)) {
        return false;
    }
    return g_spawn_check_wait_status(status, NULL) ||
           bail(error, "--cloud-init: %s: %s", (char *)words->pdata[0],
                g_strstrip(err));
}

bool seed_make(const VmSetup *s, GError **error)
{
    g_autoptr(GPtrArray) commands = seed_commands(s, error);
    g_autofree char *dir = g_path_get_dirname(s->seed);
    g_autofree char *user = g_build_filename(dir, "user-data", NULL);
    g_autofree char *meta = g_build_filename(dir, "meta-data", NULL);
    g_autofree char *meta_data = NULL;
    g_autofree char *user_data = NULL;
    gsize size;

    if (!commands ||
        !g_file_get_contents(s->user_data, &user_data, &size, error)) {
        return false;
    }
    meta_data = seed_meta_data(s);
    if (!g_file_set_contents(user, user_data, size, error) ||
        !g_file_set_contents(meta, meta_data, -1, error)) {
        return false;
    }
    for (unsigned i = 0; i < commands->len; i++) {
        if (!run_one(g_ptr_array_index(commands, i), error)) {
            return false;
        }
    }
    return true;
}
