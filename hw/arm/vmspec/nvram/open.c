/*
 * vmspec: open the variable store file
 *
 * Before the guest runs, this file makes sure that the store is sound and that
 * no other VM uses it (platform.md, section 7). vmspec_nvram_open() goes down
 * this list:
 *
 *   vmspec_nvram_find_place()     no link of another user        file.c
 *   vmspec_nvram_open_file()      a file that may be trusted     file.c
 *     no such file?               create_store(), and again
 *     nvram-reset=on?             retire_store(), and again
 *   vmspec_nvram_check_header()   raw or qcow2, as expected      content.c
 *   open_locked()                 no other QEMU can use it, and it has its name
 *   vmspec_nvram_check_content()  varstore_check()               content.c
 *   check_keys()                  secure-boot=on is not in vain
 *   vmspec_nvram_replay()         repair an interrupted write    replay.c
 *
 * A qcow2 image is opened and checked read-only before it is opened to write,
 * because QEMU marks a damaged image that it opens to write.
 *
 * Between open() and the lock another program may replace the file by rename(),
 * as vmspec-nvram does. QEMU would then write to a file without a name, and
 * the store would be lost at the end. So open_locked() looks for the name once
 * the lock is held, and the list begins again if it is gone (OPEN_AGAIN).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "block/block-global-state.h"
#include "hw/block/vmspec-pflash.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "hw/arm/vmspec-map.h"
#include "nvram.h"
#include "store-file.h"

#define MAX_TRIES 8

typedef enum OpenResult {
    OPEN_DONE,
    OPEN_AGAIN,                 /* another file has the name: begin again */
    OPEN_FAILED,                /* with an error */
} OpenResult;

static bool create_store(VmspecMachineState *vms, const StorePlace *place,
                         Error **errp)
{
    g_autofree uint8_t *data = vmspec_nvram_template(vms, errp);

    return data && vmspec_nvram_create(place,
                                       vmspec_nvram_format(vms, place->base),
                                       data, VMSPEC_FLASH1_DEFAULT_SIZE, errp);
}

/*
 * The block layer refused the file of @fd, and @errp says why. If another
 * program has a lock on the file, name that program instead.
 */
static void explain_open_failure(int fd, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *user = NULL;

    if (!vmspec_nvram_is_locked(fd)) {
        error_append_hint(errp, "If the file is damaged, restore it, or start "
                          "afresh with nvram-reset=on, which keeps it as "
                          ".bak.\n");
        return;
    }
    user = vmspec_nvram_user(fd);
    error_free(*errp);
    *errp = NULL;
    error_setg(errp, "in use by %s", user ?: "another process");
    error_append_hint(errp, "Stop that VM, or give this one a store of its own "
                      "with -uuid, -name or nvram=PATH.\n");
}

/*
 * The block layer's view of the file of @fd, locked against every other QEMU
 * whether it is writable or not. file-posix locks the open file description,
 * and the kernel drops the lock with its last descriptor, however QEMU ends.
 * With -incoming the source still has the lock, and QEMU takes it later.
 * Returns NULL with @errp set on failure.
 */
static BlockBackend *open_blk(int fd, const char *format, bool writable,
                              Error **errp)
{
    ERRP_GUARD();
    bool incoming = runstate_check(RUN_STATE_INMIGRATE);
    uint64_t perm = BLK_PERM_CONSISTENT_READ;
    BlockBackend *blk = NULL;
    BlockDriverState *bs;

    if (incoming) {
        perm = 0;
    } else if (writable) {
        perm |= BLK_PERM_WRITE;
    }
    bs = vmspec_nvram_open_node(fd, format, writable, incoming, errp);
    if (bs) {
        blk = blk_new_with_bs(bs, perm, BLK_PERM_CONSISTENT_READ, errp);
    }
    bdrv_unref(bs);
    if (!blk) {
        explain_open_failure(fd, errp);
        return NULL;
    }
    vmspec_pflash_write_through(blk);
    return blk;
}

/* Is the name at @place still that of the file that @fd has open? */
static bool has_name(int fd, const StorePlace *place)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 &&
           fstatat(place->dir, place->base, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Open the file of @fd with a lock, as *@blk, which is set for OPEN_DONE. */
static OpenResult open_locked(const StorePlace *place, int fd,
                              const char *format, bool writable,
                              BlockBackend **blk, Error **errp)
{
    *blk = open_blk(fd, format, writable, errp);
    if (!*blk) {
        return OPEN_FAILED;
    }
    if (!has_name(fd, place)) {
        blk_unref(*blk);
        *blk = NULL;
        return OPEN_AGAIN;
    }
    return OPEN_DONE;
}

/* open_locked() and vmspec_nvram_check_content() */
static OpenResult open_sound(const StorePlace *place, int fd,
                             const char *format, bool writable, uint8_t *data,
                             Varstore *vs, BlockBackend **blk, Error **errp)
{
    OpenResult result = open_locked(place, fd, format, writable, blk, errp);

    if (result == OPEN_DONE &&
        !vmspec_nvram_check_content(*blk, fd, writable, data, vs, errp)) {
        blk_unref(*blk);
        *blk = NULL;
        return OPEN_FAILED;
    }
    return result;
}

/* A machine that is asked for Secure Boot has it, or does not start. */
static bool check_keys(VmspecMachineState *vms, const Varstore *vs,
                       Error **errp)
{
    ERRP_GUARD();

    if (!vms->secure_boot || vmspec_nvram_check_keys(vs, errp)) {
        return true;
    }
    error_append_hint(errp, "Nothing was changed. Start with the firmware's "
                      "keys by nvram-reset=on, which keeps the file as .bak, "
                      "write keys into it with vmspec-nvram, or leave out "
                      "secure-boot=on.\n");
    return false;
}

/* The list of this file's head, from vmspec_nvram_check_header() on */
static OpenResult open_checked(VmspecMachineState *vms,
                               const StorePlace *place, int fd,
                               BlockBackend **blk, Error **errp)
{
    const char *format = vmspec_nvram_format(vms, place->base);
    g_autofree uint8_t *data = g_malloc(VARSTORE_SIZE);
    OpenResult result;
    Varstore vs;

    if (!vmspec_nvram_check_header(fd, format, errp)) {
        return OPEN_FAILED;
    }
    if (runstate_check(RUN_STATE_INMIGRATE)) {
        /* The source may still write; the migration brings the content. */
        return open_locked(place, fd, format, true, blk, errp);
    }
    if (strcmp(format, VMSPEC_NVRAM_RAW)) {
        result = open_sound(place, fd, format, false, data, &vs, blk, errp);
        if (result != OPEN_DONE) {
            return result;
        }
        blk_unref(*blk);
    }
    result = open_sound(place, fd, format, true, data, &vs, blk, errp);
    if (result != OPEN_DONE) {
        return result;
    }
    if (!check_keys(vms, &vs, errp) ||
        !vmspec_nvram_replay(vms, *blk, data, &vs, errp)) {
        blk_unref(*blk);
        *blk = NULL;
        return OPEN_FAILED;
    }
    return OPEN_DONE;
}

/*
 * Rename the store file of @fd, so that a new one can have its name. Only with
 * the lock does it belong to no other VM. The file is opened as raw bytes,
 * because its format may be what is damaged.
 */
static OpenResult retire_store(const StorePlace *place, int fd, Error **errp)
{
    BlockBackend *blk;
    OpenResult result;

    if (!vmspec_nvram_check_reset(fd, errp)) {
        return OPEN_FAILED;
    }
    result = open_locked(place, fd, VMSPEC_NVRAM_RAW, true, &blk, errp);
    if (result == OPEN_DONE && !vmspec_nvram_keep(place, errp)) {
        result = OPEN_FAILED;
    }
    blk_unref(blk);
    return result;
}

/* Go down the list once. *@to_reset: nvram-reset=on is still to be done. */
static OpenResult try_place(VmspecMachineState *vms, const StorePlace *place,
                            bool *to_reset, BlockBackend **blk, Error **errp)
{
    int fd = vmspec_nvram_open_file(place, errp);
    OpenResult result;

    if (fd == -ENOENT) {
        *to_reset = false;
        return create_store(vms, place, errp) ? OPEN_AGAIN : OPEN_FAILED;
    }
    if (fd < 0) {
        return OPEN_FAILED;
    }
    if (!*to_reset) {
        result = open_checked(vms, place, fd, blk, errp);
    } else {
        result = retire_store(place, fd, errp);
        if (result == OPEN_DONE) {
            *to_reset = false;
            result = OPEN_AGAIN;
        }
    }
    close(fd);
    return result;
}

static OpenResult try_open(VmspecMachineState *vms, bool *to_reset,
                           BlockBackend **blk, Error **errp)
{
    StorePlace place;
    OpenResult result;

    if (!vmspec_nvram_find_place(&place, vms->nvram_path, errp)) {
        return OPEN_FAILED;
    }
    g_free(vms->nvram_path);
    vms->nvram_path = g_strdup(place.path);
    result = try_place(vms, &place, to_reset, blk, errp);
    store_place_clear(&place);
    return result;
}

BlockBackend *vmspec_nvram_open(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool to_reset = vms->nvram_reset;
    BlockBackend *blk = NULL;

    for (int i = 0; i < MAX_TRIES; i++) {
        if (try_open(vms, &to_reset, &blk, errp) != OPEN_AGAIN) {
            return blk;
        }
    }
    error_setg(errp, "another program replaces the file again and again");
    error_append_hint(errp, "Stop that program, or give this VM a store of its "
                      "own with nvram=PATH.\n");
    return NULL;
}
