/*
 * vmspec tests: a program's scratch directory
 *
 * Plain C and GLib: the qtests, the host tests and the guest tests share it.
 * A program has one scratch directory.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_SCRATCH_H
#define VMSPEC_TEST_SCRATCH_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Make the directory; its path. A failure ends the program. Whoever makes the
 * directory calls scratch_remove() at the end.
 */
const char *scratch_make(void);
/* The path of @name in the directory; g_free() it. */
char *scratch_path(const char *name);
/*
 * The same, with a new file of @size bytes, which starts with the @data_size
 * bytes at @data and is 0 behind them.
 */
char *scratch_file(const char *name, const void *data, size_t data_size,
                   off_t size);
/* Remove the directory with all that is in it. @result, or 1 on failure */
int scratch_remove(int result);

#endif
