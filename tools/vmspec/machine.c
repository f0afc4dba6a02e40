/*
 * vmspec: the command lines of QEMU and of the programs beside it
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "text.h"

static GPtrArray *new_words(const char *program)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(words, g_strdup(program));
    return words;
}

/* Add an option and what follows it, a format. */
static void G_GNUC_PRINTF(3, 4) add(GPtrArray *words, const char *option,
                                    const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    g_ptr_array_add(words, g_strdup(option));
    g_ptr_array_add(words, g_strdup_vprintf(format, ap));
    va_end(ap);
}

/*
 * Kernels of distributions drive a TPM by CRB, which ACPI alone can name. Linux
 * takes the FDT if it has both.
 */
static bool has_crb(const VmSetup *s)
{
    return s->tpm_socket && !strcmp(s->arch, "aarch64");
}

static void add_machine(GPtrArray *words, const VmSetup *s)
{
    g_autofree char *store = s->store ? escape_commas(s->store) : NULL;
    bool shared = s->virtiofsd;

    add(words, "-M", "vmspec%s%s%s%s%s",
        s->options->secure_boot ? ",secure-boot=on" : "",
        has_crb(s) ? ",fdt=off" : "",
        store ? ",nvram=" : "", store ?: "",
        shared ? ",memory-backend=ram" : "");
    add(words, "-name", "%s", s->name);
    if (s->cpu) {
        add(words, "-cpu", "%s", s->cpu);
    }
    add(words, "-smp", "%d", s->cpus);
    add(words, "-m", "%" G_GUINT64_FORMAT "M", s->memory);
    if (shared) {
        add(words, "-object", "memory-backend-memfd,id=ram,size=%"
            G_GUINT64_FORMAT "M,share=on", s->memory);
    }
    add(words, "-display", "%s", s->options->window ? "gtk" : "none");
    add(words, "-serial", "mon:stdio");
}

/* A block node of a file: its name is also that of -device's drive= */
static void add_node(GPtrArray *words, const char *node, const char *format,
                     const char *path, const char *more)
{
    g_autofree char *escaped = escape_commas(path);

    add(words, "-blockdev", "%s,node-name=%s,file.driver=file,"
        "file.filename=%s%s", format, node, escaped, more);
}

/* Screen, keyboard and pointer of a window */
static void add_seat(GPtrArray *words)
{
    add(words, "-device", "virtio-gpu-pci");
    add(words, "-device", "qemu-xhci");
    add(words, "-device", "usb-kbd");
    add(words, "-device", "usb-tablet");
}

static void add_disk(GPtrArray *words, const VmSetup *s)
{
    if (s->disk) {
        add_node(words, "disk0", s->format, s->disk, ",discard=unmap");
        add(words, "-device", "virtio-blk-pci,drive=disk0,bootindex=%d",
            s->iso && !s->disk_first ? 1 : 0);
    }
}

static void add_other_disks(GPtrArray *words, const VmSetup *s)
{
    if (s->iso) {
        add_node(words, "iso0", "raw", s->iso, ",read-only=on");
        add(words, "-device", "virtio-scsi-pci,id=scsi0");
        add(words, "-device", "scsi-cd,drive=iso0,bus=scsi0.0,bootindex=%d",
            s->disk && s->disk_first ? 1 : 0);
    }
    if (s->seed) {
        add_node(words, "seed0", "raw", s->seed, ",read-only=on");
        add(words, "-device", "virtio-blk-pci,drive=seed0");
    }
}

static void add_shares(GPtrArray *words, const VmSetup *s)
{
    for (unsigned i = 0; i < s->shares->len; i++) {
        const VmShare *share = g_ptr_array_index(s->shares, i);
        g_autofree char *path = escape_commas(share->socket ?: share->dir);

        if (share->socket) {
            add(words, "-chardev", "socket,id=%s,path=%s", share->tag, path);
            add(words, "-device", "vhost-user-fs-pci,chardev=%s,tag=%s",
                share->tag, share->tag);
        } else {
            /* only root can give files to others */
            add(words, "-fsdev", "local,id=%s,path=%s,security_model=%s",
                share->tag, path, geteuid() ? "none" : "mapped-xattr");
            add(words, "-device", "virtio-9p-pci,fsdev=%s,mount_tag=%s",
                share->tag, share->tag);
        }
    }
}

static void add_kernel(GPtrArray *words, const VmSetup *s)
{
    add(words, "-kernel", "%s", s->kernel);
    if (s->initrd) {
        add(words, "-initrd", "%s", s->initrd);
    }
    if (s->options->append) {
        add(words, "-append", "%s", s->options->append);
    }
}

GPtrArray *machine_qemu(const VmSetup *s)
{
    GPtrArray *words = new_words(s->qemu);
    g_autofree char *qmp = escape_commas(s->qmp);
    g_autofree char *tpm = s->tpm_socket ? escape_commas(s->tpm_socket) : NULL;

    add_machine(words, s);
    add(words, "-qmp", "unix:%s,server=on,wait=off", qmp);
    /*
     * Disk and card come first: a guest names a card by its place, which must
     * not depend on what else is given this time.
     */
    add_disk(words, s);
    add(words, "-netdev", "user,id=net0,hostfwd=tcp:127.0.0.1:%d-:22",
        s->ssh_port);
    add(words, "-device", "virtio-net-pci,netdev=net0");
    add_other_disks(words, s);
    if (s->options->window) {
        add_seat(words);
    }
    add_shares(words, s);
    if (tpm) {
        add(words, "-chardev", "socket,id=tpm0,path=%s", tpm);
        add(words, "-tpmdev", "emulator,id=tpm0,chardev=tpm0");
        add(words, "-device", "%s,tpmdev=tpm0",
            has_crb(s) ? "tpm-crb-device" : "tpm-tis-device");
    }
    if (s->kernel) {
        add_kernel(words, s);
    }
    for (int i = 0; s->qemu_words && s->qemu_words[i]; i++) {
        g_ptr_array_add(words, g_strdup(s->qemu_words[i]));
    }
    g_ptr_array_add(words, NULL);
    return words;
}

GPtrArray *machine_swtpm(const VmSetup *s)
{
    GPtrArray *words;

    if (!s->tpm_dir) {
        return NULL;
    }
    words = new_words("swtpm");
    g_ptr_array_add(words, g_strdup("socket"));
    g_ptr_array_add(words, g_strdup("--tpm2"));
    g_ptr_array_add(words, g_strdup("--terminate"));
    add(words, "--tpmstate", "dir=%s", s->tpm_dir);
    add(words, "--ctrl", "type=unixio,path=%s", s->tpm_socket);
    g_ptr_array_add(words, NULL);
    return words;
}

GPtrArray *machine_virtiofsd(const char *program, const VmShare *share)
{
    GPtrArray *words;

    if (!share->socket) {
        return NULL;
    }
    words = new_words(program);
    add(words, "--socket-path", "%s", share->socket);
    add(words, "--shared-dir", "%s", share->dir);
    add(words, "--log-level", "error");     /* the terminal is the guest's */
    g_ptr_array_add(words, NULL);
    return words;
}
