/*
 * vmspec snapshot, vmspec revert: states of a VM to go back to
 *
 * A running VM is saved whole: its memory, its disks and its UEFI variables.
 * The memory goes into the first disk. Of a stopped VM, the disk and the
 * variables are saved by qemu-img.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "find.h"
#include "qmp.h"
#include "registry/registry.h"
#include "text.h"

#define FIRST_DISK "disk0"
#define JOB "vmspec"
#define JOB_SECONDS 600

static gboolean to_list;

static const GOptionEntry snapshot_entries[] = {
    { "list", 'l', 0, G_OPTION_ARG_NONE, &to_list,
      "List the snapshots, the newest last, and make none", NULL },
    G_OPTION_ENTRY_NULL
};

static bool run_program(const char *const *argv, char **out, GError **error)
{
    g_autofree char *err = NULL;
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, out, &err, &status, error)) {
        return false;
    }
    return g_spawn_check_wait_status(status, NULL) ||
           bail(error, "%s", g_strstrip(err));
}

/* The snapshots in the image @path, for json_object_put(); NULL: none */
static struct json_object *read_snapshots(const char *qemu_img,
                                          const char *path)
{
    g_autofree char *out = NULL;
    struct json_object *info;
    struct json_object *list;

    if (!run_program((const char *[]) { qemu_img, "info", "-U", "-f", "qcow2",
                     "--output=json", path, NULL }, &out, NULL)) {
        return NULL;
    }
    info = json_tokener_parse(out);
    list = json_object_is_type(info, json_type_object) ?
           json_object_get(json_object_object_get(info, "snapshots")) : NULL;
    json_object_put(info);
    return list;
}

static bool has_snapshot(const char *qemu_img, const char *path,
                         const char *tag)
{
    struct json_object *list = read_snapshots(qemu_img, path);
    bool found = false;

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        found |= !strcmp(qmp_string(json_object_array_get_idx(list, i),
                                    "name"), tag);
    }
    json_object_put(list);
    return found;
}

/* The newest snapshot of the disk, for the caller to free, or NULL */
static char *newest_snapshot(const char *qemu_img, const char *path)
{
    struct json_object *list = read_snapshots(qemu_img, path);
    size_t count = list ? json_object_array_length(list) : 0;
    gint64 newest = -1;
    char *tag = NULL;

    for (size_t i = 0; i < count; i++) {
        struct json_object *one = json_object_array_get_idx(list, i);
        gint64 date = json_object_get_int64(json_object_object_get(
                                            one, "date-sec"));

        if (date >= newest) {
            g_free(tag);
            tag = g_strdup(qmp_string(one, "name"));
            newest = date;
        }
    }
    json_object_put(list);
    return tag;
}

static bool print_snapshots(const char *qemu_img, const char *path)
{
    struct json_object *list = read_snapshots(qemu_img, path);

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *one = json_object_array_get_idx(list, i);
        gint64 date = json_object_get_int64(json_object_object_get(
                                            one, "date-sec"));
        gint64 state = json_object_get_int64(json_object_object_get(
                                             one, "vm-state-size"));
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(date);
        g_autofree char *when = g_date_time_format(time, "%F %T");

        printf("%-24s %s  %s\n", qmp_string(one, "name"), when,
               state ? "running" : "stopped");
    }
    json_object_put(list);
    return true;
}

/* Add the node of a disk to @nodes unless it cannot have snapshots. */
static bool add_node(struct json_object *block, struct json_object *nodes,
                     GError **error)
{
    struct json_object *inserted = json_object_object_get(block, "inserted");
    const char *format = qmp_string(inserted, "drv");

    if (!inserted ||
        json_object_get_boolean(json_object_object_get(inserted, "ro"))) {
        return true;
    }
    if (strcmp(format, "qcow2")) {
        return bail(error, "%s is %s, and only qcow2 can have snapshots: stop "
                    "the VM, and make a qcow2 image of it by qemu-img convert "
                    "-O qcow2", qmp_string(inserted, "file"), format);
    }
    json_object_array_add(nodes, json_object_new_string(
                          qmp_string(inserted, "node-name")));
    return true;
}

/* The nodes that the guest writes to, as JSON; NULL with @error set */
static char *list_nodes(Qmp *qmp, GError **error)
{
    struct json_object *blocks = qmp_run(qmp, error, "query-block", NULL);
    struct json_object *nodes = json_object_new_array();
    bool ok = blocks;
    char *text = NULL;

    for (size_t i = 0; ok && i < json_object_array_length(blocks); i++) {
        ok = add_node(json_object_array_get_idx(blocks, i), nodes, error);
    }
    if (ok) {
        text = g_strdup(json_object_to_json_string(nodes));
    }
    json_object_put(nodes);
    json_object_put(blocks);
    return text;
}

/* Wait for the job, and set @error to what it says if it failed. */
static bool finish_job(Qmp *qmp, GError **error)
{
    static const char *const events[] = { "JOB_STATUS_CHANGE", NULL };
    g_autofree char *why = NULL;
    bool concluded = false;
    struct json_object *jobs;

    while (!concluded) {
        struct json_object *event = qmp_wait(qmp, events, JOB_SECONDS, error);

        if (!event) {
            return false;
        }
        concluded = !strcmp(qmp_string(event, "data.status"), "concluded");
        json_object_put(event);
    }
    jobs = qmp_run(qmp, error, "query-jobs", NULL);
    for (size_t i = 0; jobs && i < json_object_array_length(jobs); i++) {
        const char *text = qmp_string(json_object_array_get_idx(jobs, i),
                                      "error");

        if (*text) {
            g_free(why);
            why = g_strdup(text);
        }
    }
    json_object_put(jobs);
    qmp_do(qmp, NULL, "job-dismiss", "{'id': '" JOB "'}");
    return !why || bail(error, "%s", why);
}

/* @command is snapshot-save or snapshot-load. */
static bool run_live(const char *name, const char *command, const char *tag,
                     GError **error)
{
    g_autoptr(Qmp) qmp = qmp_open(name, error);
    g_autofree char *nodes = qmp ? list_nodes(qmp, error) : NULL;
    g_autofree char *arguments = NULL;

    if (!nodes) {
        return false;
    }
    if (!strstr(nodes, "\"" FIRST_DISK "\"")) {
        return bail(error, "the VM '%s' has no disk that could keep its state",
                    name);
    }
    arguments = g_strdup_printf("{'job-id': '" JOB "', 'tag': %%s, 'vmstate': "
                                "'" FIRST_DISK "', 'devices': %s}", nodes);
    return qmp_do(qmp, error, command, arguments, tag) &&
           finish_job(qmp, error);
}

/* @letter is the option of qemu-img snapshot: "-c" or "-a". */
static bool run_stopped(const VmRecord *record, const char *qemu_img,
                        const char *letter, const char *tag, GError **error)
{
    bool revert = !strcmp(letter, "-a");
    bool store = record->store && access(record->store, F_OK) == 0 &&
                 (!revert || has_snapshot(qemu_img, record->store, tag));

    return run_program((const char *[]) { qemu_img, "snapshot", letter, tag,
                       record->disk, NULL }, NULL, error) &&
           (!store || run_program((const char *[]) { qemu_img, "snapshot",
                                  letter, tag, record->store, NULL }, NULL,
                                  error));
}

static VmRecord *load_record(const char *name, char **qemu_img, GError **error)
{
    g_autoptr(VmRecord) record = vm_record_load(name, error);
    g_autofree char *qemu = find_qemu(NULL, NULL);

    *qemu_img = record ? find_qemu_img(qemu, error) : NULL;
    if (!*qemu_img) {
        return NULL;
    }
    if (g_strcmp0(record->format, "qcow2")) {
        bail(error, "%s is %s, and only qcow2 can have snapshots: make a qcow2 "
             "image of it by qemu-img convert -O qcow2, while the VM is "
             "stopped", record->disk, record->format);
        return NULL;
    }
    return g_steal_pointer(&record);
}

static bool run_snapshot(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autofree char *qemu_img = NULL;
    g_autoptr(VmRecord) record = load_record(name, &qemu_img, error);
    g_autoptr(VmRun) run = vm_run_load(name);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *tag = words->count > 1 ? g_strdup(words->list[1]) :
                           g_date_time_format(now, "%F-%H%M%S");

    if (!record) {
        return false;
    }
    if (to_list) {
        return print_snapshots(qemu_img, record->disk);
    }
    if (has_snapshot(qemu_img, record->disk, tag)) {
        return bail(error, "the VM '%s' has a snapshot '%s' already: choose "
                    "another name; vmspec snapshot --list %s shows them", name,
                    tag, name);
    }
    if (run ? !run_live(name, "snapshot-save", tag, error) :
              !run_stopped(record, qemu_img, "-c", tag, error)) {
        return false;
    }
    printf("%s\n", tag);
    return true;
}

static bool run_revert(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autofree char *qemu_img = NULL;
    g_autoptr(VmRecord) record = load_record(name, &qemu_img, error);
    g_autoptr(VmRun) run = vm_run_load(name);
    g_autofree char *tag = NULL;

    if (!record) {
        return false;
    }
    tag = words->count > 1 ? g_strdup(words->list[1]) :
                             newest_snapshot(qemu_img, record->disk);
    if (!tag || !has_snapshot(qemu_img, record->disk, tag)) {
        return bail(error, "the VM '%s' has no snapshot%s%s; vmspec snapshot "
                    "--list %s shows what it has", name, tag ? " " : "",
                    tag ?: "", name);
    }
    if (run ? !run_live(name, "snapshot-load", tag, error) :
              !run_stopped(record, qemu_img, "-a", tag, error)) {
        return false;
    }
    printf("%s\n", tag);
    if (!run) {
        say("disk and variables are those of '%s'; if the VM ran then, vmspec "
            "run %s -- -loadvm %s goes on from there", tag, name, tag);
    }
    return true;
}

const Command command_snapshot = {
    .name = "snapshot",
    .arguments = "NAME [TAG]",
    .about = "save the state of a VM, with its memory if it runs",
    .details = "TAG names the snapshot; without it, the time does. The disk "
               "must be qcow2.",
    .options = snapshot_entries,
    .min = 1,
    .max = 2,
    .run = run_snapshot,
};

const Command command_revert = {
    .name = "revert",
    .arguments = "NAME [TAG]",
    .about = "go back to a snapshot, without TAG to the newest",
    .details = "What has changed since is lost: memory, disk and UEFI "
               "variables.",
    .min = 1,
    .max = 2,
    .run = run_revert,
};
