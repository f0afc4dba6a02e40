/*
 * vmspec check: can firmware boot this disk, and on which CPU?
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "esp.h"
#include "find.h"
#include "registry/registry.h"
#include "text.h"

static char *format;

static const GOptionEntry check_entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      "Format of the disk: raw, qcow2 (default: as when it first ran)",
      "FORMAT" },
    G_OPTION_ENTRY_NULL
};

static const char *const tables[] = {
    [TABLE_NONE] = "none",
    [TABLE_GPT] = "GPT",
    [TABLE_MBR] = "MBR",
    [TABLE_WHOLE_DISK] = "none: the disk is one file system",
};

static const char *const archs[LOADER_ARCHS] = {
    [LOADER_AARCH64] = "64-bit Arm",
    [LOADER_ARM] = "32-bit Arm",
    [LOADER_X64] = "x86-64",
    [LOADER_IA32] = "32-bit x86",
};

static void print_loaders(const EspReport *report)
{
    for (int i = 0; i < LOADER_ARCHS; i++) {
        const Loader *loader = &report->loaders[i];
        const char *about = loader->has_signature ? ", with a signature" : "";

        if (loader->found) {
            printf("loader: \\EFI\\BOOT\\%s, %s%s\n", esp_loader_file(i),
                   archs[i], loader->sound ? about :
                   ", damaged: no EFI application of that kind");
        }
    }
}

static void print_report(const Disk *disk, const char *image_format,
                         const EspReport *report)
{
    g_autofree char *size = size_as_text(disk_size(disk));
    g_autofree char *esp_size = size_as_text(report->size);

    printf("format: %s, %s\n", image_format, size);
    printf("partition table: %s\n", tables[report->table]);
    if (report->found) {
        printf("EFI system partition: at byte %" G_GUINT64_FORMAT ", %s%s\n",
               report->offset, esp_size,
               report->fat ? ", FAT" : ", no FAT file system");
    } else {
        printf("EFI system partition: none\n");
    }
    print_loaders(report);
}

/* What stands in the way of a boot; false with @error set, and the way out */
static bool judge(const char *path, const EspReport *report, GError **error)
{
    const Loader *arm = &report->loaders[LOADER_ARM];
    const Loader *aarch64 = &report->loaders[LOADER_AARCH64];

    if (aarch64->sound) {
        printf("boots: vmspec run %s\n", path);
        return true;
    }
    if (arm->sound) {
        printf("boots: vmspec run %s (with a 32-bit CPU, cortex-a15)\n", path);
        return true;
    }
    if (report->table == TABLE_NONE) {
        return bail(error, "%s does not boot: no partition table; --iso FILE "
                    "installs a system on it", path);
    }
    if (!report->found || !report->fat) {
        return bail(error, "%s does not boot: no EFI system partition with a "
                    "FAT file system; take an image for UEFI", path);
    }
    if (aarch64->found || arm->found) {
        return bail(error, "%s does not boot: its loader is damaged; restore "
                    "the image", path);
    }
    if (report->loaders[LOADER_X64].found ||
        report->loaders[LOADER_IA32].found) {
        return bail(error, "%s does not boot: it is for x86; take the image "
                    "for arm64 (aarch64)", path);
    }
    return bail(error, "%s boots only with the variable store that has its "
                "boot entry: it has no default loader \\EFI\\BOOT\\"
                "BOOTAA64.EFI; copy that store, or install the loader as "
                "removable (grub-install --removable)", path);
}

static bool run_check(const Words *words, GError **error)
{
    const char *path = words->list[0];
    g_autofree char *name = NULL;
    g_autoptr(VmRecord) record = NULL;
    g_autofree char *qemu = find_qemu(NULL, NULL);
    g_autofree char *qemu_img = NULL;
    g_autoptr(Disk) disk = NULL;
    const char *image_format;
    EspReport report;

    if (access(path, F_OK) < 0 && vm_name_valid(path)) {
        record = vm_record_load(path, NULL);
        path = record && record->disk ? record->disk : path;
    } else {
        name = vm_name_for(path);
        record = vm_record_load(name, NULL);
    }
    if (access(path, R_OK) < 0) {
        return bail(error, "%s: cannot read: %s", path, g_strerror(errno));
    }
    image_format = record ? record->format : NULL;
    image_format = format ?: (image_format ?: disk_guess_format(path));
    if (strcmp(image_format, "raw")) {
        qemu_img = find_qemu_img(qemu, error);
        if (!qemu_img) {
            return false;
        }
    }
    disk = disk_open(path, image_format, qemu_img, error);
    if (!disk || !esp_inspect(disk, &report, error)) {
        return false;
    }
    print_report(disk, image_format, &report);
    return judge(path, &report, error);
}

const Command command_check = {
    .name = "check",
    .arguments = "DISK|NAME",
    .about = "look whether firmware can boot a disk",
    .details = "Exit status 0 if it can, 1 if it cannot.",
    .options = check_entries,
    .min = 1,
    .max = 1,
    .run = run_check,
};
