/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * What the bare-metal program's assembly and C call of each other
 */

#ifndef VMSPEC_TESTS_GUEST_BARE_PROGRAM_H
#define VMSPEC_TESTS_GUEST_BARE_PROGRAM_H

#include <stdint.h>

/* Where PSCI starts the second CPU; it calls bare_second(). */
void second(void);

/* @fdt is what the machine put into x0 or r2, @start the first instruction. */
void bare_main(uintptr_t fdt, uintptr_t start);
void bare_irq(void);
void bare_second(void);
void bare_fault(void);

#endif
