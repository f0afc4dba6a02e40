/*
 * vmspec tests: a program's scratch directory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_SCRATCH_H
#define VMSPEC_TESTS_SCRATCH_H

/* Make the directory, of which there is one; its path */
const char *scratch_make(void);
/* Where in it @name is, or is to be; freed by the caller */
char *scratch_path(const char *name);
/* Remove it with all that is in it. @result, or 1 if that fails */
int scratch_remove(int result);

#endif
