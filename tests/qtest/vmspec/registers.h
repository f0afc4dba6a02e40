/*
 * vmspec tests: registers that hold what the guest writes
 *
 * Owns a table of registers of every device with state, for the tests of
 * migration and of reset: what to write, what is read back, and the value
 * after reset. The configurations to test them in are here too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_REGISTERS_H
#define VMSPEC_TEST_REGISTERS_H

#include "machine.h"

typedef struct RegistersCase {
    const char *name;
    const char *machine;
    const char *options;
    const char *when;           /* the contract's words that hold */
} RegistersCase;

/* Ends with a row without name. */
extern const RegistersCase registers_cases[];

/*
 * Start the machine of @c with a small RAM, a transport and a PCI function
 * that have state, and the options of @more.
 */
QTestState *registers_start(const RegistersCase *c, const char *more);

/* Give each register of @c a value that it does not have after reset. */
void registers_write(QTestState *qts, const RegistersCase *c);
/* Each register has the value that was written. */
void registers_check_written(QTestState *qts, const RegistersCase *c);
/* Each register has its value after reset. */
void registers_check_reset(QTestState *qts, const RegistersCase *c);

/* The test @path/NAME for each case. */
void registers_add_tests(const char *path, void (*test)(const void *));

#endif
