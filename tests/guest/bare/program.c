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

#include CPU_HEADER                      /* cpu-aarch64.h or cpu-arm.h */
#include "program.h"

#define UART0       0x09000000
#define GICD        0x08000000
#define GICC        0x08010000
#define GICR        0x080a0000
#define RAM         0x40000000
#define RAM_PROBE   0x47000000

#define PSCI_SYSTEM_OFF 0x84000008
#define FDT_MAGIC   0xedfe0dd0          /* read little-endian */

#define PPI_TIMER(el) ((el) == 2 ? 26u : 27u)

/* A device's register, or memory that must not be cached in one of the CPU's */
static volatile uint32_t *mmio(uintptr_t address)   /* volatile: MMIO */
{
    return (volatile uint32_t *)address;            /* volatile: MMIO */
}

static void put(const char *text)
{
    for (; *text; text++) {
        *mmio(UART0) = *text;
    }
}

static void put_hex(uint32_t value)
{
    char text[11] = "0x";

    for (int i = 0; i < 8; i++) {
        text[2 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 0xf];
    }
    put(text);
}

static void put_digits(unsigned value)
{
    char text[3] = { '0', '0', 0 };

    while (value >= 10) {
        value -= 10;
        text[0]++;
    }
    text[1] += value;
    put(text[0] == '0' ? text + 1 : text);
}

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

/* A compiler may do what it likes with a null pointer; a CPU reads. */
static uint32_t read_null(void)
{
    uint32_t value;

    __asm__ volatile(LOAD_WORD : "=r"(value) : "r"((uintptr_t)0));
    return value;
}

static void start_gicv3(unsigned el)
{
    *mmio(GICD) = 0x12;                  /* group 1, affinity routing */
    *mmio(GICR + 0x14) &= ~2u;           /* wake up the redistributor */
    while (*mmio(GICR + 0x14) & 4) {
        ;
    }
    *mmio(GICR + 0x10080) = ~0u;         /* group 1 */
    *mmio(GICR + 0x10100) = 1u << PPI_TIMER(el);
    start_gicv3_cpu(el);
}

static void start_gicv2(unsigned el)
{
    *mmio(GICD) = 1;
    *mmio(GICD + 0x100) = 1u << PPI_TIMER(el);
    *mmio(GICC + 4) = 0xff;
    *mmio(GICC) = 1;
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
    if (has_gicv3()) {
        start_gicv3(el);
    } else {
        start_gicv2(el);
    }
    start_timer(el, 1000);
    take_interrupts();
}

void bare_irq(void)
{
    unsigned el = exception_level();
    unsigned irq = has_gicv3() ? acknowledge_gicv3() : *mmio(GICC + 0xc);

    stop_timer(el);
    if (has_gicv3()) {
        end_gicv3(irq);
    } else {
        *mmio(GICC + 0x10) = irq;
    }
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
