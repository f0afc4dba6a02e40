/*
 * vmspec benchmark: boots with a variable store
 *
 * The options of a side name the template of its store as %NAME%; each run has
 * a copy.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <string.h>
#include <unistd.h>

#define WRITES "w 0 420"    /* tests/nvram/vars.c */
#define NOTHING "q"
#define FILLER_SIZE 8000
#define FILLERS 100         /* more than the store has room for */

/* Copy the template, and return the options with the copy's path for %NAME%. */
static char *with_store(Run *run, char **store)
{
    g_auto(GStrv) parts = g_strsplit(run->side->options, "%", 3);
    g_autofree char *name = NULL;
    g_autofree char *from = NULL;
    g_autofree char *data = NULL;
    gsize size;

    *store = run_path(run, ".fd");
    if (g_strv_length(parts) != 3) {
        run_fail(run, "no store in its options");
        return NULL;
    }
    name = g_strdup_printf("@%s@", parts[1]);
    from = command_expand(name, &run->why);
    if (!from) {
        return NULL;
    }
    if (!g_file_get_contents(from, &data, &size, NULL) ||
        !g_file_set_contents(*store, data, size, NULL)) {
        run_fail(run, "cannot copy %s", from);
        return NULL;
    }
    return g_strconcat(parts[0], *store, parts[2], NULL);
}

/* What the machine costs with these options in place of the side's */
static double cost(Run *run, const char *options)
{
    Side side = { run->side->who, options };
    Run part = { run->row, &side, run->number, 0, NULL };

    if (run->why) {
        return 0;
    }
    probe_exit(&part);
    if (part.why) {
        run_fail(run, "%s", part.why);
        g_free(part.why);
    }
    return part.value;
}

void probe_set_variable(Run *run)
{
    g_autofree char *store = NULL;
    g_autofree char *writes = with_store(run, &store);
    g_autoptr(GString) nothing = g_string_new(writes);

    if (!writes) {
        return;
    }
    g_string_replace(nothing, WRITES, NOTHING, 1);
    if (run->row->measure == COUNT) {
        Side side = { run->side->who, writes };
        Run part = *run;

        part.side = &side;
        probe_flushes(&part);
        run->value = part.value;
        run->why = part.why;
    } else {
        cost(run, nothing->str); /* the first boot initializes the store */
        run->value = -cost(run, nothing->str);
        run->value += cost(run, writes);
    }
    unlink(store);
}

/* Write variables until the store has no room; false if not one was written */
static bool fill(Run *run, const char *store)
{
    g_autofree char *tool = command_expand("@nvram-tool@", &run->why);
    g_autofree char *filler = run_path(run, ".filler");
    char zeroes[FILLER_SIZE] = "";
    int status = 0, written = 0;

    if (!tool || !g_file_set_contents(filler, zeroes, FILLER_SIZE, NULL)) {
        return false;
    }
    for (; status == 0 && written < FILLERS; written++) {
        g_autofree char *name = g_strdup_printf(
            "Filler%d-3c7e115a-9b42-4d4f-8a21-6e9033d107c4", written);
        const char *words[] = { tool, "write", store, name, filler, NULL };

        if (!g_spawn_sync(NULL, (char **)words, NULL,
                          G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                          &status, NULL)) {
            break;
        }
    }
    unlink(filler);
    return written > 1;
}

void probe_full_store(Run *run)
{
    g_autofree char *store = NULL;
    g_autofree char *options = with_store(run, &store);

    if (!options) {
        return;
    }
    cost(run, options);
    if (!run->why && !fill(run, store)) {
        run_fail(run, "no variable could be written to its store");
    }
    run->value = cost(run, options);
    unlink(store);
}
