/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A machine by KVM, in the machine
 *
 * The host is a guest with EL2: the demo guest, with QEMU for arm64 in /kvm
 * (tests/guest/kvm).  Its console is the guest's, and guest_ask() asks its
 * shell.  QEMU runs there in the background, and the inner guest has the host's
 * second UART for its console and for QEMU's monitor.
 */

#ifndef VMSPEC_TESTS_GUEST_INNER_H
#define VMSPEC_TESTS_GUEST_INNER_H

#include "guest.h"

/* The demo guest without firmware */
#define INNER_LINUX "-kernel /kvm/vmlinuz -initrd /kvm/initramfs.cpio.gz" \
    " -append quiet "

/* Starts a host with more options; it waits at its shell. */
Guest *inner_host(const char *name, const char *options);

/*
 * Starts QEMU in the host.  Its options begin with those for KVM, -cpu host,
 * and -M vmspec.  QEMU's own messages go to /tmp/messages.
 */
void inner_start(Guest *g, const char *options);

/* Waits until a guest runs that comes from a stream. */
void inner_expect_running(Guest *g);

/* Waits for the shell of an inner demo guest that starts. */
void inner_expect_shell(Guest *g);

/* Types a line; returns what the inner guest prints before its next prompt. */
char *inner_ask(Guest *g, const char *line);

/* Runs a line of the inner QEMU's monitor; returns what it prints. */
char *inner_monitor(Guest *g, const char *line);

/* Waits until the inner QEMU ends by itself; fails if its status is not 0. */
void inner_expect_end(Guest *g);

/* The monitor ends the inner QEMU, whatever the inner guest does. */
void inner_quit(Guest *g);

/* The inner guest powers off, and the inner QEMU ends. */
void inner_power_off(Guest *g);

#endif
