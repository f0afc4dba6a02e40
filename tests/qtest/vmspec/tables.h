/*
 * vmspec tests: ACPI and SMBIOS tables, as firmware gets them from fw_cfg
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_TABLES_H
#define VMSPEC_TEST_TABLES_H

#include "../libqtest.h"

/* The content of a file of fw_cfg, which must not be empty; g_free() it. */
uint8_t *tables_file(QTestState *qts, const char *name, size_t *size);

/*
 * All tables, one behind the other, before the linker script; g_free() them.
 */
uint8_t *tables_read(QTestState *qts, size_t *size);

/* The length of the table at @offset, 0 at the end */
uint32_t tables_length(const uint8_t *tables, size_t size, uint32_t offset);

/* The first table of that signature, NULL if there is none. */
const uint8_t *tables_find(const uint8_t *tables, size_t size,
                           const char *signature);

#endif
