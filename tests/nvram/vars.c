/*
 * vmspec guest: an EFI application that writes variables
 *
 * Started by the firmware as -kernel, with -append "w FIRST COUNT": makes the
 * operations FIRST to FIRST + COUNT - 1 of a fixed sequence, and says each,
 * and then what the variables hold; "c": only that; "q": nothing. Then it
 * shuts down.
 * tests/nvram/crash.c knows the same sequence.
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

static void say(const char *text)
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

static void say_number(uint64_t n)
{
    char text[24];
    int i = sizeof(text) - 1;

    text[i] = 0;
    do {
        text[--i] = '0' + n % 10;
        n /= 10;
    } while (n);
    say(text + i);
}

static void name_of(uint16_t *name, const char *stem, unsigned n)
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

    name_of(name, SEQUENCE_NAME, k % SEQUENCE_VARIABLES);
    for (unsigned i = 0; i < size; i++) {
        buffer[i] = sequence_byte(k, i);
    }
    status = st->runtime->set_variable(name, &vendor, 7,
                                       sequence_deletes(k) ? 0 : size, buffer);
    say("op ");
    say_number(k);
    say(" ");
    say_number(status & 0xff);
    say("\r\n");
}

/* Says the number of the operation that wrote the variable. */
static void check(unsigned n)
{
    uint16_t name[16];
    uint64_t size = sizeof(buffer);
    uint32_t attributes = 0;
    unsigned k;
    int bad = 0;

    name_of(name, SEQUENCE_NAME, n);
    if (st->runtime->get_variable(name, &vendor, &attributes, &size, buffer)) {
        say(" -");
        return;
    }
    k = buffer[0] | buffer[1] << 8;
    bad = attributes != 7 || size != sequence_size(k) ||
          k % SEQUENCE_VARIABLES != n;
    for (unsigned i = 0; i < size && !bad; i++) {
        bad = buffer[i] != sequence_byte(k, i);
    }
    say(bad ? " BAD" : " ");
    say_number(k);
}

static unsigned check_fillers(void)
{
    unsigned sound = 0;

    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        uint16_t name[16];
        uint64_t size = sizeof(buffer);
        int bad = 0;

        name_of(name, SEQUENCE_FILLER_NAME, n);
        if (st->runtime->get_variable(name, &vendor, 0, &size, buffer)) {
            continue;
        }
        bad = size != SEQUENCE_FILLER_SIZE;
        for (unsigned i = 0; i < size && !bad; i++) {
            bad = buffer[i] != sequence_byte(n, i);
        }
        sound += !bad;
    }
    return sound;
}

static unsigned number(const uint16_t **text)
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
        first = number(&options);
        count = number(&options);
        say("\r\nready\r\n");
        for (unsigned k = first; k < first + count; k++) {
            operate(k);
        }
    }
    if (!options || options[0] != 'q') {
        say("\r\nvariables");
        for (unsigned n = 0; n < SEQUENCE_VARIABLES; n++) {
            check(n);
        }
        say(" fillers ");
        say_number(check_fillers());
    }
    say(" end\r\n");
    st->runtime->reset_system(EFI_RESET_SHUTDOWN, 0, 0, 0);
    return 0;
}
