/*
 * vmspec: messages, and text that a shell or a person reads
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static bool terminal_is_raw;

bool bail(GError **error, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    if (error) {
        *error = g_error_new_valist(VMSPEC_ERROR, EXIT_FAILED, format, ap);
    }
    va_end(ap);
    return false;
}

bool misuse(GError **error, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    if (error) {
        *error = g_error_new_valist(VMSPEC_ERROR, EXIT_MISUSE, format, ap);
    }
    va_end(ap);
    return false;
}

void say_raw(bool raw)
{
    terminal_is_raw = raw;
}

void say(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, format);
    text = g_strdup_vprintf(format, ap);
    va_end(ap);
    fprintf(stderr, "vmspec: %s%s", text, terminal_is_raw ? "\r\n" : "\n");
}

/* Does a shell leave the word as it is? */
static bool is_plain(const char *word)
{
    return *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "%+,-./:=@_")] == '\0';
}

char *shell_line(const GPtrArray *words, bool wrap)
{
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);
        g_autofree char *quoted = NULL;

        if (!word) {
            break;              /* the end of a list for exec() */
        }
        quoted = is_plain(word) ? g_strdup(word) : g_shell_quote(word);

        if (i) {
            g_string_append(line, wrap && *word == '-' ? " \\\n    " : " ");
        }
        g_string_append(line, quoted);
    }
    return g_string_free(line, false);
}

char *escape_commas(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);

    return g_strjoinv(",,", parts);
}

char *escape_xml(const char *text)
{
    return g_markup_escape_text(text, -1);
}

guint64 parse_mib(const char *text)
{
    static const struct {
        const char *suffix;
        double mib;
    } units[] = {
        { "", 1 }, { "M", 1 }, { "MiB", 1 }, { "m", 1 },
        { "G", 1024 }, { "GiB", 1024 }, { "g", 1024 },
        { "T", 1048576 }, { "TiB", 1048576 }, { "t", 1048576 },
    };
    char *end;
    double value = g_ascii_strtod(text, &end);

    if (!g_ascii_isdigit(*text) || end == text) {
        return 0;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        double mib = value * units[i].mib;

        if (!strcmp(end, units[i].suffix) && mib >= 1 && mib < 1e9 &&
            mib == (double)(guint64)mib) {
            return mib;
        }
    }
    return 0;
}

char *size_as_text(guint64 bytes)
{
    return g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);
}
