/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * The first instructions of the bare-metal program, AArch64.  With IMAGE it
 * begins with the header of Linux' Image, as OSv and Xen do.
 */
    .section .text.start, "ax"
    .global _start, second
#ifdef IMAGE
    b       _start
    .long   0
    .quad   0x80000                 // text_offset
    .quad   image_size
    .quad   0xa                     // little-endian, 4 KiB pages, anywhere
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0
#endif
_start:
    adrp    x9, stack_top
    add     sp, x9, :lo12:stack_top
    bl      set_vectors
    adr     x1, _start
    bl      bare_main
1:  wfi
    b       1b

second:
    adrp    x9, second_stack_top
    add     sp, x9, :lo12:second_stack_top
    bl      bare_second
    b       1b

set_vectors:
    adrp    x9, vectors
    add     x9, x9, :lo12:vectors
    mrs     x10, CurrentEL
    cmp     x10, #8
    b.eq    2f
    msr     vbar_el1, x9
    isb
    ret
2:  msr     vbar_el2, x9
    mov     x10, #(1 << 31)             // EL1 is AArch64,
    orr     x10, x10, #(1 << 4)         // IRQs come to EL2
    msr     hcr_el2, x10
    isb
    ret

/* The interrupt never returns: the program goes on in bare_irq(). */
    .balign 2048
vectors:
    .rept   5
    mov     x0, #0
    b       bare_fault
    .balign 128
    .endr
    adrp    x9, stack_top               // 0x280: IRQ with SP_ELx
    add     sp, x9, :lo12:stack_top
    bl      bare_irq
3:  wfi
    b       3b
    .balign 128
    .rept   10
    mov     x0, #1
    b       bare_fault
    .balign 128
    .endr

    .bss
    .balign 16
    .skip   4096
stack_top:
    .skip   4096
second_stack_top:
