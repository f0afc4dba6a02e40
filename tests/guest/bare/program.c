/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A bare-metal program that was written for QEMU's virt
 *
 * It discovers nothing: UART, GIC and RAM are where virt has them, as in
 * teaching examples, kvm-unit-tests and ports of RTOSes (platform.md,
 * section 1).  It finds its FDT, reads address 0 as OSv does, takes an
 * interrupt of the timer, starts a second CPU by PSCI and powers off.
 */

#include "bare.h"

#define RAM_PROBE   0x47000000

#define PPI_TIMER(el) ((el) == 2 ? 26u : 27u)

static void put_el(unsigned el)
{
    put(", EL");
    put_digits(el);
    put("\r\n");
}

void bare_fault(void)
{
    put("bare: unexpected exception\r\n");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

static void find_fdt(uintptr_t fdt)
{
    put(fdt ? "bare: FDT in a register, " : "bare: FDT at the start of RAM, ");
    put(*mmio(fdt ? fdt : RAM) == FDT_MAGIC ? "good\r\n" : "bad\r\n");
}

void bare_main(uintptr_t fdt, uintptr_t start)
{
    unsigned el = exception_level();

    put("bare: " STATE " at ");
    put_hex(start);
    put_el(el);
    find_fdt(fdt);
    *mmio(RAM_PROBE) = 0x12345678;
    put("bare: RAM has ");
    put_hex(*mmio(RAM_PROBE));
    put("\r\nbare: address 0 has ");
    put_hex(read_null());
    put("\r\n");
    start_gic(el);
    let_in(PPI_TIMER(el));
    start_timer(el, 1000);
    take_interrupts();
}

void bare_irq(void)
{
    unsigned el = exception_level();
    unsigned irq = acknowledge();

    stop_timer(el);
    end_irq(irq);
    put(has_gicv3() ? "bare: GICv3, interrupt " : "bare: GICv2, interrupt ");
    put_digits(irq);
    put("\r\n");
    if (psci(el, PSCI_CPU_ON, 1, (uintptr_t)second, 0)) {
        put("bare: CPU 1 does not start\r\n");
    }
}

void bare_second(void)
{
    unsigned el = exception_level();

    put("bare: CPU 1 is up");
    put_el(el);
    psci(el, PSCI_SYSTEM_OFF, 0, 0, 0);
}
