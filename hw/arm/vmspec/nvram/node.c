/*
 * vmspec: the block layer on an open file
 *
 * QEMU's block layer opens images by name. This file gives it a descriptor
 * instead, as the member of a set whose name is /dev/fdset/N. So what the
 * block layer reads and writes is the file that file.c has looked at, and
 * nothing that another user has put in its place since.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "block/block-global-state.h"
#include "monitor/monitor.h"
#include "qapi/qapi-commands-misc.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "store-file.h"

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

/* Whoever opened the set has a descriptor of the same file description. */
static void remove_set(AddfdInfo *info)
{
    qmp_remove_fd(info->fdset_id, false, 0, &error_abort);
    qapi_free_AddfdInfo(info);
}

static char *name_of_set(const AddfdInfo *info)
{
    return g_strdup_printf("/dev/fdset/%" PRId64, info->fdset_id);
}

/*
 * The options of the block node on the set @name. cache.no-flush=off: flash.c's
 * head says how the store becomes durable, and a node that ignores flushes
 * would undo that.
 */
static QDict *node_options(const char *name, const char *format,
                           bool writable)
{
    QDict *options = qdict_new();

    qdict_put_str(options, "driver", format);
    qdict_put_str(options, "file.driver", "file");
    qdict_put_str(options, "file.filename", name);
    qdict_put_str(options, "file." BDRV_OPT_READ_ONLY, "off");
    qdict_put_str(options, BDRV_OPT_READ_ONLY, writable ? "off" : "on");
    qdict_put_str(options, BDRV_OPT_CACHE_DIRECT, "off");
    qdict_put_str(options, BDRV_OPT_CACHE_NO_FLUSH, "off");
    return options;
}

BlockDriverState *vmspec_nvram_open_node(int fd, const char *format,
                                         bool writable, bool inactive,
                                         Error **errp)
{
    AddfdInfo *info = add_fd(fd, errp);
    g_autofree char *name = NULL;
    BlockDriverState *bs;

    if (!info) {
        return NULL;
    }
    name = name_of_set(info);
    bs = bdrv_open(NULL, NULL, node_options(name, format, writable),
                   inactive ? BDRV_O_INACTIVE : 0, errp);
    remove_set(info);
    return bs;
}

/* Make the empty file of @fd a qcow2 image of @size bytes. */
static bool format_qcow2(int fd, size_t size, Error **errp)
{
    ERRP_GUARD();
    AddfdInfo *info = add_fd(fd, errp);
    g_autofree char *name = NULL;

    if (!info) {
        return false;
    }
    name = name_of_set(info);
    bdrv_img_create(name, VMSPEC_NVRAM_QCOW2, NULL, NULL, NULL, size,
                    BDRV_O_RDWR, true, errp);
    remove_set(info);
    return !*errp;
}

bool vmspec_nvram_write_qcow2(int fd, const uint8_t *data, size_t size,
                              Error **errp)
{
    BlockDriverState *bs;
    BlockBackend *blk;
    int ret;

    if (!format_qcow2(fd, size, errp)) {
        return false;
    }
    bs = vmspec_nvram_open_node(fd, VMSPEC_NVRAM_QCOW2, true, false, errp);
    if (!bs) {
        return false;
    }
    blk = blk_new_with_bs(bs, BLK_PERM_WRITE, BLK_PERM_ALL, errp);
    bdrv_unref(bs);
    if (!blk) {
        return false;
    }
    ret = blk_pwrite(blk, 0, size, data, 0);
    if (ret == 0) {
        ret = blk_flush(blk);
    }
    blk_unref(blk);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot write");
    }
    return ret == 0;
}
