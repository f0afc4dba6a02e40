/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A bare-metal program in the manner of OSv, LK, Zephyr, NuttX and RT-Thread
 *
 * It does what these do with a machine that they take for QEMU's virt, and
 * prints a line for each.  docs/guests.md has the files of their sources.
 */

#include "bare.h"
#include "fdt.h"

#define TRANSPORTS      0x0a000000
#define TRANSPORT_STEP  0x200
#define VIRT_MAGIC      0x74726976

#define PSCI_VERSION    0x84000000

/* PL011 (Arm DDI 0183G, 3.3) */
#define UART_MASK       0x38
#define UART_TX         0x20
#define UART_ID0        0xfe0
#define UART_ID1        0xfe4
#define UART_IRQ        33              /* SPI 1 */

static unsigned timer_irq;

void bare_fault(void)
{
    put("behaviour: unexpected exception\r\n");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

static void tell(const char *what, uint32_t value)
{
    put(what);
    put_hex(value);
    put("\r\n");
}

/* All of them print by a UART that nobody set up. */
static void look_at_uart(void)
{
    tell("uart: ", *mmio(UART0 + UART_ID1) << 8 | *mmio(UART0 + UART_ID0));
}

/* The architecture's version, from the ID registers at fixed addresses */
static void look_at_gic(void)
{
    if (has_gicv3()) {
        tell("gic: distributor ", *mmio(GICD + 0xffe8));
        tell("gic: redistributor ", *mmio(GICR + 0xffe8));
        tell("gic: CPU of the second ", *mmio(GICR + 0x20008) >> 8 & 0xffff);
    } else {
        tell("gic: distributor ", *mmio(GICD + 0xfe8));
        tell("gic: CPU interface ", *mmio(GICC + 0xfc) >> 16 & 0xf);
    }
}

/* LK, RT-Thread and Zephyr probe 32 transports, whatever the FDT names. */
static void probe_transports(void)
{
    unsigned found = 0;

    for (unsigned n = 0; n < 32; n++) {
        uintptr_t base = TRANSPORTS + n * TRANSPORT_STEP;

        if (*mmio(base) == VIRT_MAGIC && *mmio(base + 8)) {
            found++;
            put("transports: ");
            put_digits(n);
            tell(" has device ", *mmio(base + 8));
        }
    }
    tell("transports: 32 probed, devices ", found);
}

/* Xen and NuttX call by the conduit that they expect; the FDT must agree. */
static void call_psci(const void *fdt, unsigned el)
{
    const uint32_t *node = fdt_find(fdt, NULL, "psci", NULL);
    Property method = fdt_property(fdt, node, "method");

    put("psci: the FDT says ");
    put((const char *)method.words);
    tell(el == 2 ? ", version by smc " : ", version by hvc ",
        psci(el, PSCI_VERSION, 0, 0, 0));
}

/* OSv takes the first range as I/O and the second as 32-bit memory. */
static void look_at_ranges(const void *fdt)
{
    const uint32_t *node = fdt_find(fdt, NULL, NULL, "pci-host-ecam-generic");
    Property ranges = fdt_property(fdt, node, "ranges");

    tell("ranges: first ", from_be(ranges.words[0]) & 0x3000000);
    tell("ranges: second ", from_be(ranges.words[7]) & 0x3000000);
}

/*
 * OSv and EDK2 take the timers by position: secure, physical, virtual, EL2's.
 * A PPI is the second cell of three.
 */
static unsigned find_timer(const void *fdt, unsigned el)
{
    const uint32_t *node = fdt_find(fdt, NULL, "timer", NULL);
    Property interrupts = fdt_property(fdt, node, "interrupts");

    return 16 + from_be(interrupts.words[3 * (el == 2 ? 3 : 2) + 1]);
}

/* OSv moves the FDT into 64 KiB, LK and NuttX read it at the start of RAM. */
static void look_at_fdt(uintptr_t x0)
{
    const void *fdt = (const void *)(x0 ? x0 : RAM);

    tell(x0 ? "fdt: in a register, " : "fdt: at the start of RAM, ",
        *(const uint32_t *)fdt);
    put(fdt_size(fdt) <= 0x10000 ? "fdt: within 64 KiB\r\n" :
        "fdt: too large\r\n");
}

void bare_main(uintptr_t x0, uintptr_t start)
{
    const void *fdt = (const void *)(x0 ? x0 : RAM);
    unsigned el = exception_level();

    tell("behaviour: EL ", el);
    look_at_uart();
    look_at_gic();
    look_at_fdt(x0);
    tell("ram: starts below ", start & 0xf0000000);
    tell("null: ", read_null());
    probe_transports();
    call_psci(fdt, el);
    look_at_ranges(fdt);
    start_gic(el);
    timer_irq = find_timer(fdt, el);
    let_in(timer_irq);
    start_timer(el, 1000);
    take_interrupts();
}

/* The timer's comes first, then that of the UART, whose FIFO is empty. */
void bare_irq(void)
{
    unsigned el = exception_level();
    unsigned irq = acknowledge();

    stop_timer(el);
    *mmio(UART0 + UART_MASK) = 0;
    end_irq(irq);
    put(irq == timer_irq ? "timer: interrupt " : "uart: interrupt ");
    put_digits(irq);
    put("\r\n");
    if (irq == timer_irq) {
        let_in(UART_IRQ);
        *mmio(UART0 + UART_MASK) = UART_TX;
        take_interrupts();
        return;
    }
    put("behaviour: end\r\n");
    psci(el, PSCI_SYSTEM_OFF, 0, 0, 0);
}

void bare_second(void)
{
}
