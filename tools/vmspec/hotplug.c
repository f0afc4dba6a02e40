/*
 * vmspec attach, vmspec detach: devices of a running VM
 *
 * A device is done when the guest says so: when its virtio driver is ready, or
 * when the guest has let go of the device. The ID of a device, such as "disk1",
 * is that of its backend (block node, netdev or character device) too.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "disk.h"
#include "find.h"
#include "machine.h"
#include "process.h"
#include "qmp.h"
#include "registry/registry.h"
#include "text.h"

#define READY_SECONDS 15
#define GONE_SECONDS 30
#define POLL_US 50000

static char *given_format;

static const GOptionEntry attach_entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &given_format,
      "Format of a disk: raw, qcow2 (default: by the file)", "FORMAT" },
    G_OPTION_ENTRY_NULL
};

/* Has the VM a device of this ID? */
static bool has_device(Qmp *qmp, const char *id)
{
    g_autofree char *path = g_strconcat("/machine/peripheral/", id, NULL);

    return qmp_do(qmp, NULL, "qom-list", "{'path': %s}", path);
}

/* An ID of this kind that no device has, for the caller to free */
static char *free_id(Qmp *qmp, const char *kind)
{
    char *id = NULL;
    int n = 1;

    do {
        g_free(id);
        id = g_strdup_printf("%s%d", kind, n++);
    } while (has_device(qmp, id));
    return id;
}

/* Remove what the device @id was attached to; it may be gone already. */
static void remove_backend(Qmp *qmp, const char *id)
{
    qmp_do(qmp, NULL, "blockdev-del", "{'node-name': %s}", id);
    qmp_do(qmp, NULL, "netdev_del", "{'id': %s}", id);
    qmp_do(qmp, NULL, "chardev-remove", "{'id': %s}", id);
}

static bool add_disk(Qmp *qmp, const char *id, const char *file,
                     GError **error)
{
    g_autofree char *path = g_canonicalize_filename(file, NULL);
    const char *format = given_format ?: disk_guess_format(path);

    if (access(path, R_OK | W_OK) < 0) {
        return bail(error, "%s: cannot open to write: %s", file,
                    g_strerror(errno));
    }
    return qmp_do(qmp, error, "blockdev-add", "{'driver': %s, 'node-name': %s,"
                  " 'discard': 'unmap', 'file': {'driver': 'file',"
                  " 'filename': %s}}", format, id, path) &&
           qmp_do(qmp, error, "device_add", "{'driver': 'virtio-blk-pci',"
                  " 'id': %s, 'drive': %s, 'serial': %s}", id, id, id);
}

static bool add_net(Qmp *qmp, const char *id, GError **error)
{
    return qmp_do(qmp, error, "netdev_add", "{'type': 'user', 'id': %s}",
                  id) &&
           qmp_do(qmp, error, "device_add", "{'driver': 'virtio-net-pci',"
                  " 'id': %s, 'netdev': %s}", id, id);
}

static bool add_share(Qmp *qmp, const char *name, const char *id,
                      const char *dir, GError **error)
{
    g_autofree char *socket = vm_run_path(name, id);
    g_autofree char *path = g_canonicalize_filename(dir, NULL);
    g_autofree char *program = find_program("virtiofsd");
    g_autoptr(VmRun) run = vm_run_load(name);
    VmShare share = { .tag = (char *)id, .dir = path, .socket = socket };
    g_autoptr(GPtrArray) words = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return bail(error, "%s is no directory", dir);
    }
    if (!program) {
        return bail(error, "a running VM can be given a share by virtiofs "
                    "alone: install the package virtiofsd, or start the VM "
                    "with --share %s", dir);
    }
    if (!run || !run->shared_memory) {
        return bail(error, "virtiofs needs a VM that was started with a share: "
                    "stop it, and start it with --share %s", dir);
    }
    words = machine_virtiofsd(program, &share);
    return process_start_lasting(words, socket, error) &&
           qmp_do(qmp, error, "chardev-add", "{'id': %s, 'backend': {'type':"
                  " 'socket', 'data': {'server': false, 'addr': {'type':"
                  " 'unix', 'data': {'path': %s}}}}}", id, socket) &&
           qmp_do(qmp, error, "device_add", "{'driver': 'vhost-user-fs-pci',"
                  " 'id': %s, 'chardev': %s, 'tag': %s}", id, id, id);
}

/* Wait until the guest's driver of the device is ready. */
static bool wait_until_ready(Qmp *qmp, const char *id)
{
    g_autofree char *path = g_strdup_printf(
        "/machine/peripheral/%s/virtio-backend", id);
    gint64 limit = g_get_monotonic_time() + READY_SECONDS * G_USEC_PER_SEC;

    while (g_get_monotonic_time() < limit) {
        struct json_object *status =
            qmp_run(qmp, NULL, "x-query-virtio-status", "{'path': %s}", path);
        bool ready = status && strstr(json_object_to_json_string(status),
                                      "DRIVER_OK");

        json_object_put(status);
        if (ready) {
            return true;
        }
        g_usleep(POLL_US);
    }
    return false;
}

static bool add_device(Qmp *qmp, const Words *words, const char *id,
                       GError **error)
{
    const char *kind = words->list[1];

    if (!strcmp(kind, "disk")) {
        return add_disk(qmp, id, words->list[2], error);
    }
    if (!strcmp(kind, "net")) {
        return add_net(qmp, id, error);
    }
    return add_share(qmp, words->list[0], id, words->list[2], error);
}

static bool check_kind(const Words *words, GError **error)
{
    const char *kind = words->list[1];
    bool net = !strcmp(kind, "net");

    if (strcmp(kind, "disk") && !net && strcmp(kind, "share")) {
        return misuse(error, "attach: '%s' is neither disk, nor net, nor "
                      "share", kind);
    }
    if (net && words->count > 2) {
        return misuse(error, "attach: net takes no file");
    }
    if (!net && words->count < 3) {
        return misuse(error, "attach: which %s? it is: vmspec attach NAME %s",
                      kind, strcmp(kind, "disk") ? "share DIR" : "disk FILE");
    }
    return true;
}

static bool run_attach(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autoptr(Qmp) qmp = NULL;
    g_autofree char *id = NULL;

    if (!check_kind(words, error) || !(qmp = qmp_open(name, error))) {
        return false;
    }
    id = free_id(qmp, words->list[1]);
    if (!add_device(qmp, words, id, error)) {
        remove_backend(qmp, id);
        return false;
    }
    if (!wait_until_ready(qmp, id)) {
        return bail(error, "%s is attached, but the guest has not taken it "
                    "into use: does its system run, and has it a virtio "
                    "driver? vmspec detach %s %s takes it back", id, name, id);
    }
    printf("%s\n", id);
    if (!strcmp(words->list[1], "disk")) {
        say("the guest uses it; in Linux it is /dev/disk/by-id/virtio-%s", id);
    } else if (!strcmp(words->list[1], "share")) {
        say("in the guest: mount -t virtiofs %s /mnt", id);
    } else {
        say("the guest uses it");
    }
    say("vmspec detach %s %s takes it back", name, id);
    return true;
}

/* Ask the guest to let go; while the port is busy it has to be asked again. */
static bool request_removal(Qmp *qmp, const char *id, GError **error)
{
    gint64 limit = g_get_monotonic_time() + READY_SECONDS * G_USEC_PER_SEC;

    for (;;) {
        g_autoptr(GError) why = NULL;

        if (qmp_do(qmp, &why, "device_del", "{'id': %s}", id)) {
            return true;
        }
        if (!strstr(why->message, "busy") || g_get_monotonic_time() > limit) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        g_usleep(POLL_US);
    }
}

static bool wait_until_gone(Qmp *qmp, const char *name, const char *id,
                            GError **error)
{
    static const char *const events[] = {
        "DEVICE_DELETED", "DEVICE_UNPLUG_GUEST_ERROR", NULL
    };
    gint64 limit = g_get_monotonic_time() + GONE_SECONDS * G_USEC_PER_SEC;

    for (;;) {
        gint64 left = limit - g_get_monotonic_time();
        g_autoptr(GError) why = NULL;
        struct json_object *event =
            qmp_wait(qmp, events, MAX(left / G_USEC_PER_SEC, 0), &why);
        bool ours = !strcmp(qmp_string(event, "data.device"), id);
        bool gone = !strcmp(qmp_string(event, "event"), events[0]);

        json_object_put(event);
        if (ours && gone) {
            return true;
        }
        if (ours || (why && why->code == QMP_TIMEOUT)) {
            return bail(error, "the guest does not let go of %s: does it use "
                        "it? Unmount it, and detach it again, or shut the "
                        "guest down: vmspec stop %s", id, name);
        }
        if (why) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
    }
}

static bool run_detach(const Words *words, GError **error)
{
    const char *name = words->list[0];
    const char *id = words->list[1];
    g_autoptr(Qmp) qmp = qmp_open(name, error);

    if (!qmp) {
        return false;
    }
    if (!has_device(qmp, id)) {
        return bail(error, "the VM '%s' has no device '%s' that vmspec attach "
                    "gave it", name, id);
    }
    if (!request_removal(qmp, id, error) ||
        !wait_until_gone(qmp, name, id, error)) {
        return false;
    }
    remove_backend(qmp, id);
    say("the guest has let go of %s", id);
    return true;
}

const Command command_attach = {
    .name = "attach",
    .arguments = "NAME disk FILE | NAME net | NAME share DIR",
    .about = "give a running VM a disk, a network card or a share",
    .details = "Prints the ID of the device when the guest uses it.",
    .options = attach_entries,
    .min = 2,
    .max = 3,
    .run = run_attach,
};

const Command command_detach = {
    .name = "detach",
    .arguments = "NAME ID",
    .about = "take a device of vmspec attach back",
    .details = "Returns when the guest has let go of it.",
    .min = 2,
    .max = 2,
    .run = run_detach,
};
