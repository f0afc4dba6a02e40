/*
 * vmspec benchmark: an EFI application that turns the machine off at once
 *
 * So what is measured is what firmware needs until it has started a loader.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "../tests/guest/efi/efi.h"

#define SYSTEM_OFF 0x84000008u  /* Arm DEN 0022, 5.1 */

Status efi_main(void *image, SystemTable *table)
{
#ifdef __arm__
    register unsigned r0 __asm__("r0") = SYSTEM_OFF;

    __asm__ volatile(".arch_extension virt\n\thvc #0" : "+r"(r0));
#else
    register unsigned long x0 __asm__("x0") = SYSTEM_OFF;

    __asm__ volatile("hvc #0" : "+r"(x0));
#endif
    (void)image;
    (void)table;
    return EFI_ABORTED;
}
