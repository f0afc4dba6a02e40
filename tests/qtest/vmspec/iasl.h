/*
 * vmspec tests: ACPI tables as iasl reads them
 *
 * Owns what differs between iasl's versions: which say what of a table, and
 * which cannot compile again what they have disassembled. Debian 12 has
 * 20200925, Debian 13 has 20250404.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_IASL_H
#define VMSPEC_TEST_IASL_H

#include <stdint.h>

/* The version, a date such as "20250404"; g_free() it. */
char *iasl_version(void);

/*
 * The table disassembled, without what changes by version, place or time:
 * the heading, offsets and lengths of fields, and the checksum. A table that
 * iasl does not know is its bytes. @table gets its checksum; g_free() the text.
 */
char *iasl_text(uint8_t *table, uint32_t length);

/*
 * Disassemble @table and compile that: there is no error, no warning, and the
 * same bytes come back but for what a compiler puts into the header. What a
 * version cannot do is listed in the .c file with the reason.
 */
void iasl_validate(uint8_t *table, uint32_t length);

#endif
