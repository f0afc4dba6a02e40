/*
 * vmspec: the files of a variable store
 *
 * For nvram*.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_NVRAM_H
#define HW_ARM_VMSPEC_NVRAM_H

#include "qapi/error.h"
#include "hw/arm/vmspec-varstore.h"
#include "hw/arm/vmspec-machine.h"

/*
 * Open the store @path, which the caller owns then: a regular file with one
 * name, of this user, behind no symbolic link but this user's own. Returns a
 * descriptor to read and write, -ENOENT without an error if there is no such
 * file, or another negative errno with @errp set. @path becomes the file that
 * such links lead to. It may have another file already, or none.
 */
int vmspec_nvram_open_file(char **path, Error **errp);

/*
 * Make the store @path with @size bytes of @data, in @format ("raw" or
 * "qcow2"): whole and durable or not at all, mode 0600 whatever the umask, and
 * never in place of a file that appeared meanwhile.
 */
bool vmspec_nvram_create(const char *path, const char *format,
                         const uint8_t *data, size_t size, Error **errp);

/* Move @path to the first free name of @path.bak, @path.bak1, ... */
bool vmspec_nvram_keep(const char *path, Error **errp);

/*
 * "raw" or "qcow2" by the content of @fd, and whether it can be used: NULL
 * with @errp set for an image that leads to other files, which a guest could
 * have written.
 */
const char *vmspec_nvram_format(int fd, Error **errp);

/*
 * The block layer's view of the store @vms->nvram_path, locked against every
 * other QEMU and checked; new if there is none or it is to be reset. NULL with
 * @errp set if it cannot be had.
 */
BlockBackend *vmspec_nvram_open(VmspecMachineState *vms, Error **errp);

/*
 * Complete what @vs tells of an interrupted update in @data, the VARSTORE_SIZE
 * bytes that @blk begins with, and in @blk.
 */
bool vmspec_nvram_replay(VmspecMachineState *vms, BlockBackend *blk,
                         uint8_t *data, const Varstore *vs, Error **errp);

/*
 * The same for bank 1 and whatever image it has, at each reset of the machine:
 * one may come while the firmware writes.
 */
void vmspec_nvram_replay_at_reset(VmspecMachineState *vms);

/* "process 1234 (NAME)" that has a lock on the file of @fd, or NULL. */
char *vmspec_nvram_user(int fd);

/* Set @errp to what is wrong and what to do about it; returns false. */
bool vmspec_nvram_damaged(const VarstoreDamage *damage, Error **errp);

/*
 * What a new store of VMSPEC_FLASH1_DEFAULT_SIZE bytes begins with: the
 * template that came with the firmware, or an empty store; with secure-boot=on
 * the template with keys. NULL with @errp set if that cannot be had.
 */
uint8_t *vmspec_nvram_template(VmspecMachineState *vms, Error **errp);

/* Does the store have a platform key? Without one Secure Boot is off. */
bool vmspec_nvram_has_keys(const Varstore *vs);

#endif
