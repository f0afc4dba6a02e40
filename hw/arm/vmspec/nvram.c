/*
 * vmspec: the instance's variable store
 *
 * Owns which file the variables of this VM are in (nvram=, contract section
 * 7), that it is a sound store of this VM alone before the guest runs, and
 * what one can ask about it. The files themselves are nvram-file.c's, the
 * store's content varstore.c's, the flash bank flash.c's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/uuid.h"
#include "block/block-global-state.h"
#include "monitor/monitor.h"
#include "qapi/qapi-commands-misc.h"
#include "qobject/qdict.h"
#include "hw/arm/vmspec-varstore.h"
#include "hw/qdev-properties-system.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "system/system.h"
#include "machine.h"
#include "nvram.h"

#define NVRAM_AUTO "auto"
#define NVRAM_NONE "none"

static char *get_nvram(Object *obj, Error **errp)
{
    return g_strdup(VMSPEC_MACHINE(obj)->nvram ?: "");
}

static void set_nvram(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    if (!*value) {
        error_setg(errp, "nvram= needs a value");
        error_append_hint(errp, "Use auto, none or a file's path.\n");
        return;
    }
    g_free(vms->nvram);
    vms->nvram = g_strdup(value);
}

static bool get_nvram_reset(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->nvram_reset;
}

static void set_nvram_reset(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->nvram_reset = value;
}

static char *get_nvram_file(Object *obj, Error **errp)
{
    return g_strdup(VMSPEC_MACHINE(obj)->nvram_path ?: "");
}

static char *get_nvram_format(Object *obj, Error **errp)
{
    PFlashCFI01 *flash = VMSPEC_MACHINE(obj)->flash[1];
    BlockBackend *blk = flash ? pflash_cfi01_get_blk(flash) : NULL;

    return g_strdup(!flash ? "" : !blk ? "volatile" :
                    blk_bs(blk) ? bdrv_get_format_name(blk_bs(blk)) : "");
}

static char *get_firmware_file(Object *obj, Error **errp)
{
    return g_strdup(VMSPEC_MACHINE(obj)->firmware_path ?: "");
}

/* What the guest has in its flash at this moment */
static char *get_nvram_fill(Object *obj, Error **errp)
{
    PFlashCFI01 *flash = VMSPEC_MACHINE(obj)->flash[1];
    MemoryRegion *mr = flash ? pflash_cfi01_get_memory(flash) : NULL;
    VarstoreDamage damage;
    Varstore vs;

    if (!mr || !memory_region_size(mr)) {
        return g_strdup("no store");
    }
    if (!varstore_check(memory_region_get_ram_ptr(mr), memory_region_size(mr),
                        &vs, &damage)) {
        return g_strdup_printf("no sound store: at 0x%" PRIx64 ": %s",
                               damage.offset, damage.what);
    }
    return g_strdup_printf("%u variables of %zu bytes; %zu of %d bytes used "
                           "until the next reclaim", vs.variables, vs.live,
                           vs.used, VARSTORE_CAPACITY);
}

void vmspec_add_nvram_properties(ObjectClass *oc)
{
    object_class_property_add_str(oc, "nvram", get_nvram, set_nvram);
    object_class_property_set_description(oc, "nvram",
        "UEFI variables of this VM: auto (a file by UUID or name in the "
        "user's state directory), none (volatile) or a file's path (default: "
        "auto with -uuid or -name, else none)");
    object_class_property_add_bool(oc, "nvram-reset", get_nvram_reset,
                                   set_nvram_reset);
    object_class_property_set_description(oc, "nvram-reset",
        "Start with an empty variable store and keep the old file as "
        "FILE.bak (default: off)");
    object_class_property_add_str(oc, "nvram-file", get_nvram_file, NULL);
    object_class_property_set_description(oc, "nvram-file",
        "The file of nvram=, read-only");
    object_class_property_add_str(oc, "nvram-format", get_nvram_format, NULL);
    object_class_property_set_description(oc, "nvram-format",
        "Its format, or volatile, read-only");
    object_class_property_add_str(oc, "nvram-fill", get_nvram_fill, NULL);
    object_class_property_set_description(oc, "nvram-fill",
        "How full the variable store is, or what is wrong with it, "
        "read-only");
    object_class_property_add_str(oc, "firmware-file", get_firmware_file,
                                  NULL);
    object_class_property_set_description(oc, "firmware-file",
        "The firmware in flash0: a file, or pflash0's block node, read-only");
}

/* A file name for a VM's name: bytes that are not plain become %XX. */
static char *escape(const char *name)
{
    GString *s = g_string_new("");

    for (; *name; name++) {
        if (g_ascii_isalnum(*name) || *name == '-' || *name == '_' ||
            (*name == '.' && s->len)) {
            g_string_append_c(s, *name);
        } else {
            g_string_append_printf(s, "%%%02x", (uint8_t)*name);
        }
    }
    return g_string_free(s, FALSE);
}

/* nvram=auto: the XDG base directory specification's state directory */
static char *auto_path(Error **errp)
{
    ERRP_GUARD();
    const char *state = g_getenv("XDG_STATE_HOME");
    const char *home = g_getenv("HOME");
    g_autofree char *dir = NULL;
    g_autofree char *id = NULL;
    g_autofree char *file = NULL;

    if (qemu_uuid_set) {
        id = qemu_uuid_unparse_strdup(&qemu_uuid);
    } else if (qemu_get_vm_name() && *qemu_get_vm_name()) {
        id = escape(qemu_get_vm_name());
    } else {
        error_setg(errp, "nvram=auto: the VM has no name");
        error_append_hint(errp, "Give it one with -name or -uuid, or use "
                          "nvram=PATH.\n");
        return NULL;
    }
    if (state && g_path_is_absolute(state)) {
        dir = g_build_filename(state, "vmspec", "nvram", NULL);
    } else if (home && g_path_is_absolute(home)) {
        dir = g_build_filename(home, ".local", "state", "vmspec", "nvram",
                               NULL);
    } else {
        error_setg(errp, "nvram=auto: neither XDG_STATE_HOME nor HOME names a "
                   "directory");
        error_append_hint(errp, "Set one, or use nvram=PATH or nvram=none.\n");
        return NULL;
    }
    if (g_mkdir_with_parents(dir, 0700) < 0) {
        error_setg_errno(errp, errno, "nvram=auto: cannot create %s", dir);
        error_append_hint(errp, "Set XDG_STATE_HOME, or use nvram=PATH or "
                          "nvram=none.\n");
        return NULL;
    }
    file = g_strdup_printf("%s.qcow2", id);
    return g_build_filename(dir, file, NULL);
}

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
 * The block layer's view of @fd, which is closed. Locked against every
 * other QEMU, raw or not: by file-posix's open file description locks, which
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
    int set = format ? dup(fd) : -1;

    info = set >= 0 ? monitor_fdset_add_fd(set, false, 0, "nvram", errp) :
                      NULL;
    if (!info) {
        close(fd);
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
    close(fd);
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

/* The store's file, new if there was none or it is to be reset */
static BlockBackend *open_store(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool incoming = runstate_check(RUN_STATE_INMIGRATE);
    int fd = vmspec_nvram_open_file(&vms->nvram_path, errp);
    BlockBackend *blk;
    struct stat st;

    if (fd >= 0 && vms->nvram_reset) {
        /* Only with the lock it is nobody else's. */
        blk = open_blk(fd, errp);
        if (!blk) {
            return NULL;
        }
        if (!vmspec_nvram_keep(vms->nvram_path, errp)) {
            blk_unref(blk);
            return NULL;
        }
        blk_unref(blk);
        fd = -ENOENT;
    }
    if (fd == -ENOENT) {
        if (!create(vms, errp)) {
            return NULL;
        }
        fd = vmspec_nvram_open_file(&vms->nvram_path, errp);
        if (fd == -ENOENT) {
            error_setg(errp, "the new file is gone again");
        }
    }
    if (fd < 0 || fstat(fd, &st) < 0) {
        return NULL;
    }
    blk = open_blk(fd, errp);
    /* A migration brings the content: now the source may still write. */
    if (blk && !incoming && !check_content(vms, blk, st.st_size, errp)) {
        blk_unref(blk);
        return NULL;
    }
    return blk;
}

/* What nvram= means in this machine; NULL if it cannot be had */
static const char *choose(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool named = qemu_uuid_set || (qemu_get_vm_name() && *qemu_get_vm_name());

    if (!vms->nvram || !strcmp(vms->nvram, NVRAM_NONE)) {
        if (vms->nvram_reset && vms->nvram) {
            error_setg(errp, "nvram-reset=on: nvram=none has nothing to "
                       "reset");
            error_append_hint(errp, "Leave one of them out.\n");
            return NULL;
        }
        /* Management that says -nodefaults owns the store (section 9). */
        return !vms->nvram && named && defaults_enabled() && vms->firmware &&
               !pflash_cfi01_get_blk(vms->flash[1]) ? NVRAM_AUTO : NVRAM_NONE;
    }
    if (pflash_cfi01_get_blk(vms->flash[1])) {
        error_setg(errp, "nvram=%s and pflash1 both name the variable store",
                   vms->nvram);
        error_append_hint(errp, "Leave out nvram=, or pflash1 (-drive "
                          "if=pflash,unit=1).\n");
        return NULL;
    }
    if (!vms->firmware) {
        error_setg(errp, "nvram=%s: without firmware there is no variable "
                   "store", vms->nvram);
        error_append_hint(errp, "Leave out nvram=, or name firmware with "
                          "-bios.\n");
        return NULL;
    }
    return vms->nvram;
}

/*
 * A write beyond the host's limit for a file's size (RLIMIT_FSIZE) raises
 * SIGXFSZ, which kills QEMU unless the thread blocks it, as QEMU's I/O threads
 * do and its main thread does not. Ignored, each such write fails with EFBIG
 * (setrlimit(2)), and who wanted it gets an error.
 */
static void survive_file_size_limit(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigaction(SIGXFSZ, &ignore, NULL);
}

bool vmspec_open_nvram(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    const char *nvram = choose(vms, errp);
    BlockBackend *blk;
    bool ok;

    if (!nvram) {
        return false;
    }
    if (strcmp(nvram, NVRAM_NONE) || pflash_cfi01_get_blk(vms->flash[1])) {
        survive_file_size_limit();
    }
    if (strcmp(nvram, vms->nvram ?: "")) {
        g_free(vms->nvram);
        vms->nvram = g_strdup(nvram);
    }
    if (!strcmp(vms->nvram, NVRAM_NONE)) {
        return true;
    }
    vms->nvram_path = strcmp(vms->nvram, NVRAM_AUTO) ? g_strdup(vms->nvram) :
                                                       auto_path(errp);
    if (!vms->nvram_path) {
        return false;
    }
    blk = open_store(vms, errp);
    if (!blk) {
        error_prepend(errp, "nvram=%s: ", vms->nvram_path);
        return false;
    }
    ok = qdev_prop_set_drive_err(DEVICE(vms->flash[1]), "drive", blk, errp);
    blk_unref(blk);
    return ok;
}
