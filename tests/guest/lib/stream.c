/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a guest under test prints, and what is typed
 *
 * One poll() waits for the console, the second UART and the monitor together,
 * so that none of them can fill its socket and block QEMU while a case waits
 * for another.
 */

#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest-private.h"

void stream_open(Stream *s)
{
    int fd[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), ==, 0);
    g_assert_cmpint(fcntl(fd[0], F_SETFD, FD_CLOEXEC), ==, 0);
    s->fd = fd[0];
    s->qemu_fd = fd[1];
}

/* Appends what can be read to the stream's text; a NUL becomes a blank. */
static void read_stream(Guest *g, int i)
{
    Stream *s = &g->stream[i];
    char buf[4096];
    ssize_t n = read(s->fd, buf, sizeof(buf));

    if (n <= 0) {
        close(s->fd);
        s->fd = -1;
        return;
    }
    for (ssize_t k = 0; k < n; k++) {
        g_string_append_c(s->text, buf[k] ?: ' ');
    }
    if (i != QMP && write(g->log_fd, buf, n) != n) {
        guest_fail(g, "cannot write the log %s", g->log_path);
    }
}

bool stream_read_some(Guest *g)
{
    gint64 left = g->deadline - g_get_monotonic_time();
    struct pollfd fds[STREAMS];

    if (left <= 0) {
        guest_fail(g, "the time limit of %d s is over", g->limit);
        return false;
    }
    if (g->stream[CONSOLE].fd < 0) {
        return false;
    }
    for (int i = 0; i < STREAMS; i++) {
        fds[i] = (struct pollfd) { .fd = g->stream[i].fd, .events = POLLIN };
    }
    if (poll(fds, STREAMS, left / G_TIME_SPAN_MILLISECOND + 1) < 0) {
        g_assert_cmpint(errno, ==, EINTR);
        return true;
    }
    for (int i = 0; i < STREAMS; i++) {
        if (fds[i].revents) {
            read_stream(g, i);
        }
    }
    return true;
}

char *stream_read_until(Guest *g, int i, const char *text)
{
    Stream *s = &g->stream[i];
    char *at = NULL;
    char *before;

    while (!g->failed) {
        at = strstr(s->text->str + s->seen, text);
        if (at) {
            before = g_strndup(s->text->str + s->seen,
                               at - s->text->str - s->seen);
            s->seen = at - s->text->str + strlen(text);
            return before;
        }
        if (!stream_read_some(g)) {
            guest_fail(g, "QEMU has ended, expected \"%s\"", text);
        }
    }
    g_printerr("%s: while waiting for \"%s\"\n", g->name, text);
    return g_strdup("");
}

void stream_write(Guest *g, int i, const char *text)
{
    size_t size = strlen(text);
    ssize_t n;

    while (!g->failed && size) {
        n = send(g->stream[i].fd, text, size, MSG_NOSIGNAL);
        if (n < 0) {
            guest_fail(g, "QEMU has ended, could not send \"%s\"", text);
            return;
        }
        text += n;
        size -= n;
    }
}

void guest_expect(Guest *g, const char *text)
{
    if (!g->failed) {
        g_free(stream_read_until(g, CONSOLE, text));
    }
}

void guest_expect_uart1(Guest *g, const char *text)
{
    if (!g->failed) {
        g_free(stream_read_until(g, UART1, text));
    }
}

char *guest_until(Guest *g, const char *text)
{
    return g->failed ? g_strdup("") : stream_read_until(g, CONSOLE, text);
}

char *guest_until_uart1(Guest *g, const char *text)
{
    return g->failed ? g_strdup("") : stream_read_until(g, UART1, text);
}

void guest_type(Guest *g, const char *text)
{
    stream_write(g, CONSOLE, text);
}

void guest_type_uart1(Guest *g, const char *text)
{
    stream_write(g, UART1, text);
}

char *guest_ask(Guest *g, const char *line)
{
    guest_type(g, line);
    guest_type(g, "\r");
    return guest_until(g, GUEST_PROMPT);
}

void guest_check(Guest *g, const char *answer, const char *text, bool has)
{
    bool found = strstr(answer, text) != NULL;

    if (found != has) {
        guest_fail(g, "the guest's answer has %s\"%s\"", has ? "no " : "",
                   text);
    }
}
