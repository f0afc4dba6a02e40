/*
 * vmspec tests: moving a machine's state to another QEMU
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MIGRATE_H
#define VMSPEC_TEST_MIGRATE_H

#include "../libqtest.h"

/* Save @source's state in a file and end it. */
void migrate_out(QTestState *source);
/* Give the saved state to @target, which was started with MIGRATE_TARGET. */
void migrate_in(QTestState *target);
/* The same, and @target must refuse it. */
void migrate_in_refused(QTestState *target);

#define MIGRATE_TARGET "-incoming defer"

#endif
