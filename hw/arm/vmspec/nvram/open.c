/*
 * vmspec: open the variable store file
 *
 * Before the guest runs, this file makes sure that the store is sound and that
 * no other VM uses it (platform.md, section 7). vmspec_nvram_open() goes down
 * this list:
 *
 *   vmspec_nvram_open_file()  a file that may be trusted     file.c
 *     no such file?           create_store(), and again
 *     nvram-reset=on?         retire_store(), and again
 *   vmspec_nvram_format()     raw or qcow2, by the content   file.c
 *   open_locked()             no other QEMU can use it, and it has its name
 *   check_content()           varstore_check()
 *   vmspec_nvram_replay()     repair an interrupted write    replay.c
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
#include "monitor/monitor.h"
#include "qapi/qapi-commands-misc.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "hw/arm/vmspec-map.h"
#include "store-file.h"

#define MAX_TRIES 8

typedef enum OpenResult {
    OPEN_DONE,
    OPEN_AGAIN,                 /* another file has the name: begin again */
    OPEN_FAILED,                /* with an error */
} OpenResult;

static bool create_store(VmspecMachineState *vms, Error **errp)
{
    const char *path = vms->nvram_path;
    bool raw = g_str_has_suffix(path, ".fd") || g_str_has_suffix(path, ".raw");
    g_autofree uint8_t *data = vmspec_nvram_template(vms, errp);

    return data && vmspec_nvram_create(path, raw ? VMSPEC_NVRAM_RAW :
                                                   VMSPEC_NVRAM_QCOW2, data,
                                       VMSPEC_FLASH1_DEFAULT_SIZE, errp);
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
 * Give a copy of @fd to the block layer, which opens it by the number of the
 * returned set. Returns NULL with @errp set on failure.
 */
static AddfdInfo *add_fd(int fd, Error **errp)
{
    int copy = dup(fd);
    AddfdInfo *info;

    if (copy < 0) {
        error_setg_errno(errp, errno, "cannot duplicate a file descriptor");
        return NULL;
    }
    info = monitor_fdset_add_fd(copy, false, 0, "nvram", errp);
    if (!info) {
        close(copy);
    }
    return info;
}

/*
 * The options of the block node on the descriptor set @set. cache.no-flush=off:
 * flash.c's head says how the store becomes durable, and a node that ignores
 * flushes would undo that.
 */
static QDict *node_options(int64_t set, const char *format, bool writable)
{
    g_autofree char *file = g_strdup_printf("/dev/fdset/%" PRId64, set);
    QDict *options = qdict_new();

    qdict_put_str(options, "driver", format);
    qdict_put_str(options, "file.driver", "file");
    qdict_put_str(options, "file.filename", file);
    qdict_put_str(options, "file." BDRV_OPT_READ_ONLY, "off");
    qdict_put_str(options, BDRV_OPT_READ_ONLY, writable ? "off" : "on");
    qdict_put_str(options, BDRV_OPT_CACHE_DIRECT, "off");
    qdict_put_str(options, BDRV_OPT_CACHE_NO_FLUSH, "off");
    return options;
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
    AddfdInfo *info = add_fd(fd, errp);
    BlockDriverState *bs;
    BlockBackend *blk = NULL;

    if (!info) {
        return NULL;
    }
    if (incoming) {
        perm = 0;
    } else if (writable) {
        perm |= BLK_PERM_WRITE;
    }
    bs = bdrv_open(NULL, NULL, node_options(info->fdset_id, format, writable),
                   incoming ? BDRV_O_INACTIVE : 0, errp);
    if (bs) {
        blk = blk_new_with_bs(bs, perm, BLK_PERM_CONSISTENT_READ, errp);
    }
    bdrv_unref(bs);
    /* The node has a descriptor of its own, of the same file description. */
    qmp_remove_fd(info->fdset_id, false, 0, &error_abort);
    qapi_free_AddfdInfo(info);
    if (!blk) {
        explain_open_failure(fd, errp);
        return NULL;
    }
    vmspec_pflash_write_through(blk);
    return blk;
}

/* Is @path still the name of the file that @fd has open? */
static bool has_name(int fd, const char *path)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Open the file of @fd with a lock, as *@blk, which is set for OPEN_DONE. */
static OpenResult open_locked(const char *path, int fd, const char *format,
                              bool writable, BlockBackend **blk, Error **errp)
{
    *blk = open_blk(fd, format, writable, errp);
    if (!*blk) {
        return OPEN_FAILED;
    }
    if (!has_name(fd, path)) {
        blk_unref(*blk);
        *blk = NULL;
        return OPEN_AGAIN;
    }
    return OPEN_DONE;
}

/*
 * Is a file of @kind certainly something else than a store? Then set @errp.
 * The hint does not offer nvram-reset=on, which would take the file away from
 * its place: a disk image is no store to start afresh.
 */
static bool is_other(VarstoreKind kind, Error **errp)
{
    ERRP_GUARD();

    if (kind != VARSTORE_KIND_FIRMWARE && kind != VARSTORE_KIND_QCOW2 &&
        kind != VARSTORE_KIND_ELF && kind != VARSTORE_KIND_DISK) {
        return false;
    }
    error_setg(errp, "not a variable store, but %s", varstore_kind_name(kind));
    error_append_hint(errp, "Nothing was changed. Name a store, or a new file, "
                      "with nvram=PATH.\n");
    return true;
}

/*
 * Read the variables of @blk into @data and check them. A raw store's length
 * is that of the file of @fd, since the block layer rounds up to sectors.
 */
static bool check_content(BlockBackend *blk, int fd, uint8_t *data,
                          Varstore *vs, Error **errp)
{
    ERRP_GUARD();
    VarstoreDamage damage;
    int64_t size;
    int ret = 0;

    if (!strcmp(bdrv_get_format_name(blk_bs(blk)), VMSPEC_NVRAM_RAW)) {
        size = lseek(fd, 0, SEEK_END);
        if (size < 0) {
            size = -errno;
        }
    } else {
        size = blk_getlength(blk);
    }
    if (size < 0) {
        error_setg_errno(errp, -size, "cannot get the length");
        return false;
    }
    memset(data, 0, VARSTORE_SIZE);
    if (size) {
        ret = blk_pread(blk, 0, MIN(size, VARSTORE_SIZE), data, 0);
    }
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read");
        vmspec_nvram_hint_damaged(errp);
        return false;
    }
    if (varstore_check(data, size, vs, &damage)) {
        return true;
    }
    if (is_other(varstore_kind(data, MIN(size, VARSTORE_SIZE)), errp)) {
        return false;
    }
    return vmspec_nvram_damaged(&damage, errp);
}

/* open_locked() and check_content() */
static OpenResult open_sound(const char *path, int fd, const char *format,
                             bool writable, uint8_t *data, Varstore *vs,
                             BlockBackend **blk, Error **errp)
{
    OpenResult result = open_locked(path, fd, format, writable, blk, errp);

    if (result == OPEN_DONE && !check_content(*blk, fd, data, vs, errp)) {
        blk_unref(*blk);
        *blk = NULL;
        return OPEN_FAILED;
    }
    return result;
}

static void warn_without_keys(VmspecMachineState *vms, const Varstore *vs)
{
    if (vms->secure_boot && !vmspec_nvram_has_keys(vs)) {
        warn_report("secure-boot=on: %s has no platform key (PK): Secure Boot "
                    "stays off until one is enrolled (nvram-reset=on starts "
                    "with keys)", vms->nvram_path);
    }
}

/* The list of this file's head, from vmspec_nvram_format() on */
static OpenResult open_checked(VmspecMachineState *vms, int fd,
                               BlockBackend **blk, Error **errp)
{
    const char *path = vms->nvram_path;
    const char *format = vmspec_nvram_format(fd, errp);
    g_autofree uint8_t *data = g_malloc(VARSTORE_SIZE);
    OpenResult result;
    Varstore vs;

    if (!format) {
        return OPEN_FAILED;
    }
    if (runstate_check(RUN_STATE_INMIGRATE)) {
        /* The source may still write; the migration brings the content. */
        return open_locked(path, fd, format, true, blk, errp);
    }
    if (strcmp(format, VMSPEC_NVRAM_RAW)) {
        result = open_sound(path, fd, format, false, data, &vs, blk, errp);
        if (result != OPEN_DONE) {
            return result;
        }
        blk_unref(*blk);
    }
    result = open_sound(path, fd, format, true, data, &vs, blk, errp);
    if (result != OPEN_DONE) {
        return result;
    }
    warn_without_keys(vms, &vs);
    if (!vmspec_nvram_replay(vms, *blk, data, &vs, errp)) {
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
static OpenResult retire_store(VmspecMachineState *vms, int fd, Error **errp)
{
    BlockBackend *blk;
    OpenResult result = open_locked(vms->nvram_path, fd, VMSPEC_NVRAM_RAW,
                                    true, &blk, errp);

    if (result == OPEN_DONE && !vmspec_nvram_keep(vms->nvram_path, errp)) {
        result = OPEN_FAILED;
    }
    blk_unref(blk);
    return result;
}

/* Go down the list once. *@to_reset: nvram-reset=on is still to be done. */
static OpenResult try_open(VmspecMachineState *vms, bool *to_reset,
                           BlockBackend **blk, Error **errp)
{
    int fd = vmspec_nvram_open_file(&vms->nvram_path, errp);
    OpenResult result;

    if (fd == -ENOENT) {
        *to_reset = false;
        return create_store(vms, errp) ? OPEN_AGAIN : OPEN_FAILED;
    }
    if (fd < 0) {
        return OPEN_FAILED;
    }
    if (!*to_reset) {
        result = open_checked(vms, fd, blk, errp);
    } else {
        result = retire_store(vms, fd, errp);
        if (result == OPEN_DONE) {
            *to_reset = false;
            result = OPEN_AGAIN;
        }
    }
    close(fd);
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
