/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sound
 *
 * The cases of -audio: the guest plays two seconds, and QEMU writes what
 * arrives to a WAV file.  The guest's modules are on a disk of their own.
 */

#include "cases.h"
#include "demo.h"

/* Before the samples of a WAV file; a sample has two bytes */
#define WAV_HEADER 44

/* Half of a second of what the guest plays, on two channels at 44.1 kHz */
#define LEAST_SAMPLES 44100

typedef struct Card {
    const char *model;          /* of -audio model= */
    const char *linux_name;     /* what Linux calls it */
} Card;

static const Card cards[] = {
    { "hda", "HDA Intel at" },
    { "virtio", "VirtIO SoundCard at" },
};

static size_t samples_that_sound(const char *path)
{
    g_autofree char *wav = NULL;
    size_t length = 0, count = 0;

    if (!g_file_get_contents(path, &wav, &length, NULL)) {
        return 0;
    }
    for (size_t i = WAV_HEADER; i + 1 < length; i += 2) {
        count += wav[i] || wav[i + 1];
    }
    return count;
}

/* A device that speaks OSS plays bytes as they are: 8,000 of them a second. */
static void test_plays(gconstpointer data)
{
    const Card *card = data;
    g_autofree char *name = g_strdup_printf("sound/%s", card->model);
    g_autofree char *modules = guest_file("sound-modules-aarch64.cpio");
    g_autofree char *seen = NULL;
    g_autofree char *wav = NULL;
    g_autoptr(Guest) g = guest_new(name);
    size_t count;

    wav = g_build_filename(guest_folder(g), "played.wav", NULL);
    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-audio wav,model=%s,path='%s'"
              " -drive if=none,id=m,format=raw,readonly=on,file='%s'"
              " -device virtio-blk-pci,drive=m", card->model, wav, modules);
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "mkdir /tmp/m; cd /tmp/m; cpio -i < /dev/vda;"
                     " for m in *; do insmod $m; done; cd /;"
                     " until [ -c /dev/dsp ]; do sleep 0.1; done"));
    seen = guest_ask(g, "cat /proc/asound/cards; dd if=/dev/zero bs=16000"
                     " count=1 | tr '\\000' '\\040' > /dev/dsp;"
                     " echo played-$?");
    guest_check(g, seen, card->linux_name, true);
    guest_check(g, seen, "played-0", true);
    demo_power_off(g);
    count = samples_that_sound(wav);
    g_test_message("%zu samples sound", count);
    if (count < LEAST_SAMPLES) {
        guest_fail(g, "%zu samples of the WAV file sound, expected %d", count,
                   LEAST_SAMPLES);
    }
}

static void add_sound_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(cards); i++) {
        guest_add_case(test_plays, &cards[i], "sound/%s", cards[i].model);
    }
}

guest_cases(add_sound_cases)
