/*
 * vmspec fuzz target: what vmspec-nvram reads
 *
 * An input that begins with 'n' is the name of a variable, one with 'f' is a
 * store's file, any other is JSON to import. What the tool accepts must come
 * out as it went in: a name and its GUID, or an export that can be imported. A
 * short file is no store, and the tool must say so.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demand.h"
#include "nvram-store.h"

static StoreFile *empty_store(void)
{
    StoreFile *store = g_new0(StoreFile, 1);
    VarstoreDamage damage;

    store->path = g_strdup("fuzzed");
    store->fd = -1;
    store->size = VARSTORE_SIZE;
    store->data = g_malloc(store->size);
    varstore_format(store->data, store->size);
    demand(varstore_check(store->data, store->size, &store->vs, &damage),
           "an empty store is damaged");
    return store;
}

static void fuzz_name(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *utf8 = NULL;
    g_autofree char *guid = NULL;
    g_autofree char *again = NULL;
    g_auto(VarName) first = { 0 };
    g_auto(VarName) second = { 0 };
    VarstoreVar var;

    if (!var_name_parse(text, &first, &error)) {
        demand(error && error->message[0], "refused without a reason");
    } else {
        var = (VarstoreVar) {
            .name = first.name, .name_size = first.name_size,
            .guid = first.guid,
        };
        utf8 = var_name_utf8(&var);
        guid = var_guid_text(&var);
        again = g_strconcat(utf8, "-", guid, NULL);
        demand(g_str_has_prefix(text, utf8), "another name");
        demand(var_name_parse(again, &second, NULL) &&
               first.name_size == second.name_size &&
               !memcmp(first.name, second.name, first.name_size) &&
               !memcmp(first.guid, second.guid, VARSTORE_GUID_SIZE),
               "the name does not come back");
    }
}

static void fuzz_json(const char *text)
{
    g_autoptr(StoreFile) store = empty_store();
    g_autoptr(StoreFile) copy = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    if (!store_file_from_json(store, text, &error)) {
        demand(error && error->message[0], "refused without a reason");
        return;
    }
    copy = empty_store();
    first = store_file_to_json(store);
    demand(store_file_from_json(copy, first, NULL), "the export is refused");
    second = store_file_to_json(copy);
    demand(!strcmp(first, second), "the export does not come back");
}

static char *file_path;

static void remove_file(void)
{
    g_unlink(file_path);
}

/* qemu-img's own reader is not fuzzed here: false(1) takes its place. */
static void fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;

    if (fd < 0) {
        fd = g_file_open_tmp("vmspec-fuzz-XXXXXX", &file_path, NULL);
        demand(fd >= 0, "no temporary file");
        atexit(remove_file);
        g_setenv("QEMU_IMG", "false", TRUE);
    }
    demand(ftruncate(fd, 0) == 0 &&
           pwrite(fd, data, size, 0) == (ssize_t)size, "cannot write");
    for (StoreFormat format = STORE_FORMAT_AUTO; format <= STORE_FORMAT_QCOW2;
         format++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(StoreFile) store = store_file_open(file_path, format, false,
                                                     &error);

        demand(!store && error && strstr(error->message, file_path),
               "refused without the file's name, or taken");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    g_autofree char *text = NULL;

    if (size) {
        text = g_strndup((const char *)input + 1, size - 1);
        if (input[0] == 'n') {
            fuzz_name(text);
        } else if (input[0] == 'f') {
            fuzz_file(input + 1, size - 1);
        } else {
            fuzz_json(text);
        }
    }
    return 0;
}
