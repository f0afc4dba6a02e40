/*
 * vmspec tests: registers that hold what the guest writes
 *
 * A table of the registers of every device with state, for the tests of
 * migration and of reset: what to write, what is read back, and the value
 * after reset.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_REGISTERS_H
#define VMSPEC_TEST_REGISTERS_H

#include "regions.h"

/* Configurations in which, together, each register occurs; ends with NULL */
extern const char *const registers_configs[];

/*
 * Start @config with a small RAM, a transport and a PCI function that have
 * state, and the options of @more.
 */
QTestState *registers_start(const TestConfig *config, const char *more);

/* Give each register of @config a value that it does not have after reset. */
void registers_write(QTestState *qts, const TestConfig *config);
/* Each register has the value that was written. */
void registers_check_written(QTestState *qts, const TestConfig *config);
/* Each register has its value after reset. */
void registers_check_reset(QTestState *qts, const TestConfig *config);

#endif
