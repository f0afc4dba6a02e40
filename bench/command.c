/*
 * vmspec benchmark: what is started
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* PCI functions of a slot, and the first slot that a machine leaves free */
#define FUNCTIONS 8
#define FIRST_SLOT 8

typedef struct Program {
    const char *who;
    const char *name;       /* below the build directory, or found by PATH */
    const char *words;      /* how it is started; @NAME@ is replaced */
    bool needs_kvm;         /* of an arm64 host */
} Program;

typedef struct File {
    const char *name;
    const char *path;       /* below the build directory */
} File;

#define QEMU "qemu/qemu-system-aarch64"
#define DEBIAN "bench/debian"
#define OF_VIRT "-M virt,gic-version=3 -cpu max -display none -monitor none"
#define AAVMF "tests/guest/images/packages/usr/share/AAVMF/"

/* Debian's QEMU has libraries of its own, and so its own dynamic linker. */
static const Program programs[] = {
    { "vmspec", QEMU, "@qemu@ -M vmspec -display none -monitor none" },
    { "virt", QEMU, "@qemu@ " OF_VIRT },
    { "u-boot", QEMU, "@qemu@ " OF_VIRT " -bios @u-boot@" },
    { "debian", DEBIAN "/usr/bin/qemu-system-aarch64",
      "@debian@/lib64/ld-linux-x86-64.so.2 --library-path "
      "@debian@/usr/lib/x86_64-linux-gnu @debian@/usr/bin/qemu-system-aarch64 "
      "-L @debian@/usr/share/qemu " OF_VIRT },
    { "aavmf-sid", "bench/firmware-sid/usr/share/AAVMF", "@qemu@ " OF_VIRT },
    { "kvmtool", "lkvm", "lkvm run --console serial", true },
    { "crosvm", "crosvm", "crosvm run", true },
};

static const File files[] = {
    { "qemu", QEMU },
    { "debian", DEBIAN },
    { "plugin", "qemu/tests/tcg/plugins/libinsn.so" },
    { "off", "bench/off.bin" },
    { "off-efi", "bench/off-efi.bin" },
    { "off.fd", "bench/off.fd" },
    { "off.efi", "bench/off-aarch64.efi" },
    { "vars.efi", "tests/nvram/vars.efi" },
    { "disk", "bench/off-aarch64.img" },
    { "disk32", "bench/off-arm.img" },
    { "grub", "bench/grub-aarch64.img" },
    { "vars", "firmware/vmspec-vars-aarch64.fd" },
    { "nvram-tool", "tools/vmspec-nvram" },
    { "uefi", "firmware/vmspec-uefi-aarch64.fd" },
    { "secure", "firmware/vmspec-uefi-aarch64-secure.fd" },
    { "aavmf", AAVMF "AAVMF_CODE.no-secboot.fd" },
    { "aavmf-vars", AAVMF "AAVMF_VARS.fd" },
    { "aavmf-secure", AAVMF "AAVMF_CODE.secboot.fd" },
    { "aavmf32", "bench/firmware/usr/share/AAVMF/AAVMF32_CODE.fd" },
    { "aavmf-sid",
      "bench/firmware-sid/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd" },
    { "u-boot", "tests/guest/images/u-boot-aarch64.bin" },
    { "kernel", "demo/vmlinuz-aarch64" },
    { "initramfs", "demo/initramfs-aarch64.cpio.gz" },
};

static char *build_directory;

void command_set_build(const char *build)
{
    build_directory = g_canonicalize_filename(build, NULL);
}

char *command_build_file(const char *name)
{
    return g_build_filename(build_directory, name, NULL);
}

/* Append N virtio disks: on functions, as a bus has 32 slots only. */
static void append_disks(GString *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(out, " -blockdev null-co,node-name=d%u,"
                               "read-zeroes=on -device virtio-blk-pci,"
                               "drive=d%u,addr=%x.%x,multifunction=on", i, i,
                               FIRST_SLOT + i / FUNCTIONS, i % FUNCTIONS);
    }
}

static void append_ports(GString *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(out, " -device pcie-root-port,id=p%u,chassis=%u,"
                               "addr=%x.%x,multifunction=on", i, i + 1,
                               FIRST_SLOT + i / FUNCTIONS, i % FUNCTIONS);
    }
}

/* Append what @NAME@ stands for; false, with the reason, if it is not there */
static bool append_name(GString *out, const char *name, char **why)
{
    if (g_str_has_prefix(name, "blk:")) {
        append_disks(out, atoi(name + strlen("blk:")));
        return true;
    }
    if (g_str_has_prefix(name, "ports:")) {
        append_ports(out, atoi(name + strlen("ports:")));
        return true;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = NULL;

        if (strcmp(files[i].name, name)) {
            continue;
        }
        path = command_build_file(files[i].path);
        if (access(path, R_OK)) {
            *why = g_strdup_printf("%s is not in the build directory",
                                   files[i].path);
            return false;
        }
        g_string_append(out, path);
        return true;
    }
    *why = g_strdup_printf("there is no file @%s@", name);
    return false;
}

char *command_expand(const char *options, char **why)
{
    g_auto(GStrv) parts = g_strsplit(options, "@", -1);
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; parts[i]; i++) {
        if (i % 2 == 0) {
            g_string_append(out, parts[i]);
        } else if (!append_name(out, parts[i], why)) {
            g_string_free(out, TRUE);
            return NULL;
        }
    }
    return g_string_free(out, FALSE);
}

/* Why this program does not run here, or NULL */
static char *missing(const Program *program)
{
    g_autofree char *path = NULL;

#ifndef __x86_64__
    if (!strcmp(program->who, "debian")) {
        return g_strdup("its paths are known for x86-64 hosts only");
    }
#endif
    if (program->needs_kvm) {
#ifndef __aarch64__
        return g_strdup("does not run here: it needs an arm64 host with KVM");
#endif
        if (access("/dev/kvm", R_OK | W_OK)) {
            return g_strdup("does not run here: there is no /dev/kvm");
        }
        path = g_find_program_in_path(program->name);
        return path ? NULL : g_strdup("is not installed");
    }
    path = command_build_file(program->name);
    return access(path, R_OK) == 0 ? NULL :
        g_strdup_printf("%s is not in the build directory", program->name);
}

char **command_words(const Side *side, char **why)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(programs); i++) {
        g_autofree char *line = NULL;
        g_autofree char *all = NULL;
        char **words = NULL;

        if (strcmp(programs[i].who, side->who)) {
            continue;
        }
        *why = missing(&programs[i]);
        if (*why) {
            return NULL;
        }
        line = g_strjoin(" ", programs[i].words, side->options, NULL);
        all = command_expand(line, why);
        if (all && !g_shell_parse_argv(all, NULL, &words, NULL)) {
            *why = g_strdup_printf("cannot split: %s", all);
        }
        return words;
    }
    *why = g_strdup("is unknown");
    return NULL;
}
