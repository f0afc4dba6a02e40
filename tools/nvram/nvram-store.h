/*
 * vmspec-nvram: a store's file in memory, and its variables as JSON
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_NVRAM_STORE_H
#define VMSPEC_TOOLS_NVRAM_STORE_H

#include <glib.h>
#include <sys/types.h>

#include "hw/arm/vmspec-varstore.h"

typedef struct Store {
    char *path;                 /* as the user named it */
    char *real;                 /* absolute, without symbolic links */
    int fd;                     /* holds the lock */
    bool qcow2;
    /* The file's, for the one that replaces it */
    uid_t uid;
    gid_t gid;
    mode_t mode;
    uint8_t *data;
    size_t size;
    Varstore vs;
} Store;

/* Name and vendor GUID of a variable, as stored */
typedef struct VarName {
    uint8_t *name;              /* UTF-16LE with its terminator */
    uint32_t name_size;
    uint8_t guid[VARSTORE_GUID_SIZE];
} VarName;

/*
 * Load, check and lock @path against VMs and, to @change it, against other
 * tools that do; NULL with @error set if that fails, with the offset and the
 * reason if the store is damaged.
 */
Store *store_open(const char *path, bool change, GError **error);
/* Put the store in place of its file: whole, durable, or not at all. */
bool store_save(Store *store, GError **error);
void store_free(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)

/*
 * Rebuild the store with @var in place of the variable of its name, or, with
 * @var->data NULL, without it. False with @error set if it does not fit.
 */
bool store_put(Store *store, const VarstoreVar *var, GError **error);

/* "NAME-GUID", or a NAME of EFI's global variables */
bool var_name_parse(const char *text, VarName *name, GError **error);
/* Both from UTF-8; the strings of the functions below are the caller's. */
bool var_name_set(const char *name, const char *guid, VarName *out,
                  GError **error);
char *var_name_utf8(const VarstoreVar *var);
char *var_guid_text(const VarstoreVar *var);

/*
 * Can a stored variable have these? As SetVariable demands it (UEFI 2.10, 8.2):
 * non-volatile, and no run time without boot services. It stores neither the
 * request to append nor the deprecated authentication by a count.
 */
bool var_attributes_valid(uint64_t attributes);

/* The JSON that QEMU's uefi-vars device and virt-firmware read and write */
char *store_to_json(const Store *store);
bool store_from_json(Store *store, const char *text, GError **error);

#define STORE_ERROR g_quark_from_static_string("vmspec-nvram")

#endif
