/*
 * vmspec tests: writing to a flash bank
 *
 * Uses the Intel command set (JESD68), as a guest does.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_CFI_H
#define VMSPEC_TEST_CFI_H

#include "../libqtest.h"

/* Two 16-bit chips side by side: commands and status in both halves */
#define CFI_PAIR(x) ((x) << 16 | (x))
/* Commands */
#define CFI_PROGRAM CFI_PAIR(0x40)
#define CFI_READ_STATUS CFI_PAIR(0x70)
#define CFI_READ_ARRAY CFI_PAIR(0xff)
/* Bits of the status */
#define CFI_READY CFI_PAIR(0x80)
#define CFI_PROGRAM_ERROR CFI_PAIR(0x10)
#define CFI_ERASE_ERROR CFI_PAIR(0x20)

/*
 * Each function works at byte @offset of @bank, or of flash1, which has the
 * variables. It returns the status register and leaves the bank in read mode.
 */
uint32_t cfi_program(QTestState *qts, uint64_t offset, uint32_t value);
uint32_t cfi_program_bank(QTestState *qts, const char *bank, uint64_t offset,
                          uint32_t value);
/* Program @words words of @value through the write buffer, as EDK2 does. */
uint32_t cfi_program_buffer(QTestState *qts, uint64_t offset, uint32_t value,
                            unsigned words);
uint32_t cfi_erase(QTestState *qts, uint64_t offset);

#endif
