/*
 * The VMs of this user, by name
 *
 * What stays of a VM when it ends is its record, a key file
 * vmspec/vms/NAME.conf below $XDG_STATE_HOME. What a running VM has is in
 * vmspec/NAME/ below $XDG_RUNTIME_DIR: a lock that vmspec run holds while it
 * runs, the file "state", and sockets. Shared by vmspec and vmspec-nvram.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_REGISTRY_H
#define VMSPEC_TOOLS_REGISTRY_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#define REGISTRY_ERROR g_quark_from_static_string("vmspec-registry")

/* What is known of a VM that may be stopped. Each string may be NULL. */
typedef struct VmRecord {
    char *name;
    char *disk;                 /* absolute; NULL: a kernel without a disk */
    char *format;               /* of the disk, by which it was first opened */
    char *store;                /* the variable store file */
    char *tpm;                  /* the directory of the TPM's state */
    char *arch;                 /* "aarch64" or "arm" */
    int ssh_port;               /* the last one; 0: none yet */
    gint64 last_used;           /* seconds since 1970 */
} VmRecord;

/* What is known of a VM that runs. Each string may be NULL. */
typedef struct VmRun {
    char *disk;
    char *stage;                /* the last one that the console showed */
    int pid;                    /* of vmspec run */
    int ssh_port;               /* 0: no network of vmspec */
    bool shared_memory;         /* a share can be attached */
} VmRun;

/* Can a VM and its files have this name? */
bool vm_name_valid(const char *name);

/*
 * A name for the VM of the file @path, for the caller to free: that of its
 * record if it has one, else one made of the file's name that no other VM has.
 */
char *vm_name_for(const char *path);

/* Free @record, which may be NULL. */
void vm_record_free(VmRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmRecord, vm_record_free)

/* The record of the VM @name, or NULL with @error set. */
VmRecord *vm_record_load(const char *name, GError **error);

/* Write the record. Returns false with @error set on failure. */
bool vm_record_save(const VmRecord *record, GError **error);

/* Forget the VM @name. Returns false with @error set on failure. */
bool vm_record_remove(const char *name, GError **error);

/* All records by name, for g_ptr_array_unref() */
GPtrArray *vm_records(void);

/* The directory of the stores that nvram=auto makes, for the caller to free */
char *vm_auto_store_dir(void);

/*
 * The path of the variable store file of the VM @name, for the caller to free:
 * that of its record, or of nvram=auto. NULL if there is neither.
 */
char *vm_store_path(const char *name);

/*
 * The path of the file with the ssh host key of the guest of the VM @name, for
 * the caller to free. vm_record_remove() removes that file too.
 */
char *vm_host_key_path(const char *name);

/* The path of @file of the running VM @name, for the caller to free */
char *vm_run_path(const char *name, const char *file);

/* Free @run, which may be NULL. */
void vm_run_free(VmRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmRun, vm_run_free)

/*
 * Take the lock of the VM @name, as the one that runs it; make its directory.
 * Returns a descriptor, which holds the lock until it is closed, or -1 with
 * @error set to who runs it.
 */
int vm_run_begin(const char *name, GError **error);

/* Write the state of the VM that this process runs. Cannot fail: it is told. */
void vm_run_update(const char *name, const VmRun *run);

/* Remove what the VM @name had while it ran. The caller has the lock. */
void vm_run_end(const char *name);

/* The state of the VM @name if it runs, else NULL */
VmRun *vm_run_load(const char *name);

/* The names of the running VMs, for g_ptr_array_unref() */
GPtrArray *vm_running(void);

/*
 * The name of a running VM that has the file of @path as its disk, for the
 * caller to free, or NULL.
 */
char *vm_run_of_disk(const char *path);

#endif
