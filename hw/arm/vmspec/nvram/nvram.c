/*
 * vmspec: which file has the variables of this VM
 *
 * This file has the properties nvram and nvram-reset, decides what they mean
 * for this machine (platform.md, section 7), and has the properties that
 * describe the store.
 * vms->nvram_arg is what the user said, vms->nvram_mode what was chosen:
 *
 *               nvram_mode with pflash1   nvram_mode otherwise
 *   nvram_arg   or without firmware
 *   (not set)   none                      auto if the VM has a UUID or a name,
 *                                         and without -nodefaults; else none
 *   none        none                      none
 *   auto        an error                  auto: a file in the state directory
 *   PATH        an error                  file: that file
 *
 * open.c opens the file, flash.c attaches it to flash1.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/uuid.h"
#include "system/block-backend.h"
#include "system/runstate.h"
#include "system/system.h"
#include "nvram.h"
#include "store-file.h"

#define NVRAM_AUTO "auto"
#define NVRAM_NONE "none"

static char *get_nvram(Object *obj, Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    switch (vms->nvram_mode) {
    case VMSPEC_NVRAM_NONE:
        return g_strdup(NVRAM_NONE);
    case VMSPEC_NVRAM_AUTO:
        return g_strdup(NVRAM_AUTO);
    default:
        return g_strdup(vms->nvram_arg ?: "");
    }
}

static void set_nvram(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    if (!*value) {
        error_setg(errp, "nvram= needs a value");
        error_append_hint(errp, "Use auto, none or a file name.\n");
        return;
    }
    if (!strcmp(value, "on") || !strcmp(value, "off")) {
        error_setg(errp, "nvram=%s is not valid", value);
        error_append_hint(errp, "Use auto, none or a file name.\n");
        return;
    }
    g_free(vms->nvram_arg);
    vms->nvram_arg = g_strdup(value);
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
    BlockBackend *blk;

    if (!flash) {
        return g_strdup("");
    }
    blk = pflash_cfi01_get_blk(flash);
    if (!blk) {
        return g_strdup("volatile");
    }
    return g_strdup(blk_bs(blk) ? bdrv_get_format_name(blk_bs(blk)) : "");
}

static void set_nvram_format(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    if (!strcmp(value, NVRAM_AUTO)) {
        vms->nvram_format = NULL;
    } else if (!strcmp(value, VMSPEC_NVRAM_RAW)) {
        vms->nvram_format = VMSPEC_NVRAM_RAW;
    } else if (!strcmp(value, VMSPEC_NVRAM_QCOW2)) {
        vms->nvram_format = VMSPEC_NVRAM_QCOW2;
    } else {
        error_setg(errp, "nvram-format=%s is not valid", value);
        error_append_hint(errp, "Use auto, raw or qcow2.\n");
    }
}

static char *get_firmware_file(Object *obj, Error **errp)
{
    return g_strdup(VMSPEC_MACHINE(obj)->firmware_path ?: "");
}

/* Describe the store that the guest has in flash1 at this moment. */
static char *get_nvram_fill(Object *obj, Error **errp)
{
    PFlashCFI01 *flash = VMSPEC_MACHINE(obj)->flash[1];
    MemoryRegion *mr = flash ? pflash_cfi01_get_memory(flash) : NULL;
    uint64_t size = mr ? memory_region_size(mr) : 0;
    VarstoreDamage damage;
    Varstore vs;

    if (!size) {
        return g_strdup("no store");
    }
    if (!pflash_cfi01_get_blk(flash) &&
        buffer_is_zero(memory_region_get_ram_ptr(mr), size)) {
        memset(&vs, 0, sizeof(vs)); /* the firmware has yet to format it */
    } else if (!varstore_check(memory_region_get_ram_ptr(mr), size, &vs,
                               &damage)) {
        Error *err = NULL;
        char *text;

        vmspec_nvram_damaged(&damage, false, &err);
        text = g_strdup(error_get_pretty(err));
        error_free(err);
        return text;
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
        "user's state directory), none (volatile) or a file name (default: "
        "auto with -uuid or -name, else none)");
    object_class_property_add_bool(oc, "nvram-reset", get_nvram_reset,
                                   set_nvram_reset);
    object_class_property_set_description(oc, "nvram-reset",
        "Start with an empty variable store and keep the old file as "
        "FILE.bak (default: off)");
    object_class_property_add_str(oc, "nvram-file", get_nvram_file, NULL);
    object_class_property_set_description(oc, "nvram-file",
        "The file that nvram= chose, read-only");
    object_class_property_add_str(oc, "nvram-format", get_nvram_format,
                                  set_nvram_format);
    object_class_property_set_description(oc, "nvram-format",
        "Format of the variable store file: raw, qcow2 or auto, which means "
        "raw for names that end in .fd or .raw, else qcow2 (default: auto). "
        "Reads as the format in use, or volatile");
    object_class_property_add_str(oc, "nvram-fill", get_nvram_fill, NULL);
    object_class_property_set_description(oc, "nvram-fill",
        "How full the variable store is, or what is wrong with it, "
        "read-only");
    object_class_property_add_str(oc, "firmware-file", get_firmware_file,
                                  NULL);
    object_class_property_set_description(oc, "firmware-file",
        "The firmware in flash0: a file, or pflash0's block node, read-only");
}

/*
 * A file name may have 255 bytes, on some encrypting file systems 143. The
 * store adds ".qcow2" and, for files of its own, some more.
 */
#define MAX_ID 128
#define ID_HASH 16              /* hexadecimal digits of SHA-256 */

/* Does the character @c of a VM's name stand in the name of its file? */
static bool is_plain(gunichar c, bool first)
{
    if (c < 0x80) {
        return g_ascii_isalnum(c) || c == '-' || c == '_' ||
               (c == '.' && !first);
    }
    return g_unichar_isgraph(c);
}

/*
 * Make a file name of a VM's name: letters of any script stay, and each byte of
 * another character, or of what is no UTF-8, becomes %XX. A longer name than
 * MAX_ID bytes is cut, and the hash of the whole name takes the place of the
 * rest. "~" is in no other name.
 */
static char *file_id(const char *name)
{
    GString *s = g_string_new("");
    size_t cut = 0;             /* where the hash would begin */

    for (const char *p = name, *next; *p; p = next) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        bool valid = c != (gunichar)-1 && c != (gunichar)-2;

        next = valid ? g_utf8_next_char(p) : p + 1;
        if (valid && is_plain(c, p == name)) {
            g_string_append_len(s, p, next - p);
        } else {
            for (; p < next; p++) {
                g_string_append_printf(s, "%%%02x", (uint8_t)*p);
            }
        }
        if (s->len <= MAX_ID - ID_HASH - 1) {
            cut = s->len;
        }
    }
    if (s->len > MAX_ID) {
        g_autofree char *hash = g_compute_checksum_for_string(
            G_CHECKSUM_SHA256, name, -1);

        g_string_truncate(s, cut);
        g_string_append_printf(s, "~%.*s", ID_HASH, hash);
    }
    return g_string_free(s, FALSE);
}

/*
 * Make the directory of nvram=auto, in the state directory of the XDG base
 * directory specification. Returns NULL with @errp set on failure.
 */
static char *make_auto_dir(Error **errp)
{
    ERRP_GUARD();
    const char *state = g_getenv("XDG_STATE_HOME");
    const char *home = g_getenv("HOME");
    g_autofree char *dir = NULL;

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
    return g_steal_pointer(&dir);
}

/* The store file of nvram=auto, by the VM's UUID, or else by its name */
static char *auto_path(Error **errp)
{
    ERRP_GUARD();
    g_autofree char *id = NULL;
    g_autofree char *dir = NULL;
    g_autofree char *file = NULL;

    if (qemu_uuid_set) {
        id = qemu_uuid_unparse_strdup(&qemu_uuid);
    } else if (qemu_get_vm_name() && *qemu_get_vm_name()) {
        id = file_id(qemu_get_vm_name());
    } else {
        error_setg(errp, "nvram=auto: the VM has no name");
        error_append_hint(errp, "Give it one with -name or -uuid, or use "
                          "nvram=PATH.\n");
        return NULL;
    }
    dir = make_auto_dir(errp);
    if (!dir) {
        return NULL;
    }
    file = g_strdup_printf("%s.qcow2", id);
    return g_build_filename(dir, file, NULL);
}

static bool has_name_or_uuid(void)
{
    return qemu_uuid_set || (qemu_get_vm_name() && *qemu_get_vm_name());
}

/* Fails if there is no store file that nvram-format= could be about. */
static bool check_format(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();

    if (!vms->nvram_format || vms->nvram_mode != VMSPEC_NVRAM_NONE) {
        return true;
    }
    if (pflash_cfi01_get_blk(vms->flash[1])) {
        error_setg(errp, "nvram-format=%s is not the format of pflash1",
                   vms->nvram_format);
        error_append_hint(errp, "Use the format of its -drive or -blockdev, or "
                          "nvram=PATH in place of pflash1.\n");
        return false;
    }
    error_setg(errp, "nvram-format=%s: the VM has no store file",
               vms->nvram_format);
    error_append_hint(errp, "Name a store with nvram=PATH, or leave out "
                      "nvram-format=%s.\n", vms->nvram_format);
    return false;
}

/* Fails if the machine has no store file that nvram-reset=on can reset. */
static bool check_reset(VmspecMachineState *vms, Error **errp)
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
    if (vms->nvram_mode == VMSPEC_NVRAM_NONE) {
        error_setg(errp, "nvram-reset=on: %s, there is nothing to reset",
                   vms->nvram_arg ? "with nvram=none" :
                                    "the VM has no store");
        error_append_hint(errp, "Name a store with nvram=PATH, or leave out "
                          "nvram-reset=on.\n");
        return false;
    }
    return true;
}

/* The table of this file's head: sets vms->nvram_mode. */
static bool choose_mode(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    const char *arg = vms->nvram_arg;
    bool pflash1 = pflash_cfi01_get_blk(vms->flash[1]);

    if (!arg) {
        /* -nodefaults: management has the store (platform.md, section 9). */
        bool automatic = has_name_or_uuid() && defaults_enabled() &&
                         vms->firmware && !pflash1;

        vms->nvram_mode = automatic ? VMSPEC_NVRAM_AUTO : VMSPEC_NVRAM_NONE;
        return true;
    }
    if (!strcmp(arg, NVRAM_NONE)) {
        vms->nvram_mode = VMSPEC_NVRAM_NONE;
        return true;
    }
    if (pflash1) {
        error_setg(errp, "nvram=%s and pflash1 both name the variable store",
                   arg);
        error_append_hint(errp, "Leave out nvram=, or pflash1 (-drive "
                          "if=pflash,unit=1).\n");
        return false;
    }
    if (!vms->firmware) {
        error_setg(errp, "nvram=%s: without firmware there is no variable "
                   "store", arg);
        error_append_hint(errp, "Leave out nvram=, or name firmware with "
                          "-bios.\n");
        return false;
    }
    vms->nvram_mode = strcmp(arg, NVRAM_AUTO) ? VMSPEC_NVRAM_FILE :
                                                VMSPEC_NVRAM_AUTO;
    return true;
}

/*
 * A write beyond the host's limit for a file's size (RLIMIT_FSIZE) raises
 * SIGXFSZ, which kills QEMU unless the thread blocks the signal. QEMU's I/O
 * threads block it, its main thread does not. While the signal is ignored,
 * such a write fails with EFBIG (setrlimit(2)), and the guest gets an error.
 */
static void survive_file_size_limit(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigaction(SIGXFSZ, &ignore, NULL);
}

bool vmspec_open_nvram(VmspecMachineState *vms, BlockBackend **store,
                       Error **errp)
{
    ERRP_GUARD();

    *store = NULL;
    if (!choose_mode(vms, errp) || !check_format(vms, errp) ||
        !check_reset(vms, errp)) {
        return false;
    }
    if (vms->nvram_mode != VMSPEC_NVRAM_NONE ||
        pflash_cfi01_get_blk(vms->flash[1])) {
        survive_file_size_limit();
    }
    if (vms->firmware) {
        vmspec_nvram_replay_at_reset(vms);
    }
    if (vms->nvram_mode == VMSPEC_NVRAM_NONE) {
        return true;
    }
    vms->nvram_path = vms->nvram_mode == VMSPEC_NVRAM_AUTO ?
                      auto_path(errp) : g_strdup(vms->nvram_arg);
    if (!vms->nvram_path) {
        return false;
    }
    *store = vmspec_nvram_open(vms, errp);
    if (!*store) {
        error_prepend(errp, "nvram=%s: ", vms->nvram_path);
        return false;
    }
    return true;
}

void vmspec_watch_nvram(VmspecMachineState *vms)
{
    /* With nvram=none the user knows. */
    if (!vms->nvram_arg) {
        vmspec_nvram_watch_volatile(vms);
    }
}
