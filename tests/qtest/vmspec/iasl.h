/*
 * vmspec tests: ACPI tables as iasl reads them
 *
 * Versions of iasl differ in what they print of a table, and in which tables
 * they cannot compile again; the functions here hide that. Debian 12 has
 * 20200925, Debian 13 has 20250404.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_IASL_H
#define VMSPEC_TEST_IASL_H

#include <stdint.h>

/* The version, a date such as "20250404"; g_free() it. */
char *iasl_version(void);

/*
 * The table as text, without what depends on the version, the place or the
 * time: the head, offsets and lengths of fields, and the checksum. A table
 * that iasl does not know is shown as bytes. Sets the checksum of @table;
 * g_free() the text.
 */
char *iasl_text(uint8_t *table, uint32_t length);

/*
 * iasl disassembles @table and compiles the text again without an error or a
 * warning. The bytes are the same, except for what a compiler writes to the
 * header. iasl.c lists what a version of iasl cannot do, with the reason.
 */
void iasl_validate(uint8_t *table, uint32_t length);

#endif
