/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest's screen and keyboard, which a case uses by QMP
 */

#include <string.h>

#include "screen.h"

/* QEMU's own picture, as PPM, of a display that the guest does not drive */
#define INACTIVE_SIZE (640 * 480 * 3 + 32)
/* More than the header of a PPM */
#define HEADER_SIZE 32

/* Presses one key, or several at once with '+' between them. */
static void press_key(Guest *g, const char *key)
{
    g_auto(GStrv) names = g_strsplit(key, "+", 0);
    g_autoptr(GString) command = g_string_new(
        "{'execute': 'send-key', 'arguments': {'keys': [");

    for (int i = 0; names[i]; i++) {
        g_string_append_printf(command,
                               "%s{'type': 'qcode', 'data': '%s'}",
                               i ? ", " : "", names[i]);
    }
    g_string_append(command, "]}}");
    g_free(guest_qmp(g, command->str));
}

void screen_press(Guest *g, const char *keys)
{
    g_auto(GStrv) key = g_strsplit(keys, " ", 0);

    for (int i = 0; key[i]; i++) {
        press_key(g, key[i]);
    }
}

/* The keys of a US keyboard that make the character */
static const struct {
    char character;
    const char *keys;
} others[] = {
    { ' ', "spc" }, { '$', "shift+4" }, { '/', "slash" },
    { '>', "shift+dot" }, { '_', "shift+minus" }, { '-', "minus" },
    { '\r', "ret" },
};

void screen_type(Guest *g, const char *text)
{
    for (; *text; text++) {
        char letter[] = { *text, '\0' };
        const char *keys = letter;

        for (int i = 0; i < G_N_ELEMENTS(others); i++) {
            if (others[i].character == *text) {
                keys = others[i].keys;
            }
        }
        press_key(g, keys);
    }
}

char *screen_picture(Guest *g, gsize *size)
{
    g_autofree char *path = g_build_filename(guest_folder(g), "screen", NULL);
    g_autofree char *command = g_strdup_printf(
        "{'execute': 'screendump', 'arguments': {'filename': '%s'}}", path);
    char *data = NULL;

    *size = 0;
    g_free(guest_qmp(g, command));
    if (!guest_failed(g)) {
        g_assert_true(g_file_get_contents(path, &data, size, NULL));
    }
    return data;
}

void screen_check(Guest *g)
{
    gsize size;
    g_autofree char *data = screen_picture(g, &size);
    gsize i = 0;

    if (!data) {
        return;
    }
    if (size < INACTIVE_SIZE) {
        guest_fail(g, "the guest does not drive the display");
        return;
    }
    while (i + 3 < size && data[size - 1 - i] == data[size - 4 - i]) {
        i++;
    }
    if (size - i < HEADER_SIZE) {
        guest_fail(g, "the display has one colour");
    }
}
