/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * The first instructions of the bare-metal program, AArch32
 */
    .arch_extension virt
    .arch_extension sec
    .arm
    .section .text.start, "ax"
    .global _start, second
_start:
    ldr     sp, =stack_top
    bl      set_vectors
    mov     r0, r2                      @ Linux' boot protocol: the FDT
    adr     r1, _start
    bl      bare_main
1:  wfi
    b       1b

second:
    ldr     sp, =second_stack_top
    bl      bare_second
    b       1b

set_vectors:
    ldr     r9, =vectors
    mrs     r10, cpsr
    and     r10, r10, #0x1f
    cmp     r10, #0x1a                  @ Hyp mode
    beq     2f
    mcr     p15, 0, r9, c12, c0, 0      @ VBAR
    isb
    bx      lr
2:  mcr     p15, 4, r9, c12, c0, 0      @ HVBAR
    mov     r10, #(1 << 4)              @ IRQs come to Hyp mode
    mcr     p15, 4, r10, c1, c1, 0      @ HCR
    isb
    bx      lr

/* The interrupt never returns: the program goes on in bare_irq(). */
    .balign 32
vectors:
    .rept   6
    b       fault
    .endr
    b       irq
    b       fault
irq:
    ldr     sp, =stack_top
    bl      bare_irq
3:  wfi
    b       3b
fault:
    ldr     sp, =stack_top
    b       bare_fault

    .bss
    .balign 16
    .skip   4096
stack_top:
    .skip   4096
second_stack_top:
