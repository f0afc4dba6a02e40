/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A machine by KVM, in the machine
 */

#include <string.h>

#include "demo.h"
#include "inner.h"

/* Seconds for a host; each of its guests takes ten on an idle machine. */
#define HOST_TIME_LIMIT 600

#define MONITOR_PROMPT "(qemu) "
/* The keys that switch between the inner console and the monitor */
#define MONITOR_KEYS "\x01" "c"
/* What the monitor's echo of a line ends with */
#define ECHO_END "\x1b[K\r\n"

Guest *inner_host(const char *name, const char *options)
{
    Guest *g = guest_new(name);
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("kvm-initramfs.cpio.gz");

    guest_set_limit(g, HOST_TIME_LIMIT);
    demo_add_machine(g, &arch_aarch64, ",virtualization=on");
    guest_add_uart1(g);
    guest_add(g, "-m 2G -smp 2 -kernel '%s' -initrd '%s' -append quiet %s",
              kernel, initramfs, options);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    return g;
}

void inner_start(Guest *g, const char *options)
{
    g_autofree char *line = g_strdup_printf(
        "/kvm/qemu -m 256M -nodefaults -display none"
        " -serial mon:/dev/ttyAMA1 %s 2> /tmp/messages & inner=$!;"
        " until ls -l /proc/$inner/fd | grep -q ttyAMA1; do"
        " [ -e /proc/$inner ] || break; done", options);

    g_free(guest_ask(g, line));
}

void inner_expect_shell(Guest *g)
{
    guest_expect_uart1(g, "Welcome");
    guest_expect_uart1(g, GUEST_PROMPT);
}

char *inner_ask(Guest *g, const char *line)
{
    guest_type_uart1(g, line);
    guest_type_uart1(g, "\r");
    return guest_until_uart1(g, GUEST_PROMPT);
}

char *inner_monitor(Guest *g, const char *line)
{
    char *answer;

    guest_type_uart1(g, MONITOR_KEYS);
    guest_expect_uart1(g, MONITOR_PROMPT);
    guest_type_uart1(g, line);
    guest_type_uart1(g, "\r");
    guest_expect_uart1(g, ECHO_END);
    answer = guest_until_uart1(g, MONITOR_PROMPT);
    guest_type_uart1(g, MONITOR_KEYS);
    return answer;
}

void inner_expect_running(Guest *g)
{
    bool running = false;

    while (!running && !guest_failed(g)) {
        g_autofree char *answer = inner_monitor(g, "info status");

        running = strstr(answer, "VM status: running") != NULL;
    }
}

void inner_expect_end(Guest *g)
{
    g_autofree char *answer = guest_ask(
        g, "wait $inner; echo \"ended: $?\"; cat /tmp/messages");

    guest_check(g, answer, "ended: 0\r", true);
}

void inner_quit(Guest *g)
{
    guest_type_uart1(g, MONITOR_KEYS "quit\r");
    inner_expect_end(g);
}

void inner_power_off(Guest *g)
{
    guest_type_uart1(g, "poweroff\r");
    inner_expect_end(g);
}
