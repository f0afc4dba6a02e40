/*
 * vmspec: QEMU's monitor, by QMP
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "qmp.h"
#include "registry/registry.h"
#include "text.h"

#define GREETING_SECONDS 5
#define REPLY_SECONDS 120       /* a snapshot of much memory takes a while */
#define CHUNK 4096

struct Qmp {
    char *name;
    int fd;
    GString *text;              /* read, and not a whole line yet */
    GQueue events;              /* struct json_object, nobody waited for */
};

/* The next object that QEMU sends, or NULL with @error set at @deadline */
static struct json_object *read_object(Qmp *q, gint64 deadline, GError **error)
{
    for (;;) {
        char *end = memchr(q->text->str, '\n', q->text->len);
        struct pollfd wait = { .fd = q->fd, .events = POLLIN };
        gint64 left = (deadline - g_get_monotonic_time()) / 1000;
        char data[CHUNK];
        ssize_t n;

        if (end) {
            g_autofree char *line = g_strndup(q->text->str,
                                              end - q->text->str);
            struct json_object *object = json_tokener_parse(line);

            g_string_erase(q->text, 0, end + 1 - q->text->str);
            if (object) {
                return object;
            }
            continue;
        }
        if (left <= 0 || poll(&wait, 1, left) == 0) {
            g_set_error(error, QMP_ERROR, QMP_TIMEOUT, "the VM '%s' does not "
                        "answer", q->name);
            return NULL;
        }
        n = read(q->fd, data, sizeof(data));
        if (n == 0 || (n < 0 && errno != EINTR)) {
            g_set_error(error, QMP_ERROR, QMP_CLOSED, "the VM '%s' has ended",
                        q->name);
            return NULL;
        }
        g_string_append_len(q->text, data, MAX(n, 0));
    }
}

static struct json_object *member(struct json_object *object, const char *key)
{
    return json_object_is_type(object, json_type_object) ?
           json_object_object_get(object, key) : NULL;
}

/* Send the line and wait for its reply; keep the events that come before. */
static struct json_object *ask(Qmp *q, const char *line, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + REPLY_SECONDS * G_USEC_PER_SEC;
    size_t length = strlen(line);

    while (length) {
        ssize_t n = send(q->fd, line, length, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR) {
            g_set_error(error, QMP_ERROR, QMP_CLOSED, "the VM '%s' has ended",
                        q->name);
            return NULL;
        }
        line += MAX(n, 0);
        length -= MAX(n, 0);
    }
    for (;;) {
        struct json_object *object = read_object(q, deadline, error);
        struct json_object *reply = member(object, "return");

        if (!object) {
            return NULL;
        }
        if (reply) {
            reply = json_object_get(reply);
            json_object_put(object);
            return reply;
        }
        if (member(object, "error")) {
            g_set_error(error, QMP_ERROR, QMP_FAILED, "%s",
                        qmp_string(object, "error.desc"));
            json_object_put(object);
            return NULL;
        }
        g_queue_push_tail(&q->events, object);
    }
}

static bool connect_to(Qmp *q, const char *path, GError **error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof(address.sun_path)) {
        return bail(error, "%s is too long for a socket", path);
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    q->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(q->fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
           bail(error, "the monitor of the VM '%s' does not answer: %s",
                q->name, g_strerror(errno));
}

Qmp *qmp_open(const char *name, GError **error)
{
    g_autoptr(VmRun) run = vm_run_load(name);
    g_autofree char *path = vm_run_path(name, "qmp");
    g_autoptr(Qmp) q = g_new0(Qmp, 1);
    gint64 deadline = g_get_monotonic_time() +
                      GREETING_SECONDS * G_USEC_PER_SEC;
    struct json_object *greeting;

    q->name = g_strdup(name);
    q->fd = -1;
    q->text = g_string_new(NULL);
    g_queue_init(&q->events);
    if (!run) {
        bail(error, "the VM '%s' does not run; vmspec run %s starts it, vmspec "
             "list shows the VMs", name, name);
        return NULL;
    }
    if (!connect_to(q, path, error)) {
        return NULL;
    }
    greeting = read_object(q, deadline, NULL);
    if (!greeting) {
        bail(error, "another program talks to the monitor of the VM '%s', such "
             "as a second vmspec: try again when it has ended", name);
        return NULL;
    }
    json_object_put(greeting);
    return qmp_do(q, error, "qmp_capabilities", NULL) ? g_steal_pointer(&q) :
                                                        NULL;
}

void qmp_close(Qmp *q)
{
    if (q) {
        struct json_object *event;

        while ((event = g_queue_pop_head(&q->events))) {
            json_object_put(event);
        }
        if (q->fd >= 0) {
            close(q->fd);
        }
        g_string_free(q->text, true);
        g_free(q->name);
        g_free(q);
    }
}

/* @format with " for ', and each %s replaced by a string as JSON has it */
static char *arguments_json(const char *format, va_list ap)
{
    g_autoptr(GString) json = g_string_new(NULL);

    for (const char *at = format; *at; at++) {
        if (at[0] == '%' && at[1] == 's') {
            struct json_object *string =
                json_object_new_string(va_arg(ap, const char *));

            g_string_append(json, json_object_to_json_string_ext(
                            string, JSON_C_TO_STRING_NOSLASHESCAPE));
            json_object_put(string);
            at++;
        } else {
            g_string_append_c(json, *at == '\'' ? '"' : *at);
        }
    }
    return g_strdup(json->str);
}

struct json_object *qmp_run(Qmp *q, GError **error, const char *command,
                            const char *format, ...)
{
    g_autofree char *arguments = NULL;
    g_autofree char *line = NULL;
    va_list ap;

    if (format) {
        va_start(ap, format);
        arguments = arguments_json(format, ap);
        va_end(ap);
    }
    line = g_strdup_printf("{\"execute\": \"%s\", \"arguments\": %s}\n",
                           command, arguments ?: "{}");
    return ask(q, line, error);
}

static bool is_named(struct json_object *event, const char *const *names)
{
    return g_strv_contains(names, qmp_string(event, "event"));
}

struct json_object *qmp_wait(Qmp *q, const char *const *names, int seconds,
                             GError **error)
{
    gint64 deadline = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    struct json_object *event;

    while ((event = g_queue_pop_head(&q->events)) ||
           (event = read_object(q, deadline, error))) {
        if (is_named(event, names)) {
            return event;
        }
        json_object_put(event);
    }
    return NULL;
}

const char *qmp_string(struct json_object *object, const char *path)
{
    g_auto(GStrv) keys = g_strsplit(path, ".", -1);

    for (int i = 0; keys[i]; i++) {
        object = member(object, keys[i]);
    }
    return json_object_is_type(object, json_type_string) ?
           json_object_get_string(object) : "";
}
