/*
 * vmspec: opening the file of a variable store
 *
 * Owns that the file is a sound store of this VM alone before the guest runs
 * (contract section 7), and what is done about one that is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "block/block-global-state.h"
#include "monitor/monitor.h"
#include "qapi/qapi-commands-misc.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "hw/arm/vmspec-varstore.h"
#include "machine.h"
#include "nvram.h"

#define MAX_TRIES 8

bool vmspec_nvram_damaged(const VarstoreDamage *damage, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "no sound variable store: at byte 0x%" PRIx64 ": %s",
               damage->offset, damage->what);
    error_append_hint(errp, "Nothing was changed. Restore the file, or start "
                      "afresh with nvram-reset=on, which keeps it as .bak.\n");
    return false;
}

static bool create(VmspecMachineState *vms, Error **errp)
{
    const char *path = vms->nvram_path;
    bool raw = g_str_has_suffix(path, ".fd") || g_str_has_suffix(path, ".raw");
    g_autofree uint8_t *data = vmspec_nvram_template(vms, errp);

    return data && vmspec_nvram_create(path, raw ? "raw" : "qcow2", data,
                                       VMSPEC_FLASH1_DEFAULT_SIZE, errp);
}

/*
 * The block layer's view of @fd. Locked against every other QEMU, raw or not: by file-posix's open file description locks, which
 * the kernel drops when the last descriptor goes, however QEMU ends.
 */
static BlockBackend *open_blk(int fd, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *user = NULL;
    g_autofree char *node = NULL;
    const char *format = vmspec_nvram_format(fd, errp);
    QDict *options;
    AddfdInfo *info;
    BlockDriverState *bs;
    BlockBackend *blk;
    int set;

    if (!format) {
        return NULL;
    }
    set = dup(fd);
    if (set < 0) {
        error_setg_errno(errp, errno, "cannot duplicate a file descriptor");
        return NULL;
    }
    info = monitor_fdset_add_fd(set, false, 0, "nvram", errp);
    if (!info) {
        close(set);
        return NULL;
    }
    node = g_strdup_printf("/dev/fdset/%" PRId64, info->fdset_id);
    options = qdict_new();
    qdict_put_str(options, "driver", format);
    qdict_put_str(options, "file.driver", "file");
    qdict_put_str(options, "file.filename", node);
    qdict_put_str(options, BDRV_OPT_READ_ONLY, "off");
    qdict_put_str(options, BDRV_OPT_CACHE_DIRECT, "off");
    qdict_put_str(options, BDRV_OPT_CACHE_NO_FLUSH, "off");
    bs = bdrv_open(NULL, NULL, options, runstate_check(RUN_STATE_INMIGRATE) ?
                   BDRV_O_INACTIVE : 0, errp);
    blk = bs ? blk_new_with_bs(bs, runstate_check(RUN_STATE_INMIGRATE) ? 0 :
                               BLK_PERM_CONSISTENT_READ | BLK_PERM_WRITE,
                               BLK_PERM_CONSISTENT_READ, errp) : NULL;
    bdrv_unref(bs);
    /* The node has its own descriptor of the same description. */
    qmp_remove_fd(info->fdset_id, false, 0, &error_abort);
    qapi_free_AddfdInfo(info);
    user = blk ? NULL : vmspec_nvram_user(fd);
    if (user) {
        error_free(*errp);
        *errp = NULL;
        error_setg(errp, "in use by %s", user);
        error_append_hint(errp, "Stop that VM, or give this one a store of "
                          "its own with -uuid, -name or nvram=PATH.\n");
    }
    return blk;
}

/* On stable storage before the next one; BDRV_REQ_FUA does not see to that. */
static int write_part(BlockBackend *blk, const uint8_t *data, size_t offset,
                      size_t size)
{
    int ret = size ? blk_pwrite(blk, offset, size, data + offset, 0) : 0;

    return ret < 0 ? ret : blk_flush(blk);
}

/*
 * Complete an update that a crash interrupted, or the firmware wipes all; and
 * erase an unfinished variable, or it writes over that by erasing the block.
 * Each can be interrupted and done again: what tells of it goes last.
 */
static bool replay(VmspecMachineState *vms, BlockBackend *blk, uint8_t *data,
                   const Varstore *vs, Error **errp)
{
    bool copy = vs->replay && memcmp(data, vs->area, VARSTORE_AREA_SIZE);
    size_t tail = vs->torn + MIN(vs->torn_size, VARSTORE_VAR_HEADER);
    int ret = 0;

    if (!copy && !vs->torn) {
        return true;
    }
    varstore_replay(data, vs);
    if (copy) {
        ret = write_part(blk, data, 0, VARSTORE_AREA_SIZE);
    } else {
        ret = write_part(blk, data, tail, vs->torn + vs->torn_size - tail);
        if (ret == 0) {
            ret = write_part(blk, data, vs->torn, tail - vs->torn);
        }
    }
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot complete an update of the "
                         "variables that was interrupted");
        return false;
    }
    info_report("nvram: %s: completed an update of the variables that was "
                "interrupted", vms->nvram_path);
    return true;
}

/* @length is the raw file's: the block layer's is rounded up to sectors. */
static bool check_content(VmspecMachineState *vms, BlockBackend *blk,
                          int64_t length, Error **errp)
{
    bool raw = !strcmp(bdrv_get_format_name(blk_bs(blk)), "raw");
    int64_t size = raw ? length : blk_getlength(blk);
    g_autofree uint8_t *data = g_malloc0(VARSTORE_SIZE);
    VarstoreDamage damage;
    Varstore vs;
    int ret;

    if (size < 0) {
        error_setg_errno(errp, -size, "cannot get the length");
        return false;
    }
    ret = size ? blk_pread(blk, 0, MIN(size, VARSTORE_SIZE), data, 0) : 0;
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read");
        return false;
    }
    if (!varstore_check(data, size, &vs, &damage)) {
        return vmspec_nvram_damaged(&damage, errp);
    }
    if (vms->secure_boot && !vmspec_nvram_has_keys(&vs)) {
        warn_report("secure-boot=on: %s has no platform key (PK): Secure Boot "
                    "stays off until one is enrolled (nvram-reset=on starts "
                    "with keys)", vms->nvram_path);
    }
    return replay(vms, blk, data, &vs, errp);
}

/*
 * Between opening and locking @fd another program may have replaced the file
 * (as vmspec-nvram does by rename()): a store without a name is lost at the
 * end. As long as the lock is held, no program that asks for it does so.
 */
static bool has_name(int fd, const char *path)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* NULL without an error if the file lost its name meanwhile */
static BlockBackend *lock(const char *path, int fd, Error **errp)
{
    BlockBackend *blk = open_blk(fd, errp);

    if (blk && !has_name(fd, path)) {
        blk_unref(blk);
        return NULL;
    }
    return blk;
}

/* Move the store out of the way; only with the lock it is nobody else's. */
static bool reset(VmspecMachineState *vms, int fd, Error **errp)
{
    BlockBackend *blk = lock(vms->nvram_path, fd, errp);
    bool ok = blk && vmspec_nvram_keep(vms->nvram_path, errp);

    blk_unref(blk);
    return ok;
}

/* The same: NULL without an error if the file lost its name */
static BlockBackend *use(VmspecMachineState *vms, int fd, Error **errp)
{
    BlockBackend *blk = lock(vms->nvram_path, fd, errp);
    struct stat st;
    bool ok = blk;

    if (blk && fstat(fd, &st) < 0) {
        error_setg_errno(errp, errno, "cannot get the length");
        ok = false;
    }
    /* A migration brings the content: now the source may still write. */
    if (ok && !runstate_check(RUN_STATE_INMIGRATE)) {
        ok = check_content(vms, blk, st.st_size, errp);
    }
    if (!ok) {
        blk_unref(blk);
    }
    return ok ? blk : NULL;
}

BlockBackend *vmspec_nvram_open(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool to_reset = vms->nvram_reset;
    BlockBackend *blk = NULL;

    for (int i = 0; i < MAX_TRIES && !blk && !*errp; i++) {
        int fd = vmspec_nvram_open_file(&vms->nvram_path, errp);

        if (fd >= 0 && to_reset) {
            to_reset = !reset(vms, fd, errp);
        } else if (fd >= 0) {
            blk = use(vms, fd, errp);
        } else if (fd == -ENOENT) {
            to_reset = false;
            create(vms, errp);
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    if (!blk && !*errp) {
        error_setg(errp, "another program replaces the file again and again");
        error_append_hint(errp, "Stop that, or give this VM a store of its own "
                          "with nvram=PATH.\n");
    }
    return blk;
}
