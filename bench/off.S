/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest of three instructions, which turn the machine off by PSCI: what is
 * measured is QEMU's start and end. As it is, it is a firmware image; with
 * AS_KERNEL it is a kernel's Image (Linux, Documentation/arch/arm64/booting), and
 * with AS_EFI_KERNEL one whose first bytes say that it is an EFI application as
 * well, so that it can read ACPI.
 */

        .text
#if defined(AS_KERNEL) || defined(AS_EFI_KERNEL)
#ifdef AS_EFI_KERNEL
image:  .long   0xfa405a4d              /* "MZ", an instruction without effect */
        b       start
#else
image:  b       start
        .long   0
#endif
        .quad   0                       /* offset in memory */
        .quad   end - image
        .quad   0xa                     /* little endian, pages of 4 KiB, any place */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0
#endif
start:  movz    w0, #0x8400, lsl #16    /* SYSTEM_OFF (Arm DEN 0022, 5.1) */
        movk    w0, #0x0008
        hvc     #0
        b       .
end:
