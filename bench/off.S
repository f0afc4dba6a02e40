/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An EFI application whose first instructions turn the machine off by PSCI:
 * what firmware needs until it has started a loader, and nothing else.
 * aarch64-linux-gnu-gcc -c, then objcopy -O binary (PE/COFF 8.3, sections 2-4).
 */

#define SYSTEM_OFF 0x84000008

        .text
dos:    .ascii  "MZ"
        .zero   58
        .long   pe - dos

pe:     .ascii  "PE\0\0"
        .short  0xaa64                  /* machine: ARM64 */
        .short  1                       /* sections */
        .long   0, 0, 0
        .short  sections - optional
        .short  0x206                   /* executable, no line numbers or symbols */

optional:
        .short  0x20b                   /* PE32+ */
        .byte   0, 0
        .long   end - start, 0, 0
        .long   start - dos, start - dos
        .quad   0
        .long   0x1000, 0x200           /* alignment in memory, in the file */
        .short  0, 0, 0, 0, 0, 0
        .long   0
        .long   0x2000, 0x1000          /* sizes of image and headers */
        .long   0
        .short  10, 0                   /* EFI application */
        .quad   0, 0, 0, 0
        .long   0, 0

sections:
        .ascii  ".text\0\0\0"
        .long   end - start, start - dos, end - start, start - dos
        .long   0, 0, 0
        .long   0x60000020              /* code, executable, readable */

        .org    0x1000
start:  ldr     w0, =SYSTEM_OFF
        hvc     #0
        b       .
        .ltorg
        .balign 512
end:
