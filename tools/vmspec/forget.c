/*
 * vmspec reset, vmspec delete: what stays of a VM
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "registry/registry.h"
#include "text.h"

static gboolean yes;
static gboolean with_disk;

static const GOptionEntry delete_entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "Do not ask", NULL },
    { "disk", 0, 0, G_OPTION_ARG_NONE, &with_disk,
      "Remove the disk too, with all that is on it", NULL },
    G_OPTION_ENTRY_NULL
};

/* Take the VM's lock, so that nobody starts it; -1 with @error set if it runs */
static int lock_vm(const char *name, GError **error)
{
    if (!vm_name_valid(name)) {
        bail(error, "'%s' is no name of a VM; vmspec list shows the names",
             name);
        return -1;
    }
    return vm_run_begin(name, error);
}

static void unlock_vm(const char *name, int lock)
{
    vm_run_end(name);
    close(lock);
}

/* Give @path the first free name PATH.bak, PATH.bak2 ... */
static bool set_aside(const char *path, GError **error)
{
    g_autofree char *backup = g_strconcat(path, ".bak", NULL);

    for (int n = 2; access(backup, F_OK) == 0; n++) {
        g_free(backup);
        backup = g_strdup_printf("%s.bak%d", path, n);
    }
    if (rename(path, backup) < 0) {
        return bail(error, "cannot rename %s: %s", path, g_strerror(errno));
    }
    say("the old variables are in %s; the next start makes new ones", backup);
    return true;
}

static bool run_reset(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autofree char *store = vm_store_path(name);
    int lock = lock_vm(name, error);
    bool ok;

    if (lock < 0) {
        return false;
    }
    if (!store) {
        ok = bail(error, "no VM and no store has the name '%s'; vmspec list "
                  "shows the names", name);
    } else if (access(store, F_OK) < 0) {
        ok = bail(error, "the VM '%s' has no variables: %s does not exist",
                  name, store);
    } else {
        ok = set_aside(store, error);
    }
    unlock_vm(name, lock);
    return ok;
}

static bool ask(const GPtrArray *files, GError **error)
{
    char answer[8];

    if (yes) {
        return true;
    }
    if (!isatty(STDIN_FILENO)) {
        return bail(error, "delete asks before it removes files, and there is "
                    "no terminal to ask on: add --yes");
    }
    for (unsigned i = 0; i < files->len; i++) {
        say("to be removed: %s", (char *)g_ptr_array_index(files, i));
    }
    fputs("vmspec: remove them? [y/N] ", stderr);
    return (fgets(answer, sizeof(answer), stdin) && *answer == 'y') ||
           bail(error, "nothing was removed");
}

static void add_existing(GPtrArray *files, const char *path)
{
    if (path && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_ptr_array_add(files, g_strdup(path));
    }
}

/* Remove a file, or a directory of files. */
static bool remove_path(const char *path, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *full = g_build_filename(path, file, NULL);

        unlink(full);
    }
    if (g_remove(path) < 0) {
        return bail(error, "cannot remove %s: %s", path, g_strerror(errno));
    }
    say("removed %s", path);
    return true;
}

static bool delete_vm(const char *name, GError **error)
{
    g_autoptr(VmRecord) record = vm_record_load(name, NULL);
    g_autofree char *store = vm_store_path(name);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

    if (!record && !store) {
        return bail(error, "no VM and no store has the name '%s'; vmspec list "
                    "shows the names", name);
    }
    add_existing(files, store);
    if (record) {
        add_existing(files, record->tpm);
        add_existing(files, with_disk ? record->disk : NULL);
    }
    if (files->len && !ask(files, error)) {
        return false;
    }
    for (unsigned i = 0; i < files->len; i++) {
        if (!remove_path(g_ptr_array_index(files, i), error)) {
            return false;
        }
    }
    if (!vm_record_remove(name, error)) {
        return false;
    }
    if (record && record->disk && !with_disk) {
        say("the VM '%s' is forgotten; its disk stays: %s", name,
            record->disk);
    }
    return true;
}

static bool run_delete(const Words *words, GError **error)
{
    const char *name = words->list[0];
    int lock = lock_vm(name, error);
    bool ok;

    if (lock < 0) {
        return false;
    }
    ok = delete_vm(name, error);
    unlock_vm(name, lock);
    return ok;
}

const Command command_reset = {
    .name = "reset",
    .arguments = "NAME",
    .about = "give a VM new UEFI variables; the old file stays as .bak",
    .min = 1,
    .max = 1,
    .run = run_reset,
};

const Command command_delete = {
    .name = "delete",
    .arguments = "NAME",
    .about = "forget a VM, its variables and TPM; its disk stays",
    .options = delete_entries,
    .min = 1,
    .max = 1,
    .run = run_delete,
};
