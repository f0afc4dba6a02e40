/*
 * vmspec tests: a variable store that fills a flash bank
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "bank.h"
#include "scratch.h"
#include "sequence.h"

uint8_t *bank_prefilled(void)
{
    static const uint8_t guid[] = SEQUENCE_GUID;
    uint8_t *store = g_malloc(BANK_SIZE);
    uint8_t data[SEQUENCE_FILLER_SIZE];
    size_t used = 0;

    varstore_format(store, BANK_SIZE);
    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        g_autofree char *name = g_strdup_printf(SEQUENCE_FILLER_NAME "%02u",
                                                n);
        uint8_t wide[32] = { 0 };
        VarstoreVar var = {
            .attributes = 7, .guid = guid, .name = wide,
            .name_size = 2 * (strlen(name) + 1),
            .data = data, .data_size = sizeof(data),
        };

        for (size_t i = 0; name[i]; i++) {
            wide[2 * i] = name[i];
        }
        for (unsigned i = 0; i < sizeof(data); i++) {
            data[i] = sequence_byte(n, i);
        }
        used = varstore_append(store, used, &var);
        g_assert_cmpuint(used, >, 0);
    }
    return store;
}

void bank_save(const char *name, const uint8_t *store)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *raw = scratch_path("new.raw");
    g_autofree char *img = g_build_filename(g_getenv("VMSPEC_TEST_QEMU"),
                                            "qemu-img", NULL);
    const char *argv[] = {
        img, "convert", "-f", "raw", "-O", "qcow2", raw, path, NULL,
    };
    bool qcow2 = g_str_has_suffix(name, ".qcow2");
    int status;

    g_assert_true(g_file_set_contents(qcow2 ? raw : path, (const char *)store,
                                      BANK_SIZE, NULL));
    if (qcow2) {
        g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL,
                                   NULL, NULL, &status, NULL));
        g_assert_cmpint(status, ==, 0);
    }
}
