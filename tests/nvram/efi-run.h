/*
 * vmspec tests: runs of the EFI application that writes variables
 *
 * The guest is the bundled firmware with vars.c as its -kernel. It does
 * operations of sequence.h, prints what the variables hold, and turns the
 * machine off.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_EFI_RUN_H
#define VMSPEC_TESTS_NVRAM_EFI_RUN_H

/* The words of efi_run_command() that are timeout(1)'s, before QEMU's own */
#define EFI_RUN_TIMEOUT_WORDS 4

/*
 * The command of one run. @machine is appended to "-M vmspec", @options to the
 * whole command. @line is for vars.c: "w FIRST COUNT" does the operations and
 * then checks the variables, "c" only checks them, "q" does nothing. The
 * caller frees the result.
 */
char **efi_run_command(const char *machine, const char *options,
                       const char *line);

/*
 * Run that command until the guest turns the machine off; return what the
 * guest printed, which the caller frees. The test fails if QEMU fails or
 * takes more than 100 seconds.
 */
char *efi_run(const char *machine, const char *options, const char *line);

/*
 * Read from the guest's output @out after how many operations its variables
 * stand: from @least to @most, or the test fails. It also fails if a variable
 * is neither old nor new, or if a filler is lost.
 */
int efi_run_found(const char *out, int least, int most);

/* The same for a new run that only checks the variables */
int efi_run_boot(const char *machine, int least, int most);

#endif
