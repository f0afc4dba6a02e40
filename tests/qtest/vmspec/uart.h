/*
 * vmspec tests: a console whose client reads when it wants
 *
 * The client is the other end of a socket, a pipe or a terminal. What it does
 * not read stays there, and then in the PL011's transmit FIFO, of which UARTFR
 * tells the guest (Arm DDI 0183, 2.4 and 3.3.3). A guard hangs up when QEMU
 * waits for the client, so that a test fails and ends.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_UART_H
#define VMSPEC_TEST_UART_H

#include "qemu/units.h"
#include "machine.h"

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

#define CONSOLE_MANY (100 * KiB)

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

/*
 * A machine with @options, which follow those of the chardev; @lcr is what its
 * guest writes to UARTLCR_H.
 */
Console *console_start(const char *options, uint32_t lcr);

/*
 * The same with another chardev "console", of which @fd is the client's end.
 * Closes @type, the end of who types, once QEMU has opened its own.
 */
Console *console_start_chardev(const char *chardev, int fd, int type);

/* Registers of uart0 */
uint32_t console_uart_read(Console *c, unsigned offset);
void console_uart_write(Console *c, unsigned offset, uint32_t value);

/* The guest polls UARTFR: it sends to a full FIFO or to @end bytes in all. */
void console_send_by_poll(Console *c, unsigned end);

/*
 * The same by interrupts: each stands for room for half a FIFO. Linux's driver
 * of ARMH0011 writes so much without a look at TXFF.
 */
void console_send_by_interrupt(Console *c, unsigned end);

/* The client takes what there is, and waits for the first byte if @wait. */
bool console_client_read(Console *c, bool wait);
void console_client_read_until(Console *c, unsigned size);

/* @got has the @size bytes that the guest sent from number @from on. */
void console_check_bytes(const GByteArray *got, unsigned from, unsigned size);

/* Fails if QEMU had to wait for the client. */
void console_guard_check(Console *c);
void console_guard_end(Console *c);

/* A machine whose client has not read, and whose FIFO is full. */
Console *console_full_with(const char *options, uint32_t lcr);

/* Let the guest send CONSOLE_MANY bytes, which must arrive; then end. */
void console_send_many(Console *c, void (*send)(Console *c, unsigned end));

/* All that was sent has arrived, once. Ends the machine. */
void console_end(Console *c);
void console_free(Console *c);

#endif
