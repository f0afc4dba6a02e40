/*
 * vmspec: the variable store file, for the files of this folder
 *
 * nvram.h has what the other folders call. No function here calls back:
 * nvram.c -> open.c -> content.c -> template.c -> file.c, which calls place.c,
 * durable.c and node.c; open.c calls lock.c and replay.c too.
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
#include "place.h"

/* The formats of a store file, as QEMU names them */
#define VMSPEC_NVRAM_RAW "raw"
#define VMSPEC_NVRAM_QCOW2 "qcow2"

/* file.c */

/*
 * Find the place of the store file @path, as place.h says. Returns false with
 * @errp set on failure.
 */
bool vmspec_nvram_find_place(StorePlace *place, const char *path,
                             Error **errp);

/*
 * Open the store file at @place: a regular file with one name, of this user.
 * Returns a descriptor to read and write, which the caller closes; -ENOENT
 * without an error if there is no such file; another negative errno with @errp
 * set on failure. Until the caller has the lock, another program can replace or
 * remove the file that has the name.
 */
int vmspec_nvram_open_file(const StorePlace *place, Error **errp);

/*
 * Make the store file at @place with the @size bytes of @data, in @format,
 * whole and durable, with mode 0600. A file that has the name meanwhile is
 * kept, and is an error. Returns false with @errp set on failure; no new file
 * is left then, unless only its name could not be made durable.
 */
bool vmspec_nvram_create(const StorePlace *place, const char *format,
                         const uint8_t *data, size_t size, Error **errp);

/*
 * Rename the store file NAME at @place to the first free one of NAME.bak,
 * NAME.bak1 and so on, and tell the user. Returns false with @errp set, and the
 * file under its name, on failure.
 */
bool vmspec_nvram_keep(const StorePlace *place, Error **errp);

/*
 * The format of the store file @path: that of nvram-format=, or else the one
 * that the name says. Never what the content says, which a guest can write.
 */
const char *vmspec_nvram_format(const VmspecMachineState *vms,
                                const char *path);

/*
 * Set @errp to @damage and the ways out. @unchanged: certainly nothing has
 * written to the file.
 */
void vmspec_nvram_damaged(const VarstoreDamage *damage, bool unchanged,
                          Error **errp);

/* Append the ways out of damage to @errp, which is set; @unchanged as above. */
void vmspec_nvram_hint_damaged(bool unchanged, Error **errp);

/* node.c */

/*
 * A block node of @format on the file that @fd has open, which may be written
 * if @writable. @inactive: a VM that comes by migration, which does not use the
 * file yet. The caller owns the reference. Returns NULL with @errp set on
 * failure.
 */
BlockDriverState *vmspec_nvram_open_node(int fd, const char *format,
                                         bool writable, bool inactive,
                                         Error **errp);

/*
 * Make the empty file that @fd has open a qcow2 image of the @size bytes of
 * @data, and flush it. Returns false with @errp set on failure.
 */
bool vmspec_nvram_write_qcow2(int fd, const uint8_t *data, size_t size,
                              Error **errp);

/* content.c */

/*
 * Is the header of the file of @fd that of @format? A qcow2 image must name no
 * other file: a guest could have written that name. Returns false with @errp
 * set if not.
 */
bool vmspec_nvram_check_header(int fd, const char *format, Error **errp);

/*
 * Read the variables of @blk, the image of the file of @fd, into the
 * VARSTORE_SIZE bytes at @data, and check them into @vs. @writable: the block
 * layer may have repaired a qcow2 image. Returns false with @errp set if they
 * cannot be read or are no sound store.
 */
bool vmspec_nvram_check_content(BlockBackend *blk, int fd, bool writable,
                                uint8_t *data, Varstore *vs, Error **errp);

/*
 * May nvram-reset=on take the file of @fd out of the way? Not if it is
 * certainly no store, whatever its format. Returns false with @errp set then.
 */
bool vmspec_nvram_check_reset(int fd, Error **errp);

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

/* volatile.c */

/* Do what vmspec_watch_nvram() of nvram.h says, whatever the user asked for. */
void vmspec_nvram_watch_volatile(VmspecMachineState *vms);

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
