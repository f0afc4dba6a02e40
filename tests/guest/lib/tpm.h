/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest's TPM, played by swtpm
 */

#ifndef VMSPEC_TESTS_GUEST_TPM_H
#define VMSPEC_TESTS_GUEST_TPM_H

#include "guest.h"

/*
 * Starts a TPM that keeps its state in the guest's folder, and adds a device of
 * this type for it.  Returns its process, 0 if the case has failed.
 */
GPid tpm_add(Guest *g, const char *type);

/* Ends the TPM. */
void tpm_end(GPid tpm);

#endif
