/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * What the bare-metal program asks of a CPU in AArch64 state
 */

#ifndef VMSPEC_TESTS_GUEST_BARE_AARCH64_H
#define VMSPEC_TESTS_GUEST_BARE_AARCH64_H

#include <stdint.h>

#define STATE "aarch64"
#define PSCI_CPU_ON 0xc4000003
#define LOAD_WORD "ldr %w0, [%1]"
#define read_reg(name) ({ \
    uint64_t value; \
    __asm__ volatile("mrs %0, " #name : "=r"(value)); \
    value; \
})
#define write_reg(name, value) \
    __asm__ volatile("msr " #name ", %0; isb" : : "r"((uint64_t)(value)))
static inline unsigned exception_level(void)
{
    return read_reg(CurrentEL) >> 2;
}

static inline int has_gicv3(void)
{
    return read_reg(ID_AA64PFR0_EL1) >> 24 & 0xf;
}

static inline void start_timer(unsigned el, unsigned ticks)
{
    if (el == 2) {
        write_reg(cnthp_tval_el2, ticks);
        write_reg(cnthp_ctl_el2, 1);
    } else {
        write_reg(cntv_tval_el0, ticks);
        write_reg(cntv_ctl_el0, 1);
    }
}

static inline void stop_timer(unsigned el)
{
    if (el == 2) {
        write_reg(cnthp_ctl_el2, 0);
    } else {
        write_reg(cntv_ctl_el0, 0);
    }
}

/* The CPU interface of a GICv3: ICC_* */
static inline void start_gicv3_cpu(unsigned el)
{
    if (el == 2) {
        write_reg(S3_4_C12_C9_5, 0xf);          /* SRE_EL2 */
    }
    write_reg(S3_0_C12_C12_5, 7);               /* SRE_EL1 */
    write_reg(S3_0_C4_C6_0, 0xff);              /* PMR_EL1 */
    write_reg(S3_0_C12_C12_7, 1);               /* IGRPEN1_EL1 */
}

static inline unsigned acknowledge_gicv3(void)
{
    return read_reg(S3_0_C12_C12_0);            /* IAR1_EL1 */
}

static inline void end_gicv3(unsigned irq)
{
    write_reg(S3_0_C12_C12_1, irq);             /* EOIR1_EL1 */
}

static inline void take_interrupts(void)
{
    __asm__ volatile("msr daifclr, #2");
}

#define CALL(insn) \
    __asm__ volatile(insn : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) \
                     : : "memory")

static inline long psci(unsigned el, uint32_t function, uint64_t a,
                        uint64_t b, uint64_t c)
{
    register uint64_t x0 __asm__("x0") = function;
    register uint64_t x1 __asm__("x1") = a;
    register uint64_t x2 __asm__("x2") = b;
    register uint64_t x3 __asm__("x3") = c;

    if (el == 2) {
        CALL("smc #0");
    } else {
        CALL("hvc #0");
    }
    return x0;
}

#endif
