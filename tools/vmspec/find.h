/*
 * vmspec: where the programs are that vmspec starts
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_FIND_H
#define VMSPEC_TOOLS_FIND_H

#include <glib.h>

/*
 * QEMU with the machine vmspec, for the caller to free: @given if the user
 * names it, else qemu-system-aarch64-vmspec beside this program, that of the
 * build tree in which this program is, or the one in PATH. NULL with @error
 * set if there is none.
 */
char *find_qemu(const char *given, GError **error);

/*
 * qemu-img: the variable QEMU_IMG, beside @qemu, which may be NULL, or in PATH.
 * NULL with @error set to the package that has it if there is none.
 */
char *find_qemu_img(const char *qemu, GError **error);

/*
 * The program @name, in PATH or in the folders for programs that nobody starts
 * by hand; for the caller to free. NULL if there is none.
 */
char *find_program(const char *name);

#endif
