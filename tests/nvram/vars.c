/*
 * vmspec guest: an EFI application that writes variables
 *
 * The firmware starts it as -kernel. What -append gives decides what it does
 * before it turns the machine off:
 *
 *     w FIRST COUNT   the operations FIRST to FIRST + COUNT - 1 of sequence.h,
 *                     a line "op NUMBER STATUS" for each; then as c
 *     c               a line with the operation whose data each variable holds
 *                     ("-": no variable, "BAD": other data) and with how many
 *                     fillers are intact
 *     q               nothing
 *
 * efi-run.c starts it and reads the lines.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "../guest/efi/efi.h"
#include "sequence.h"

typedef struct LoadedImage {
    uint64_t revision;
    void *parent, *system_table, *device, *path, *reserved;
    uint32_t options_size;
    uint16_t *options;
} LoadedImage;

static const Guid loaded_image_guid = { {
    0xa1, 0x31, 0x1b, 0x5b, 0x62, 0x95, 0xd2, 0x11,
    0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
static const Guid vendor = { SEQUENCE_GUID };
static SystemTable *st;
static uint8_t buffer[SEQUENCE_FILLER_SIZE + 64];

static void print(const char *text)
{
    uint16_t wide[64];
    int i = 0;

    while (text[i] && i < 63) {
        wide[i] = text[i];
        i++;
    }
    wide[i] = 0;
    st->con_out->output_string(st->con_out, wide);
}

static void print_number(uint64_t n)
{
    char text[24];
    int i = sizeof(text) - 1;

    text[i] = 0;
    do {
        text[--i] = '0' + n % 10;
        n /= 10;
    } while (n);
    print(text + i);
}

/* Make a name: the stem, and n as two digits. */
static void make_name(uint16_t *name, const char *stem, unsigned n)
{
    int i = 0;

    for (; stem[i]; i++) {
        name[i] = stem[i];
    }
    name[i++] = '0' + n / 10;
    name[i++] = '0' + n % 10;
    name[i] = 0;
}

static void operate(unsigned k)
{
    uint16_t name[16];
    unsigned size = sequence_size(k);
    Status status;

    make_name(name, SEQUENCE_NAME, k % SEQUENCE_VARIABLES);
    for (unsigned i = 0; i < size; i++) {
        buffer[i] = sequence_byte(k, i);
    }
    status = st->runtime->set_variable(name, &vendor, 7,
                                       sequence_deletes(k) ? 0 : size, buffer);
    print("op ");
    print_number(k);
    print(" ");
    print_number(status & 0xff);
    print("\r\n");
}

/* Print the number of the operation whose data variable n holds. */
static void tell_variable(unsigned n)
{
    uint16_t name[16];
    uint64_t size = sizeof(buffer);
    uint32_t attributes = 0;
    unsigned k;
    int bad = 0;

    make_name(name, SEQUENCE_NAME, n);
    if (st->runtime->get_variable(name, &vendor, &attributes, &size, buffer)) {
        print(" -");
        return;
    }
    k = buffer[0] | buffer[1] << 8;
    bad = attributes != 7 || size != sequence_size(k) ||
          k % SEQUENCE_VARIABLES != n;
    for (unsigned i = 0; i < size && !bad; i++) {
        bad = buffer[i] != sequence_byte(k, i);
    }
    print(bad ? " BAD" : " ");
    print_number(k);
}

/* Return how many fillers are intact. */
static unsigned count_fillers(void)
{
    unsigned sound = 0;

    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        uint16_t name[16];
        uint64_t size = sizeof(buffer);
        int intact;

        make_name(name, SEQUENCE_FILLER_NAME, n);
        if (st->runtime->get_variable(name, &vendor, 0, &size, buffer)) {
            continue;
        }
        intact = size == SEQUENCE_FILLER_SIZE;
        for (unsigned i = 0; i < size && intact; i++) {
            intact = buffer[i] == sequence_byte(n, i);
        }
        if (intact) {
            sound++;
        }
    }
    return sound;
}

/* Read a decimal number, and step behind it. */
static unsigned read_number(const uint16_t **text)
{
    unsigned n = 0;

    while (**text == ' ') {
        (*text)++;
    }
    while (**text >= '0' && **text <= '9') {
        n = 10 * n + *(*text)++ - '0';
    }
    return n;
}

Status efi_main(void *handle, SystemTable *table)
{
    LoadedImage *image = 0;
    const uint16_t *options;
    unsigned first, count;

    st = table;
    st->boot->handle_protocol(handle, &loaded_image_guid, (void **)&image);
    options = image->options;
    if (options && options[0] == 'w') {
        options++;
        first = read_number(&options);
        count = read_number(&options);
        print("\r\nready\r\n");
        for (unsigned k = first; k < first + count; k++) {
            operate(k);
        }
    }
    if (!options || options[0] != 'q') {
        print("\r\nvariables");
        for (unsigned n = 0; n < SEQUENCE_VARIABLES; n++) {
            tell_variable(n);
        }
        print(" fillers ");
        print_number(count_fillers());
    }
    print(" end\r\n");
    st->runtime->reset_system(EFI_RESET_SHUTDOWN, 0, 0, 0);
    return 0;
}
