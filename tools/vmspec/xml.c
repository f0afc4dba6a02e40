/*
 * vmspec xml: the same VM for libvirt
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "setup.h"
#include "text.h"

/* Room for vmspec attach's kind of hot-plug: libvirt leaves one port alone. */
#define FREE_PORTS 4

/* @format with each string quoted for XML */
static void G_GNUC_PRINTF(1, 2) put(const char *format, ...)
{
    va_list ap;
    g_autofree char *text = NULL;

    va_start(ap, format);
    text = g_markup_vprintf_escaped(format, ap);
    va_end(ap);
    fputs(text, stdout);
}

static void put_os(const VmSetup *s)
{
    bool firmware = s->store;

    put(firmware ? "  <os firmware='efi'>\n" : "  <os>\n");
    put("    <type arch='%s' machine='virt-vmspec-1.0'>hvm</type>\n",
        strcmp(s->arch, "arm") ? s->arch : "armv7l");
    if (firmware) {
        const char *secure = s->options->secure_boot ? "yes" : "no";

        put("    <firmware>\n      <feature enabled='%s' "
            "name='secure-boot'/>\n", secure);
        if (s->options->secure_boot) {
            put("      <feature enabled='yes' name='enrolled-keys'/>\n");
        }
        put("    </firmware>\n");
        put("    <nvram format='qcow2'/>\n");
    }
    if (s->kernel) {
        put("    <kernel>%s</kernel>\n", s->kernel);
        if (s->initrd) {
            put("    <initrd>%s</initrd>\n", s->initrd);
        }
        if (s->options->append) {
            put("    <cmdline>%s</cmdline>\n", s->options->append);
        }
    }
    put("  </os>\n");
}

static void put_disks(const VmSetup *s)
{
    if (s->disk) {
        put("    <disk type='file' device='disk'>\n"
            "      <driver name='qemu' type='%s' discard='unmap'/>\n"
            "      <source file='%s'/>\n      <target dev='vda' bus='virtio'/>\n",
            s->format, s->disk);
        if (!s->kernel) {
            put("      <boot order='%d'/>\n",
                s->iso && !s->disk_first ? 2 : 1);
        }
        put("    </disk>\n");
    }
    if (s->iso) {
        put("    <disk type='file' device='cdrom'>\n"
            "      <driver name='qemu' type='raw'/>\n"
            "      <source file='%s'/>\n      <target dev='sda' bus='scsi'/>\n"
            "      <readonly/>\n", s->iso);
        if (!s->kernel) {
            put("      <boot order='%d'/>\n",
                s->disk && s->disk_first ? 2 : 1);
        }
        put("    </disk>\n    <controller type='scsi' model='virtio-scsi'/>\n");
    }
}

static void put_shares(const VmSetup *s)
{
    for (unsigned i = 0; i < s->shares->len; i++) {
        const VmShare *share = g_ptr_array_index(s->shares, i);

        put("    <filesystem type='mount' accessmode='%s'>\n",
            share->socket ? "passthrough" : "mapped");
        if (share->socket) {
            put("      <driver type='virtiofs'/>\n");
        }
        put("      <source dir='%s'/>\n      <target dir='%s'/>\n"
            "    </filesystem>\n", share->dir, share->tag);
    }
}

static void put_devices(const VmSetup *s)
{
    put("  <devices>\n    <emulator>%s</emulator>\n", s->qemu);
    put_disks(s);
    for (int i = 0; i < FREE_PORTS; i++) {
        put("    <controller type='pci' model='pcie-root-port'/>\n");
    }
    put("    <interface type='user'>\n      <model type='virtio'/>\n"
        "    </interface>\n");
    put_shares(s);
    if (s->tpm_dir) {
        put("    <tpm model='tpm-tis'>\n"
            "      <backend type='emulator' version='2.0'/>\n    </tpm>\n");
    }
    if (s->options->window) {
        put("    <controller type='usb' model='qemu-xhci'/>\n"
            "    <input type='keyboard' bus='usb'/>\n"
            "    <input type='tablet' bus='usb'/>\n"
            "    <graphics type='vnc'/>\n"
            "    <video>\n      <model type='virtio'/>\n    </video>\n");
    }
    put("    <serial type='pty'/>\n    <console type='pty'/>\n"
        "  </devices>\n");
}

static void put_domain(const VmSetup *s)
{
    bool arm = !strcmp(s->arch, "arm");

    put("<domain type='qemu'>\n  <name>%s</name>\n"
        "  <memory unit='MiB'>%" G_GUINT64_FORMAT "</memory>\n", s->name,
        s->memory);
    if (s->virtiofsd) {
        put("  <memoryBacking>\n    <source type='memfd'/>\n"
            "    <access mode='shared'/>\n  </memoryBacking>\n");
    }
    put("  <vcpu>%d</vcpu>\n", s->cpus);
    put_os(s);
    put("  <features>\n");
    if (!arm) {
        put("    <acpi/>\n");
    }
    put("    <gic version='%d'/>\n  </features>\n", arm ? 2 : 3);
    if (s->cpu) {
        put("  <cpu mode='custom' match='exact'>\n    <model>%s</model>\n"
            "  </cpu>\n", s->cpu);
    }
    put_devices(s);
    put("</domain>\n");
}

static bool run_xml(const Words *words, GError **error)
{
    g_autoptr(VmSetup) s = setup_new(words->list[0], &run_options, words->rest,
                                     error);

    if (!s) {
        return false;
    }
    put_domain(s);
    if (s->seed) {
        say("libvirt has no seed of vmspec: add one to the XML, or use "
            "virt-install --cloud-init");
    }
    if (s->store && strcmp(s->store, "auto")) {
        say("libvirt makes a variable store of its own; to take this VM's "
            "along, write <nvram format='qcow2'>%s</nvram>", s->store);
    }
    if (s->qemu_words) {
        say("QEMU's options behind '--' are not in the XML");
    }
    return true;
}

const Command command_xml = {
    .name = "xml",
    .arguments = "[DISK|NAME]",
    .about = "print the libvirt domain of the same VM",
    .details = "virsh define takes it. The machine must be installed, so that "
               "libvirt finds its firmware.",
    .options = xml_option_entries,
    .max = 1,
    .takes_rest = true,
    .run = run_xml,
};
