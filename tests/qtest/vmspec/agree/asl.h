/*
 * vmspec tests: AML, read from the disassembly of iasl
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_ASL_H
#define VMSPEC_TEST_AGREE_ASL_H

#include <glib.h>

/*
 * A term "Head (args) {body}". Without parentheses args is NULL, without
 * braces body is. The head of a string is its text, the head of a missing
 * argument is "". The body of a method has only its OperationRegions.
 */
typedef struct AslTerm {
    char *head;
    GPtrArray *args;            /* AslTerm */
    GPtrArray *body;            /* AslTerm */
} AslTerm;

/*
 * The terms of the DSDT or SSDT @table, in a term without head. Needs iasl. A
 * text that cannot be read ends the program and is named.
 */
AslTerm *asl_disassemble(const uint8_t *table, size_t size);
void asl_free(AslTerm *term);

/* Child @n of the arguments or body; NULL if there are fewer */
const AslTerm *asl_arg(const AslTerm *term, unsigned n);
const AslTerm *asl_item(const AslTerm *term, unsigned n);
/* What "Name (@name, ...)" in the body of @term defines, or NULL */
const AslTerm *asl_named(const AslTerm *term, const char *name);
/* The value of a number: digits, Zero, One or Ones. False: not a number. */
bool asl_number(const AslTerm *term, uint64_t *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AslTerm, asl_free)

#endif
