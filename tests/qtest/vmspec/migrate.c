/*
 * vmspec tests: moving a machine's state to another QEMU
 *
 * The stream goes through a file. Nothing waits for a time: QEMU reports the
 * end of a migration by an event.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "machine.h"
#include "migrate.h"

#define STREAM "stream"

static void enable_events(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{'execute': 'migrate-set-capabilities',"
                             " 'arguments': {'capabilities': [{"
                             " 'capability': 'events', 'state': true}]}}");
}

/* Wait until the migration has come to @end, "completed" or "failed". */
static void wait_end(QTestState *qts, const char *end)
{
    const char *other = !strcmp(end, "failed") ? "completed" : "failed";
    bool ended = false;

    while (!ended) {
        QDict *event = qtest_qmp_eventwait_ref(qts, "MIGRATION");
        const char *status = qdict_get_str(qdict_get_qdict(event, "data"),
                                           "status");

        g_test_message("migration: %s", status);
        g_assert_cmpstr(status, !=, other);
        ended = !strcmp(status, end);
        qobject_unref(event);
    }
}

void migrate_out(QTestState *source)
{
    g_autofree char *path = scratch_path(STREAM);
    g_autofree char *uri = g_strdup_printf("file:%s", path);

    qtest_qmp_assert_success(source, "{'execute': 'stop'}");
    enable_events(source);
    qtest_qmp_assert_success(source, "{'execute': 'migrate',"
                             " 'arguments': {'uri': %s}}", uri);
    wait_end(source, "completed");
    qtest_quit(source);
}

static void load_from(QTestState *target, const char *uri, const char *end)
{
    enable_events(target);
    qtest_qmp_assert_success(target, "{'execute': 'migrate-incoming',"
                             " 'arguments': {'uri': %s,"
                             " 'exit-on-error': false}}", uri);
    wait_end(target, end);
}

static void load_stream(QTestState *target, const char *end)
{
    g_autofree char *path = scratch_path(STREAM);
    g_autofree char *uri = g_strdup_printf("file:%s", path);

    load_from(target, uri, end);
    unlink(path);
}

char *migrate_stream(void)
{
    return scratch_path(STREAM);
}

void migrate_edit(const char *section, size_t offset, const void *bytes,
                  size_t size)
{
    g_autofree char *path = migrate_stream();
    g_autofree char *stream = NULL;
    size_t length, name = strlen(section);
    char *p;

    g_assert_true(g_file_get_contents(path, &stream, &length, NULL));
    p = memmem(stream, length, section, name);
    g_assert_nonnull(p);
    p += name + offset;
    g_assert_cmpuint(p - stream + size, <=, length);
    memcpy(p, bytes, size);
    g_assert_true(g_file_set_contents(path, stream, length, NULL));
}

void migrate_in(QTestState *target)
{
    load_stream(target, "completed");
}

void migrate_in_from(QTestState *target, const char *uri)
{
    load_from(target, uri, "completed");
}

void migrate_in_refused(QTestState *target)
{
    load_stream(target, "failed");
}
