/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What guest.c, stream.c and qmp.c know of a guest
 */

#ifndef VMSPEC_TESTS_GUEST_PRIVATE_H
#define VMSPEC_TESTS_GUEST_PRIVATE_H

#include <glib.h>
#include <stdbool.h>

/* What a guest is read by; the order of Guest's streams */
enum { CONSOLE, UART1, QMP, STREAMS };

/*
 * A socket between this program and QEMU, and what QEMU wrote to it:
 *
 *     text  | matched, or a part of an answer | not looked at yet |
 *           0                                 seen
 */
typedef struct Stream {
    int fd;                     /* -1: none, or QEMU has closed its end */
    int qemu_fd;                /* QEMU's end, until QEMU runs */
    GString *text;
    gsize seen;
} Stream;

struct Guest {
    char *name;
    char *log_path;
    int log_fd;
    char *folder;               /* NULL: not asked for yet */
    GPtrArray *argv;
    GArray *qemu_fds;           /* ends of guest_add_socket(), till QEMU runs */
    Stream stream[STREAMS];
    GQueue events;              /* QMP events not expected yet, as lines */
    GPid pid;                   /* 0: QEMU does not run */
    int limit;                  /* seconds */
    gint64 deadline;            /* by g_get_monotonic_time() */
    bool failed;
};

/* stream.c */

/* Makes the stream; QEMU's end stays open in the child. */
void stream_open(Stream *s);

/*
 * Reads what QEMU has written, or waits for it.  Returns false when QEMU has
 * closed its console, or after the time limit, which fails the case.
 */
bool stream_read_some(Guest *g);

/* Waits for the text; returns what stands before it and steps behind it. */
char *stream_read_until(Guest *g, int i, const char *text);

/* Sends the text to QEMU.  If QEMU has ended, the case fails. */
void stream_write(Guest *g, int i, const char *text);

#endif
