/*
 * vmspec-nvram: boot options of UEFI
 *
 * A boot option is a variable Boot####, an EFI_LOAD_OPTION (UEFI 2.10, 3.1.3):
 * attributes, the length of a device path, a description, that path. The path
 * is shown in short: the nodes that tell one disk, file or network card from
 * another (10.3).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "nvram-boot.h"

#define ACTIVE 1
#define OPTION_HEADER 6
#define NODE_HEADER 4
/* Nodes of a device path, as TYPE << 8 | SUBTYPE */
#define NODE_PCI 0x0101
#define NODE_VENDOR 0x0104
#define NODE_ACPI 0x0201
#define NODE_SCSI 0x0302
#define NODE_USB 0x0305
#define NODE_MAC 0x030b
#define NODE_IPV4 0x030c
#define NODE_IPV6 0x030d
#define NODE_SATA 0x0312
#define NODE_NVME 0x0317
#define NODE_URI 0x0318
#define NODE_HD 0x0401
#define NODE_CD 0x0402
#define NODE_FILE 0x0404
#define NODE_FV_FILE 0x0406
#define NODE_FV 0x0407
#define NODE_END 0x7f
/* In a node of a partition (10.3.5.1) */
#define HD_SIGNATURE 20
#define HD_TYPE 37
#define HD_SIZE 38
#define HD_GPT 2

static uint16_t le16(const uint8_t *b)
{
    return b[0] | b[1] << 8;
}

static uint32_t le32(const uint8_t *b)
{
    return le16(b) | (uint32_t)le16(b + 2) << 16;
}

/* UTF-16LE of at most @size bytes, up to its terminator */
static char *utf16_text(const uint8_t *data, size_t size)
{
    g_autofree gunichar2 *text = g_new0(gunichar2, size / 2 + 1);
    size_t length = 0;
    char *utf8;

    while (length < size / 2 && le16(data + 2 * length)) {
        text[length] = le16(data + 2 * length);
        length++;
    }
    utf8 = g_utf16_to_utf8(text, length, NULL, NULL, NULL);
    return utf8 ?: g_strdup("(not UTF-16)");
}

static char *guid_text(const uint8_t *guid)
{
    VarstoreVar var = { .guid = guid };

    return var_guid_text(&var);
}

static void add_partition(GString *text, const uint8_t *node, size_t size)
{
    g_autofree char *guid = NULL;

    if (size < HD_SIZE + NODE_HEADER) {
        return;
    }
    if (node[NODE_HEADER + HD_TYPE] == HD_GPT) {
        guid = guid_text(node + NODE_HEADER + HD_SIGNATURE);
        g_string_append_printf(text, "HD(%u,GPT,%s)",
                               le32(node + NODE_HEADER), guid);
    } else {
        g_string_append_printf(text, "HD(%u)", le32(node + NODE_HEADER));
    }
}

/* Nodes that have a GUID or text in them */
static bool add_long_node(GString *text, int kind, const uint8_t *node,
                          size_t size)
{
    const uint8_t *data = node + NODE_HEADER;
    g_autofree char *part = NULL;

    size -= NODE_HEADER;
    if ((kind == NODE_FV || kind == NODE_FV_FILE || kind == NODE_VENDOR) &&
        size >= VARSTORE_GUID_SIZE) {
        part = guid_text(data);
        if (kind == NODE_VENDOR) {
            g_string_append_printf(text, "VenHw(%s)", part);
        } else {
            g_string_append_printf(text, "%s(%s)", kind == NODE_FV ? "Fv" :
                                   "FvFile", part);
        }
    } else if (kind == NODE_FILE) {
        part = utf16_text(data, size);
        g_string_append(text, part);
    } else if (kind == NODE_URI) {
        g_string_append_printf(text, "Uri(%.*s)", (int)size, data);
    } else if (kind == NODE_MAC && size >= 6) {
        g_string_append_printf(text, "MAC(%02x:%02x:%02x:%02x:%02x:%02x)",
                               data[0], data[1], data[2], data[3], data[4],
                               data[5]);
    } else {
        return false;
    }
    return true;
}

/* Nodes that have numbers; one of an unknown kind is shown by its kind. */
static void add_short_node(GString *text, int kind, const uint8_t *node,
                           size_t size)
{
    static const struct {
        int kind;
        size_t size;
        const char *format;
        int first, second;      /* offsets of bytes or of 16 bits */
        bool wide;
    } known[] = {
        { NODE_PCI, 6, "Pci(0x%x,0x%x)", 5, 4, false },
        { NODE_SCSI, 8, "Scsi(%u,%u)", 4, 6, true },
        { NODE_USB, 6, "USB(%u,%u)", 4, 5, false },
        { NODE_SATA, 10, "Sata(%u,%u)", 4, 6, true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].kind == kind && size >= known[i].size) {
            unsigned a = node[known[i].first];
            unsigned b = node[known[i].second];

            if (known[i].wide) {
                a = le16(node + known[i].first);
                b = le16(node + known[i].second);
            }
            g_string_append_printf(text, known[i].format, a, b);
            return;
        }
    }
    if (kind == NODE_ACPI && size >= 12) {
        g_string_append_printf(text, "PciRoot(0x%x)", le32(node + 8));
    } else if (kind == NODE_NVME) {
        g_string_append(text, "NVMe");
    } else if (kind == NODE_IPV4 || kind == NODE_IPV6) {
        g_string_append(text, kind == NODE_IPV4 ? "IPv4" : "IPv6");
    } else if (kind == NODE_CD) {
        g_string_append(text, "CD");
    } else {
        g_string_append_printf(text, "Path(%u,%u)", kind >> 8, kind & 0xff);
    }
}

/* The device path of @size bytes at @path; it may be cut off anywhere. */
static char *path_text(const uint8_t *path, size_t size)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (size >= NODE_HEADER && path[0] != NODE_END) {
        size_t length = le16(path + 2);
        int kind = path[0] << 8 | path[1];

        if (length < NODE_HEADER || length > size) {
            g_string_append(text, "(damaged)");
            break;
        }
        if (text->len) {
            g_string_append_c(text, '/');
        }
        if (kind == NODE_HD) {
            add_partition(text, path, length);
        } else if (!add_long_node(text, kind, path, length)) {
            add_short_node(text, kind, path, length);
        }
        path += length;
        size -= length;
    }
    return g_strdup(text->str);
}

int boot_number(const char *name)
{
    int number = 0;

    name += g_str_has_prefix(name, "Boot") ? strlen("Boot") : 0;
    if (strlen(name) != 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(name[i]);

        if (digit < 0) {
            return -1;
        }
        number = number << 4 | digit;
    }
    return number;
}

bool boot_option_read(const VarstoreVar *var, char **description, char **path,
                      bool *active)
{
    const uint8_t *data = var->data;
    size_t at = OPTION_HEADER;
    size_t path_size;

    if (var->data_size < OPTION_HEADER + 2) {
        return false;
    }
    while (at + 2 <= var->data_size && le16(data + at)) {
        at += 2;
    }
    at += 2;
    path_size = le16(data + 4);
    if (at > var->data_size || path_size > var->data_size - at) {
        return false;
    }
    *active = le32(data) & ACTIVE;
    *description = utf16_text(data + OPTION_HEADER, at - OPTION_HEADER);
    *path = path_text(data + at, path_size);
    return true;
}

static bool is_global(const VarstoreVar *var)
{
    g_auto(VarName) name = { 0 };

    return var_name_parse("BootOrder", &name, NULL) &&
           !memcmp(name.guid, var->guid, VARSTORE_GUID_SIZE);
}

static char *numbers_text(const VarstoreVar *var)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (uint32_t i = 0; i + 2 <= var->data_size; i += 2) {
        g_string_append_printf(text, "%s%04X", i ? " " : "",
                               le16(var->data + i));
    }
    return g_strdup(text->str);
}

char *boot_var_text(const VarstoreVar *var)
{
    g_autofree char *name = var_name_utf8(var);
    g_autofree char *description = NULL;
    g_autofree char *path = NULL;
    bool active;

    if (!is_global(var)) {
        return NULL;
    }
    if (!strcmp(name, "BootOrder") ||
        (!strcmp(name, "BootNext") && var->data_size == 2)) {
        return numbers_text(var);
    }
    if (!strcmp(name, "Timeout") && var->data_size == 2) {
        return g_strdup_printf("%u s", le16(var->data));
    }
    if (!g_str_has_prefix(name, "Boot") || boot_number(name) < 0) {
        return NULL;
    }
    if (!boot_option_read(var, &description, &path, &active)) {
        return g_strdup("(no sound boot option)");
    }
    return g_strdup_printf("\"%s\" %s%s", description, path,
                           active ? "" : " (off)");
}

static bool find_global(const StoreFile *store, const char *text,
                        VarstoreVar *var)
{
    g_auto(VarName) name = { 0 };

    return var_name_parse(text, &name, NULL) &&
           varstore_find(&store->vs, name.name, name.name_size, name.guid,
                         var);
}

uint16_t *boot_order_read(const StoreFile *store, size_t *count)
{
    VarstoreVar var;
    uint16_t *order;

    *count = 0;
    if (!find_global(store, "BootOrder", &var)) {
        return NULL;
    }
    order = g_new0(uint16_t, var.data_size / 2 + 1);
    for (; *count < var.data_size / 2; (*count)++) {
        order[*count] = le16(var.data + 2 * *count);
    }
    return order;
}

bool boot_option_find(const StoreFile *store, uint16_t number,
                      VarstoreVar *var)
{
    char name[16];

    snprintf(name, sizeof(name), "Boot%04X", number);
    return find_global(store, name, var);
}

bool boot_order_write(StoreFile *store, const uint16_t *order, size_t count,
                      GError **error)
{
    g_auto(VarName) name = { 0 };
    g_autofree uint8_t *data = g_malloc(2 * count + 1);
    VarstoreVar var;

    for (size_t i = 0; i < count; i++) {
        if (!boot_option_find(store, order[i], &var)) {
            g_set_error(error, STORE_ERROR, ENOENT, "%s has no boot option "
                        "Boot%04X; list shows those it has", store->path,
                        order[i]);
            return false;
        }
        data[2 * i] = order[i];
        data[2 * i + 1] = order[i] >> 8;
    }
    if (!var_name_parse("BootOrder", &name, error)) {
        return false;
    }
    var = (VarstoreVar) {
        .attributes = VARSTORE_NON_VOLATILE | VARSTORE_BOOTSERVICE_ACCESS |
                      VARSTORE_RUNTIME_ACCESS,
        .name = name.name, .name_size = name.name_size, .guid = name.guid,
        .data = data, .data_size = 2 * count,
    };
    return store_file_put(store, &var, error);
}
