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
#include "vmspec/uart.h"
#include "vmspec/migrate.h"

#define GIC "/machine/gic-dist"
#define TX_SECTION "pl011/vmspec-tx"

/* TXFF, TXFE and BUSY of UARTFR */
static uint32_t tx_flags(Console *c)
{
    return console_uart_read(c, UARTFR) & FR_TX;
}

static Console *console_full(uint32_t lcr)
{
    return console_full_with("", lcr);
}

static void test_poll(void)
{
    console_send_many(console_full(LCR_FEN), console_send_by_poll);
}

static void test_poll_without_fifo(void)
{
    console_send_many(console_full(0), console_send_by_poll);
}

/* The monitor can share the client. */
static void test_poll_mux(void)
{
    console_send_many(console_full_with(",mux=on", LCR_FEN),
                      console_send_by_poll);
}

/* The file has each byte once, also those that had to wait. */
static void test_logfile(void)
{
    g_autofree char *path = scratch_path("log");
    g_autofree char *options = g_strdup_printf(",logfile=%s", path);
    g_autoptr(GByteArray) logged = NULL;
    char *log;
    size_t size;

    console_send_many(console_full_with(options, LCR_FEN),
                      console_send_by_poll);
    g_assert_true(g_file_get_contents(path, &log, &size, NULL));
    logged = g_byte_array_new_take((guint8 *)log, size);
    console_check_bytes(logged, 0, CONSOLE_MANY);
    unlink(path);
}

static void test_interrupt(void)
{
    console_send_many(console_start("", LCR_FEN), console_send_by_interrupt);
}

/* The line follows the fill level, and is low while there is no room. */
static void test_interrupt_line(void)
{
    Console *c = console_full(LCR_FEN);
    unsigned spi = vmspec_spi("uart0");

    qtest_irq_intercept_in(c->qts, GIC);
    console_uart_write(c, UARTIMSC, RIS_TX);
    g_assert_false(console_uart_read(c, UARTRIS) & RIS_TX);
    g_assert_false(qtest_get_irq(c->qts, spi));
    console_client_read_until(c, c->sent);
    while (!(console_uart_read(c, UARTFR) & FR_TXFE)) {
        /* the main loop gets to it */
    }
    g_assert_cmphex(tx_flags(c), ==, FR_TXFE);
    g_assert_true(console_uart_read(c, UARTRIS) & RIS_TX);
    g_assert_true(qtest_get_irq(c->qts, spi));
    console_uart_write(c, UARTICR, RIS_TX);
    g_assert_false(qtest_get_irq(c->qts, spi));
    console_end(c);
}

/* Bytes in a FIFO that the guest disables are sent. */
static void test_disable_full_fifo(void)
{
    Console *c = console_full(LCR_FEN);

    console_uart_write(c, UARTLCR_H, 0);
    g_assert_cmphex(tx_flags(c), ==, FR_BUSY | FR_TXFF);
    console_end(c);
}

/* What is written to a full FIFO is lost, as by the hardware, and no more. */
static void test_overrun(void)
{
    Console *c = console_full(LCR_FEN);

    console_uart_write(c, UARTDR, 0xff);
    console_end(c);
}

static void test_hang_up(const void *opaque)
{
    Console *c = console_full(GPOINTER_TO_UINT(opaque));

    shutdown(c->fd, SHUT_RDWR);
    while (!(console_uart_read(c, UARTFR) & FR_TXFE)) {
        /* the main loop gets to it */
    }
    for (int i = 0; i < 1000; i++) {
        console_uart_write(c, UARTDR, i);
        g_assert_cmphex(tx_flags(c), ==, FR_TXFE);
    }
    console_guard_end(c);
    qtest_quit(c->qts);
    console_free(c);
}

static void test_reset(void)
{
    Console *c = console_full(LCR_FEN);

    qtest_system_reset(c->qts);
    g_assert_cmphex(tx_flags(c), ==, FR_TXFE);
    c->sent -= DEPTH;
    console_client_read_until(c, c->sent);
    console_end(c);
}

/* A stopped machine keeps its bytes, and sends them when it runs on. */
static void test_stop(void)
{
    Console *c = console_full(LCR_FEN);

    qtest_qmp_assert_success(c->qts, "{'execute': 'stop'}");
    console_client_read_until(c, c->sent - DEPTH);
    g_assert_cmphex(tx_flags(c), ==, FR_BUSY | FR_TXFF);
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
    console_guard_end(source);
    while (console_client_read(source, true)) {
        /* to the end of the connection */
    }
    console_check_bytes(source->got, 0, sent - DEPTH);
    console_free(source);

    target = console_start(" " MIGRATE_TARGET, 0);
    migrate_in(target->qts);
    g_assert_cmphex(tx_flags(target), ==, FR_BUSY | FR_TXFF);
    g_assert_false(console_client_read(target, false));
    qtest_qmp_assert_success(target->qts, "{'execute': 'cont'}");
    console_client_read_until(target, DEPTH);
    console_guard_end(target);
    qtest_quit(target->qts);
    console_check_bytes(target->got, sent - DEPTH, DEPTH);
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
    console_guard_end(source);
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

    console_send_by_poll(source, DEPTH);
    console_client_read_until(source, DEPTH);
    migrate_out(source->qts);
    console_guard_end(source);
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
