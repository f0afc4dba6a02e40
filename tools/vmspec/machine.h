/*
 * vmspec: the command lines of QEMU and of the programs beside it
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_MACHINE_H
#define VMSPEC_TOOLS_MACHINE_H

#include "setup.h"

/* QEMU's command line for @setup; its words end with NULL. Unref it. */
GPtrArray *machine_qemu(const VmSetup *setup);

/* swtpm's, or NULL without a TPM */
GPtrArray *machine_swtpm(const VmSetup *setup);

/* virtiofsd's for the share; NULL for one by 9p */
GPtrArray *machine_virtiofsd(const char *program, const VmShare *share);

#endif
