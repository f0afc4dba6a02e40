/*
 * vmspec qtest: a console client that does not read stops nobody
 *
 * The client is the other end of a socket. What it does not read stays in the
 * socket, and then in the PL011's transmit FIFO, of which UARTFR tells the
 * guest (Arm DDI 0183, 2.4 and 3.3.3). Each test has a guard that hangs up
 * when QEMU waits for the client, so that the test fails and ends.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/sockets.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"

/* PL011 (Arm DDI 0183) */
#define UARTDR 0x00
#define UARTFR 0x18
#define UARTLCR_H 0x2c
#define UARTIMSC 0x38
#define UARTRIS 0x3c
#define UARTICR 0x44
#define FR_BUSY (1 << 3)
#define FR_TXFF (1 << 5)
#define FR_TXFE (1 << 7)
#define FR_TX (FR_BUSY | FR_TXFF | FR_TXFE)
#define LCR_FEN (1 << 4)
#define RIS_TX (1 << 5)
#define DEPTH 32
/* The interrupt is raised at half of the FIFO, UARTIFLS's reset value. */
#define TRIGGER 16

#define GIC "/machine/gic-dist"
#define TX_SECTION "pl011/vmspec-tx"

#define GUARD_SECONDS 30
#define MANY (100 * KiB)

/* A machine whose uart0 is connected to a client, which reads when it wants */
typedef struct Console {
    QTestState *qts;
    int fd;                     /* the client's end */
    GByteArray *got;
    unsigned sent;

    GThread *guard;
    GMutex lock;
    GCond cond;
    bool ended, hung;
} Console;

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

/*
 * A machine with @options, which follow those of the chardev; @lcr is what its
 * guest writes to UARTLCR_H.
 */
static Console *console_start(const char *options, uint32_t lcr)
{
    Console *c = g_new0(Console, 1);
    int fd[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), ==, 0);
    /* QEMU inherits its own end alone. */
    qemu_set_cloexec(fd[0]);
    c->fd = fd[0];
    c->got = g_byte_array_new();
    c->qts = vmspec_start("", "-serial chardev:console "
                          "-chardev socket,id=console,fd=%d%s", fd[1], options);
    close(fd[1]);
    g_mutex_init(&c->lock);
    g_cond_init(&c->cond);
    c->guard = g_thread_new("guard", guard_thread, c);
    if (lcr) {
        qtest_writel(c->qts, vmspec_base("uart0") + UARTLCR_H, lcr);
    }
    return c;
}

/* Fails if QEMU had to wait for the client. */
static void guard_check(Console *c)
{
    bool qemu_waited_for_the_client;

    g_mutex_lock(&c->lock);
    qemu_waited_for_the_client = c->hung;
    g_mutex_unlock(&c->lock);
    g_assert_false(qemu_waited_for_the_client);
}

static void guard_end(Console *c)
{
    g_mutex_lock(&c->lock);
    c->ended = true;
    g_cond_signal(&c->cond);
    g_mutex_unlock(&c->lock);
    g_thread_join(c->guard);
    guard_check(c);
}

static uint32_t uart_read(Console *c, unsigned offset)
{
    return qtest_readl(c->qts, vmspec_base("uart0") + offset);
}

static void uart_write(Console *c, unsigned offset, uint32_t value)
{
    qtest_writel(c->qts, vmspec_base("uart0") + offset, value);
}

/* The guest sends @n bytes without a look at the registers. */
static void send_blindly(Console *c, unsigned n)
{
    while (n--) {
        uart_write(c, UARTDR, pattern(c->sent++));
    }
}

/* The guest polls UARTFR: it sends to a full FIFO or to @end bytes in all. */
static void send_by_poll(Console *c, unsigned end)
{
    bool fifo = uart_read(c, UARTLCR_H) & LCR_FEN;
    uint32_t fr;

    while (c->sent < end && !((fr = uart_read(c, UARTFR)) & FR_TXFF)) {
        send_blindly(c, fifo && fr & FR_TXFE ? MIN(DEPTH, end - c->sent) : 1);
    }
}

/*
 * The same by interrupts: each stands for room for half a FIFO. Linux's driver
 * of ARMH0011 writes so much without a look at TXFF.
 */
static void send_by_interrupt(Console *c, unsigned end)
{
    if (!c->sent) {
        send_blindly(c, 1);
    }
    while (c->sent < end && uart_read(c, UARTRIS) & RIS_TX) {
        send_blindly(c, MIN(DEPTH - TRIGGER, end - c->sent));
    }
}

/* The client takes what there is, and waits for the first byte if @wait. */
static bool client_read(Console *c, bool wait)
{
    uint8_t buffer[4096];
    ssize_t n = recv(c->fd, buffer, sizeof(buffer), wait ? 0 : MSG_DONTWAIT);

    if (n > 0) {
        g_byte_array_append(c->got, buffer, n);
    }
    return n > 0;
}

static void client_read_until(Console *c, unsigned size)
{
    while (c->got->len < size && client_read(c, true)) {
        /* more */
    }
    g_assert_cmpuint(c->got->len, >=, size);
}

static void check_bytes(const GByteArray *got, unsigned from, unsigned size)
{
    g_assert_cmpuint(got->len, ==, size);
    for (unsigned i = 0; i < size; i++) {
        g_assert_cmpuint(got->data[i], ==, pattern(from + i));
    }
}

static void console_free(Console *c)
{
    close(c->fd);
    g_byte_array_unref(c->got);
    g_free(c);
}

/* All that was sent has arrived, once. */
static void console_end(Console *c)
{
    client_read_until(c, c->sent);
    guard_end(c);
    qtest_quit(c->qts);
    while (client_read(c, true)) {
        /* to the end of the connection */
    }
    check_bytes(c->got, 0, c->sent);
    console_free(c);
}

/* A machine whose client has not read, and whose FIFO is full. */
static Console *console_full_with(const char *options, uint32_t lcr)
{
    Console *c = console_start(options, lcr);

    send_by_poll(c, MANY);
    guard_check(c);
    g_test_message("%u bytes until the FIFO is full", c->sent);
    g_assert_cmpuint(c->sent, <, MANY);
    g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_BUSY | FR_TXFF);
    /* QMP answers. */
    qtest_qmp_assert_success(c->qts, "{'execute': 'query-status'}");
    return c;
}

static Console *console_full(uint32_t lcr)
{
    return console_full_with("", lcr);
}

static void send_many(Console *c, void (*send)(Console *c, unsigned end))
{
    unsigned stalls = 0;

    while (c->sent < MANY) {
        send(c, MANY);
        guard_check(c);
        stalls += c->sent < MANY;
        while (client_read(c, false)) {
            /* all that is there */
        }
    }
    g_test_message("the guest waited %u times", stalls);
    g_assert_cmpuint(stalls, >, 0);
    console_end(c);
}

static void test_poll(void)
{
    send_many(console_full(LCR_FEN), send_by_poll);
}

static void test_poll_without_fifo(void)
{
    send_many(console_full(0), send_by_poll);
}

/* The monitor can share the client. */
static void test_poll_mux(void)
{
    send_many(console_full_with(",mux=on", LCR_FEN), send_by_poll);
}

/* The file has each byte once, also those that had to wait. */
static void test_logfile(void)
{
    g_autofree char *path = scratch_path("log");
    g_autofree char *options = g_strdup_printf(",logfile=%s", path);
    g_autoptr(GByteArray) logged = NULL;
    char *log;
    size_t size;

    send_many(console_full_with(options, LCR_FEN), send_by_poll);
    g_assert_true(g_file_get_contents(path, &log, &size, NULL));
    logged = g_byte_array_new_take((guint8 *)log, size);
    check_bytes(logged, 0, MANY);
    unlink(path);
}

static void test_interrupt(void)
{
    send_many(console_start("", LCR_FEN), send_by_interrupt);
}

/* Linux on ACPI leaves the FIFO as it is, and direct boot leaves it disabled. */
static void test_interrupt_without_fifo(void)
{
    send_many(console_start("", 0), send_by_interrupt);
}

/* The line follows the fill level, and is low while there is no room. */
static void test_interrupt_line(void)
{
    Console *c = console_full(LCR_FEN);
    unsigned spi = vmspec_spi("uart0");

    qtest_irq_intercept_in(c->qts, GIC);
    uart_write(c, UARTIMSC, RIS_TX);
    g_assert_false(uart_read(c, UARTRIS) & RIS_TX);
    g_assert_false(qtest_get_irq(c->qts, spi));
    client_read_until(c, c->sent);
    while (!(uart_read(c, UARTFR) & FR_TXFE)) {
        /* the main loop gets to it */
    }
    g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_TXFE);
    g_assert_true(uart_read(c, UARTRIS) & RIS_TX);
    g_assert_true(qtest_get_irq(c->qts, spi));
    uart_write(c, UARTICR, RIS_TX);
    g_assert_false(qtest_get_irq(c->qts, spi));
    console_end(c);
}

/* Bytes in a FIFO that the guest disables are sent. */
static void test_disable_full_fifo(void)
{
    Console *c = console_full(LCR_FEN);

    uart_write(c, UARTLCR_H, 0);
    g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_BUSY | FR_TXFF);
    console_end(c);
}

/* What is written to a full FIFO is lost, as by the hardware, and no more. */
static void test_overrun(void)
{
    Console *c = console_full(LCR_FEN);

    uart_write(c, UARTDR, 0xff);
    console_end(c);
}

static void test_hang_up(const void *opaque)
{
    Console *c = console_full(GPOINTER_TO_UINT(opaque));

    shutdown(c->fd, SHUT_RDWR);
    while (!(uart_read(c, UARTFR) & FR_TXFE)) {
        /* the main loop gets to it */
    }
    for (int i = 0; i < 1000; i++) {
        uart_write(c, UARTDR, i);
        g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_TXFE);
    }
    guard_end(c);
    qtest_quit(c->qts);
    console_free(c);
}

static void test_reset(void)
{
    Console *c = console_full(LCR_FEN);

    qtest_system_reset(c->qts);
    g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_TXFE);
    c->sent -= DEPTH;
    client_read_until(c, c->sent);
    console_end(c);
}

/* A stopped machine keeps its bytes, and sends them when it runs on. */
static void test_stop(void)
{
    Console *c = console_full(LCR_FEN);

    qtest_qmp_assert_success(c->qts, "{'execute': 'stop'}");
    client_read_until(c, c->sent - DEPTH);
    g_assert_cmphex(uart_read(c, UARTFR) & FR_TX, ==, FR_BUSY | FR_TXFF);
    g_assert_cmpuint(c->got->len, ==, c->sent - DEPTH);
    qtest_qmp_assert_success(c->qts, "{'execute': 'cont'}");
    console_end(c);
}

/* The source's client gets the bytes before the FIFO, the target's the rest. */
static void test_migration(void)
{
    Console *source = console_full(LCR_FEN), *target;
    unsigned sent = source->sent;

    migrate_out(source->qts);
    guard_end(source);
    while (client_read(source, true)) {
        /* to the end of the connection */
    }
    check_bytes(source->got, 0, sent - DEPTH);
    console_free(source);

    target = console_start(" " MIGRATE_TARGET, 0);
    migrate_in(target->qts);
    g_assert_cmphex(uart_read(target, UARTFR) & FR_TX, ==, FR_BUSY | FR_TXFF);
    g_assert_false(client_read(target, false));
    qtest_qmp_assert_success(target->qts, "{'execute': 'cont'}");
    client_read_until(target, DEPTH);
    guard_end(target);
    qtest_quit(target->qts);
    check_bytes(target->got, sent - DEPTH, DEPTH);
    console_free(target);
}

/* A count that no FIFO has, from an edited stream */
static void test_migration_refused(void)
{
    Console *source = console_full(LCR_FEN);
    uint8_t count = DEPTH + 1;
    g_autoptr(VmspecRun) run = NULL;
    g_autofree char *path = migrate_stream();

    migrate_out(source->qts);
    guard_end(source);
    console_free(source);
    /* behind the name: the version and the FIFO */
    migrate_edit(TX_SECTION, 4 + DEPTH, &count, sizeof(count));
    run = vmspec_run("-M vmspec -accel qtest -nodefaults -bios %s -S "
                     "-display none -serial null -monitor none "
                     "-incoming file:%s",
                     vmspec_stub(), path);
    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "33 bytes in the transmit FIFO"));
}

/* Without bytes in the FIFO the stream is what it was. */
static void test_migration_empty(void)
{
    Console *source = console_start("", LCR_FEN);
    g_autofree char *path = migrate_stream();
    g_autofree char *stream = NULL;
    size_t size;

    send_by_poll(source, DEPTH);
    client_read_until(source, DEPTH);
    migrate_out(source->qts);
    guard_end(source);
    console_free(source);
    g_assert_true(g_file_get_contents(path, &stream, &size, NULL));
    g_assert_null(memmem(stream, size, TX_SECTION, strlen(TX_SECTION)));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/uart/poll", test_poll);
    qtest_add_func("/vmspec/uart/poll-without-fifo", test_poll_without_fifo);
    qtest_add_func("/vmspec/uart/poll-mux", test_poll_mux);
    qtest_add_func("/vmspec/uart/logfile", test_logfile);
    qtest_add_func("/vmspec/uart/interrupt", test_interrupt);
    qtest_add_func("/vmspec/uart/interrupt-without-fifo",
                   test_interrupt_without_fifo);
    qtest_add_func("/vmspec/uart/interrupt-line", test_interrupt_line);
    qtest_add_func("/vmspec/uart/disable-full-fifo", test_disable_full_fifo);
    qtest_add_func("/vmspec/uart/overrun", test_overrun);
    qtest_add_data_func("/vmspec/uart/hang-up", GUINT_TO_POINTER(LCR_FEN),
                        test_hang_up);
    qtest_add_data_func("/vmspec/uart/hang-up-without-fifo", NULL,
                        test_hang_up);
    qtest_add_func("/vmspec/uart/reset", test_reset);
    qtest_add_func("/vmspec/uart/stop", test_stop);
    qtest_add_func("/vmspec/uart/migration", test_migration);
    qtest_add_func("/vmspec/uart/migration-refused", test_migration_refused);
    qtest_add_func("/vmspec/uart/migration-empty", test_migration_empty);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
