/*
 * vmspec tests: AML, read from the disassembly of iasl
 *
 * Reads any term of ASL. Only Method is special: its body is code, of which
 * just the declared regions are read (ACPI 6.5, 19.2).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../machine.h"
#include "asl.h"

typedef struct Text {
    const char *start;
    const char *at;
} Text;

static AslTerm *read_term(Text *text);

static G_NORETURN void give_up(const Text *text, const char *want)
{
    unsigned line = 1;

    for (const char *p = text->start; p < text->at; p++) {
        line += *p == '\n';
    }
    g_error("iasl's text, line %u: %s expected at: %.40s", line, want,
            text->at);
}

/* Skip blanks and comments. */
static void skip(Text *text)
{
    for (;;) {
        const char *end;

        text->at += strspn(text->at, " \t\r\n");
        if (g_str_has_prefix(text->at, "//")) {
            text->at += strcspn(text->at, "\n");
        } else if (text->at[0] == '/' && text->at[1] == '*') {
            end = strstr(text->at, "*/");
            if (!end) {
                give_up(text, "the comment's end");
            }
            text->at = end + 2;
        } else {
            return;
        }
    }
}

static bool take(Text *text, char c)
{
    skip(text);
    if (*text->at != c) {
        return false;
    }
    text->at++;
    return true;
}

/* Skip a string that begins here; returns the text between its quotes. */
static char *take_string(Text *text)
{
    const char *start = ++text->at;

    while (*text->at && *text->at != '"') {
        text->at += text->at[0] == '\\' && text->at[1] ? 2 : 1;
    }
    if (!*text->at) {
        give_up(text, "\"");
    }
    return g_strndup(start, text->at++ - start);
}

/* Skip to behind the closing brace of a body, whose opening brace is read. */
static void read_code(Text *text, AslTerm *term)
{
    term->body = g_ptr_array_new_with_free_func((GDestroyNotify)asl_free);
    for (unsigned depth = 1; depth; ) {
        skip(text);
        if (!*text->at) {
            give_up(text, "}");
        } else if (*text->at == '"') {
            g_free(take_string(text));
            continue;
        } else if (g_str_has_prefix(text->at, "OperationRegion (")) {
            g_ptr_array_add(term->body, read_term(text));
            continue;
        }
        depth += (*text->at == '{') - (*text->at == '}');
        text->at++;
    }
}

static void read_args(Text *text, AslTerm *term)
{
    term->args = g_ptr_array_new_with_free_func((GDestroyNotify)asl_free);
    if (take(text, ')')) {
        return;
    }
    do {
        g_ptr_array_add(term->args, read_term(text));
    } while (take(text, ','));
    if (!take(text, ')')) {
        give_up(text, ")");
    }
}

/*
 * Items, with or without commas between them, until @end; 0: until the end of
 * the text
 */
static void read_body(Text *text, AslTerm *term, char end)
{
    term->body = g_ptr_array_new_with_free_func((GDestroyNotify)asl_free);
    for (;;) {
        const char *before;

        if (take(text, ',')) {
            continue;
        }
        if (*text->at == end) {
            text->at += end != '\0';
            return;
        }
        before = text->at;
        g_ptr_array_add(term->body, read_term(text));
        if (text->at == before) {
            give_up(text, "a term");
        }
    }
}

static AslTerm *read_term(Text *text)
{
    AslTerm *term = g_new0(AslTerm, 1);
    size_t length;

    skip(text);
    if (*text->at == '"') {
        term->head = take_string(text);
        return term;
    }
    length = strcspn(text->at, " \t\r\n(){},\"");
    term->head = g_strndup(text->at, length);
    text->at += length;
    if (length && take(text, '(')) {
        read_args(text, term);
    }
    if (length && take(text, '{')) {
        if (!strcmp(term->head, "Method")) {
            read_code(text, term);
        } else {
            read_body(text, term, '}');
        }
    }
    return term;
}

AslTerm *asl_disassemble(const uint8_t *table, size_t size)
{
    g_autofree char *aml = scratch_file("agree.aml", table, size, size);
    g_autofree char *prefix = scratch_path("agree");
    g_autofree char *dsl = scratch_path("agree.dsl");
    g_autofree char *command = g_strdup_printf("iasl -p %s -d %s", prefix,
                                               aml);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);
    g_autofree char *asl = NULL;
    AslTerm *all = g_new0(AslTerm, 1);
    Text text;

    if (run->status || !g_file_get_contents(dsl, &asl, NULL, NULL)) {
        g_test_message("%s: exit status %d: %s%s(Debian's package "
                       "acpica-tools has iasl)", command, run->status,
                       run->out, run->err);
        g_assert_cmpint(run->status, ==, 0);
        g_assert_nonnull(asl);
    }
    text.start = text.at = asl;
    all->head = g_strdup("");
    read_body(&text, all, '\0');
    return all;
}

void asl_free(AslTerm *term)
{
    g_clear_pointer(&term->args, g_ptr_array_unref);
    g_clear_pointer(&term->body, g_ptr_array_unref);
    g_free(term->head);
    g_free(term);
}

static const AslTerm *nth(const GPtrArray *terms, unsigned n)
{
    return terms && n < terms->len ? terms->pdata[n] : NULL;
}

const AslTerm *asl_arg(const AslTerm *term, unsigned n)
{
    return term ? nth(term->args, n) : NULL;
}

const AslTerm *asl_item(const AslTerm *term, unsigned n)
{
    return term ? nth(term->body, n) : NULL;
}

const AslTerm *asl_named(const AslTerm *term, const char *name)
{
    const AslTerm *item;

    for (unsigned i = 0; (item = asl_item(term, i)); i++) {
        if (!strcmp(item->head, "Name") && asl_arg(item, 0) &&
            !strcmp(asl_arg(item, 0)->head, name)) {
            return asl_arg(item, 1);
        }
    }
    return NULL;
}

bool asl_number(const AslTerm *term, uint64_t *value)
{
    char *end = NULL;

    if (!term) {
        return false;
    }
    if (!strcmp(term->head, "Zero") || !strcmp(term->head, "One")) {
        *value = !strcmp(term->head, "One");
        return true;
    }
    if (!strcmp(term->head, "Ones")) {
        *value = UINT64_MAX;
        return true;
    }
    if (!g_ascii_isdigit(*term->head)) {
        return false;
    }
    *value = g_ascii_strtoull(term->head, &end, 0);
    return !*end;
}
