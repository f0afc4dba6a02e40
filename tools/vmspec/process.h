/*
 * vmspec: the processes that a VM needs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_PROCESS_H
#define VMSPEC_TOOLS_PROCESS_H

#include <glib.h>
#include <stdbool.h>

/*
 * Start the command @words, which ends with NULL. Standard input and output are
 * @io, or nothing if that is -1; the process ends with this one. Returns false
 * with @error set if it cannot be started.
 */
bool process_start(const GPtrArray *words, int io, GPid *pid, GError **error);

/*
 * Start a command as above, and wait until it has made the socket @socket.
 * Returns false with @error set if it ends before that.
 */
bool process_start_server(const GPtrArray *words, const char *socket,
                          GPid *pid, GError **error);

/*
 * Start a server as above that outlives this process, such as one that serves
 * a VM which runs already; it ends by itself. What it says goes to SOCKET.log,
 * for whoever reads what this process says does not wait for it.
 */
bool process_start_lasting(const GPtrArray *words, const char *socket,
                           GError **error);

/* Wait until the process @pid ends; its exit status, 128 + n for a signal n */
int process_wait(GPid pid);

/* End a process that was started here, if @pid is not 0, and wait for it. */
void process_end(GPid pid);

#endif
