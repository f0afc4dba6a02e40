/*
 * vmspec tests: random trials that can be repeated
 *
 * A trial is a run of random operations on one QEMU. All that is random comes
 * from its seed. When QEMU dies, the seed and the last operations are printed.
 * A guard ends a QEMU that hangs or takes too much memory.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_TRIAL_H
#define VMSPEC_TEST_TRIAL_H

#include "../libqtest.h"

/* Begin the trial @seed; what was noted before is forgotten. */
void trial_begin(uint64_t seed);

/* Any 64 bits; a number below @n, at least 1; true once in @n times */
uint64_t trial_random(void);
uint32_t trial_below(uint32_t n);
bool trial_once_in(uint32_t n);
/* A value that a register or a length may not expect: 0, all ones, a bit */
uint64_t trial_value(void);

/* Note the operation that comes next. */
void trial_note(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

/*
 * Watch @qts until trial_unguard(): it is killed, and the trial fails, when
 * its resident memory exceeds 1 GiB or an operation takes two minutes.
 */
void trial_guard(QTestState *qts);
/* The most resident memory that the guard saw, in MiB */
unsigned trial_unguard(void);

#endif
