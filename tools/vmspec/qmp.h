/*
 * vmspec: QEMU's monitor, by QMP
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_QMP_H
#define VMSPEC_TOOLS_QMP_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

typedef struct Qmp Qmp;

/*
 * Connect to the monitor of the running VM @name. Returns NULL with @error set
 * if it does not run, or if another program talks to its monitor.
 */
Qmp *qmp_open(const char *name, GError **error);

void qmp_close(Qmp *qmp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Qmp, qmp_close)

/*
 * Run @command with @format, JSON with ' for " whose %s are replaced by the
 * strings that follow, quoted as JSON; NULL: no arguments. Returns what the
 * command returns, for json_object_put(), or NULL with @error set to QEMU's
 * own words.
 */
struct json_object *qmp_run(Qmp *qmp, GError **error, const char *command,
                            const char *format, ...);

/* qmp_run() for a command of which only the success matters */
#define qmp_do(...) (qmp_drop(qmp_run(__VA_ARGS__)))
static inline bool qmp_drop(struct json_object *reply)
{
    bool ok = reply;

    json_object_put(reply);
    return ok;
}

/*
 * Wait at most @seconds for an event of one of the @names, which end with NULL.
 * Events that came while commands ran count. Returns the event, for
 * json_object_put(), or NULL with @error set: when QEMU has ended, with the
 * code QMP_CLOSED, else QMP_TIMEOUT.
 */
struct json_object *qmp_wait(Qmp *qmp, const char *const *names, int seconds,
                             GError **error);

enum { QMP_FAILED, QMP_CLOSED, QMP_TIMEOUT };
#define QMP_ERROR g_quark_from_static_string("vmspec-qmp")

/* The string at @path of members, such as "data.device"; "" if there is none */
const char *qmp_string(struct json_object *object, const char *path);

#endif
