/*
 * vmspec: messages, and text that a shell or a person reads
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_TEXT_H
#define VMSPEC_TOOLS_TEXT_H

#include <glib.h>
#include <stdbool.h>

/* Exit codes of the program, and codes of VMSPEC_ERROR (docs/man/vmspec.rst) */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_MISUSE = 2,
};

#define VMSPEC_ERROR g_quark_from_static_string("vmspec")

/* Set @error, for exit code 1. Returns false. */
bool bail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Set @error to a mistake on the command line, exit code 2. Returns false. */
bool misuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Tell the user, as a line of standard error that begins with "vmspec: ". */
void say(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Is the terminal in raw mode? Then lines of say() return the carriage. */
void say_raw(bool raw);

/*
 * The words as a line for a shell, for the caller to free: each word is quoted
 * that a shell would change. With @wrap each option begins a line.
 */
char *shell_line(const GPtrArray *words, bool wrap);

/* @text with each comma doubled, as QEMU's options want it; free it. */
char *escape_commas(const char *text);

/* @text with what XML gives a meaning to replaced; free it. */
char *escape_xml(const char *text);

/*
 * A size such as 512M, 2G or 1.5G in MiB; a number alone counts MiB, as with
 * QEMU's -m. Returns 0 if @text is none, or no whole number of MiB.
 */
guint64 parse_mib(const char *text);

/* A number of bytes for a person, such as "1.2 GiB"; free it. */
char *size_as_text(guint64 bytes);

#endif
