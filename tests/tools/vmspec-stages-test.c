/*
 * vmspec test: stages and dead ends of a boot, recognised on the console
 *
 * The consoles in tests/data/consoles/ are given to the watcher byte by byte,
 * and in larger pieces.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "stages.h"

typedef struct Console {
    const char *file;
    const char *stages;         /* byte by byte */
    const char *advice;         /* the start of each, in their order */
    unsigned silent;            /* seconds, at the end */
} Console;

static const Console consoles[] = {
    { "demo.txt", "firmware loader system login ", "", 0 },
    { "debian.txt", "firmware loader kernel system login ", "", 0 },
    { "no-root.txt", "panic ", "the kernel finds no root|", 0 },
    { "secure-boot.txt", "firmware nothing-to-boot ",
      "no key of this VM trusts|", 0 },
    { "other-architecture.txt", "firmware nothing-to-boot ",
      "the disk's boot loader i|", 0 },
    { "x86.txt", "firmware nothing-to-boot ", "the disk is for x86-64; |", 0 },
    { "no-table.txt", "firmware nothing-to-boot ",
      "the disk is empty or no |", 0 },
    { "no-loader.txt", "firmware nothing-to-boot ",
      "the disk has no default |", 0 },
    { "qcow2.txt", "firmware nothing-to-boot ",
      "the disk is a qcow2 imag|", 0 },
    { "silent.txt", "firmware kernel ", "", 30 },
    { "silent.txt", "firmware kernel ", "the kernel prints nothin|", 60 },
    { "debian.txt", "firmware loader kernel system login ", "", 3600 },
    /* what a person types and programs print is no dead end */
    { "reboot.txt", "firmware loader kernel system login firmware loader "
      "kernel system login ", "the guest has too little|", 0 },
};

static GString *seen_stages;
static GString *seen_advice;

static void see_stage(void *opaque G_GNUC_UNUSED, Stage stage)
{
    g_string_append_printf(seen_stages, "%s ", stage_name(stage));
}

static void see_advice(void *opaque G_GNUC_UNUSED, const char *advice)
{
    g_test_message("%s", advice);
    g_string_append_printf(seen_advice, "%.24s|", advice);
}

/* Give the console to a watcher in pieces of @piece bytes. */
static void watch(const Console *c, gsize piece)
{
    static const StagesOps ops = { see_stage, see_advice };
    g_autoptr(Stages) stages = stages_new(&ops, NULL);
    g_autofree char *path = g_build_filename(g_getenv("VMSPEC_CONSOLES"),
                                             c->file, NULL);
    g_autofree char *text = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    g_string_truncate(seen_stages, 0);
    g_string_truncate(seen_advice, 0);
    for (gsize at = 0; at < size; at += piece) {
        stages_feed(stages, text + at, MIN(piece, size - at));
    }
    for (unsigned second = 1; second <= c->silent; second++) {
        stages_idle(stages, second);
    }
}

static void test_bytes(const void *data)
{
    const Console *c = data;

    watch(c, 1);
    g_assert_cmpstr(seen_stages->str, ==, c->stages);
    g_assert_cmpstr(seen_advice->str, ==, c->advice);
}

/* Each word ends with a blank. */
static const char *last_word(const char *words)
{
    const char *at = words + strlen(words);

    while (at > words + 1 && at[-2] != ' ') {
        at--;
    }
    return at - (at > words ? 1 : 0);
}

/* In one piece a stage may be skipped, but not the last one, and no advice. */
static void test_pieces(const void *data)
{
    static const gsize pieces[] = { 7, 100, 4096, 100000 };
    const Console *c = data;

    for (unsigned i = 0; i < G_N_ELEMENTS(pieces); i++) {
        watch(c, pieces[i]);
        g_assert_cmpstr(last_word(seen_stages->str), ==,
                        last_word(c->stages));
        g_assert_cmpstr(seen_advice->str, ==, c->advice);
    }
}

/* A line that never ends, and escape sequences that do not, are harmless. */
static void test_endless_line(void)
{
    static const StagesOps ops = { see_stage, see_advice };
    g_autoptr(Stages) stages = stages_new(&ops, NULL);
    g_autofree char *line = g_strnfill(100000, 'x');

    g_string_truncate(seen_stages, 0);
    stages_feed(stages, line, 100000);
    stages_feed(stages, "\033[", 2);
    stages_feed(stages, line, 100000);
    stages_feed(stages, "\0\0", 2);
    stages_feed(stages, "UEFI firmware (version", 22);
    g_assert_cmpstr(seen_stages->str, ==, "firmware ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    seen_stages = g_string_new(NULL);
    seen_advice = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(consoles); i++) {
        g_autofree char *bytes = g_strdup_printf(
            "/vmspec/stages/bytes/%u-%s", i, consoles[i].file);
        g_autofree char *pieces = g_strdup_printf(
            "/vmspec/stages/pieces/%u-%s", i, consoles[i].file);

        g_test_add_data_func(bytes, &consoles[i], test_bytes);
        g_test_add_data_func(pieces, &consoles[i], test_pieces);
    }
    g_test_add_func("/vmspec/stages/endless-line", test_endless_line);
    return g_test_run();
}
