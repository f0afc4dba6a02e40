/*
 * vmspec benchmark: a guest of the guest tests, with the command of a side
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_BENCH_DIALOG_H
#define VMSPEC_BENCH_DIALOG_H

#include "bench.h"
#include "guest.h"

/* Make the guest, with a QMP monitor; NULL: the run has failed. */
Guest *dialog_new(Run *run);
/* End the guest; the run has failed if the guest's test has. */
void dialog_end(Run *run, Guest *g);
/* Seconds: of QEMU's CPU time if the row measures that, else of the clock */
double dialog_clock(Run *run, Guest *g);

#endif
