/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * What the bare-metal program asks of a CPU in AArch32 state
 */

#ifndef VMSPEC_TESTS_GUEST_BARE_ARM_H
#define VMSPEC_TESTS_GUEST_BARE_ARM_H

#include <stdint.h>

#define STATE "arm"
#define PSCI_CPU_ON 0x84000003
#define LOAD_WORD "ldr %0, [%1]"
#define read_cp15(op1, crn, crm, op2) ({ \
    uint32_t value; \
    __asm__ volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
                     : "=r"(value)); \
    value; \
})
#define write_cp15(op1, crn, crm, op2, value) \
    __asm__ volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
                     "\n\tisb" : : "r"((uint32_t)(value)))

static inline unsigned exception_level(void)
{
    uint32_t cpsr;

    __asm__ volatile("mrs %0, cpsr" : "=r"(cpsr));
    return (cpsr & 0x1f) == 0x1a ? 2 : 1;
}

static inline int has_gicv3(void)
{
    return read_cp15(0, c0, c1, 1) >> 28;       /* ID_PFR1 */
}

static inline void start_timer(unsigned el, unsigned ticks)
{
    if (el == 2) {
        write_cp15(4, c14, c2, 0, ticks);       /* CNTHP_TVAL */
        write_cp15(4, c14, c2, 1, 1);           /* CNTHP_CTL */
    } else {
        write_cp15(0, c14, c3, 0, ticks);       /* CNTV_TVAL */
        write_cp15(0, c14, c3, 1, 1);           /* CNTV_CTL */
    }
}

static inline void stop_timer(unsigned el)
{
    if (el == 2) {
        write_cp15(4, c14, c2, 1, 0);
    } else {
        write_cp15(0, c14, c3, 1, 0);
    }
}

/* The CPU interface of a GICv3: ICC_* */
static inline void start_gicv3_cpu(unsigned el)
{
    if (el == 2) {
        write_cp15(4, c12, c9, 5, 0xf);         /* HSRE */
    }
    write_cp15(0, c12, c12, 5, 7);              /* SRE */
    write_cp15(0, c4, c6, 0, 0xff);             /* PMR */
    write_cp15(0, c12, c12, 7, 1);              /* IGRPEN1 */
}

static inline unsigned acknowledge_gicv3(void)
{
    return read_cp15(0, c12, c12, 0);           /* IAR1 */
}

static inline void end_gicv3(unsigned irq)
{
    write_cp15(0, c12, c12, 1, irq);            /* EOIR1 */
}

static inline void take_interrupts(void)
{
    __asm__ volatile("cpsie i");
}

#define CALL(insn) \
    __asm__ volatile(".arch_extension virt\n\t.arch_extension sec\n\t" insn \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) \
                     : : "memory")

static inline long psci(unsigned el, uint32_t function, uint32_t a,
                        uint32_t b, uint32_t c)
{
    register uint32_t r0 __asm__("r0") = function;
    register uint32_t r1 __asm__("r1") = a;
    register uint32_t r2 __asm__("r2") = b;
    register uint32_t r3 __asm__("r3") = c;

    if (el == 2) {
        CALL("smc #0");
    } else {
        CALL("hvc #0");
    }
    return r0;
}

#endif
