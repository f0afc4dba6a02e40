/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * What the bare-metal programs have in common
 *
 * The addresses are those of QEMU's virt, compiled in: what programs for virt
 * rely on (platform.md, section 1.3).
 */

#ifndef VMSPEC_TESTS_GUEST_BARE_BARE_H
#define VMSPEC_TESTS_GUEST_BARE_BARE_H

#include CPU_HEADER                      /* cpu-aarch64.h or cpu-arm.h */
#include "program.h"

#define UART0       0x09000000
#define GICD        0x08000000
#define GICC        0x08010000
#define GICR        0x080a0000
#define RAM         0x40000000

/* PL011 (Arm DDI 0183G, 3.3) */
#define UART_FLAGS  0x18
#define UART_FULL   0x20

#define PSCI_SYSTEM_OFF 0x84000008
#define FDT_MAGIC   0xedfe0dd0          /* read little-endian */

/* A device's register, or memory that must not be cached in one of the CPU's */
static inline volatile uint32_t *mmio(uintptr_t address)  /* volatile: MMIO */
{
    return (volatile uint32_t *)address;            /* volatile: MMIO */
}

/* Bytes for a FIFO that is full are lost: this machine waits for no reader. */
static inline void put(const char *text)
{
    for (; *text; text++) {
        while (*mmio(UART0 + UART_FLAGS) & UART_FULL) {
            ;
        }
        *mmio(UART0) = *text;
    }
}

static inline void put_hex(uint32_t value)
{
    char text[11] = "0x";

    for (int i = 0; i < 8; i++) {
        text[2 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 0xf];
    }
    put(text);
}

static inline void put_digits(unsigned value)
{
    char text[3] = { '0', '0', 0 };

    while (value >= 10) {
        value -= 10;
        text[0]++;
    }
    text[1] += value;
    put(text[0] == '0' ? text + 1 : text);
}

/* A compiler may do what it likes with a null pointer; a CPU reads. */
static inline uint32_t read_null(void)
{
    uint32_t value;

    __asm__ volatile(LOAD_WORD : "=r"(value) : "r"((uintptr_t)0));
    return value;
}

/* Lets the GIC deliver the interrupt @irq, private or shared, to CPU 0. */
static inline void enable_irq(uintptr_t frame, unsigned irq)
{
    *mmio(frame + 0x100 + irq / 32 * 4) = 1u << irq % 32;
}

static inline void start_gicv3(unsigned el)
{
    *mmio(GICD) = 0x12;                  /* group 1, affinity routing */
    *mmio(GICD + 0x84) = ~0u;            /* SPIs 0 to 31: group 1 */
    *mmio(GICR + 0x14) &= ~2u;           /* wake up the redistributor */
    while (*mmio(GICR + 0x14) & 4) {
        ;
    }
    *mmio(GICR + 0x10080) = ~0u;         /* group 1 */
    start_gicv3_cpu(el);
}

static inline void start_gicv2(void)
{
    *mmio(GICD) = 1;
    *mmio(GICD + 0x820) = 0x01010101;    /* SPIs 0 to 3 go to CPU 0 */
    *mmio(GICC + 4) = 0xff;
    *mmio(GICC) = 1;
}

static inline void start_gic(unsigned el)
{
    if (has_gicv3()) {
        start_gicv3(el);
    } else {
        start_gicv2();
    }
}

/* Private interrupts of GICv3 are in the redistributor. */
static inline void let_in(unsigned irq)
{
    enable_irq(has_gicv3() && irq < 32 ? GICR + 0x10000 : GICD, irq);
}

static inline unsigned acknowledge(void)
{
    return has_gicv3() ? acknowledge_gicv3() : *mmio(GICC + 0xc);
}

static inline void end_irq(unsigned irq)
{
    if (has_gicv3()) {
        end_gicv3(irq);
    } else {
        *mmio(GICC + 0x10) = irq;
    }
}

#endif
