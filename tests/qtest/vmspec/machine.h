/*
 * vmspec tests: starting machines and asking the contract
 *
 * What every vmspec-*-test.c needs: the contract, a scratch directory, and
 * machines that start with a firmware stub.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MACHINE_H
#define VMSPEC_TEST_MACHINE_H

#include "../libqtest.h"
#include "contract.h"
#include "scratch.h"

/*
 * The body of main(): makes the scratch directory, calls @add_tests, runs the
 * tests. Returns the exit status of main().
 */
int vmspec_test_main(int argc, char **argv, void (*add_tests)(void));

/* The contract, loaded once; a fault of its file ends the program. */
const Contract *vmspec_contract(void);
/*
 * Of the region or interrupt of that name: its row, its first address, the
 * address behind it, its first SPI (0-based). These end the program if the
 * contract has no such row.
 */
const ContractRegion *vmspec_region(const char *name);
uint64_t vmspec_base(const char *region);
uint64_t vmspec_end(const char *region);
unsigned vmspec_spi(const char *region);

/* The path of @name beside the contract, in tests/data; g_free() it. */
char *vmspec_data(const char *name);

/* A firmware image that does nothing. With firmware the FDT is in RAM. */
const char *vmspec_stub(void);

/*
 * Start "-M vmspec@machine" (@machine is "" or begins with a comma) with the
 * firmware stub, no default devices and the options of @fmt.
 */
QTestState *vmspec_start(const char *machine, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);

/* The same for the configuration @name of configs.c, which must be there. */
QTestState *vmspec_start_config(const char *name);

/* A program run to its end. */
typedef struct VmspecRun {
    int status;                 /* exit status, negative: the signal */
    char *out;
    char *err;
} VmspecRun;

/*
 * Run QEMU with the options of @fmt and wait for its end; a run that takes
 * more than a minute fails the test.
 */
VmspecRun *vmspec_run(const char *fmt, ...) G_GNUC_PRINTF(1, 2);
/* The same with any program; @command begins with its name. */
VmspecRun *vmspec_run_program(const char *command);
void vmspec_run_free(VmspecRun *run);

/*
 * QEMU refuses "-M vmspec" with the firmware stub and @options: its exit
 * status is 1 and its error has the words @why.
 */
void vmspec_assert_refused(const char *options, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmspecRun, vmspec_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QTestState, qtest_quit)

#endif
