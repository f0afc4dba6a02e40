/*
 * vmspec: the PL011's transmit FIFO, which waits for its reader
 *
 * QEMU's pl011.c, with our patch, calls these functions for every board that
 * has a PL011. Callers hold the big QEMU lock.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_CHAR_VMSPEC_PL011_H
#define HW_CHAR_VMSPEC_PL011_H

#include "migration/vmstate.h"

/*
 * Bytes in the FIFO. The device's ID is that of a PL011 of 16 bytes, and a
 * driver for it loses nothing. Linux reads no ID of ACPI's ARMH0011: it takes
 * 32 bytes for granted and writes 16 for an interrupt.
 */
#define VMSPEC_PL011_TX_DEPTH 32

typedef struct PL011State PL011State;

typedef struct VmspecPl011Tx {
    uint8_t fifo[VMSPEC_PL011_TX_DEPTH];    /* the oldest byte is the first */
    uint8_t count;
    /* The source that waits for the reader, 0: none. Not in the stream. */
    guint watch;
    /* Sets the interrupt lines of the device from its registers. */
    void (*update)(PL011State *s);
} VmspecPl011Tx;

/*
 * Have the FIFO of @s stop and run with the machine, from realize on. @update
 * is called after each change outside of the guest's accesses. Cannot fail.
 */
void vmspec_pl011_tx_init(PL011State *s, void (*update)(PL011State *s));

/* Empty the FIFO, as a reset does. The bytes in it are lost. */
void vmspec_pl011_tx_reset(PL011State *s);

/*
 * The guest writes @data to UARTDR. The function sets UARTFR and the raw
 * transmit interrupt; the caller calls its update function. It never waits.
 * A byte for a full FIFO is lost, and logged as a guest error.
 */
void vmspec_pl011_tx_put(PL011State *s, uint8_t data);

/* Set TXFF, TXFE and BUSY of UARTFR; after a change of UARTLCR_H or a load. */
void vmspec_pl011_tx_flags(PL011State *s);

/*
 * The bytes in the FIFO, as a subsection of the device that is sent only if
 * there are any. A count that no FIFO can have makes the load fail.
 */
extern const VMStateDescription vmstate_vmspec_pl011_tx;

#endif
