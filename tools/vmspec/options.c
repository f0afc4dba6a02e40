/*
 * vmspec: the options of vmspec run and vmspec xml
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "options.h"

RunOptions run_options;

/* What a VM is made of; help shows the options in this order. */
#define VM_OPTIONS \
    { "name", 'n', 0, G_OPTION_ARG_STRING, &run_options.name, \
      "Name of the VM (default: that of the disk)", "NAME" }, \
    { "memory", 'm', 0, G_OPTION_ARG_STRING, &run_options.memory, \
      "Memory, such as 4G (default: 2G, at most half of the host's)", \
      "SIZE" }, \
    { "cpus", 'c', 0, G_OPTION_ARG_INT, &run_options.cpus, \
      "Number of CPUs (default: the host's, at most 4)", "N" }, \
    { "arch", 0, 0, G_OPTION_ARG_STRING, &run_options.arch, \
      "aarch64 or arm (default: that of the disk's loader)", "ARCH" }, \
    { "cpu", 0, 0, G_OPTION_ARG_STRING, &run_options.cpu, \
      "CPU model, as QEMU's -cpu", "MODEL" }, \
    { "format", 0, 0, G_OPTION_ARG_STRING, &run_options.format, \
      "Format of the disk: raw, qcow2 (default: as when it first ran)", \
      "FORMAT" }, \
    { "iso", 0, 0, G_OPTION_ARG_FILENAME, &run_options.iso, \
      "A CD to install from or to start", "FILE" }, \
    { "cloud-init", 0, 0, G_OPTION_ARG_FILENAME, &run_options.cloud_init, \
      "user-data for cloud-init, given to the guest as a seed disk", \
      "FILE" }, \
    { "share", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &run_options.shares, \
      "Share a folder of the host (virtiofs, or 9p without virtiofsd)", \
      "DIR" }, \
    { "tpm", 0, 0, G_OPTION_ARG_NONE, &run_options.tpm, \
      "A TPM, by swtpm, with its state beside the disk", NULL }, \
    { "secure-boot", 0, 0, G_OPTION_ARG_NONE, &run_options.secure_boot, \
      "Start signed loaders only", NULL }, \
    { "window", 0, 0, G_OPTION_ARG_NONE, &run_options.window, \
      "A window with screen, keyboard and pointer", NULL }, \
    { "kernel", 0, 0, G_OPTION_ARG_FILENAME, &run_options.kernel, \
      "Start this kernel without firmware", "FILE" }, \
    { "initrd", 0, 0, G_OPTION_ARG_FILENAME, &run_options.initrd, \
      "Its initial file system", "FILE" }, \
    { "append", 0, 0, G_OPTION_ARG_STRING, &run_options.append, \
      "Its command line", "TEXT" }, \
    { "qemu", 0, 0, G_OPTION_ARG_FILENAME, &run_options.qemu, \
      "QEMU with the machine vmspec", "PROGRAM" }

const GOptionEntry xml_option_entries[] = {
    VM_OPTIONS,
    G_OPTION_ENTRY_NULL
};

const GOptionEntry run_option_entries[] = {
    VM_OPTIONS,
    { "ssh-port", 0, 0, G_OPTION_ARG_INT, &run_options.ssh_port,
      "Port of the host that leads to the guest's ssh (default: a free one)",
      "PORT" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &run_options.dry_run,
      "Print the commands that would run, for a shell, and run nothing",
      NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &run_options.verbose,
      "Tell each stage of the boot on a terminal too", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &run_options.quiet,
      "Tell nothing but errors", NULL },
    G_OPTION_ENTRY_NULL
};
