/*
 * vmspec benchmark: guests that are talked with
 *
 * They are the guests of the guest tests (tests/guest/lib), with the command
 * of a side.  What is measured begins when the guest waits at its prompt.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dialog.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where both machines have a port that takes a device; its device in Linux */
#define PORT_SLOT "/sys/bus/pci/devices/0000:00:1c.0"
#define DISK_SIZE "64M"

Guest *dialog_new(Run *run)
{
    g_auto(GStrv) words = command_words(run->side, &run->why);
    g_autofree char *name = g_strdup_printf("bench/%s-%s-%u", run->row->name,
                                            run->side->who, run->number);
    Guest *g;

    if (!words) {
        return NULL;
    }
    g = guest_new(name);
    guest_set_words(g, words);
    guest_add_qmp(g);
    return g;
}

void dialog_end(Run *run, Guest *g)
{
    if (guest_failed(g)) {
        run_fail(run, "the guest failed; its log is in bench/logs of the build "
                 "directory");
    }
    guest_free(g);
}

/* CPU seconds of QEMU so far, all of its threads */
static double cpu_of(Guest *g)
{
    clockid_t id;
    struct timespec t;

    if (!guest_pid(g) || clock_getcpuclockid(guest_pid(g), &id) ||
        clock_gettime(id, &t)) {
        guest_fail(g, "QEMU has no clock of its CPU time");
        return 0;
    }
    return t.tv_sec + t.tv_nsec / 1e9;
}

double dialog_clock(Run *run, Guest *g)
{
    return run->row->measure == CPU_TIME ? cpu_of(g) :
        g_get_monotonic_time() / 1e6;
}

/* The argument is the text to wait for; without one no CPU runs. */
void probe_memory(Run *run)
{
    Guest *g = dialog_new(run);
    g_autofree char *path = NULL;
    g_autofree char *text = NULL;
    const char *at;

    if (!g) {
        return;
    }
    if (!run->row->argument) {
        guest_add(g, "-S");
    }
    guest_launch(g);
    if (run->row->argument) {
        guest_expect(g, run->row->argument);
    }
    path = g_strdup_printf("/proc/%d/smaps_rollup", guest_pid(g));
    g_file_get_contents(path, &text, NULL, NULL);
    at = text ? strstr(text, "Private_Dirty:") : NULL;
    if (!at) {
        guest_fail(g, "%s does not tell what is private and dirty", path);
    } else {
        run->value = 1024.0 * strtoull(at + strlen("Private_Dirty:"), NULL, 10);
    }
    dialog_end(run, g);
}

/* A Linux guest with an empty port, at its prompt */
static Guest *with_port(Run *run)
{
    Guest *g = dialog_new(run);

    if (g) {
        guest_add(g, "-blockdev null-co,node-name=spare,size=1048576,"
                  "read-zeroes=on");
        guest_launch(g);
        guest_expect(g, GUEST_PROMPT);
    }
    return g;
}

/* The argument is the bus of the port. */
static void plug(Run *run, Guest *g)
{
    g_autofree char *add = g_strdup_printf(
        "{'execute': 'device_add', 'arguments': {'driver': 'virtio-blk-pci',"
        " 'drive': 'spare', 'bus': '%s', 'id': 'plugged'}}",
        run->row->argument);

    g_free(guest_qmp(g, add));
    g_free(guest_ask(g, "until [ -e " PORT_SLOT "/0000:*:00.0/driver ]; do "
                     "usleep 10000; done"));
}

void probe_hot_add(Run *run)
{
    Guest *g = with_port(run);
    double start;

    if (!g) {
        return;
    }
    start = dialog_clock(run, g);
    plug(run, g);
    run->value = dialog_clock(run, g) - start;
    dialog_end(run, g);
}

void probe_hot_remove(Run *run)
{
    Guest *g = with_port(run);
    double start;

    if (!g) {
        return;
    }
    plug(run, g);
    start = dialog_clock(run, g);
    /* the power indicator may still blink */
    g_free(guest_qmp_retry(g, "{'execute': 'device_del',"
                           " 'arguments': {'id': 'plugged'}}",
                           "guest is busy"));
    guest_expect_event(g, "DEVICE_DELETED", "virtio-backend");
    guest_expect_deleted(g, "plugged");
    run->value = dialog_clock(run, g) - start;
    dialog_end(run, g);
}

/* A Linux guest with a qcow2 disk, at its prompt; the caller frees the path. */
static Guest *with_disk(Run *run, char **disk)
{
    Guest *g = dialog_new(run);
    g_autofree char *tool = command_build_file("qemu/qemu-img");
    const char *words[] = { tool, "create", "-q", "-f", "qcow2",
                            *disk = run_path(run, ".qcow2"), DISK_SIZE, NULL };

    if (!g) {
        return NULL;
    }
    if (!g_spawn_sync(NULL, (char **)words, NULL, 0, NULL, NULL, NULL, NULL,
                      NULL, NULL)) {
        guest_fail(g, "cannot run %s", tool);
    }
    guest_add(g, "-drive if=none,id=disk,format=qcow2,file='%s' "
              "-device virtio-blk-pci,drive=disk", *disk);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    return g;
}

/* Run these lines of the human monitor; the last is what is measured. */
static void measure_hmp(Run *run, const char *const lines[])
{
    g_autofree char *disk = NULL;
    Guest *g = with_disk(run, &disk);

    if (!g) {
        return;
    }
    for (unsigned i = 0; lines[i]; i++) {
        double start = dialog_clock(run, g);

        guest_hmp(g, lines[i]);
        run->value = dialog_clock(run, g) - start;
    }
    dialog_end(run, g);
    g_unlink(disk);
}

void probe_savevm(Run *run)
{
    static const char *const lines[] = { "savevm state", NULL };

    measure_hmp(run, lines);
}

void probe_loadvm(Run *run)
{
    static const char *const lines[] = { "savevm state", "loadvm state", NULL };

    measure_hmp(run, lines);
}

void probe_migrate(Run *run)
{
    g_autofree char *disk = NULL;
    g_autofree char *file = run_path(run, ".state");
    Guest *g = with_disk(run, &disk);
    double start;
    GStatBuf st;

    if (!g) {
        return;
    }
    start = dialog_clock(run, g);
    guest_migrate(g, file);
    guest_expect_migrated(g);
    run->value = dialog_clock(run, g) - start;
    if (run->row->measure == COUNT && g_stat(file, &st) == 0) {
        run->value = st.st_size;
    }
    dialog_end(run, g);
    g_unlink(file);
    g_unlink(disk);
}
