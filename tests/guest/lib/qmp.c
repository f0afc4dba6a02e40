/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The QMP monitor of a guest under test
 *
 * QEMU writes one JSON object a line: a reply to each command, and events at
 * any time, also before the reply to the command that causes them.  Events go
 * to a queue, from which guest_expect_event() takes them.
 */

#include "guest.h"

#include <string.h>

#include "guest-private.h"

/* Microseconds between two tries of guest_qmp_retry() */
#define RETRY_US 10000

/* Reads one line, which may be an event; the caller frees it. */
static char *read_line(Guest *g)
{
    return stream_read_until(g, QMP, "\n");
}

/* Sends the command once; returns the line of its reply. */
static char *ask_qmp(Guest *g, const char *json)
{
    /* in one write: QEMU may end once it has read the last brace of quit */
    g_autofree char *command = g_strconcat(json, "\n", NULL);

    stream_write(g, QMP, command);
    while (!g->failed) {
        g_autofree char *line = read_line(g);

        if (g_str_has_prefix(line, "{\"error\"") ||
            g_str_has_prefix(line, "{\"return\"")) {
            return g_steal_pointer(&line);
        }
        g_queue_push_tail(&g->events, g_steal_pointer(&line));
    }
    return g_strdup("");
}

char *guest_qmp_retry(Guest *g, const char *command, const char *refusal)
{
    g_autofree char *json = g_strdelimit(g_strdup(command), "'", '"');
    char *reply = ask_qmp(g, json);

    while (refusal && strstr(reply, refusal)) {
        g_usleep(RETRY_US);
        g_free(reply);
        reply = ask_qmp(g, json);
    }
    if (g_str_has_prefix(reply, "{\"error\"")) {
        guest_fail(g, "%s: %s", json, reply);
    }
    return reply;
}

char *guest_qmp(Guest *g, const char *command)
{
    return guest_qmp_retry(g, command, NULL);
}

void guest_qmp_refused(Guest *g, const char *command, const char *refusal)
{
    g_autofree char *json = g_strdelimit(g_strdup(command), "'", '"');
    g_autofree char *reply = ask_qmp(g, json);

    if (!g_str_has_prefix(reply, "{\"error\"") || !strstr(reply, refusal)) {
        guest_fail(g, "%s: %s, expected an error with \"%s\"", json, reply,
                   refusal);
    }
}

void guest_hmp(Guest *g, const char *line)
{
    g_autofree char *command = g_strdup_printf(
        "{'execute': 'human-monitor-command',"
        " 'arguments': {'command-line': '%s'}}", line);
    g_autofree char *reply = guest_qmp(g, command);

    if (!g->failed && !strstr(reply, "\"return\": \"\"")) {
        guest_fail(g, "%s: %s", line, reply);
    }
}

/* Waits for the next event of this name and with the text; returns its line. */
static char *next_event(Guest *g, const char *event, const char *text)
{
    g_autofree char *name = g_strdup_printf("\"event\": \"%s\"", event);

    while (!g->failed) {
        g_autofree char *line = g_queue_pop_head(&g->events);

        if (!line) {
            line = read_line(g);
        }
        if (strstr(line, name)) {
            if (strstr(line, text)) {
                return g_steal_pointer(&line);
            }
            g_test_message("not the event expected: %s", line);
        }
    }
    return g_strdup("");
}

void guest_expect_event(Guest *g, const char *event, const char *text)
{
    g_free(next_event(g, event, text));
}

void guest_expect_deleted(Guest *g, const char *id)
{
    g_autofree char *device = g_strdup_printf("\"device\": \"%s\"", id);

    guest_expect_event(g, "DEVICE_DELETED", device);
}

void guest_migrate(Guest *g, const char *file)
{
    g_autofree char *migrate = g_strdup_printf(
        "{'execute': 'migrate', 'arguments': {'uri': 'file:%s'}}", file);

    g_free(guest_qmp(g, "{'execute': 'migrate-set-capabilities', 'arguments':"
                     " {'capabilities': [{'capability': 'events',"
                     " 'state': true}]}}"));
    g_free(guest_qmp(g, migrate));
}

void guest_expect_migrated(Guest *g)
{
    bool completed = false;

    while (!g->failed && !completed) {
        g_autofree char *line = next_event(g, "MIGRATION", "");

        completed = strstr(line, "\"completed\"") != NULL;
        if (strstr(line, "\"failed\"") || strstr(line, "\"cancelled\"")) {
            guest_fail(g, "the migration ended: %s", line);
        }
    }
}
