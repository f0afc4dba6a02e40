/*
 * vmspec tests: AML, read by way of iasl's disassembly
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_ASL_H
#define VMSPEC_TEST_AGREE_ASL_H

#include <glib.h>

/*
 * A term "Head (args) {body}"; args and body are NULL without parentheses and
 * braces. A string's head is its text; a missing argument's is "". Of a
 * method's body only the OperationRegions are there.
 */
typedef struct AslTerm {
    char *head;
    GPtrArray *args;            /* AslTerm */
    GPtrArray *body;            /* AslTerm */
} AslTerm;

/*
 * The terms of the DSDT or SSDT @table, in a term of no head. iasl must be
 * installed; a text that cannot be read ends the program with its place.
 */
AslTerm *asl_disassemble(const uint8_t *table, size_t size);
void asl_free(AslTerm *term);

/* Child @n of the arguments or body; NULL if there are fewer */
const AslTerm *asl_arg(const AslTerm *term, unsigned n);
const AslTerm *asl_item(const AslTerm *term, unsigned n);
/* What "Name (@name, ...)" in the body of @term defines, or NULL */
const AslTerm *asl_named(const AslTerm *term, const char *name);
/* A number: in digits, Zero, One or Ones. False: it is none. */
bool asl_number(const AslTerm *term, uint64_t *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AslTerm, asl_free)

#endif
