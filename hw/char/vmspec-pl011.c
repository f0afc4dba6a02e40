/*
 * vmspec: the PL011's transmit FIFO, which waits for its reader
 *
 * QEMU's pl011.c wrote each byte synchronously: a console client that was
 * connected and did not read stopped the vCPU, the big QEMU lock and QMP. Here
 * a byte that the character device does not take stays in the FIFO:
 *
 *   guest writes UARTDR      vmspec_pl011_tx_put(): to the character device if
 *                            the FIFO is empty, else into the FIFO
 *   FIFO is full             UARTFR.TXFF; a guest that looks at TXFF, or waits
 *                            for the transmit interrupt, loses nothing
 *   the client reads         a watch of the main loop calls pl011_tx_ready()
 *   nobody is connected      the character device fails, or takes the bytes and
 *                            drops them: they are gone, as they were before
 *
 * A watch cannot tell whether it was the reader that hung up or who writes to
 * the guest (stdin is at its end, stdout is slow), and a terminal cannot be
 * watched before QEMU has noticed its reader. Then a timer takes the place of
 * the watch.
 *
 * Watch and timer exist only while the machine runs, so that the bytes of a
 * stopped machine stay what its migration stream says.
 *
 * The code is here, and not in patch 0005, so that the patch has a few calls
 * only.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "hw/char/pl011.h"
#include "hw/char/vmspec-pl011.h"
#include "system/runstate.h"

/* UARTFR, UARTLCR_H and UARTRIS (Arm DDI 0183, 3.3.3, 3.3.7 and 3.3.11) */
#define FR_BUSY (1 << 3)
#define FR_TXFF (1 << 5)
#define FR_TXFE (1 << 7)
#define LCR_FEN (1 << 4)
#define RIS_TX (1 << 5)
#define IFLS_TX 7

/* How long bytes wait for a character device that cannot be watched */
#define RETRY_MS 10

/*
 * The bytes from which on the guest is told that the FIFO is full. A disabled
 * FIFO holds one, but takes more: a kernel that nobody gave an enabled FIFO
 * writes half of one for each interrupt all the same.
 */
static unsigned pl011_tx_full(const PL011State *s)
{
    return s->lcr & LCR_FEN ? VMSPEC_PL011_TX_DEPTH : 1;
}

/* The interrupt is raised when no more bytes than these are in the FIFO. */
static unsigned pl011_tx_trigger(const PL011State *s)
{
    /* 1/8, 1/4, 1/2, 3/4, 7/8; the reserved values are taken as the last. */
    static const uint8_t levels[IFLS_TX + 1] = {
        4, 8, 16, 24, 28, 28, 28, 28
    };

    return s->lcr & LCR_FEN ? levels[s->ifl & IFLS_TX] : 0;
}

void vmspec_pl011_tx_flags(PL011State *s)
{
    s->flags &= ~(FR_TXFF | FR_TXFE | FR_BUSY);
    s->flags |= s->tx.count ? FR_BUSY : FR_TXFE;
    /* The guest may have disabled a FIFO that holds more than one byte. */
    if (s->tx.count >= pl011_tx_full(s)) {
        s->flags |= FR_TXFF;
    }
}

static void pl011_tx_unwatch(PL011State *s)
{
    if (s->tx.watch) {
        g_source_remove(s->tx.watch);
        s->tx.watch = 0;
    }
}

static gboolean pl011_tx_ready(void *do_not_use, GIOCondition cond,
                               void *opaque);
static gboolean pl011_tx_retry(void *opaque);

/*
 * Have the main loop call pl011_tx_ready() when the character device takes
 * bytes again; pl011_tx_retry() in a while if it cannot be watched, or if
 * @hung_up says that the watch would report a hang-up without end.
 */
static void pl011_tx_watch(PL011State *s, bool hung_up)
{
    if (!s->tx.count || s->tx.watch || !runstate_is_running()) {
        return;
    }
    if (!hung_up) {
        s->tx.watch = qemu_chr_fe_add_watch(&s->chr, G_IO_OUT | G_IO_HUP,
                                            pl011_tx_ready, s);
    }
    if (!s->tx.watch) {
        s->tx.watch = g_timeout_add(RETRY_MS, pl011_tx_retry, s);
    }
}

/*
 * Offer the bytes to the character device. Returns false if it takes none now
 * and must be waited for. A device that fails takes all, as a line that nobody
 * listens to.
 */
static bool pl011_tx_send(PL011State *s)
{
    int ret = qemu_chr_fe_write(&s->chr, s->tx.fifo, s->tx.count);

    if (ret < 0 && errno == EAGAIN) {
        return false;
    }
    if (ret <= 0 || ret >= s->tx.count) {
        s->tx.count = 0;
        return true;
    }
    s->tx.count -= ret;
    memmove(s->tx.fifo, s->tx.fifo + ret, s->tx.count);
    return true;
}

/* The FIFO was drained: raise the interrupt at or below the trigger level. */
static void pl011_tx_drained(PL011State *s)
{
    vmspec_pl011_tx_flags(s);
    if (s->tx.count <= pl011_tx_trigger(s)) {
        s->int_level |= RIS_TX;
    }
    s->tx.update(s);
}

static gboolean pl011_tx_ready(void *do_not_use, GIOCondition cond,
                               void *opaque)
{
    PL011State *s = opaque;

    s->tx.watch = 0;
    pl011_tx_watch(s, !pl011_tx_send(s) && cond & G_IO_HUP);
    pl011_tx_drained(s);
    return G_SOURCE_REMOVE;
}

static gboolean pl011_tx_retry(void *opaque)
{
    return pl011_tx_ready(NULL, 0, opaque);
}

void vmspec_pl011_tx_put(PL011State *s, uint8_t data)
{
    bool empty = !s->tx.count;

    if (s->tx.count >= VMSPEC_PL011_TX_DEPTH) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "PL011 data written to the full transmit FIFO is lost\n");
        return;
    }
    s->tx.fifo[s->tx.count++] = data;
    if (empty) {
        pl011_tx_send(s);
        pl011_tx_watch(s, false);
    }
    vmspec_pl011_tx_flags(s);
    if (s->tx.count <= pl011_tx_trigger(s)) {
        s->int_level |= RIS_TX;
    } else {
        s->int_level &= ~RIS_TX;
    }
}

void vmspec_pl011_tx_reset(PL011State *s)
{
    pl011_tx_unwatch(s);
    s->tx.count = 0;
    vmspec_pl011_tx_flags(s);
}

static void pl011_tx_run_state(void *opaque, bool running, RunState state)
{
    PL011State *s = opaque;

    if (!running) {
        pl011_tx_unwatch(s);
    } else if (s->tx.count) {
        pl011_tx_watch(s, false);
        pl011_tx_drained(s);
    }
}

void vmspec_pl011_tx_init(PL011State *s, void (*update)(PL011State *s))
{
    s->tx.update = update;
    qemu_add_vm_change_state_handler(pl011_tx_run_state, s);
}

static bool pl011_tx_needed(void *opaque)
{
    PL011State *s = opaque;

    return s->tx.count > 0;
}

static int pl011_tx_post_load(void *opaque, int version_id)
{
    PL011State *s = opaque;

    if (s->tx.count > VMSPEC_PL011_TX_DEPTH) {
        error_report("pl011: the migration stream has %u bytes in the transmit "
                     "FIFO, which holds %u", s->tx.count,
                     VMSPEC_PL011_TX_DEPTH);
        return -EINVAL;
    }
    return 0;
}

const VMStateDescription vmstate_vmspec_pl011_tx = {
    .name = "pl011/vmspec-tx",
    .version_id = 2,
    .minimum_version_id = 2,
    .needed = pl011_tx_needed,
    .post_load = pl011_tx_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(tx.fifo, PL011State, VMSPEC_PL011_TX_DEPTH),
        VMSTATE_UINT8(tx.count, PL011State),
        VMSTATE_END_OF_LIST()
    }
};
