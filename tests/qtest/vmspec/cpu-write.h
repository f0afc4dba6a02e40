/*
 * vmspec tests: a CPU that writes what the test says
 *
 * The machine tells the write of a CPU from that of a bus master, and under
 * TCG what a test writes counts as the latter. A program of some instructions
 * makes a CPU write instead. Reads need no CPU.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_CPU_WRITE_H
#define VMSPEC_TEST_CPU_WRITE_H

#include "../libqtest.h"

/* Options of a machine whose first CPU, by TCG, runs the program */
const char *cpu_options(void);

/* Write @size bytes, 1, 2 or 4, of @value to @address, and wait for the end. */
void cpu_write(QTestState *qts, uint64_t address, uint32_t value,
               unsigned size);

/* The same for register @reg of PCI function @fn; see pci.h. */
void cpu_pci_write(QTestState *qts, uint32_t fn, unsigned reg, unsigned size,
                   uint32_t value);

#endif
