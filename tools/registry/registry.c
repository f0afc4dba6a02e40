/*
 * The VMs of this user, by name: what stays of them
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "registry.h"

#define GROUP "vm"
#define SUFFIX ".conf"
#define MAX_NAME 60
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
                        "0123456789._-"

static char *state_path(const char *folder, const char *file)
{
    return g_build_filename(g_get_user_state_dir(), "vmspec", folder, file,
                            NULL);
}

static char *record_path(const char *name)
{
    g_autofree char *file = g_strconcat(name, SUFFIX, NULL);

    return state_path("vms", file);
}

char *vm_host_key_path(const char *name)
{
    return state_path("ssh", name);
}

bool vm_name_valid(const char *name)
{
    size_t length = strlen(name);

    return length && length <= MAX_NAME && name[0] != '.' && name[0] != '-' &&
           strspn(name, NAME_CHARACTERS) == length;
}

void vm_record_free(VmRecord *record)
{
    if (record) {
        g_free(record->name);
        g_free(record->disk);
        g_free(record->format);
        g_free(record->store);
        g_free(record->tpm);
        g_free(record->arch);
        g_free(record);
    }
}

VmRecord *vm_record_load(const char *name, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = record_path(name);
    VmRecord *record;

    if (!vm_name_valid(name) || access(path, F_OK) < 0) {
        g_set_error(error, REGISTRY_ERROR, ENOENT, "no VM has the name '%s'; "
                    "vmspec list shows the names", name);
        return NULL;
    }
    if (!g_key_file_load_from_file(file, path, 0, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    record = g_new0(VmRecord, 1);
    record->name = g_strdup(name);
    record->disk = g_key_file_get_string(file, GROUP, "disk", NULL);
    record->format = g_key_file_get_string(file, GROUP, "format", NULL);
    record->store = g_key_file_get_string(file, GROUP, "store", NULL);
    record->tpm = g_key_file_get_string(file, GROUP, "tpm", NULL);
    record->arch = g_key_file_get_string(file, GROUP, "arch", NULL);
    record->ssh_port = g_key_file_get_integer(file, GROUP, "ssh-port", NULL);
    record->last_used = g_key_file_get_int64(file, GROUP, "last-used", NULL);
    return record;
}

static void set_string(GKeyFile *file, const char *key, const char *value)
{
    if (value) {
        g_key_file_set_string(file, GROUP, key, value);
    }
}

bool vm_record_save(const VmRecord *record, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = record_path(record->name);
    g_autofree char *dir = g_path_get_dirname(path);

    set_string(file, "disk", record->disk);
    set_string(file, "format", record->format);
    set_string(file, "store", record->store);
    set_string(file, "tpm", record->tpm);
    set_string(file, "arch", record->arch);
    g_key_file_set_integer(file, GROUP, "ssh-port", record->ssh_port);
    g_key_file_set_int64(file, GROUP, "last-used", record->last_used);
    if (g_mkdir_with_parents(dir, 0700) < 0) {
        g_set_error(error, REGISTRY_ERROR, errno, "cannot create %s: %s; make "
                    "room, or set XDG_STATE_HOME", dir, g_strerror(errno));
        return false;
    }
    return g_key_file_save_to_file(file, path, error);
}

bool vm_record_remove(const char *name, GError **error)
{
    g_autofree char *path = record_path(name);
    g_autofree char *host_key = vm_host_key_path(name);

    unlink(host_key);
    if (unlink(path) < 0 && errno != ENOENT) {
        g_set_error(error, REGISTRY_ERROR, errno, "cannot remove %s: %s", path,
                    g_strerror(errno));
        return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const VmRecord *const *one = a;
    const VmRecord *const *other = b;

    return strcmp((*one)->name, (*other)->name);
}

GPtrArray *vm_records(void)
{
    GPtrArray *records =
        g_ptr_array_new_with_free_func((GDestroyNotify)vm_record_free);
    g_autofree char *path = state_path("vms", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *name = NULL;
        VmRecord *record;

        if (!g_str_has_suffix(file, SUFFIX)) {
            continue;
        }
        name = g_strndup(file, strlen(file) - strlen(SUFFIX));
        record = vm_record_load(name, NULL);
        if (record) {
            g_ptr_array_add(records, record);
        }
    }
    g_ptr_array_sort(records, by_name);
    return records;
}

/* The file's name without its suffix, in characters that a name can have */
static char *base_name(const char *path)
{
    char *base = g_path_get_basename(path);
    char *dot = strrchr(base, '.');
    size_t skip;

    if (dot && dot != base) {
        *dot = '\0';
    }
    g_strcanon(base, NAME_CHARACTERS, '-');
    skip = strspn(base, ".-");
    memmove(base, base + skip, strlen(base + skip) + 1);
    if (strlen(base) > MAX_NAME - 4) {
        base[MAX_NAME - 4] = '\0';      /* room for the number */
    }
    if (!*base) {
        g_free(base);
        base = g_strdup("vm");
    }
    return base;
}

static bool has_record(const GPtrArray *records, const char *name)
{
    for (unsigned i = 0; i < records->len; i++) {
        const VmRecord *record = g_ptr_array_index(records, i);

        if (!strcmp(record->name, name)) {
            return true;
        }
    }
    return false;
}

char *vm_name_for(const char *path)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autoptr(GPtrArray) records = vm_records();
    g_autofree char *base = base_name(path);
    char *name = g_strdup(base);

    for (unsigned i = 0; i < records->len; i++) {
        const VmRecord *record = g_ptr_array_index(records, i);

        if (record->disk && !strcmp(record->disk, full)) {
            g_free(name);
            return g_strdup(record->name);
        }
    }
    for (int n = 2; has_record(records, name); n++) {
        g_free(name);
        name = g_strdup_printf("%s-%d", base, n);
    }
    return name;
}

char *vm_auto_store_dir(void)
{
    return state_path("nvram", NULL);
}

char *vm_store_path(const char *name)
{
    g_autoptr(VmRecord) record = vm_record_load(name, NULL);
    g_autofree char *dir = vm_auto_store_dir();
    g_autofree char *file = g_strconcat(name, ".qcow2", NULL);
    g_autofree char *path = g_build_filename(dir, file, NULL);

    if (record && record->store) {
        return g_strdup(record->store);
    }
    if (vm_name_valid(name) && access(path, F_OK) == 0) {
        return g_steal_pointer(&path);
    }
    return NULL;
}
