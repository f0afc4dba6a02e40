/*
 * vmspec-nvram: the commands
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_NVRAM_COMMANDS_H
#define VMSPEC_TOOLS_NVRAM_COMMANDS_H

#include "nvram-store.h"

typedef struct NvramCall {
    const char *path;           /* of the store file */
    StoreFormat format;
    StoreFile *store;           /* NULL for NVRAM_NO_STORE */
    char **args;                /* behind the file, ends with NULL */
    bool json;
} NvramCall;

typedef enum NvramAccess {
    NVRAM_READ,                 /* the command reads the store */
    NVRAM_CHANGE,
    NVRAM_ANY_STORE,            /* it changes it, however damaged it is */
    NVRAM_NO_STORE,             /* there must not be one */
} NvramAccess;

typedef struct NvramCommand {
    const char *name;
    bool (*run)(NvramCall *call, GError **error);
    NvramAccess access;
    int min, max;               /* arguments after the file */
    const char *args;
    const char *about;
} NvramCommand;

/* All commands; the last one has no name. */
extern const NvramCommand nvram_commands[];

#endif
