/*
 * vmspec: the options of vmspec run and vmspec xml
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_OPTIONS_H
#define VMSPEC_TOOLS_OPTIONS_H

#include <glib.h>

typedef struct RunOptions {
    char *name;
    char *memory;
    int cpus;
    char *arch;
    char *cpu;
    char *format;
    char *iso;
    char *cloud_init;
    char **shares;
    char *kernel;
    char *initrd;
    char *append;
    char *qemu;
    int ssh_port;
    gboolean tpm;
    gboolean secure_boot;
    gboolean window;
    gboolean dry_run;
    gboolean verbose;
    gboolean quiet;
} RunOptions;

/* What the command line says; a program has one. */
extern RunOptions run_options;

/* The options of a VM, and those of vmspec run; each list ends with NULL. */
extern const GOptionEntry run_option_entries[];
extern const GOptionEntry xml_option_entries[];

#endif
