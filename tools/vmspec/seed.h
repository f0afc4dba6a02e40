/*
 * vmspec: the seed disk that cloud-init in the guest reads
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_SEED_H
#define VMSPEC_TOOLS_SEED_H

#include <glib.h>
#include <stdbool.h>

#include "setup.h"

/*
 * The commands that make the seed disk of @setup, each a GPtrArray of words
 * that ends with NULL. NULL with @error set if the user-data is none, or to the
 * package to install.
 */
GPtrArray *seed_commands(const VmSetup *setup, GError **error);

/*
 * The files that they read, "user-data" and "meta-data" beside the seed disk;
 * the content of the second, for the caller to free.
 */
char *seed_meta_data(const VmSetup *setup);

/* Make the seed disk. Returns false with @error set on failure. */
bool seed_make(const VmSetup *setup, GError **error);

#endif
