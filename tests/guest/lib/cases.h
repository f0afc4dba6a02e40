/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a file of cases announces itself to guest-test
 *
 * Each file in tests/guest/cases/ ends with guest_cases(FUNCTION). FUNCTION
 * adds the file's cases by g_test_add_func() or guest_add_case(), each under a
 * path /guest/GROUP/NAME. tests/guest/meson.build lists the file and its
 * groups.
 */

#ifndef VMSPEC_TESTS_GUEST_CASES_H
#define VMSPEC_TESTS_GUEST_CASES_H

#include <glib.h>

/*
 * Adds the case "/guest/" + @name, a format; main() runs test(data) for it.
 */
void guest_add_case(GTestDataFunc test, gconstpointer data, const char *name,
                    ...) G_GNUC_PRINTF(3, 4);

/* Has main() call the function once GLib's test framework is ready. */
void guest_register_cases(void (*add_cases)(void));

/* A constructor, as QEMU's type_init() and libqos_init() are. */
#define guest_cases(function) \
    static void __attribute__((constructor)) register_##function(void) \
    { \
        guest_register_cases(function); \
    }

#endif
