/*
 * vmspec benchmark: what a guest reads, writes, sends and receives
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dialog.h"

/* How long the guest may take to connect, in milliseconds */
#define CONNECT_LIMIT 60000

typedef struct Peer {
    int listener;
    bool sends;         /* else it receives */
    size_t left;        /* bytes */
} Peer;

/* The argument is a line that the guest's shell runs. */
void probe_command(Run *run)
{
    Guest *g = dialog_new(run);
    double start;

    if (!g) {
        return;
    }
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    start = dialog_clock(run, g);
    g_free(guest_ask(g, run->row->argument));
    run->value = dialog_clock(run, g) - start;
    g_free(guest_ask(g, "echo status $?"));
    dialog_end(run, g);
}

/* A socket that listens on a free port of 127.0.0.1 */
static int listen_anywhere(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) ||
        listen(fd, 1) || getsockname(fd, (struct sockaddr *)&address, &size)) {
        g_error("cannot listen on 127.0.0.1");
    }
    *port = ntohs(address.sin_port);
    return fd;
}

/* Thread: sends or takes the bytes; returns how many are left. */
static gpointer play_peer(gpointer data)
{
    Peer *peer = data;
    struct pollfd came = { .fd = peer->listener, .events = POLLIN };
    g_autofree char *buffer = g_malloc0(64 * 1024);
    int fd;

    if (poll(&came, 1, CONNECT_LIMIT) <= 0) {
        return NULL;
    }
    fd = accept(peer->listener, NULL, NULL);
    while (peer->left) {
        size_t size = MIN(peer->left, 64 * 1024);
        ssize_t n = peer->sends ? send(fd, buffer, size, MSG_NOSIGNAL) :
            recv(fd, buffer, size, 0);

        if (n <= 0) {
            break;
        }
        peer->left -= n;
    }
    close(fd);
    return NULL;
}

/* The argument is what the guest does, send or receive, and how many MiB. */
void probe_network(Run *run)
{
    char way[8];
    unsigned mib;
    Guest *g = dialog_new(run);
    uint16_t port;
    Peer peer = { .listener = listen_anywhere(&port) };
    g_autofree char *line = NULL;
    GThread *thread;
    double start;

    if (!g || sscanf(run->row->argument, "%7s %u", way, &mib) != 2) {
        close(peer.listener);
        return;
    }
    peer.sends = !strcmp(way, "receive");
    peer.left = (size_t)mib * 1024 * 1024;
    line = peer.sends ?
        g_strdup_printf("nc 10.0.2.2 %u < /dev/null > /dev/null", port) :
        g_strdup_printf("head -c %zu /dev/zero | nc 10.0.2.2 %u", peer.left,
                        port);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    thread = g_thread_new("peer", play_peer, &peer);
    start = dialog_clock(run, g);
    g_free(guest_ask(g, line));
    g_thread_join(thread);
    run->value = dialog_clock(run, g) - start;
    close(peer.listener);
    if (peer.left) {
        guest_fail(g, "%zu bytes did not come", peer.left);
    }
    dialog_end(run, g);
}
