/*
 * vmspec-nvram: the commands
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nvram-boot.h"
#include "nvram-commands.h"

#define DEFAULT_ATTRIBUTES 7

/* Print @object and drop it. */
static bool print_json(struct json_object *object)
{
    printf("%s\n", json_object_to_json_string_ext(object,
           JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
    return true;
}

static void add_string(struct json_object *object, const char *key,
                       const char *value)
{
    json_object_object_add(object, key, json_object_new_string(value));
}

static void add_int(struct json_object *object, const char *key, int64_t value)
{
    json_object_object_add(object, key, json_object_new_int64(value));
}

/* What a command that has changed the store prints: nothing, or JSON */
static bool print_done(const NvramCall *call)
{
    struct json_object *object;

    if (call->json) {
        object = json_object_new_object();
        add_string(object, "file", call->path);
        print_json(object);
    }
    return true;
}

static bool print_check_json(const StoreFile *store)
{
    struct json_object *object = json_object_new_object();

    add_string(object, "file", store->path);
    add_string(object, "format", store->qcow2 ? "qcow2" : "raw");
    add_int(object, "variables", store->vs.variables);
    add_int(object, "live", store->vs.live);
    add_int(object, "used", store->vs.used);
    add_int(object, "capacity", VARSTORE_CAPACITY);
    json_object_object_add(object, "interrupted",
                           json_object_new_boolean(store->vs.ftw_replay));
    add_int(object, "second-copies", store->vs.seconds);
    return print_json(object);
}

static bool cmd_check(NvramCall *call, GError **error)
{
    const StoreFile *store = call->store;

    (void)error;
    if (call->json) {
        return print_check_json(store);
    }
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

/* Add the fields of a boot option, none if @var is another variable. */
static void add_boot_option(struct json_object *object, const VarstoreVar *var)
{
    g_autofree char *description = NULL;
    g_autofree char *path = NULL;
    bool active;

    if (boot_option_read(var, &description, &path, &active)) {
        add_string(object, "description", description);
        add_string(object, "path", path);
        json_object_object_add(object, "active",
                               json_object_new_boolean(active));
    }
}

static struct json_object *var_json(const VarstoreVar *var)
{
    struct json_object *object = json_object_new_object();
    g_autofree char *name = var_name_utf8(var);
    g_autofree char *guid = var_guid_text(var);
    g_autofree char *text = boot_var_text(var);

    add_string(object, "name", name);
    add_string(object, "guid", guid);
    add_int(object, "attr", var->attributes);
    add_int(object, "size", var->data_size);
    if (text && g_str_has_prefix(name, "Boot") && boot_number(name) >= 0) {
        add_boot_option(object, var);
    } else if (text) {
        add_string(object, "text", text);
    }
    return object;
}

static bool cmd_list(NvramCall *call, GError **error)
{
    struct json_object *list = call->json ? json_object_new_array() : NULL;
    VarstoreVar var = { 0 };

    (void)error;
    while (varstore_next(&call->store->vs, &var)) {
        g_autofree char *name = var_name_utf8(&var);
        g_autofree char *guid = var_guid_text(&var);
        g_autofree char *text = boot_var_text(&var);

        if (list) {
            json_object_array_add(list, var_json(&var));
        } else {
            printf("%s-%s attributes 0x%02x, %u bytes%s%s\n", name, guid,
                   var.attributes, var.data_size, text ? ": " : "",
                   text ?: "");
        }
    }
    return !list || print_json(list);
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

static void fputs_free(char *text)
{
    fputs(text, stdout);
    g_free(text);
}

/* Has the variable nothing that would change the state of a terminal? */
static bool is_text(const VarstoreVar *var)
{
    for (uint32_t i = 0; i < var->data_size; i++) {
        if (!g_ascii_isprint(var->data[i]) && !g_ascii_isspace(var->data[i])) {
            return false;
        }
    }
    return true;
}

static bool cmd_read(NvramCall *call, GError **error)
{
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };

    if (!find(call->store, call->args[0], &name, &var, error)) {
        return false;
    }
    if (call->json) {
        fputs_free(store_var_to_json(&var));
        return true;
    }
    if (isatty(STDOUT_FILENO) && !is_text(&var)) {
        g_set_error(error, STORE_ERROR, EINVAL, "%s: the data is binary, and "
                    "the output a terminal: send it to a file or to hexdump "
                    "-C, or add --json", call->args[0]);
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

static bool cmd_write(NvramCall *call, GError **error)
{
    StoreFile *store = call->store;
    char **args = call->args;
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
    return store_file_put(store, &var, error) &&
           store_file_save(store, error) && print_done(call);
}

static bool cmd_delete(NvramCall *call, GError **error)
{
    StoreFile *store = call->store;
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };

    if (!find(store, call->args[0], &name, &var, error)) {
        return false;
    }
    var = (VarstoreVar) {
        .name = name.name, .name_size = name.name_size, .guid = name.guid,
    };
    return store_file_put(store, &var, error) &&
           store_file_save(store, error) && print_done(call);
}

static bool cmd_export(NvramCall *call, GError **error)
{
    (void)error;
    fputs_free(store_file_to_json(call->store));
    return true;
}

static bool cmd_import(NvramCall *call, GError **error)
{
    size_t size;
    g_autofree char *json = read_input(call->args[0], &size, error);

    return json && store_file_from_json(call->store, json, error) &&
           store_file_save(call->store, error) && print_done(call);
}

static bool cmd_create(NvramCall *call, GError **error)
{
    g_autoptr(StoreFile) store = store_file_create(call->path, call->format,
                                                   error);

    return store && print_done(call);
}

static bool cmd_reset(NvramCall *call, GError **error)
{
    g_autofree char *backup = store_file_reset(call->store, error);
    struct json_object *object;

    if (!backup) {
        return false;
    }
    if (!call->json) {
        printf("%s: empty; the old store is %s beside it\n", call->path,
               backup);
        return true;
    }
    object = json_object_new_object();
    add_string(object, "file", call->path);
    add_string(object, "backup", backup);
    return print_json(object);
}

static void print_option(const StoreFile *store, uint16_t number,
                         struct json_object *list)
{
    struct json_object *object = json_object_new_object();
    g_autofree char *text = NULL;
    VarstoreVar var;
    char name[16];

    snprintf(name, sizeof(name), "%04X", number);
    add_string(object, "number", name);
    if (boot_option_find(store, number, &var)) {
        text = boot_var_text(&var);
        add_boot_option(object, &var);
    }
    if (list) {
        json_object_array_add(list, object);
    } else {
        printf("%s %s\n", name, text ?: "(missing)");
        json_object_put(object);
    }
}

static bool print_order(const NvramCall *call)
{
    struct json_object *list = call->json ? json_object_new_array() : NULL;
    size_t count;
    g_autofree uint16_t *order = boot_order_read(call->store, &count);

    for (size_t i = 0; i < count; i++) {
        print_option(call->store, order[i], list);
    }
    return !list || print_json(list);
}

static bool cmd_boot_order(NvramCall *call, GError **error)
{
    size_t count = g_strv_length(call->args);
    g_autofree uint16_t *order = g_new0(uint16_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        int number = boot_number(call->args[i]);

        if (number < 0) {
            g_set_error(error, STORE_ERROR, EINVAL, "not a boot option: '%s'; "
                        "write its four digits, as list shows them",
                        call->args[i]);
            return false;
        }
        order[i] = number;
    }
    return (!count || (boot_order_write(call->store, order, count, error) &&
                       store_file_save(call->store, error))) &&
           print_order(call);
}

const NvramCommand nvram_commands[] = {
    { "check", cmd_check, NVRAM_READ, 0, 0, "", "is the store sound?" },
    { "list", cmd_list, NVRAM_READ, 0, 0, "",
      "the variables, and what boot options mean" },
    { "read", cmd_read, NVRAM_READ, 1, 1, " VARIABLE",
      "data of a variable to standard output" },
    { "write", cmd_write, NVRAM_CHANGE, 2, 3,
      " VARIABLE DATA|- [ATTRIBUTES]", "add or replace a variable" },
    { "delete", cmd_delete, NVRAM_CHANGE, 1, 1, " VARIABLE",
      "remove a variable" },
    { "export", cmd_export, NVRAM_READ, 0, 0, "",
      "all variables as JSON to standard output" },
    { "import", cmd_import, NVRAM_CHANGE, 1, 1, " JSON|-",
      "add or replace the variables of such JSON" },
    { "boot-order", cmd_boot_order, NVRAM_CHANGE, 0, INT_MAX, " [NUMBER]...",
      "show in which order systems start, or set it" },
    { "create", cmd_create, NVRAM_NO_STORE, 0, 0, "",
      "make an empty store" },
    { "reset", cmd_reset, NVRAM_ANY_STORE, 0, 0, "",
      "empty the store; the old one stays as .bak" },
    { NULL, NULL, NVRAM_READ, 0, 0, NULL, NULL },
};
