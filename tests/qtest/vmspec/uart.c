/*
 * vmspec tests: a console whose client reads when it wants
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include "qemu/sockets.h"
#include "uart.h"

#define GUARD_SECONDS 30

/* The @i-th byte that the guest sends; the period is no power of two. */
static uint8_t pattern(unsigned i)
{
    return i % 251;
}

static void *guard_thread(void *opaque)
{
    Console *c = opaque;
    gint64 end = g_get_monotonic_time() + GUARD_SECONDS * G_TIME_SPAN_SECOND;

    g_mutex_lock(&c->lock);
    while (!c->ended && !c->hung) {
        c->hung = !g_cond_wait_until(&c->cond, &c->lock, end);
    }
    if (c->hung) {
        shutdown(c->fd, SHUT_RDWR);
    }
    g_mutex_unlock(&c->lock);
    return NULL;
}

/* A console of @qts, with the client at @fd, and @lcr in UARTLCR_H */
static Console *console_new(QTestState *qts, int fd, uint32_t lcr)
{
    Console *c = g_new0(Console, 1);

    c->qts = qts;
    c->fd = fd;
    c->got = g_byte_array_new();
    g_mutex_init(&c->lock);
    g_cond_init(&c->cond);
    c->guard = g_thread_new("guard", guard_thread, c);
    if (lcr) {
        console_uart_write(c, UARTLCR_H, lcr);
    }
    return c;
}

Console *console_start(const char *options, uint32_t lcr)
{
    QTestState *qts;
    int fd[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), ==, 0);
    /* QEMU inherits its own end alone. */
    qemu_set_cloexec(fd[0]);
    qts = vmspec_start("", "-serial chardev:console "
                       "-chardev socket,id=console,fd=%d%s", fd[1], options);
    close(fd[1]);
    return console_new(qts, fd[0], lcr);
}

Console *console_start_chardev(const char *chardev, int fd, int type)
{
    QTestState *qts = vmspec_start("", "-serial chardev:console -chardev %s",
                                   chardev);

    close(type);
    return console_new(qts, fd, LCR_FEN);
}

void console_guard_check(Console *c)
{
    bool qemu_waited_for_the_client;

    g_mutex_lock(&c->lock);
    qemu_waited_for_the_client = c->hung;
    g_mutex_unlock(&c->lock);
    g_assert_false(qemu_waited_for_the_client);
}

void console_guard_end(Console *c)
{
    g_mutex_lock(&c->lock);
    c->ended = true;
    g_cond_signal(&c->cond);
    g_mutex_unlock(&c->lock);
    g_thread_join(c->guard);
    console_guard_check(c);
}

uint32_t console_uart_read(Console *c, unsigned offset)
{
    return qtest_readl(c->qts, vmspec_base("uart0") + offset);
}

void console_uart_write(Console *c, unsigned offset, uint32_t value)
{
    qtest_writel(c->qts, vmspec_base("uart0") + offset, value);
}

/* The guest sends @n bytes without a look at the registers. */
static void send_blindly(Console *c, unsigned n)
{
    while (n--) {
        console_uart_write(c, UARTDR, pattern(c->sent++));
    }
}

void console_send_by_poll(Console *c, unsigned end)
{
    bool fifo = console_uart_read(c, UARTLCR_H) & LCR_FEN;
    uint32_t fr;

    while (c->sent < end && !((fr = console_uart_read(c, UARTFR)) & FR_TXFF)) {
        send_blindly(c, fifo && fr & FR_TXFE ? MIN(DEPTH, end - c->sent) : 1);
    }
}

void console_send_by_interrupt(Console *c, unsigned end)
{
    if (!c->sent) {
        send_blindly(c, 1);
    }
    while (c->sent < end && console_uart_read(c, UARTRIS) & RIS_TX) {
        send_blindly(c, MIN(DEPTH - TRIGGER, end - c->sent));
    }
}

bool console_client_read(Console *c, bool wait)
{
    uint8_t buffer[4096];
    struct pollfd ready = { .fd = c->fd, .events = POLLIN };
    ssize_t n = 0;

    if (poll(&ready, 1, wait ? -1 : 0) > 0) {
        n = read(c->fd, buffer, sizeof(buffer));
    }
    if (n > 0) {
        g_byte_array_append(c->got, buffer, n);
    }
    return n > 0;
}

void console_client_read_until(Console *c, unsigned size)
{
    while (c->got->len < size && console_client_read(c, true)) {
        /* more */
    }
    g_assert_cmpuint(c->got->len, >=, size);
}

void console_check_bytes(const GByteArray *got, unsigned from, unsigned size)
{
    g_assert_cmpuint(got->len, ==, size);
    for (unsigned i = 0; i < size; i++) {
        g_assert_cmpuint(got->data[i], ==, pattern(from + i));
    }
}

void console_free(Console *c)
{
    close(c->fd);
    g_byte_array_unref(c->got);
    g_free(c);
}

void console_end(Console *c)
{
    console_client_read_until(c, c->sent);
    console_guard_end(c);
    qtest_quit(c->qts);
    while (console_client_read(c, true)) {
        /* to the end of the connection */
    }
    console_check_bytes(c->got, 0, c->sent);
    console_free(c);
}

Console *console_full_with(const char *options, uint32_t lcr)
{
    Console *c = console_start(options, lcr);

    console_send_by_poll(c, CONSOLE_MANY);
    console_guard_check(c);
    g_test_message("%u bytes until the FIFO is full", c->sent);
    g_assert_cmpuint(c->sent, <, CONSOLE_MANY);
    g_assert_cmphex(console_uart_read(c, UARTFR) & FR_TX, ==,
                    FR_BUSY | FR_TXFF);
    /* QMP answers. */
    qtest_qmp_assert_success(c->qts, "{'execute': 'query-status'}");
    return c;
}

void console_send_many(Console *c, void (*send)(Console *c, unsigned end))
{
    unsigned stalls = 0;

    while (c->sent < CONSOLE_MANY) {
        send(c, CONSOLE_MANY);
        console_guard_check(c);
        stalls += c->sent < CONSOLE_MANY;
        while (console_client_read(c, false)) {
            /* all that is there */
        }
    }
    g_test_message("the guest waited %u times", stalls);
    g_assert_cmpuint(stalls, >, 0);
    console_end(c);
}
