/*
 * vmspec: what vmspec run starts: decided from options, records and files
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_SETUP_H
#define VMSPEC_TOOLS_SETUP_H

#include <glib.h>
#include <stdbool.h>

#include "options.h"

/* A folder of the host that the guest sees */
typedef struct VmShare {
    char *tag;                  /* by which the guest mounts it */
    char *dir;                  /* absolute */
    char *socket;               /* of virtiofsd; NULL: 9p */
} VmShare;

/* Everything that the command lines need; each path is absolute */
typedef struct VmSetup {
    const RunOptions *options;
    char **qemu_words;          /* the user's own, behind "--"; NULL: none */
    char *qemu;
    char *qemu_img;             /* NULL: none here */
    char *virtiofsd;            /* NULL: shares are by 9p */
    char *name;
    char *disk;                 /* NULL: none */
    char *format;
    char *store;                /* NULL: no firmware; "auto": QEMU's place */
    const char *arch;
    const char *cpu;            /* NULL: QEMU's default */
    guint64 memory;             /* MiB */
    int cpus;
    int ssh_port;
    bool disk_first;            /* of disk and ISO */
    bool no_loader;             /* the disk has no loader for any Arm CPU */
    char *iso;
    char *kernel;
    char *initrd;
    char *user_data;
    char *seed;                 /* the disk made of it */
    char *tpm_dir;
    char *tpm_socket;
    char *qmp;
    GPtrArray *shares;          /* of VmShare */
} VmSetup;

/*
 * Decide what to start for @disk, which may be NULL, with @options. Reads
 * files, changes none. Returns NULL with @error set if something is wrong.
 */
VmSetup *setup_new(const char *disk, const RunOptions *options,
                   char **qemu_words, GError **error);

void setup_free(VmSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmSetup, setup_free)

#endif
