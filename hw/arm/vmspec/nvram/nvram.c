/*
 * vmspec: the instance's variable store
 *
 * Owns which file the variables of this VM are in (nvram=, platform.md, section
 * 7), and what one can ask about it. That it is a sound store of this VM alone
 * is nvram-open.c's, the files themselves are nvram-file.c's, the store's
 * content varstore.c's, the flash bank flash.c's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/uuid.h"
#include "hw/arm/vmspec-varstore.h"
#include "hw/qdev-properties-system.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "system/system.h"
#include "hw/arm/vmspec-machine.h"
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
    if (!strcmp(value, "on") || !strcmp(value, "off")) {
        error_setg(errp, "nvram=%s: the variable store has no switch", value);
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
    if (!pflash_cfi01_get_blk(flash) &&
        buffer_is_zero(memory_region_get_ram_ptr(mr),
                       memory_region_size(mr))) {
        memset(&vs, 0, sizeof(vs)); /* the firmware has yet to format it */
    } else if (!varstore_check(memory_region_get_ram_ptr(mr),
                               memory_region_size(mr), &vs, &damage)) {
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

/* Is there something that nvram-reset=on can reset? */
static bool check_reset(VmspecMachineState *vms, const char *nvram,
                        Error **errp)
{
    ERRP_GUARD();

    if (!vms->nvram_reset) {
        return true;
    }
    if (runstate_check(RUN_STATE_INMIGRATE)) {
        error_setg(errp, "nvram-reset=on: with -incoming the variables come "
                   "with the VM");
        error_append_hint(errp, "Leave out nvram-reset=on, or -incoming.\n");
        return false;
    }
    if (pflash_cfi01_get_blk(vms->flash[1])) {
        error_setg(errp, "nvram-reset=on does not reset the store of pflash1");
        error_append_hint(errp, "Use nvram=PATH in place of pflash1, or leave "
                          "out nvram-reset=on.\n");
        return false;
    }
    if (!strcmp(nvram, NVRAM_NONE)) {
        error_setg(errp, "nvram-reset=on: %s, there is nothing to reset",
                   vms->nvram ? "with nvram=none" : "the VM has no store");
        error_append_hint(errp, "Name a store with nvram=PATH, or leave out "
                          "nvram-reset=on.\n");
        return false;
    }
    return true;
}

/* What nvram= means in this machine; NULL if it cannot be had */
static const char *choose(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool named = qemu_uuid_set || (qemu_get_vm_name() && *qemu_get_vm_name());

    if (!vms->nvram || !strcmp(vms->nvram, NVRAM_NONE)) {
        /*
         * Management that says -nodefaults owns the store (platform.md,
         * section 9).
         */
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

    if (!nvram || !check_reset(vms, nvram, errp)) {
        return false;
    }
    if (strcmp(nvram, NVRAM_NONE) || pflash_cfi01_get_blk(vms->flash[1])) {
        survive_file_size_limit();
    }
    if (strcmp(nvram, vms->nvram ?: "")) {
        g_free(vms->nvram);
        vms->nvram = g_strdup(nvram);
    }
    if (vms->firmware) {
        vmspec_nvram_replay_at_reset(vms);
    }
    if (!strcmp(vms->nvram, NVRAM_NONE)) {
        return true;
    }
    vms->nvram_path = strcmp(vms->nvram, NVRAM_AUTO) ? g_strdup(vms->nvram) :
                                                       auto_path(errp);
    if (!vms->nvram_path) {
        return false;
    }
    blk = vmspec_nvram_open(vms, errp);
    if (!blk) {
        error_prepend(errp, "nvram=%s: ", vms->nvram_path);
        return false;
    }
    ok = qdev_prop_set_drive_err(DEVICE(vms->flash[1]), "drive", blk, errp);
    blk_unref(blk);
    return ok;
}
