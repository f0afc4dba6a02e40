/*
 * vmspec tests: starting machines and asking the contract
 *
 * What every vmspec-*-test.c needs: the contract, a temporary directory of
 * the program's own, and machines that start with its firmware stub.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MACHINE_H
#define VMSPEC_TEST_MACHINE_H

#include "../libqtest.h"
#include "contract.h"

/*
 * The frame of main(): @add_tests adds the tests, which then run with a
 * temporary directory that is removed afterwards.
 */
int vmspec_test_main(int argc, char **argv, void (*add_tests)(void));

const Contract *vmspec_contract(void);
/* These end the program if the contract has no such row. */
const ContractRegion *vmspec_region(const char *name);
uint64_t vmspec_base(const char *region);
uint64_t vmspec_end(const char *region);
unsigned vmspec_spi(const char *region);

/* The path of @name beside the contract, in tests/data. */
char *vmspec_data(const char *name);

/* The path of @name in the temporary directory. */
char *vmspec_tmp(const char *name);
/* The same, with a new file of @size bytes that start with @data. */
char *vmspec_tmp_file(const char *name, const void *data, size_t data_size,
                      off_t size);
/* A firmware image that does nothing: with it the FDT lies in RAM. */
const char *vmspec_stub(void);

/*
 * Start "-M vmspec@machine" (@machine is "" or begins with a comma) with the
 * firmware stub, no default devices and the options of @fmt.
 */
QTestState *vmspec_start(const char *machine, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);

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
/* The same with any program, its name first. */
VmspecRun *vmspec_run_program(const char *command);
void vmspec_run_free(VmspecRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmspecRun, vmspec_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QTestState, qtest_quit)

#endif
