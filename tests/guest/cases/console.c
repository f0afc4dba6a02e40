/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A serial port whose reader is slow, and stops and starts
 *
 * The guest writes a MiB, by the driver that Linux has for the description: by
 * FDT that of the PL011, by ACPI that of the SBSA's UART (ARMH0011), which
 * writes 16 bytes for each transmit interrupt and looks at no flag.  Every
 * byte must arrive, once and in order.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cases.h"
#include "demo.h"

#define UART "/dev/ttyAMA1"
/* seq's lines of 7 digits and a line feed: a MiB */
#define FIRST 1000000
#define LINES (1 << 17)
#define LINE 8

/* The reader takes so many bytes, and then so long a rest in microseconds. */
#define BITE 600
#define REST 500
#define BITES 64        /* between two long rests */
#define LONG_REST 20000

typedef struct Row {
    const char *name;
    const char *properties;
    const char *write;          /* the guest's command, with first and last */
    bool pty;                   /* the reader is at a terminal, not a socket */
} Row;

#define BY_TTY "seq %d %d > " UART

static const Row rows[] = {
    { "fdt", "", BY_TTY, false },
    { "acpi", ",fdt=off", BY_TTY, false },
    { "acpi-terminal", ",fdt=off", BY_TTY, true },
};

/* Open the terminal that QEMU made for the chardev "slow". */
static int open_terminal(Guest *g)
{
    g_autofree char *reply = guest_qmp(g, "{'execute': 'query-chardev'}");
    const char *at = strstr(reply, "pty:");
    g_autofree char *path = NULL;
    struct termios mode;
    int fd;

    if (!at) {
        guest_fail(g, "QEMU names no terminal: %s", reply);
        return -1;
    }
    at += strlen("pty:");
    path = g_strndup(at, strcspn(at, "\""));
    fd = open(path, O_RDWR | O_NOCTTY);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(tcgetattr(fd, &mode), ==, 0);
    cfmakeraw(&mode);
    g_assert_cmpint(tcsetattr(fd, TCSANOW, &mode), ==, 0);
    return fd;
}

/* Read @size bytes, slowly. Returns fewer if none come for ten seconds. */
static GString *read_slowly(int fd, gsize size)
{
    GString *got = g_string_new("");
    char bite[BITE];

    for (int i = 1; got->len < size; i++) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        ssize_t n = 0;

        if (poll(&ready, 1, 10 * 1000) > 0) {
            n = read(fd, bite, MIN(sizeof(bite), size - got->len));
        }
        if (n <= 0) {
            break;
        }
        g_string_append_len(got, bite, n);
        g_usleep(i % BITES ? REST : LONG_REST);
    }
    return got;
}

/* Each line is the number behind that of the line before. */
static void check_lines(Guest *g, const GString *got)
{
    for (int i = 0; i < LINES; i++) {
        g_autofree char *want = g_strdup_printf("%d\n", FIRST + i);

        if (got->len < (i + 1) * LINE ||
            memcmp(got->str + i * LINE, want, LINE)) {
            guest_fail(g, "%zu bytes came; line %d is not %s but %.24s",
                       got->len, i, want,
                       got->len > i * LINE ? got->str + i * LINE : "missing");
            return;
        }
    }
}

static void test_slow_reader(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("console/slow-reader-%s",
                                            row->name);
    g_autoptr(Guest) g = guest_new(name);
    g_autoptr(GString) got = NULL;
    g_autofree char *write = NULL;
    int fd = -1;

    demo_add_machine(g, &arch_aarch64, row->properties);
    demo_add_kernel(g, &arch_aarch64);
    if (row->pty) {
        guest_add(g, "-chardev pty,id=slow");
    } else {
        fd = guest_add_socket(g, "slow");
    }
    guest_add(g, "-serial chardev:slow");
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    if (row->pty) {
        fd = open_terminal(g);
    }
    g_free(guest_ask(g, "stty -F " UART " raw"));
    write = g_strdup_printf(row->write, FIRST, FIRST + LINES - 1);
    guest_type(g, write);
    guest_type(g, "; echo wro''te\r");
    if (!guest_failed(g)) {
        got = read_slowly(fd, LINES * LINE);
        check_lines(g, got);
    }
    guest_expect(g, "wrote");
    demo_power_off(g);
    close(fd);
}

static void add_console_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_slow_reader, &rows[i], "console/slow-reader-%s",
                       rows[i].name);
    }
}

guest_cases(add_console_cases)
