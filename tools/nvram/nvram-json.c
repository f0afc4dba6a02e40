/*
 * vmspec-nvram: variables as text
 *
 * This file turns names and GUIDs into text and back, and variables into the
 * JSON that QEMU's uefi-vars device and the virt-firmware tools share.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "nvram-store.h"

#define JSON_VERSION 2
#define GUID_TEXT 36
#define EFI_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* Where in the text the 16 stored bytes have their digits (UEFI appendix A) */
static const uint8_t guid_digit[VARSTORE_GUID_SIZE] = {
    6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34,
};

static bool bad(GError **error, const char *what, const char *text)
{
    g_set_error(error, STORE_ERROR, EINVAL, "%s: '%s'", what, text);
    return false;
}

static bool parse_guid(const char *text, uint8_t *guid)
{
    if (strlen(text) != GUID_TEXT || text[8] != '-' || text[13] != '-' ||
        text[18] != '-' || text[23] != '-') {
        return false;
    }
    for (int i = 0; i < VARSTORE_GUID_SIZE; i++) {
        int high = g_ascii_xdigit_value(text[guid_digit[i]]);
        int low = g_ascii_xdigit_value(text[guid_digit[i] + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        guid[i] = high << 4 | low;
    }
    return true;
}

bool var_name_set(const char *name, const char *guid, VarName *out,
                  GError **error)
{
    glong length;
    gunichar2 *utf16 = g_utf8_to_utf16(name, -1, NULL, &length, NULL);

    if (!utf16 || !length) {
        g_free(utf16);
        return bad(error, "not a variable's name", name);
    }
    out->name_size = 2 * (length + 1);
    out->name = g_malloc(out->name_size);
    for (glong i = 0; i <= length; i++) {
        out->name[2 * i] = utf16[i];
        out->name[2 * i + 1] = utf16[i] >> 8;
    }
    g_free(utf16);
    return parse_guid(guid, out->guid) || bad(error, "not a GUID", guid);
}

bool var_name_parse(const char *text, VarName *name, GError **error)
{
    size_t length = strlen(text);
    uint8_t guid[VARSTORE_GUID_SIZE];

    if (length > GUID_TEXT + 1 && text[length - GUID_TEXT - 1] == '-' &&
        parse_guid(text + length - GUID_TEXT, guid)) {
        g_autofree char *first = g_strndup(text, length - GUID_TEXT - 1);

        return var_name_set(first, text + length - GUID_TEXT, name, error);
    }
    return var_name_set(text, EFI_GLOBAL, name, error);
}

bool var_attributes_valid(uint64_t attributes)
{
    const uint64_t needed = VARSTORE_NON_VOLATILE |
                            VARSTORE_BOOTSERVICE_ACCESS;
    const uint64_t all = needed | VARSTORE_RUNTIME_ACCESS |
                         VARSTORE_HARDWARE_ERROR | VARSTORE_TIME_BASED_AUTH;

    return (attributes & needed) == needed && !(attributes & ~all) &&
           (!(attributes & VARSTORE_HARDWARE_ERROR) ||
            attributes & VARSTORE_RUNTIME_ACCESS);
}

char *var_name_utf8(const VarstoreVar *var)
{
    g_autofree gunichar2 *utf16 = g_new0(gunichar2, var->name_size / 2);
    char *name;

    for (uint32_t i = 0; i < var->name_size / 2; i++) {
        utf16[i] = var->name[2 * i] | var->name[2 * i + 1] << 8;
    }
    name = g_utf16_to_utf8(utf16, var->name_size / 2 - 1, NULL, NULL, NULL);
    return name ?: g_strdup("(not UTF-16)");
}

char *var_guid_text(const VarstoreVar *var)
{
    char text[GUID_TEXT + 1];

    memset(text, '-', sizeof(text));
    for (int i = 0; i < VARSTORE_GUID_SIZE; i++) {
        text[guid_digit[i]] = "0123456789abcdef"[var->guid[i] >> 4];
        text[guid_digit[i] + 1] = "0123456789abcdef"[var->guid[i] & 15];
    }
    text[GUID_TEXT] = '\0';
    return g_strdup(text);
}

static struct json_object *hex(const uint8_t *data, size_t size)
{
    g_autoptr(GString) text = g_string_sized_new(2 * size);

    for (size_t i = 0; i < size; i++) {
        g_string_append_printf(text, "%02x", data[i]);
    }
    return json_object_new_string(text->str);
}

static uint8_t *unhex(const char *text, size_t *size)
{
    size_t length = strlen(text);
    uint8_t *data = g_malloc(length / 2 + 1);

    for (size_t i = 0; i < length; i++) {
        int digit = g_ascii_xdigit_value(text[i]);

        if (digit < 0 || length % 2) {
            g_free(data);
            return NULL;
        }
        if (i % 2 == 0) {
            data[i / 2] = digit << 4;
        } else {
            data[i / 2] |= digit;
        }
    }
    *size = length / 2;
    return data;
}

/* The variable as JSON, for json_object_put() */
static struct json_object *var_to_json(const VarstoreVar *var)
{
    struct json_object *v = json_object_new_object();
    g_autofree char *name = var_name_utf8(var);
    g_autofree char *guid = var_guid_text(var);

    json_object_object_add(v, "name", json_object_new_string(name));
    json_object_object_add(v, "guid", json_object_new_string(guid));
    json_object_object_add(v, "attr", json_object_new_int(var->attributes));
    json_object_object_add(v, "data", hex(var->data, var->data_size));
    json_object_object_add(v, "time", hex(var->time, VARSTORE_TIME_SIZE));
    return v;
}

/* The text of @object, which it drops; the caller frees it. */
static char *json_text(struct json_object *object)
{
    char *text = g_strdup_printf("%s\n", json_object_to_json_string_ext(
                                 object, JSON_C_TO_STRING_PRETTY));

    json_object_put(object);
    return text;
}

char *store_var_to_json(const VarstoreVar *var)
{
    return json_text(var_to_json(var));
}

char *store_file_to_json(const StoreFile *store)
{
    struct json_object *root = json_object_new_object();
    struct json_object *list = json_object_new_array();
    VarstoreVar var = { 0 };

    while (varstore_next(&store->vs, &var)) {
        json_object_array_add(list, var_to_json(&var));
    }
    json_object_object_add(root, "version", json_object_new_int(JSON_VERSION));
    json_object_object_add(root, "variables", list);
    return json_text(root);
}

/* The member @key of @v if it is a string without a NUL, else "". */
static const char *member(struct json_object *v, const char *key)
{
    struct json_object *s = json_object_object_get(v, key);

    return json_object_is_type(s, json_type_string) &&
           strlen(json_object_get_string(s)) == json_object_get_string_len(s) ?
           json_object_get_string(s) : "";
}

static bool import_one(StoreFile *store, struct json_object *v,
                       GError **error)
{
    struct json_object *attr = json_object_object_get(v, "attr");
    size_t size = 0;
    size_t time_size = 0;
    g_autofree uint8_t *data = unhex(member(v, "data"), &size);
    g_autofree uint8_t *time = unhex(member(v, "time"), &time_size);
    g_auto(VarName) name = { 0 };
    VarstoreVar var = { 0 };

    if (!json_object_is_type(attr, json_type_int) || !data || !time ||
        (time_size && time_size != VARSTORE_TIME_SIZE) ||
        !var_attributes_valid(json_object_get_int64(attr))) {
        return bad(error, "variable with bad attr, data or time",
                   member(v, "name"));
    }
    if (!var_name_set(member(v, "name"), member(v, "guid"), &name, error)) {
        return false;
    }
    var.name = name.name;
    var.name_size = name.name_size;
    var.guid = name.guid;
    var.attributes = json_object_get_int64(attr);
    var.time = time_size ? time : NULL;
    var.data = data;
    var.data_size = size;
    return store_file_put(store, &var, error);
}

bool store_file_from_json(StoreFile *store, const char *text, GError **error)
{
    enum json_tokener_error err;
    struct json_object *root = json_tokener_parse_verbose(text, &err);
    struct json_object *version = NULL;
    struct json_object *list = NULL;
    bool ok = false;

    if (!json_object_is_type(root, json_type_object)) {
        bad(error, "not JSON", root ? "no object" :
            json_tokener_error_desc(err));
    } else {
        version = json_object_object_get(root, "version");
        list = json_object_object_get(root, "variables");
        if (json_object_get_int(version) != JSON_VERSION ||
            !json_object_is_type(list, json_type_array)) {
            bad(error, "not an export of variables",
                "needs \"version\": 2 and \"variables\"");
        } else {
            ok = true;
        }
    }
    for (size_t i = 0; ok && i < json_object_array_length(list); i++) {
        ok = import_one(store, json_object_array_get_idx(list, i), error);
    }
    json_object_put(root);
    return ok;
}
