/*
 * vmspec: opening the file of a variable store
 *
 * Owns that the file is a sound store of this VM alone before the guest runs
 * (platform.md, section 7), and what is done about one that is not.
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
#include "hw/arm/vmspec-machine.h"
#include "nvram.h"

#define MAX_TRIES 8
#define FORMAT_RAW "raw"
#define HINT_DAMAGED                                                     \
    "Nothing was changed. Restore the file, or start afresh with "       \
    "nvram-reset=on, which keeps it as .bak.\n"

bool vmspec_nvram_damaged(const VarstoreDamage *damage, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "no sound variable store: at byte 0x%" PRIx64 ": %s",
               damage->offset, damage->what);
    error_append_hint(errp, HINT_DAMAGED);
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
 * @fd could not be opened: of a lock, say whose it is; of anything else, the
 * way out of damage.
 */
static void advise(int fd, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *user = NULL;

    if (!strstr(error_get_pretty(*errp), "Failed to get ")) {
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

/* @fd as a descriptor of the block layer's; its set, NULL with @errp set */
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
 * The block layer's view of @fd. Locked against every other QEMU, raw or not:
 * by file-posix's open file description locks, which the kernel drops when the
 * last descriptor goes, however QEMU ends.
 */
static BlockBackend *open_blk(int fd, const char *format, bool writable,
                              Error **errp)
{
    ERRP_GUARD();
    bool incoming = runstate_check(RUN_STATE_INMIGRATE);
    uint64_t perm = incoming ? 0 : BLK_PERM_CONSISTENT_READ |
                    (writable ? BLK_PERM_WRITE : 0);
    AddfdInfo *info = add_fd(fd, errp);
    g_autofree char *node = NULL;
    QDict *options;
    BlockDriverState *bs;
    BlockBackend *blk;

    if (!info) {
        return NULL;
    }
    node = g_strdup_printf("/dev/fdset/%" PRId64, info->fdset_id);
    options = qdict_new();
    qdict_put_str(options, "driver", format);
    qdict_put_str(options, "file.driver", "file");
    qdict_put_str(options, "file.filename", node);
    qdict_put_str(options, "file." BDRV_OPT_READ_ONLY, "off");
    qdict_put_str(options, BDRV_OPT_READ_ONLY, writable ? "off" : "on");
    qdict_put_str(options, BDRV_OPT_CACHE_DIRECT, "off");
    qdict_put_str(options, BDRV_OPT_CACHE_NO_FLUSH, "off");
    bs = bdrv_open(NULL, NULL, options, incoming ? BDRV_O_INACTIVE : 0, errp);
    blk = bs ? blk_new_with_bs(bs, perm, BLK_PERM_CONSISTENT_READ, errp) :
               NULL;
    bdrv_unref(bs);
    /* The node has its own descriptor of the same description. */
    qmp_remove_fd(info->fdset_id, false, 0, &error_abort);
    qapi_free_AddfdInfo(info);
    if (!blk) {
        advise(fd, errp);
    }
    return blk;
}

/*
 * Read the variables of @blk into @data, and see that they are sound. The
 * length of a raw one is @fd's: the block layer's is rounded up to sectors.
 */
static bool check_content(BlockBackend *blk, int fd, uint8_t *data,
                          Varstore *vs, Error **errp)
{
    ERRP_GUARD();
    bool raw = !strcmp(bdrv_get_format_name(blk_bs(blk)), FORMAT_RAW);
    int64_t size = raw ? lseek(fd, 0, SEEK_END) : blk_getlength(blk);
    VarstoreDamage damage;
    int ret;

    if (size < 0) {
        error_setg_errno(errp, raw ? errno : -size, "cannot get the length");
        return false;
    }
    memset(data, 0, VARSTORE_SIZE);
    ret = size ? blk_pread(blk, 0, MIN(size, VARSTORE_SIZE), data, 0) : 0;
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read");
        error_append_hint(errp, HINT_DAMAGED);
        return false;
    }
    return varstore_check(data, size, vs, &damage) ||
           vmspec_nvram_damaged(&damage, errp);
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
static BlockBackend *lock(const char *path, int fd, const char *format,
                          bool writable, Error **errp)
{
    BlockBackend *blk = open_blk(fd, format, writable, errp);

    if (blk && !has_name(fd, path)) {
        blk_unref(blk);
        return NULL;
    }
    return blk;
}

/*
 * Move the store out of the way. Only with the lock it is nobody else's; as raw
 * bytes, since its format may be what is damaged.
 */
static bool reset(VmspecMachineState *vms, int fd, Error **errp)
{
    BlockBackend *blk = lock(vms->nvram_path, fd, FORMAT_RAW, true, errp);
    bool ok = blk && vmspec_nvram_keep(vms->nvram_path, errp);

    blk_unref(blk);
    return ok;
}

static void warn_without_keys(VmspecMachineState *vms, const Varstore *vs)
{
    if (vms->secure_boot && !vmspec_nvram_has_keys(vs)) {
        warn_report("secure-boot=on: %s has no platform key (PK): Secure Boot "
                    "stays off until one is enrolled (nvram-reset=on starts "
                    "with keys)", vms->nvram_path);
    }
}

/*
 * NULL without an error if the file lost its name meanwhile. An image is read
 * first: qcow2 writes a mark into a damaged one that is open to write.
 */
static BlockBackend *use(VmspecMachineState *vms, int fd, Error **errp)
{
    const char *path = vms->nvram_path;
    const char *format = vmspec_nvram_format(fd, errp);
    g_autofree uint8_t *data = g_malloc(VARSTORE_SIZE);
    BlockBackend *blk;
    Varstore vs;

    if (!format || runstate_check(RUN_STATE_INMIGRATE)) {
        /* A migration brings the content: now the source may still write. */
        return format ? lock(path, fd, format, true, errp) : NULL;
    }
    for (int writable = !strcmp(format, FORMAT_RAW); ; writable++) {
        blk = lock(path, fd, format, writable, errp);
        if (!blk || !check_content(blk, fd, data, &vs, errp)) {
            break;
        }
        if (writable) {
            warn_without_keys(vms, &vs);
            if (vmspec_nvram_replay(vms, blk, data, &vs, errp)) {
                return blk;
            }
            break;
        }
        blk_unref(blk);
    }
    blk_unref(blk);
    return NULL;
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
