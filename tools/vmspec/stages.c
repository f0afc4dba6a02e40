/*
 * vmspec: what a guest's console tells of its boot
 *
 * The watcher reads a copy of what the guest prints. Firmware and loaders break
 * lines and move the cursor, so the watcher takes escape sequences out, makes
 * one blank of all blanks and line ends, and looks for texts in the last
 * WINDOW characters of the rest. A text that was found is not looked at again.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <string.h>

#include "stages.h"

#define WINDOW 1024
#define KEEP 256                /* longer than any text */
#define SILENT_SECONDS 60
#define HANDOVER "EFI stub: Exiting boot services..."

typedef enum EscapeState {
    TEXT,
    ESCAPE,
    SEQUENCE,                   /* behind ESC [ */
} EscapeState;

struct Stages {
    const StagesOps *ops;
    void *opaque;
    GString *window;
    gsize signs_from;           /* in the window: no sign before was missed */
    EscapeState escape;
    Stage stage;
    bool handed_over;           /* firmware ended, the kernel is silent yet */
    guint64 told;               /* bits: the dead ends that were told */
};

static const struct {
    const char *text;
    Stage stage;
} signs[] = {
    { "UEFI firmware (version", STAGE_FIRMWARE },
    { "vmspec: nothing to boot:", STAGE_NOTHING },
    { "UEFI Interactive Shell", STAGE_NOTHING },
    { "Welcome to GRUB", STAGE_LOADER },
    { "GNU GRUB", STAGE_LOADER },
    { "GRUB loading", STAGE_LOADER },
    { "Booting `", STAGE_LOADER },
    { "Loading Linux ", STAGE_LOADER },
    { "Loading initial ramdisk", STAGE_LOADER },
    { "systemd-boot", STAGE_LOADER },
    { "FreeBSD EFI boot", STAGE_LOADER },
    { ">> OpenBSD/arm64 BOOT", STAGE_LOADER },
    { "EFI stub: Booting Linux", STAGE_KERNEL },
    { "Booting Linux on physical CPU", STAGE_KERNEL },
    { "] Linux version ", STAGE_KERNEL },
    { "---<<BOOT>>---", STAGE_KERNEL },
    { "Copyright (c) 1995-2", STAGE_KERNEL },       /* OpenBSD */
    { "as init process", STAGE_SYSTEM },
    { "systemd[1]:", STAGE_SYSTEM },
    { "OpenRC ", STAGE_SYSTEM },
    { "Welcome to the vmspec demo guest", STAGE_SYSTEM },
    { " login: ", STAGE_LOGIN },
    { "end Kernel panic", STAGE_DEAD },
};

/* At the end of what is printed: a shell waits for a person. */
static const char *const prompts[] = {
    "~# ", "~ # ", ":/# ", "/ # ", "~$ ",
};

static const char no_loader[] =
    "the disk has no default boot loader. If another VM started it, copy that "
    "VM's variable store too; else install the loader as removable "
    "(grub-install --removable)";

/*
 * Dead ends. Of those that a text fits the first one is told, so the special
 * ones come first. @last: not behind this stage, where programs print.
 * @general: not if something else was told.
 */
static const struct {
    const char *text;
    Stage last;
    const char *advice;
    bool general;
} dead_ends[] = {
    { "but BOOTX64.EFI", STAGE_LOADER,
      "the disk is for x86-64; take the image for arm64 (aarch64)" },
    { "but BOOTIA32.EFI", STAGE_LOADER,
      "the disk is for 32-bit x86; take the image for arm64 (aarch64)" },
    { "but BOOTARM.EFI", STAGE_LOADER,
      "the disk is for 32-bit Arm; add --arch arm" },
    { "but BOOTAA64.EFI", STAGE_LOADER,
      "the disk is for 64-bit Arm; add --arch aarch64" },
    { "is for another architecture (PE", STAGE_LOADER,
      "the disk's boot loader is for another CPU than this VM's: take the "
      "image for it, or another --arch" },
    { "opened as raw: use format=qcow2", STAGE_LOADER,
      "the disk is a qcow2 image; add --format qcow2" },
    { ": no partition table", STAGE_LOADER,
      "the disk is empty or no image of a disk; --iso FILE installs a system "
      "on it" },
    { ": no EFI system partition", STAGE_LOADER,
      "UEFI cannot boot the disk: it has no EFI system partition; vmspec check "
      "shows what it has" },
    { "is no EFI application", STAGE_LOADER,
      "the disk's boot loader is damaged: restore the image" },
    /* with more behind the name, it is one of those above */
    { "\\BOOTAA64.EFI the network is tried", STAGE_LOADER, no_loader },
    { "\\BOOTARM.EFI the network is tried", STAGE_LOADER, no_loader },
    { "refused by Secure Boot", STAGE_LOADER,
      "no key of this VM trusts the loader: leave --secure-boot out, or put "
      "the key of its maker into db (vmspec-nvram)" },
    { "Security Violation", STAGE_KERNEL,
      "no key of this VM trusts what the loader starts: leave --secure-boot "
      "out, or sign it" },
    { "bad shim signature", STAGE_KERNEL,
      "no key of this VM trusts the kernel: leave --secure-boot out, or take a "
      "signed kernel" },
    { "returned to firmware", STAGE_LOADER,
      "the boot loader ran and gave up: its own message is above" },
    { "nothing to boot: no disk", STAGE_LOADER,
      "the firmware sees no disk: name one, as in vmspec run DISK" },
    { "grub rescue>", STAGE_LOADER,
      "GRUB does not find its files: the disk was changed or copied in part; "
      "type ls to see its partitions, Ctrl-A X to end" },
    { "Synchronous Exception at", STAGE_KERNEL,
      "the firmware or the boot loader crashed; older loaders do on newer "
      "CPUs: try --cpu cortex-a57, and a newer image" },
    { "Unable to mount root fs", STAGE_DEAD,
      "the kernel finds no root file system: check root= on its command line "
      "(--append with --kernel) and add its --initrd; disks are /dev/vda and "
      "up" },
    { "No working init found", STAGE_DEAD,
      "the root file system has no program to start: check root= and init= on "
      "the kernel's command line" },
    { "Attempted to kill init", STAGE_DEAD,
      "the guest's first process ended: its own message is above" },
    { "end Kernel panic - not syncing", STAGE_DEAD,
      "the guest's kernel gave up for the reason above; Ctrl-A X ends the VM",
      .general = true },
    { "Gave up waiting for root", STAGE_LOGIN,
      "the guest's initramfs does not find the root file system: check root= "
      "and that the initramfs has virtio_blk" },
    { "dracut-initqueue timeout", STAGE_LOGIN,
      "the guest's initramfs does not find the root file system: check root= "
      "and that the initramfs has virtio_blk" },
    { "Could not prepare Boot variable: No space left", STAGE_DEAD,
      "the variable store is full: vmspec-nvram list NAME shows what it has, "
      "vmspec reset NAME starts afresh" },
    { "You are in emergency mode", STAGE_LOGIN,
      "the guest did not come up: log in as root here; journalctl -xb says "
      "why" },
    { "Out of memory: Killed process", STAGE_DEAD,
      "the guest has too little memory: start it with more, --memory 4G" },
    { "No space left on device", STAGE_SYSTEM,
      "a file system of the guest is full: stop the VM, enlarge the disk by "
      "qemu-img resize DISK +10G, then grow the file system in the guest" },
};

static const char silent_kernel[] =
    "the kernel prints nothing: if its command line names a console, make it "
    "console=ttyAMA0, or leave it out; a 64-bit kernel needs a 64-bit --cpu";

static const char *const stage_names[STAGES] = {
    [STAGE_START] = "starting",
    [STAGE_FIRMWARE] = "firmware",
    [STAGE_NOTHING] = "nothing-to-boot",
    [STAGE_LOADER] = "loader",
    [STAGE_KERNEL] = "kernel",
    [STAGE_SYSTEM] = "system",
    [STAGE_LOGIN] = "login",
    [STAGE_DEAD] = "panic",
};

const char *stage_name(Stage stage)
{
    return stage_names[stage];
}

Stages *stages_new(const StagesOps *ops, void *opaque)
{
    Stages *s = g_new0(Stages, 1);

    G_STATIC_ASSERT(G_N_ELEMENTS(dead_ends) < 64);
    s->ops = ops;
    s->opaque = opaque;
    s->window = g_string_new(NULL);
    return s;
}

void stages_free(Stages *s)
{
    if (s) {
        g_string_free(s->window, true);
        g_free(s);
    }
}

/* Add a character to the window unless it belongs to an escape sequence. */
static void take_character(Stages *s, char c)
{
    switch (s->escape) {
    case ESCAPE:
        s->escape = c == '[' ? SEQUENCE : TEXT;
        return;
    case SEQUENCE:
        if (c >= '@' && c <= '~') {
            s->escape = TEXT;
        }
        return;
    case TEXT:
        break;
    }
    if (c == '\033') {
        s->escape = ESCAPE;
    } else if (g_ascii_isspace(c)) {
        if (s->window->len && s->window->str[s->window->len - 1] != ' ') {
            g_string_append_c(s->window, ' ');
        }
    } else if (g_ascii_iscntrl(c) == 0) {
        g_string_append_c(s->window, c);
    }
}

static void enter(Stages *s, Stage stage)
{
    /* the guest has been reset: all can happen again */
    if (stage == STAGE_FIRMWARE) {
        s->told = 0;
    }
    /* within a boot it goes forward only: a log may quote what was before */
    if (stage != STAGE_FIRMWARE && stage <= s->stage &&
        (stage != STAGE_NOTHING || s->stage > STAGE_LOADER)) {
        return;
    }
    if (stage != s->stage) {
        s->stage = stage;
        s->ops->stage(s->opaque, stage);
    }
}

static void find_stage(Stages *s)
{
    Stage newest = STAGES;
    const char *last = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        const char *at = g_strrstr(s->window->str + s->signs_from,
                                   signs[i].text);

        if (at && (!last || at > last)) {
            last = at;
            newest = signs[i].stage;
        }
    }
    if (last) {
        s->signs_from = last + 1 - s->window->str;
        if (newest == STAGE_FIRMWARE) {
            /* what the guest printed before its reset is no sign any more */
            g_string_erase(s->window, 0, s->signs_from - 1);
            s->signs_from = 1;
        }
        enter(s, newest);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(prompts); i++) {
        if (g_str_has_suffix(s->window->str, prompts[i])) {
            enter(s, STAGE_LOGIN);
        }
    }
}

/* Tell of the first dead end that is in the window and was not told yet. */
static void find_dead_end(Stages *s)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dead_ends); i++) {
        guint64 bit = G_GUINT64_CONSTANT(1) << i;
        bool fits = s->stage <= dead_ends[i].last &&
                    !(dead_ends[i].general && s->told);

        if (fits && strstr(s->window->str, dead_ends[i].text)) {
            if (!(s->told & bit)) {
                s->told |= bit;
                s->ops->advice(s->opaque, dead_ends[i].advice);
            }
            return;
        }
    }
}

/* Forget what was looked at, but for what may be the start of a text. */
static void shorten(Stages *s)
{
    if (s->window->len > WINDOW) {
        gsize gone = s->window->len - KEEP;

        g_string_erase(s->window, 0, gone);
        s->signs_from -= MIN(s->signs_from, gone);
    }
}

/* Is this the last that is printed before the kernel has a console? */
static bool ends_in_handover(const char *text)
{
    return g_str_has_suffix(text, HANDOVER) ||
           g_str_has_suffix(text, HANDOVER " ");
}

/* How much of the data to look at next: up to the end of a line */
static gsize next_piece(const char *data, gsize size)
{
    const char *end = memchr(data, '\n', size);

    return MIN(end ? (gsize)(end + 1 - data) : size, WINDOW);
}

void stages_feed(Stages *s, const char *data, gsize size)
{
    while (size) {
        gsize n = next_piece(data, size);

        for (gsize i = 0; i < n; i++) {
            take_character(s, data[i]);
        }
        find_stage(s);
        find_dead_end(s);
        s->handed_over = ends_in_handover(s->window->str);
        shorten(s);
        data += n;
        size -= n;
    }
}

void stages_idle(Stages *s, unsigned seconds)
{
    if (s->handed_over && seconds >= SILENT_SECONDS) {
        s->handed_over = false;
        s->ops->advice(s->opaque, silent_kernel);
    }
}
