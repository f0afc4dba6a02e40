/*
 * vmspec qtest: bytes that no slow reader loses
 *
 * The reader of a console may be at a pipe, and may stop and start.
 * vmspec-uart-test has the registers, and a reader at a socket.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/uart.h"

/*
 * Linux on ACPI leaves the FIFO as it is, and a direct boot leaves it disabled.
 */
static void test_interrupt_without_fifo(void)
{
    console_send_many(console_start("", 0), console_send_by_interrupt);
}

/*
 * Who types has hung up, as of "echo cmd | qemu | less", and the client reads
 * slowly.
 */
static void test_input_hung_up(void)
{
    g_autofree char *in = scratch_path("in"), *out = scratch_path("out");
    g_autofree char *chardev = g_strdup_printf(
        "file,id=console,path=%s,input-path=%s", out, in);
    int type, fd;

    g_assert_cmpint(mkfifo(in, 0600), ==, 0);
    g_assert_cmpint(mkfifo(out, 0600), ==, 0);
    type = open(in, O_RDWR | O_CLOEXEC);
    fd = open(out, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    g_assert_cmpint(type, >=, 0);
    g_assert_cmpint(fd, >=, 0);
    console_send_many(console_start_chardev(chardev, fd, type),
                      console_send_by_poll);
    unlink(in);
    unlink(out);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/uart-reader/interrupt-without-fifo",
                   test_interrupt_without_fifo);
    qtest_add_func("/vmspec/uart-reader/input-hung-up", test_input_hung_up);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
