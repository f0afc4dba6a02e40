/*
 * vmspec: what a command of the program is
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_COMMANDS_H
#define VMSPEC_TOOLS_COMMANDS_H

#include <glib.h>
#include <stdbool.h>

/* What stands behind the command's name, without its options */
typedef struct Words {
    char **list;                /* ends with NULL */
    int count;
    char **rest;                /* behind "--", ends with NULL; NULL: none */
} Words;

typedef struct Command {
    const char *name;
    const char *arguments;      /* as help shows them */
    const char *about;          /* a line of help */
    const char *details;        /* further lines of help, or NULL */
    const GOptionEntry *options;
    int min, max;               /* words */
    bool takes_rest;            /* may "--" stand behind them? */
    /* Returns false with @error set on failure. */
    bool (*run)(const Words *words, GError **error);
} Command;

extern const Command command_attach;
extern const Command command_check;
extern const Command command_console;
extern const Command command_delete;
extern const Command command_detach;
extern const Command command_list;
extern const Command command_reset;
extern const Command command_revert;
extern const Command command_run;
extern const Command command_snapshot;
extern const Command command_ssh;
extern const Command command_stop;
extern const Command command_xml;

#endif
