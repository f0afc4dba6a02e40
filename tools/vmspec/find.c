/*
 * vmspec: where the programs are that vmspec starts
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>
#include <unistd.h>

#include "find.h"
#include "text.h"

#define QEMU "qemu-system-aarch64"
#define OUR_QEMU QEMU "-vmspec"

static char *if_executable(char *path)
{
    if (path && (access(path, X_OK) < 0 ||
                 g_file_test(path, G_FILE_TEST_IS_DIR))) {
        g_clear_pointer(&path, g_free);
    }
    return path;
}

/* @file below the folder that this program is in */
static char *beside_self(const char *file)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = self ? g_path_get_dirname(self) : NULL;

    return dir ? if_executable(g_build_filename(dir, file, NULL)) : NULL;
}

char *find_qemu(const char *given, GError **error)
{
    static const char *const places[] = {
        OUR_QEMU,
        "../qemu/" QEMU,                /* build/tools */
        "../../qemu/" QEMU,             /* build/tools/vmspec */
    };
    char *path = NULL;

    if (given) {
        path = strchr(given, '/') ? if_executable(g_strdup(given)) :
                                    g_find_program_in_path(given);
        if (!path) {
            misuse(error, "--qemu: %s is no program; name QEMU with the "
                   "machine vmspec", given);
        }
        return path;
    }
    for (size_t i = 0; !path && i < G_N_ELEMENTS(places); i++) {
        path = beside_self(places[i]);
    }
    if (!path) {
        path = g_find_program_in_path(OUR_QEMU);
    }
    if (!path) {
        bail(error, "there is no " OUR_QEMU " beside this program or in PATH; "
             "install it, or name QEMU with the machine vmspec by --qemu");
    }
    return path;
}

char *find_qemu_img(const char *qemu, GError **error)
{
    g_autofree char *dir = qemu ? g_path_get_dirname(qemu) : NULL;
    const char *given = g_getenv("QEMU_IMG");
    char *path = given ? g_find_program_in_path(given) : NULL;

    if (!path && dir) {
        path = if_executable(g_build_filename(dir, "qemu-img", NULL));
    }
    if (!path) {
        path = g_find_program_in_path("qemu-img");
    }
    if (!path) {
        bail(error, "there is no qemu-img: install the package qemu-utils, or "
             "set QEMU_IMG");
    }
    return path;
}

char *find_program(const char *name)
{
    static const char *const folders[] = {
        "/usr/libexec", "/usr/lib", "/usr/local/libexec", "/usr/sbin", "/sbin",
    };
    char *path = g_find_program_in_path(name);

    for (size_t i = 0; !path && i < G_N_ELEMENTS(folders); i++) {
        path = if_executable(g_build_filename(folders[i], name, NULL));
    }
    return path;
}
