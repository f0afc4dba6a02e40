/*
 * vmspec-nvram: look at and change a store of UEFI variables
 *
 *   vmspec-nvram check FILE
 *   vmspec-nvram list FILE
 *   vmspec-nvram read FILE VARIABLE              data to standard output
 *   vmspec-nvram write FILE VARIABLE DATA [ATTR] data from a file, or -
 *   vmspec-nvram delete FILE VARIABLE
 *   vmspec-nvram export FILE                     JSON to standard output
 *   vmspec-nvram import FILE JSON                from a file, or -
 *
 * VARIABLE is NAME-GUID, or the NAME of one of EFI's global variables. ATTR is
 * its attributes (default: the old ones, or 7: non-volatile, for boot services
 * and run time). FILE is raw if its name ends in .fd or .raw, else qcow2;
 * --format=raw or --format=qcow2 before the command says otherwise. No VM may
 * use the file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nvram-store.h"

#define DEFAULT_ATTRIBUTES 7

typedef bool Command(StoreFile *store, char **args, GError **error);

static bool cmd_check(StoreFile *store, char **args, GError **error)
{
    (void)args;
    (void)error;
    printf("%s: %s, %u variables of %zu bytes; %zu of %d bytes used until "
           "the next reclaim%s", store->path,
           store->qcow2 ? "qcow2" : "raw", store->vs.variables,
           store->vs.live, store->vs.used, VARSTORE_CAPACITY,
           store->vs.ftw_replay ? "; an update was interrupted, the next "
           "start completes it" : "");
    if (store->vs.seconds) {
        printf("; %u second copies of variables, which the next start removes",
               store->vs.seconds);
    }
    printf("\n");
    return true;
}

static bool cmd_list(StoreFile *store, char **args, GError **error)
{
    VarstoreVar var = { 0 };

    (void)args;
    (void)error;
    while (varstore_next(&store->vs, &var)) {
        g_autofree char *name = var_name_utf8(&var);
        g_autofree char *guid = var_guid_text(&var);

        printf("%s-%s attributes 0x%02x, %u bytes\n", name, guid,
               var.attributes, var.data_size);
    }
    return true;
}

static bool find(StoreFile *store, const char *text, VarName *name,
                 VarstoreVar *var, GError **error)
{
    if (!var_name_parse(text, name, error)) {
        return false;
    }
    if (!varstore_find(&store->vs, name->name, name->name_size, name->guid,
                       var)) {
        g_set_error(error, STORE_ERROR, ENOENT, "%s has no variable %s",
                    store->path, text);
        return false;
    }
    return true;
}

static bool cmd_read(StoreFile *store, char **args, GError **error)
{
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };

    if (!find(store, args[0], &name, &var, error)) {
        return false;
    }
    fwrite(var.data, 1, var.data_size, stdout);
    return true;
}

static char *read_input(const char *path, size_t *size, GError **error)
{
    char *data = NULL;

    g_file_get_contents(strcmp(path, "-") ? path : "/dev/stdin", &data, size,
                        error);
    return data;
}

static bool parse_attributes(const char *text, uint32_t *attributes,
                             GError **error)
{
    char *end;
    uint64_t value = strtoull(text, &end, 0);

    if (*end || !var_attributes_valid(value)) {
        g_set_error(error, STORE_ERROR, EINVAL, "attributes %s: 3 (for boot "
                    "services), 7 (and run time) or 0xf (a hardware error), "
                    "and 0x20 if it is authenticated by time", text);
        return false;
    }
    *attributes = value;
    return true;
}

static bool cmd_write(StoreFile *store, char **args, GError **error)
{
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };
    size_t size;
    g_autofree char *data = read_input(args[1], &size, error);

    if (!data || !var_name_parse(args[0], &name, error)) {
        return false;
    }
    if (!varstore_find(&store->vs, name.name, name.name_size, name.guid,
                       &var)) {
        var = (VarstoreVar) { .attributes = DEFAULT_ATTRIBUTES };
    }
    if (args[2] && !parse_attributes(args[2], &var.attributes, error)) {
        return false;
    }
    var.name = name.name;
    var.name_size = name.name_size;
    var.guid = name.guid;
    var.data = (uint8_t *)data;
    var.data_size = MIN(size, G_MAXUINT32);
    return store_file_put(store, &var, error) && store_file_save(store, error);
}

static bool cmd_delete(StoreFile *store, char **args, GError **error)
{
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };

    if (!find(store, args[0], &name, &var, error)) {
        return false;
    }
    var = (VarstoreVar) {
        .name = name.name, .name_size = name.name_size, .guid = name.guid,
    };
    return store_file_put(store, &var, error) && store_file_save(store, error);
}

static bool cmd_export(StoreFile *store, char **args, GError **error)
{
    g_autofree char *json = store_file_to_json(store);

    (void)args;
    (void)error;
    fputs(json, stdout);
    return true;
}

static bool cmd_import(StoreFile *store, char **args, GError **error)
{
    size_t size;
    g_autofree char *json = read_input(args[0], &size, error);

    return json && store_file_from_json(store, json, error) &&
           store_file_save(store, error);
}

static const struct {
    const char *name;
    Command *run;
    bool changes;               /* the command changes the store */
    int min, max;               /* arguments after the file */
    const char *args;
} commands[] = {
    { "check", cmd_check, false, 0, 0, "" },
    { "list", cmd_list, false, 0, 0, "" },
    { "read", cmd_read, false, 1, 1, " VARIABLE" },
    { "write", cmd_write, true, 2, 3, " VARIABLE DATA|- [ATTRIBUTES]" },
    { "delete", cmd_delete, true, 1, 1, " VARIABLE" },
    { "export", cmd_export, false, 0, 0, "" },
    { "import", cmd_import, true, 1, 1, " JSON|-" },
};

/*
 * The format that the option @text asks for. Returns false if @text is no such
 * option.
 */
static bool parse_format(const char *text, StoreFormat *format)
{
    static const char *const options[] = {
        [STORE_FORMAT_AUTO] = "--format=auto",
        [STORE_FORMAT_RAW] = "--format=raw",
        [STORE_FORMAT_QCOW2] = "--format=qcow2",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        if (!strcmp(text, options[i])) {
            *format = i;
            return true;
        }
    }
    return false;
}

static int usage(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        fprintf(stderr, "%s vmspec-nvram %s FILE%s\n",
                i ? "      " : "usage:", commands[i].name, commands[i].args);
    }
    fprintf(stderr, "--format=auto|raw|qcow2 may stand before the command.\n");
    fprintf(stderr, "VARIABLE is NAME-GUID, or NAME for EFI's own.\n");
    return 2;
}

/* Write what stdio still holds: the disk of the output may be full. */
static bool flush_output(GError **error)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return true;
    }
    g_set_error(error, STORE_ERROR, errno, "cannot write the output: %s",
                g_strerror(errno));
    return false;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreFile) store = NULL;
    StoreFormat format = STORE_FORMAT_AUTO;

    /* A write beyond the limit for a file's size fails then (setrlimit(2)). */
    signal(SIGXFSZ, SIG_IGN);
    if (argc > 1 && parse_format(argv[1], &format)) {
        argc--;
        argv++;
    }
    for (size_t i = 0; argc >= 3 && i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(argv[1], commands[i].name) ||
            argc - 3 < commands[i].min || argc - 3 > commands[i].max) {
            continue;
        }
        store = store_file_open(argv[2], format, commands[i].changes, &error);
        if (store && commands[i].run(store, argv + 3, &error) &&
            flush_output(&error)) {
            return 0;
        }
        fprintf(stderr, "vmspec-nvram: %s\n", error->message);
        return 1;
    }
    return usage();
}
