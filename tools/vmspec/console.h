/*
 * vmspec: the guest's console, between QEMU, the terminal and others
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_CONSOLE_H
#define VMSPEC_TOOLS_CONSOLE_H

#include <glib.h>
#include <stdbool.h>

#include "stages.h"

/* Ends vmspec console: Ctrl-] */
#define CONSOLE_LEAVE 0x1d

/*
 * Make the socket @path, by which vmspec console reaches the guest. Returns a
 * descriptor, or -1 with @error set.
 */
int console_listen(const char *path, GError **error);

/*
 * Carry the guest's console until QEMU closes its end @qemu: what the guest
 * prints to standard output, to @stages and to the clients of @listener; what
 * standard input and the clients have to the guest. No byte is changed. A
 * terminal is in raw mode meanwhile.
 */
void console_carry(int qemu, int listener, Stages *stages);

/*
 * Connect the terminal with the socket @path, until the guest ends or the user
 * types Ctrl-]. Returns false with @error set if that cannot be.
 */
bool console_attach(const char *path, GError **error);

#endif
