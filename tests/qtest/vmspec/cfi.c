/*
 * vmspec tests: writing to a flash bank
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cfi.h"
#include "machine.h"

#define CFI_BUFFER CFI_PAIR(0xe8)
#define CFI_CONFIRM CFI_PAIR(0xd0)
#define CFI_ERASE CFI_PAIR(0x20)
#define CFI_CLEAR_STATUS CFI_PAIR(0x50)

static uint32_t read_status(QTestState *qts, const char *bank)
{
    uint64_t base = vmspec_base(bank);
    uint32_t value;

    qtest_writel(qts, base, CFI_READ_STATUS);
    value = qtest_readl(qts, base);
    qtest_writel(qts, base, CFI_CLEAR_STATUS);
    qtest_writel(qts, base, CFI_READ_ARRAY);
    return value;
}

uint32_t cfi_program_bank(QTestState *qts, const char *bank, uint64_t offset,
                          uint32_t value)
{
    uint64_t address = vmspec_base(bank) + offset;

    qtest_writel(qts, address, CFI_PROGRAM);
    qtest_writel(qts, address, value);
    return read_status(qts, bank);
}

uint32_t cfi_program(QTestState *qts, uint64_t offset, uint32_t value)
{
    return cfi_program_bank(qts, "flash1", offset, value);
}

uint32_t cfi_program_buffer(QTestState *qts, uint64_t offset, uint32_t value,
                            unsigned words)
{
    uint64_t address = vmspec_base("flash1") + offset;

    qtest_writel(qts, address, CFI_BUFFER);
    qtest_writel(qts, address, CFI_PAIR(words - 1));
    for (unsigned i = 0; i < words; i++) {
        qtest_writel(qts, address + 4 * i, value);
    }
    qtest_writel(qts, address, CFI_CONFIRM);
    return read_status(qts, "flash1");
}

uint32_t cfi_erase(QTestState *qts, uint64_t offset)
{
    uint64_t address = vmspec_base("flash1") + offset;

    qtest_writel(qts, address, CFI_ERASE);
    qtest_writel(qts, address, CFI_CONFIRM);
    return read_status(qts, "flash1");
}
