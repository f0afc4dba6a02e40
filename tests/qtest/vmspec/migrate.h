/*
 * vmspec tests: moving a machine's state to another QEMU
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MIGRATE_H
#define VMSPEC_TEST_MIGRATE_H

#include "../libqtest.h"

/* Save @source's state in a file and end it. */
void migrate_out(QTestState *source);
/* The path of the file with the saved state; g_free() it. */
char *migrate_stream(void);
/*
 * Write @size bytes at @offset behind the first occurrence of @section, the
 * name of a section, in the saved state.
 */
void migrate_edit(const char *section, size_t offset, const void *bytes,
                  size_t size);
/* Give the saved state to @target, which was started with MIGRATE_TARGET. */
void migrate_in(QTestState *target);
/* The same with the state that @uri leads to, such as "exec:COMMAND" */
void migrate_in_from(QTestState *target, const char *uri);
/* As migrate_in(), and @target must refuse it. */
void migrate_in_refused(QTestState *target);

#define MIGRATE_TARGET "-incoming defer"

#endif
