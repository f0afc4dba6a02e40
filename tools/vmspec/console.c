/*
 * vmspec: the guest's console, between QEMU, the terminal and others
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "console.h"
#include "text.h"

#define MAX_CLIENTS 8
#define CHUNK 4096
/* What a client that comes late is shown of what the guest has printed */
#define SHOWN 2048
/* What may wait for QEMU: a guest that does not read stops standard input */
#define MAX_WAITING 65536
#define IDLE_MS 1000

static struct termios old_terminal;

static void restore_terminal(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &old_terminal);
    say_raw(false);
}

/* Has this process a terminal? Then each byte passes as it is from now on. */
static bool make_terminal_raw(void)
{
    struct termios raw;

    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &old_terminal) < 0) {
        return false;
    }
    raw = old_terminal;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    say_raw(isatty(STDERR_FILENO));
    return true;
}

static bool socket_address(const char *path, struct sockaddr_un *address,
                           GError **error)
{
    *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof(address->sun_path)) {
        return bail(error, "%s is too long for a socket: set XDG_RUNTIME_DIR "
                    "to a short path", path);
    }
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

int console_listen(const char *path, GError **error)
{
    struct sockaddr_un address;
    int fd;

    if (!socket_address(path, &address, error)) {
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(path);
    if (fd < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(fd, MAX_CLIENTS) < 0) {
        bail(error, "%s: %s", path, g_strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

/* Write it all, also to a terminal that somebody made non-blocking. */
static void write_out(int fd, const char *data, gsize size)
{
    while (size) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno == EAGAIN) {
            struct pollfd wait = { .fd = fd, .events = POLLOUT };

            poll(&wait, 1, -1);
        } else if (n < 0 && errno != EINTR) {
            return;                     /* nobody reads: the guest goes on */
        }
        data += MAX(n, 0);
        size -= MAX(n, 0);
    }
}

/* Whom a console has */
typedef struct Carrier {
    int qemu;
    int listener;
    bool input;                 /* standard input may have more */
    int clients[MAX_CLIENTS];   /* -1: none */
    GString *to_qemu;           /* not written yet */
    GString *shown;             /* the end of what the guest printed */
    Stages *stages;
} Carrier;

static void drop_client(Carrier *c, int i)
{
    close(c->clients[i]);
    c->clients[i] = -1;
}

static void accept_client(Carrier *c)
{
    int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    for (int i = 0; fd >= 0 && i < MAX_CLIENTS; i++) {
        if (c->clients[i] < 0) {
            c->clients[i] = fd;
            if (write(fd, c->shown->str, c->shown->len) < 0) {
                drop_client(c, i);
            }
            return;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
}

/* The guest has printed. Returns false once QEMU has closed its end. */
static bool take_output(Carrier *c)
{
    char data[CHUNK];
    ssize_t n = read(c->qemu, data, sizeof(data));

    if (n <= 0) {
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    }
    write_out(STDOUT_FILENO, data, n);
    for (int i = 0; i < MAX_CLIENTS; i++) {
        /* one that reads too slowly misses something; it stops nobody */
        if (c->clients[i] >= 0 &&
            send(c->clients[i], data, n, MSG_NOSIGNAL) < 0 &&
            errno != EAGAIN) {
            drop_client(c, i);
        }
    }
    g_string_append_len(c->shown, data, n);
    if (c->shown->len > SHOWN) {
        g_string_erase(c->shown, 0, c->shown->len - SHOWN);
    }
    stages_feed(c->stages, data, n);
    return true;
}

/* Take what @fd has for the guest. Returns false at its end. */
static bool take_input(Carrier *c, int fd)
{
    char data[CHUNK];
    ssize_t n = read(fd, data, sizeof(data));

    if (n > 0) {
        g_string_append_len(c->to_qemu, data, n);
    }
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

static void give_input(Carrier *c)
{
    ssize_t n = send(c->qemu, c->to_qemu->str, c->to_qemu->len,
                     MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0) {
        g_string_erase(c->to_qemu, 0, n);
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        g_string_truncate(c->to_qemu, 0);
    }
}

enum { FD_QEMU, FD_LISTENER, FD_INPUT, FD_CLIENTS };

static void set_polled(const Carrier *c, struct pollfd *fds)
{
    bool full = c->to_qemu->len > MAX_WAITING;

    fds[FD_QEMU].fd = c->qemu;
    fds[FD_QEMU].events = POLLIN | (c->to_qemu->len ? POLLOUT : 0);
    fds[FD_LISTENER].fd = c->listener;
    fds[FD_LISTENER].events = POLLIN;
    fds[FD_INPUT].fd = c->input && !full ? STDIN_FILENO : -1;
    fds[FD_INPUT].events = POLLIN;
    for (int i = 0; i < MAX_CLIENTS; i++) {
        fds[FD_CLIENTS + i].fd = full ? -1 : c->clients[i];
        fds[FD_CLIENTS + i].events = POLLIN;
    }
}

static void take_inputs(Carrier *c, const struct pollfd *fds)
{
    if (fds[FD_INPUT].revents) {
        c->input = take_input(c, STDIN_FILENO);
    }
    for (int i = 0; i < MAX_CLIENTS; i++) {
        if (c->clients[i] >= 0 && fds[FD_CLIENTS + i].revents &&
            !take_input(c, c->clients[i])) {
            drop_client(c, i);
        }
    }
    if (fds[FD_LISTENER].revents) {
        accept_client(c);
    }
    if (c->to_qemu->len) {
        give_input(c);
    }
}

static void carry_on(Carrier *c)
{
    struct pollfd fds[FD_CLIENTS + MAX_CLIENTS] = { 0 };
    unsigned idle_ms = 0;

    for (;;) {
        int n;

        set_polled(c, fds);
        n = poll(fds, G_N_ELEMENTS(fds), IDLE_MS);
        if (n == 0) {
            idle_ms += IDLE_MS;
            stages_idle(c->stages, idle_ms / 1000);
        }
        if (n <= 0) {
            continue;                   /* or EINTR: a signal is QEMU's too */
        }
        if (fds[FD_QEMU].revents & (POLLIN | POLLHUP | POLLERR)) {
            idle_ms = 0;
            if (!take_output(c)) {
                return;
            }
        }
        take_inputs(c, fds);
    }
}

void console_carry(int qemu, int listener, Stages *stages)
{
    Carrier c = {
        .qemu = qemu,
        .listener = listener,
        .input = true,
        .to_qemu = g_string_new(NULL),
        .shown = g_string_new(NULL),
        .stages = stages,
    };
    bool raw = make_terminal_raw();

    memset(c.clients, -1, sizeof(c.clients));
    carry_on(&c);
    if (raw) {
        restore_terminal();
    }
    for (int i = 0; i < MAX_CLIENTS; i++) {
        if (c.clients[i] >= 0) {
            drop_client(&c, i);
        }
    }
    g_string_free(c.to_qemu, true);
    g_string_free(c.shown, true);
}

/* Send what the user types. Returns false at Ctrl-] or the end of the input. */
static bool type_to(int fd, bool raw)
{
    char data[CHUNK];
    ssize_t n = read(STDIN_FILENO, data, sizeof(data));
    char *leave = n > 0 && raw ? memchr(data, CONSOLE_LEAVE, n) : NULL;

    if (leave) {
        n = leave - data;
    }
    if (n > 0) {
        write_out(fd, data, n);
    }
    return n >= 0 && !leave && (n > 0 || raw);
}

bool console_attach(const char *path, GError **error)
{
    struct pollfd fds[2] = {
        { .fd = STDIN_FILENO, .events = POLLIN }, { .events = POLLIN },
    };
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool raw;

    if (!socket_address(path, &address, error)) {
        return false;
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        close(fd);
        return bail(error, "%s: %s", path, g_strerror(errno));
    }
    fds[1].fd = fd;
    raw = make_terminal_raw();
    while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
        char data[CHUNK];
        ssize_t n = 0;

        if (fds[1].revents) {
            n = read(fd, data, sizeof(data));
            if (n <= 0) {
                break;
            }
            write_out(STDOUT_FILENO, data, n);
        }
        if (fds[0].revents && !type_to(fd, raw)) {
            if (raw) {
                break;
            }
            fds[0].fd = -1;     /* a pipe: go on to show what the guest says */
        }
    }
    if (raw) {
        restore_terminal();
    }
    close(fd);
    return true;
}
