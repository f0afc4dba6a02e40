/*
 * vmspec: the variable store file, for the files of this folder
 *
 * nvram.h has what the other folders call. No function here calls back:
 * nvram.c -> open.c -> template.c -> file.c -> durable.c, and open.c calls
 * lock.c and replay.c.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_NVRAM_STORE_FILE_H
#define HW_ARM_VMSPEC_NVRAM_STORE_FILE_H

#include "qapi/error.h"
#include "hw/arm/vmspec-machine.h"
#include "hw/arm/vmspec-varstore.h"

/* The formats of a store file, as QEMU names them */
#define VMSPEC_NVRAM_RAW "raw"
#define VMSPEC_NVRAM_QCOW2 "qcow2"

/* file.c */

/*
 * Open the store file @path: a regular file with one name, of this user. The
 * symbolic links at @path may only be this user's; @path becomes the file that
 * they lead to. Returns a descriptor to read and write, which the caller
 * closes; -ENOENT without an error if there is no such file; another negative
 * errno with @errp set on failure. Until the caller has the lock, another
 * program can replace or remove the file that has the name @path.
 */
int vmspec_nvram_open_file(char **path, Error **errp);

/*
 * Make the store file @path with the @size bytes of @data, in @format, whole
 * and durable, with mode 0600. A file that has the name @path meanwhile is
 * kept, and is an error. Returns false with @errp set on failure; no new file
 * is left then, unless only its name could not be made durable.
 */
bool vmspec_nvram_create(const char *path, const char *format,
                         const uint8_t *data, size_t size, Error **errp);

/*
 * Rename the store file @path to the first free one of @path.bak, @path.bak1
 * and so on, and tell the user. Returns false with @errp set, and the file
 * under its name, on failure.
 */
bool vmspec_nvram_keep(const char *path, Error **errp);

/*
 * The format of the file that @fd has open, by its content. Returns NULL with
 * @errp set for an image that names other files: a guest could have written
 * those names.
 */
const char *vmspec_nvram_format(int fd, Error **errp);

/* Set @errp to @damage and the ways out. Returns false, for its caller. */
bool vmspec_nvram_damaged(const VarstoreDamage *damage, Error **errp);

/* Append the ways out of damage to @errp, which is set. */
void vmspec_nvram_hint_damaged(Error **errp);

/* lock.c */

/*
 * Does another open file description hold a lock on the file of @fd? False
 * also if the file system cannot tell.
 */
bool vmspec_nvram_is_locked(int fd);

/*
 * "process 1234 (NAME)", which has a lock on the file of @fd, for the caller
 * to free. NULL if no process is found: another user's cannot be seen.
 */
char *vmspec_nvram_user(int fd);

/* template.c */

/*
 * The content of a new store, VMSPEC_FLASH1_DEFAULT_SIZE bytes for the caller
 * to free: the template of the bundled firmware, with keys for secure-boot=on,
 * or an empty store if no template is installed. Returns NULL with @errp set if
 * the template cannot be read, is damaged, or has to have keys and is missing.
 */
uint8_t *vmspec_nvram_template(VmspecMachineState *vms, Error **errp);

/* Does the store have a platform key? Without one Secure Boot is off. */
bool vmspec_nvram_has_keys(const Varstore *vs);

/* replay.c */

/*
 * Repair what the interrupted writes left that @vs describes: in @data, the
 * VARSTORE_SIZE bytes that the image @blk begins with, and in @blk, whose write
 * cache is off. Tells the user if there was something to do. Returns false
 * with @errp set if @blk cannot be written; a part may be written then, and
 * the next start can repeat it.
 */
bool vmspec_nvram_replay(VmspecMachineState *vms, BlockBackend *blk,
                         uint8_t *data, const Varstore *vs, Error **errp);

/*
 * Do the same at each reset for flash1, whatever its image is: a reset may
 * come while the firmware writes. Errors are reported and the reset goes on.
 */
void vmspec_nvram_replay_at_reset(VmspecMachineState *vms);

/* open.c */

/*
 * The block layer's view of the store file @vms->nvram_path: locked, checked
 * and repaired. Makes the file if it does not exist; with nvram-reset=on moves
 * an old one away first. The caller owns the reference. Returns NULL with @errp
 * set on failure.
 */
BlockBackend *vmspec_nvram_open(VmspecMachineState *vms, Error **errp);

#endif
