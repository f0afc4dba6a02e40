/*
 * vmspec-nvram: a variable store file in memory, and its variables as text
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_NVRAM_STORE_H
#define VMSPEC_TOOLS_NVRAM_STORE_H

#include <glib.h>
#include <sys/types.h>

#include "hw/arm/vmspec-varstore.h"
#include "hw/arm/vmspec/nvram/place.h"

typedef enum StoreFormat {
    STORE_FORMAT_AUTO,          /* by the file's name */
    STORE_FORMAT_RAW,
    STORE_FORMAT_QCOW2,
} StoreFormat;

typedef struct StoreFile {
    char *path;                 /* as the user named it */
    StorePlace place;           /* where it really is */
    int fd;                     /* holds the lock */
    bool qcow2;
    /* Owner, group and permissions, for the file that replaces this one */
    uid_t uid;
    gid_t gid;
    mode_t mode;
    uint8_t *data;
    size_t size;                /* bytes of @data */
    Varstore vs;                /* what varstore_check() found in @data */
} StoreFile;

/* Name and vendor GUID of a variable, as stored */
typedef struct VarName {
    uint8_t *name;              /* UTF-16LE with its terminator */
    uint32_t name_size;         /* bytes */
    uint8_t guid[VARSTORE_GUID_SIZE];
} VarName;

/* Free what @name owns. @name itself stays. */
static inline void var_name_clear(VarName *name)
{
    g_clear_pointer(&name->name, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VarName, var_name_clear)

/*
 * Load, check and lock the store file @path of @format, against VMs and, with
 * @change, against other tools that change it. Returns NULL with @error set if
 * that fails; for a damaged store the error has the offset and the reason.
 */
StoreFile *store_file_open(const char *path, StoreFormat format, bool change,
                           GError **error);

/*
 * Make the file @path, which must not exist, a store of @format without
 * variables. Returns NULL with @error set on failure.
 */
StoreFile *store_file_create(const char *path, StoreFormat format,
                             GError **error);

/*
 * Load and lock the store file @path, to change it, even if it is damaged: it
 * may be anything but a file that is certainly of another kind. Its variables
 * cannot be read. Returns NULL with @error set on failure.
 */
StoreFile *store_file_open_any(const char *path, StoreFormat format,
                               GError **error);

/*
 * Put an empty store in the place of @store. Returns the name that the old file
 * has now, in the same directory, for the caller to free. Returns NULL with
 * @error set on failure.
 */
char *store_file_reset(StoreFile *store, GError **error);

/*
 * Replace the file by one with the store's content: whole and durable, with
 * the same owner, group and permissions. Returns false with @error set, and
 * the file as it was, on failure. Only if the last step fails, which makes the
 * new name durable, the file is the new one all the same.
 */
bool store_file_save(StoreFile *store, GError **error);

/* Close and free @store, which may be NULL. That drops the lock. */
void store_file_free(StoreFile *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreFile, store_file_free)

/*
 * Rebuild the store, in memory, with @var in place of the variable of its
 * name and GUID; without that variable if @var->data is NULL. Returns false
 * with @error set, and the store unchanged, if @var does not fit or is empty.
 */
bool store_file_put(StoreFile *store, const VarstoreVar *var, GError **error);

/*
 * Parse "NAME-GUID", or a NAME of EFI's global variables, into @name, which
 * the caller clears. Returns false with @error set on failure.
 */
bool var_name_parse(const char *text, VarName *name, GError **error);

/*
 * Set @out from a name and a GUID in UTF-8; the caller clears @out. Returns
 * false with @error set on failure.
 */
bool var_name_set(const char *name, const char *guid, VarName *out,
                  GError **error);

/* The name of @var in UTF-8, for the caller to free. */
char *var_name_utf8(const VarstoreVar *var);

/* The GUID of @var as text, for the caller to free. */
char *var_guid_text(const VarstoreVar *var);

/*
 * Would SetVariable store a variable with these attributes (UEFI 2.10, section
 * 8.2)? It must be non-volatile, and for boot services if it is for run time.
 * SetVariable stores neither the request to append nor the deprecated
 * authentication by a count.
 */
bool var_attributes_valid(uint64_t attributes);

/*
 * The variables in the JSON that QEMU's uefi-vars device and virt-firmware read
 * and write, for the caller to free.
 */
char *store_file_to_json(const StoreFile *store);

/* One variable as an element of that JSON, for the caller to free */
char *store_var_to_json(const VarstoreVar *var);

/*
 * Put each variable of the JSON @text into @store, in memory. Returns false
 * with @error set on failure; some of the variables may be in @store then.
 */
bool store_file_from_json(StoreFile *store, const char *text, GError **error);

#define STORE_ERROR g_quark_from_static_string("vmspec-nvram")

#endif
