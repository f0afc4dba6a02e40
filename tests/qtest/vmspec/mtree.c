/*
 * vmspec tests: the memory tree, read from the monitor
 *
 * Reads the output of info mtree, which is for people. A line of another form
 * ends the program, so that no range is left out.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "mtree.h"

#define HEAD "^([0-9a-f]{16})-([0-9a-f]{16}) \\(prio [-0-9]+, "
/* "(prio 0, i/o): NAME", "alias NAME @...", and with -f an "@offset" */
#define LINE HEAD "([a-z/-]+)\\): (?:alias )?(.*?)(?: @.*)?(?: KVM)?$"

static void mtree_range_free(void *opaque)
{
    MtreeRange *range = opaque;

    g_free(range->kind);
    g_free(range->name);
    g_free(range);
}

static MtreeRange *parse_line(const char *line)
{
    g_autoptr(GRegex) regex = g_regex_new(LINE, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *first = NULL;
    g_autofree char *last = NULL;
    MtreeRange *range;

    if (!g_regex_match(regex, line, 0, &match)) {
        g_error("cannot read the line of info mtree: %s", line);
    }
    first = g_match_info_fetch(match, 1);
    last = g_match_info_fetch(match, 2);
    range = g_new0(MtreeRange, 1);
    range->base = g_ascii_strtoull(first, NULL, 16);
    range->size = g_ascii_strtoull(last, NULL, 16) - range->base + 1;
    range->kind = g_match_info_fetch(match, 3);
    range->name = g_match_info_fetch(match, 4);
    return range;
}

/* The lines of @lines from @i to the next empty one, indented by @indent. */
static GPtrArray *read_block(char **lines, int i, size_t indent)
{
    GPtrArray *ranges = g_ptr_array_new_with_free_func(mtree_range_free);

    for (; lines[i] && *lines[i]; i++) {
        if (strspn(lines[i], " ") == indent &&
            g_ascii_isxdigit(lines[i][indent])) {
            g_ptr_array_add(ranges, parse_line(lines[i] + indent));
        }
    }
    g_assert_cmpuint(ranges->len, >, 0);
    return ranges;
}

static GPtrArray *read_after(QTestState *qts, const char *command,
                             const char *start, size_t indent)
{
    g_autofree char *text = qtest_hmp(qts, "%s", command);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    int i = 0;

    while (lines[i] && !g_str_has_prefix(lines[i], start)) {
        i++;
    }
    if (!lines[i]) {
        g_error("no '%s' in %s", start, command);
    }
    return read_block(lines, i, indent);
}

GPtrArray *mtree_system(QTestState *qts)
{
    return read_after(qts, "info mtree", "address-space: memory", 4);
}

GPtrArray *mtree_flat(QTestState *qts)
{
    return read_after(qts, "info mtree -f", " AS \"memory\", root: system",
                      2);
}

bool mtree_reached(QTestState *qts, uint64_t base, uint64_t size)
{
    g_autoptr(GPtrArray) ranges = mtree_flat(qts);

    for (unsigned i = 0; i < ranges->len; i++) {
        const MtreeRange *r = g_ptr_array_index(ranges, i);

        if (r->base < base + size && base < r->base + r->size) {
            return true;
        }
    }
    return false;
}

const MtreeRange *mtree_find(GPtrArray *ranges, const char *name)
{
    for (unsigned i = 0; i < ranges->len; i++) {
        const MtreeRange *range = g_ptr_array_index(ranges, i);

        if (!strcmp(range->name, name)) {
            return range;
        }
    }
    return NULL;
}
