/*
 * vmspec tests: a CPU that writes what the test says
 *
 * See cpu-write.h. The test and the program share a mailbox in RAM: a size,
 * which is 0 when there is nothing to do, an address and a value.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "cpu-write.h"
#include "machine.h"
#include "pci.h"

#define MAILBOX (48 * MiB)      /* in RAM */
#define MAILBOX_ADDRESS 8
#define MAILBOX_VALUE 16

/* AArch64, MMU off, from address 0 on */
static const uint32_t cpu_program[] = {
    0xd2a00000,                 /*    movz x0, #mailbox >> 16, lsl #16 */
    0xb9400001,                 /* 1: ldr  w1, [x0] */
    0x34ffffe1,                 /*    cbz  w1, 1b */
    0xf9400402,                 /*    ldr  x2, [x0, #8] */
    0xf9400803,                 /*    ldr  x3, [x0, #16] */
    0x37000081,                 /*    tbnz w1, #0, 2f */
    0x370800a1,                 /*    tbnz w1, #1, 3f */
    0xb9000043,                 /*    str  w3, [x2] */
    0x14000004,                 /*    b    4f */
    0x39000043,                 /* 2: strb w3, [x2] */
    0x14000002,                 /*    b    4f */
    0x79000043,                 /* 3: strh w3, [x2] */
    0xb900001f,                 /* 4: str  wzr, [x0] */
    0x17fffff4,                 /*    b    1b */
};

static uint64_t mailbox(void)
{
    return vmspec_base("ram-low") + MAILBOX;
}

const char *cpu_options(void)
{
    static char *options;

    if (!options) {
        uint32_t code[ARRAY_SIZE(cpu_program)];
        g_autofree char *path = NULL;

        for (int i = 0; i < ARRAY_SIZE(code); i++) {
            code[i] = cpu_to_le32(cpu_program[i]);
        }
        code[0] |= cpu_to_le32(mailbox() >> 16 << 5);
        path = scratch_file("cpu.fd", code, sizeof(code), 4 * KiB);
        options = g_strdup_printf("-accel tcg -bios %s", path);
    }
    return options;
}

void cpu_write(QTestState *qts, uint64_t address, uint32_t value,
               unsigned size)
{
    uint64_t box = mailbox();

    qtest_writeq(qts, box + MAILBOX_ADDRESS, address);
    qtest_writeq(qts, box + MAILBOX_VALUE, value);
    qtest_writel(qts, box, size);
    while (qtest_readl(qts, box)) {
        ;
    }
}

void cpu_pci_write(QTestState *qts, uint32_t fn, unsigned reg, unsigned size,
                   uint32_t value)
{
    cpu_write(qts, pci_config(fn, reg), value, size);
}
