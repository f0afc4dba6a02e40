/*
 * vmspec list: the VMs of this user, and the variable stores without a VM
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "registry/registry.h"
#include "text.h"

#define STORE_SUFFIX ".qcow2"

static gboolean as_json;

static const GOptionEntry list_entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
    G_OPTION_ENTRY_NULL
};

/* A line of the list. Each string may be NULL. */
typedef struct Entry {
    char *name;
    const char *kind;           /* "vm" or "store" */
    char *path;                 /* disk or store */
    char *stage;                /* of a running VM */
    int pid;                    /* 0: it does not run, or nobody knows */
    bool in_use;
    gint64 size;                /* bytes on the host's disk; -1: it is gone */
    gint64 last_used;           /* seconds since 1970; 0: unknown */
} Entry;

static void free_entry(Entry *entry)
{
    g_free(entry->name);
    g_free(entry->path);
    g_free(entry->stage);
    g_free(entry);
}

static gint64 size_on_disk(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 ? (gint64)st.st_blocks * 512 : -1;
}

static Entry *vm_entry(const VmRecord *record)
{
    g_autoptr(VmRun) run = vm_run_load(record->name);
    Entry *entry = g_new0(Entry, 1);

    entry->name = g_strdup(record->name);
    entry->kind = "vm";
    entry->path = g_strdup(record->disk);
    entry->size = size_on_disk(record->disk);
    entry->last_used = record->last_used;
    if (run) {
        entry->in_use = true;
        entry->pid = run->pid;
        entry->stage = g_strdup(run->stage);
    }
    return entry;
}

/* Has a QEMU the image open? It locks bytes of it then. */
static bool is_locked(const char *path)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool locked;

    if (fd < 0) {
        return false;
    }
    locked = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(fd);
    return locked;
}

static bool has_entry(const GPtrArray *entries, const char *name)
{
    for (unsigned i = 0; i < entries->len; i++) {
        const Entry *entry = g_ptr_array_index(entries, i);

        if (!strcmp(entry->name, name)) {
            return true;
        }
    }
    return false;
}

/* VMs that leave no record: those without a disk */
static void add_others(GPtrArray *entries)
{
    g_autoptr(GPtrArray) names = vm_running();

    for (unsigned i = 0; i < names->len; i++) {
        const VmRecord record = { .name = g_ptr_array_index(names, i) };

        if (!has_entry(entries, record.name)) {
            g_ptr_array_add(entries, vm_entry(&record));
        }
    }
}

static void add_stores(GPtrArray *entries)
{
    g_autofree char *path = vm_auto_store_dir();
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *name = NULL;
        struct stat st;
        Entry *entry;

        if (!g_str_has_suffix(file, STORE_SUFFIX)) {
            continue;
        }
        name = g_strndup(file, strlen(file) - strlen(STORE_SUFFIX));
        if (has_entry(entries, name)) {
            continue;
        }
        entry = g_new0(Entry, 1);
        entry->name = g_steal_pointer(&name);
        entry->kind = "store";
        entry->path = g_build_filename(path, file, NULL);
        entry->size = size_on_disk(entry->path);
        entry->in_use = is_locked(entry->path);
        entry->last_used = stat(entry->path, &st) == 0 ? st.st_mtime : 0;
        g_ptr_array_add(entries, entry);
    }
}

static char *format_time(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds);

    return seconds && time ? g_date_time_format(time, "%F %H:%M") :
                             g_strdup("-");
}

static char *format_use(const Entry *entry)
{
    if (entry->pid) {
        return g_strdup_printf("%s (%d)", entry->stage, entry->pid);
    }
    return g_strdup(entry->in_use ? "in use" : "-");
}

static void print_entry(const Entry *entry)
{
    g_autofree char *use = format_use(entry);
    g_autofree char *size = entry->size < 0 ? NULL :
                            size_as_text(entry->size);
    const char *none = entry->path ? "gone" : "-";
    g_autofree char *time = format_time(entry->last_used);

    printf("%-16s %-18s %10s  %-16s  %s%s\n", entry->name, use,
           size ?: none, time,
           strcmp(entry->kind, "store") ? "" : "(variables alone) ",
           entry->path ?: "");
}

static struct json_object *entry_json(const Entry *entry)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "name",
                           json_object_new_string(entry->name));
    json_object_object_add(object, "kind",
                           json_object_new_string(entry->kind));
    json_object_object_add(object, "path",
                           json_object_new_string(entry->path ?: ""));
    json_object_object_add(object, "in-use",
                           json_object_new_boolean(entry->in_use));
    json_object_object_add(object, "pid", json_object_new_int(entry->pid));
    json_object_object_add(object, "stage",
                           json_object_new_string(entry->stage ?: ""));
    json_object_object_add(object, "size", json_object_new_int64(entry->size));
    json_object_object_add(object, "last-used",
                           json_object_new_int64(entry->last_used));
    return object;
}

static void print_json(const GPtrArray *entries)
{
    struct json_object *list = json_object_new_array();

    for (unsigned i = 0; i < entries->len; i++) {
        json_object_array_add(list, entry_json(g_ptr_array_index(entries, i)));
    }
    printf("%s\n", json_object_to_json_string_ext(list,
           JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(list);
}

static bool run_list(const Words *words, GError **error)
{
    g_autoptr(GPtrArray) records = vm_records();
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify)free_entry);

    (void)words;
    (void)error;
    for (unsigned i = 0; i < records->len; i++) {
        g_ptr_array_add(entries, vm_entry(g_ptr_array_index(records, i)));
    }
    add_others(entries);
    add_stores(entries);
    if (as_json) {
        print_json(entries);
        return true;
    }
    printf("%-16s %-18s %10s  %-16s  %s\n", "NAME", "RUNS (PROCESS)", "SIZE",
           "LAST USED", "DISK");
    for (unsigned i = 0; i < entries->len; i++) {
        print_entry(g_ptr_array_index(entries, i));
    }
    return true;
}

const Command command_list = {
    .name = "list",
    .arguments = "",
    .about = "list your VMs: stage and process, size, last use",
    .options = list_entries,
    .run = run_list,
};
