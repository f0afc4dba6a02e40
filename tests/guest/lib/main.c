/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * guest-test: real guests on the machine
 *
 * The program has no list of its cases: each file in tests/guest/cases/
 * registers its own (cases.h).  Each case is /guest/GROUP/NAME, and
 * tests/guest/meson.build makes each group a test, so that groups run in
 * parallel.
 */

#include <glib.h>

#include "cases.h"
#include "scratch.h"

typedef void AddCases(void);

/* More files of cases than there are ever likely to be */
static AddCases *registered[64];
static unsigned num_registered;

/* Runs before main(): GLib's test framework cannot take a case yet. */
void guest_register_cases(AddCases *add_cases)
{
    g_assert(num_registered < G_N_ELEMENTS(registered));
    registered[num_registered++] = add_cases;
}

void guest_add_case(GTestDataFunc test, gconstpointer data, const char *name,
                    ...)
{
    g_autofree char *path = NULL;
    g_autofree char *full = NULL;
    va_list ap;

    va_start(ap, name);
    path = g_strdup_vprintf(name, ap);
    va_end(ap);
    full = g_strconcat("/guest/", path, NULL);
    g_test_add_data_func(full, data, test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_make();
    for (unsigned i = 0; i < num_registered; i++) {
        registered[i]();
    }
    return scratch_remove(g_test_run());
}
