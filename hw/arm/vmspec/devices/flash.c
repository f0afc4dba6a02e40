/*
 * vmspec: flash
 *
 * This file decides which image is in which bank and how large the bank is
 * (platform.md, sections 2 and 7), and makes flash1 durable. An image may have
 * any length up to 64 MiB; the bank's size is a power of two, from one block of
 * 256 KiB on. flash0 is read-only and has the firmware of -bios, pflash0 or the
 * bundle. flash1 has the variables.
 *
 * What the guest was told is written must survive a crash of QEMU and of the
 * host, and no other program may write it. That takes four things:
 *
 *   the node does not ignore flushes        node_options(), nvram/node.c
 *   the write cache of the backend is off   vmspec_pflash_write_through()
 *   each write is followed by a flush       vmspec_pflash_store()
 *   nobody else may write or resize         make_store_exclusive()
 *
 * The first is the user's choice for pflash1. The others hold for each image
 * of flash1. make_store_exclusive() asks for them after realize, because
 * pflash_cfi01 sets its own permissions there. nvram/open.c asks for the same
 * when it opens the file of nvram=, for the lock that it checks the file under
 * and for the repair that it writes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/datadir.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "block/block_int-common.h"
#include "hw/block/vmspec-pflash.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "system/runstate.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec/nvram/nvram.h"
#include "flash-image.h"
#include "flash.h"
#include "place.h"

#define SECTOR_SIZE_PROPERTY "sector-length"

/* The file names of firmware/meson.build and firmware/descriptor.json.in */
#define BUNDLE(flavour) {                                               \
    .uefi = "vmspec-uefi-" flavour ".fd",                               \
    .vars = "vmspec-vars-" flavour ".fd",                               \
}

static const VmspecBundle bundle_aarch64 = BUNDLE("aarch64");
static const VmspecBundle bundle_aarch32 = BUNDLE("arm");
static const VmspecBundle bundle_secure = BUNDLE("aarch64-secure");

static const char *const bank_property[VMSPEC_NUM_FLASH] = {
    "pflash0", "pflash1",
};

/* Two 16-bit chips side by side, as on virt, which guests know */
static PFlashCFI01 *new_bank(VmspecMachineState *vms, int bank)
{
    DeviceState *dev = qdev_new(TYPE_PFLASH_CFI01);
    /* There is no plan yet when the banks are made. */
    const VmspecPlatform *platform = VMSPEC_MACHINE_GET_CLASS(vms)->platform;
    const char *name = platform->rows[VMSPEC_FLASH0 + bank].name;

    qdev_prop_set_uint64(dev, SECTOR_SIZE_PROPERTY, VMSPEC_FLASH_BLOCK_SIZE);
    qdev_prop_set_uint8(dev, "width", 4);
    qdev_prop_set_uint8(dev, "device-width", 2);
    qdev_prop_set_bit(dev, "big-endian", false);
    qdev_prop_set_uint16(dev, "id0", 0x89);
    qdev_prop_set_uint16(dev, "id1", 0x18);
    qdev_prop_set_string(dev, "name", name);
    dev->id = g_strdup(name);
    object_property_add_child(OBJECT(vms), name, OBJECT(dev));
    object_unref(OBJECT(dev));
    return PFLASH_CFI01(dev);
}

void vmspec_init_flash(VmspecMachineState *vms)
{
    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        vms->flash[i] = new_bank(vms, i);
    }
}

static char *get_bank_node(VmspecMachineState *vms, int bank, Error **errp)
{
    /* The backend may be vmspec_flash_padded_copy() of the user's node. */
    if (vms->flash_node[bank]) {
        return g_strdup(vms->flash_node[bank]);
    }
    return vms->flash[bank] ?
           object_property_get_str(OBJECT(vms->flash[bank]), "drive", errp) :
           g_strdup("");
}

static char *get_pflash0(Object *obj, Error **errp)
{
    return get_bank_node(VMSPEC_MACHINE(obj), 0, errp);
}

static char *get_pflash1(Object *obj, Error **errp)
{
    return get_bank_node(VMSPEC_MACHINE(obj), 1, errp);
}

static void set_bank_node(VmspecMachineState *vms, int bank, const char *node,
                          Error **errp)
{
    ERRP_GUARD();

    if (!vms->flash[bank]) {
        error_setg(errp, "%s cannot change after the start",
                   bank_property[bank]);
        return;
    }
    if (!object_property_set_str(OBJECT(vms->flash[bank]), "drive", node,
                                 errp)) {
        error_prepend(errp, "%s=%s: ", bank_property[bank], node);
        error_append_hint(errp, "Give the node-name of a -blockdev.\n");
        return;
    }
    g_free(vms->flash_node[bank]);
    vms->flash_node[bank] = g_strdup(node);
}

static void set_pflash0(Object *obj, const char *node, Error **errp)
{
    set_bank_node(VMSPEC_MACHINE(obj), 0, node, errp);
}

static void set_pflash1(Object *obj, const char *node, Error **errp)
{
    set_bank_node(VMSPEC_MACHINE(obj), 1, node, errp);
}

void vmspec_add_flash_properties(ObjectClass *oc)
{
    object_class_property_add_str(oc, "pflash0", get_pflash0, set_pflash0);
    object_class_property_set_description(oc, "pflash0",
        "Block node with the firmware image, used read-only (default: none, "
        "the bundled UEFI)");
    object_class_property_add_str(oc, "pflash1", get_pflash1, set_pflash1);
    object_class_property_set_description(oc, "pflash1",
        "Block node with the UEFI variable store (default: none, a volatile "
        "store)");
}

/*
 * Give @bank a backend that is exactly as long as the bank. A backend of flash0
 * that can be written is replaced by a copy too. Returns the size, or 0 with
 * @errp set.
 */
static uint64_t size_bank_to_image(VmspecMachineState *vms, int bank,
                                   Error **errp)
{
    DeviceState *dev = DEVICE(vms->flash[bank]);
    BlockBackend *blk = pflash_cfi01_get_blk(vms->flash[bank]);
    uint64_t size = vmspec_flash_bank_size(blk, errp);
    bool fits, writable;
    BlockBackend *copy;
    bool ok;

    if (!size) {
        return 0;
    }
    fits = blk_getlength(blk) == size;
    writable = blk_supports_write_perm(blk);
    if (fits && (bank == 1 || !writable)) {
        return size;
    }
    if (bank == 1 && writable) {
        return vmspec_flash_extend_store(blk, size, errp) ? size : 0;
    }
    copy = vmspec_flash_padded_copy(blk, size, errp);
    if (!copy) {
        return 0;
    }
    ok = qdev_prop_set_drive_err(dev, "drive", copy, errp);
    blk_unref(copy);
    return ok ? size : 0;
}

static bool attach_firmware_file(VmspecMachineState *vms,
                                 const char *filename, Error **errp)
{
    BlockBackend *blk = vmspec_flash_open_readonly(filename, errp);
    bool ok;

    if (!blk) {
        return false;
    }
    ok = vmspec_flash_bank_size(blk, errp) &&
         qdev_prop_set_drive_err(DEVICE(vms->flash[0]), "drive", blk, errp);
    blk_unref(blk);
    return ok;
}

/* Open the store file of nvram= and attach it to flash1, if there is one. */
static bool attach_store_file(VmspecMachineState *vms, Error **errp)
{
    BlockBackend *blk;
    bool ok;

    if (!vmspec_open_nvram(vms, &blk, errp)) {
        return false;
    }
    if (!blk) {
        return true;
    }
    ok = qdev_prop_set_drive_err(DEVICE(vms->flash[1]), "drive", blk, errp);
    blk_unref(blk);
    return ok;
}

/*
 * pflash_cfi01 neither disables the write cache nor takes the exclusive-write
 * permission; do both for flash1. Others may still read the store, and write
 * what does not change it.
 */
static bool make_store_exclusive(BlockBackend *blk, Error **errp)
{
    uint64_t perm, shared;

    if (!blk) {
        return true;
    }
    vmspec_pflash_write_through(blk);
    blk_get_perm(blk, &perm, &shared);
    if (!(perm & BLK_PERM_WRITE)) {
        return true;
    }
    return blk_set_perm(blk, perm, BLK_PERM_CONSISTENT_READ |
                        BLK_PERM_WRITE_UNCHANGED, errp) == 0;
}

/*
 * secure-boot=on selects the bundled AArch64 image that has Secure Boot. It
 * cannot be combined with -bios or pflash0.
 */
static bool check_secure_boot(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool pflash = pflash_cfi01_get_blk(vms->flash[0]);

    if (!vms->secure_boot) {
        return true;
    }
    if (!vms->config.aarch64) {
        error_setg(errp, "secure-boot=on is not supported with AArch32 CPUs: "
                   "nobody signs loaders for them");
        error_append_hint(errp, "Leave out secure-boot=on, or use an AArch64 "
                          "CPU.\n");
        return false;
    }
    if (MACHINE(vms)->firmware || pflash) {
        error_setg(errp, "secure-boot=on and %s both name the firmware",
                   pflash ? "pflash0" : "-bios");
        error_append_hint(errp, "Leave out one of them; firmware of your own "
                          "has Secure Boot if it was built with it.\n");
        return false;
    }
    return true;
}

static const VmspecBundle *choose_bundle(VmspecMachineState *vms)
{
    if (vms->secure_boot) {
        return &bundle_secure;
    }
    return vms->config.aarch64 ? &bundle_aarch64 : &bundle_aarch32;
}

/* Attach pflash0, -bios or, if the machine has no -kernel, the bundle. */
static bool choose_firmware(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    MachineState *ms = MACHINE(vms);
    const char *name = ms->firmware;
    g_autofree char *path = NULL;

    if (pflash_cfi01_get_blk(vms->flash[0])) {
        if (name) {
            error_setg(errp, "-bios and pflash0 both name the firmware");
            error_append_hint(errp, "Leave out -bios, or pflash0 (-drive "
                              "if=pflash,unit=0).\n");
            return false;
        }
        vms->firmware_path = get_bank_node(vms, 0, errp);
        return true;
    }
    if (!name) {
        if (ms->kernel_filename && !vms->secure_boot) {
            return true;
        }
        name = vms->bundle->uefi;
        path = vmspec_find_bundled(name);
    } else {
        path = qemu_find_file(QEMU_FILE_TYPE_BIOS, name);
    }
    if (!path) {
        error_setg(errp, "-bios: firmware '%s' not found", name);
        error_append_hint(errp, "Name a file with -bios, a directory that has "
                          "it with -L, or a kernel with -kernel.\n");
        return false;
    }
    if (!attach_firmware_file(vms, path, errp)) {
        error_prepend(errp, "-bios %s: ", path);
        error_append_hint(errp, "Name a readable image of 1 byte to 64 MiB "
                          "with -bios.\n");
        return false;
    }
    /* -bios takes a file of the current directory before the bundle's. */
    vms->bundled = !strcmp(name, vms->bundle->uefi) &&
                   (name != ms->firmware || access(name, R_OK));
    vms->firmware_path = g_steal_pointer(&path);
    return true;
}

/* The guest would overwrite a firmware image that is the store as well. */
static bool check_banks_differ(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    BlockBackend *code = pflash_cfi01_get_blk(vms->flash[0]);
    BlockBackend *vars = pflash_cfi01_get_blk(vms->flash[1]);

    if (!code || !vars || blk_bs(code) != blk_bs(vars)) {
        return true;
    }
    error_setg(errp, "pflash0 and pflash1 are the same image");
    error_append_hint(errp, "Give pflash1 a variable store of its own, or "
                      "leave it out.\n");
    return false;
}

/* Fit @bank to its image, if it has one. Returns false with @errp set. */
static bool size_bank(VmspecMachineState *vms, int bank, uint64_t *size,
                      Error **errp)
{
    ERRP_GUARD();
    const char *option = bank_property[bank];

    *size = 0;
    if (!pflash_cfi01_get_blk(vms->flash[bank])) {
        return true;
    }
    *size = size_bank_to_image(vms, bank, errp);
    if (*size) {
        return true;
    }
    if (bank == 0 && MACHINE(vms)->firmware) {
        option = "-bios";
    }
    error_prepend(errp, "%s: ", option);
    error_append_hint(errp, "Name a readable image of 1 byte to 64 MiB.\n");
    return false;
}

/* How the user named the image of @bank */
static char *name_of_image(VmspecMachineState *vms, int bank)
{
    BlockBackend *blk = pflash_cfi01_get_blk(vms->flash[bank]);

    bdrv_refresh_filename(blk_bs(blk));
    return g_strdup_printf("%s %s", bank == 0 && MACHINE(vms)->firmware ?
                           "-bios" : bank_property[bank],
                           blk_bs(blk)->filename);
}

/* size_bank() refuses an image of another length. */
static bool has_valid_length(BlockBackend *blk)
{
    int64_t length = blk ? blk_getlength(blk) : 0;

    return length > 0 && length <= VMSPEC_FLASH_MAX_SIZE;
}

/*
 * Refuse what the user put into the wrong bank. The store file of nvram= is
 * checked already. The images of a VM that comes by migration are the source's.
 * Only UEFI is known to overwrite what is no store. Other firmware may keep
 * something else in flash1, as U-Boot does.
 */
static bool check_images(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    BlockBackend *code = pflash_cfi01_get_blk(vms->flash[0]);
    BlockBackend *vars = pflash_cfi01_get_blk(vms->flash[1]);
    int bank = 0;
    bool uefi = false;
    bool ours = false;
    bool ok;

    if (!has_valid_length(code) || runstate_check(RUN_STATE_INMIGRATE)) {
        return true;
    }
    ok = vmspec_flash_check_firmware(code, vms->config.aarch64, &uefi,
                                     &ours, errp);
    if (ok && !vms->nvram_path && has_valid_length(vars)) {
        bank = 1;
        ok = (!uefi || vmspec_flash_check_store(vars, vms->bundled, errp)) &&
             (!vms->secure_boot || vmspec_flash_check_keys(vars, errp));
    }
    if (!ok) {
        g_autofree char *name = name_of_image(vms, bank);

        error_prepend(errp, "%s: ", name);
    } else if (uefi && has_valid_length(vars)) {
        g_autofree char *name = vms->nvram_path ?
            g_strdup_printf("nvram=%s", vms->nvram_path) :
            name_of_image(vms, 1);

        vmspec_flash_warn_of_maker(vars, ours, name);
    }
    return ok;
}

bool vmspec_choose_flash(VmspecMachineState *vms, uint64_t size[],
                         Error **errp)
{
    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        pflash_cfi01_legacy_drive(vms->flash[i], drive_get(IF_PFLASH, 0, i));
    }
    vms->bundle = choose_bundle(vms);
    if (!check_banks_differ(vms, errp) || !check_secure_boot(vms, errp) ||
        !choose_firmware(vms, errp)) {
        return false;
    }
    vms->firmware = pflash_cfi01_get_blk(vms->flash[0]);
    if (!attach_store_file(vms, errp) || !check_images(vms, errp)) {
        return false;
    }
    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        if (!size_bank(vms, i, &size[i], errp)) {
            return false;
        }
    }
    if (vms->firmware && !size[1]) {
        size[1] = VMSPEC_FLASH1_DEFAULT_SIZE;
    }
    return true;
}

static bool make_bank(VmspecMachineState *vms, int bank, Error **errp)
{
    ERRP_GUARD();
    DeviceState *dev = DEVICE(vms->flash[bank]);
    BlockBackend *blk = pflash_cfi01_get_blk(vms->flash[bank]);
    VmspecRowId row = VMSPEC_FLASH0 + bank;
    uint64_t size = vms->plan->region[row].size;

    if (!size) {
        object_unparent(OBJECT(dev));
        vms->flash[bank] = NULL;
        return true;
    }
    qdev_prop_set_uint32(dev, "num-blocks", size / VMSPEC_FLASH_BLOCK_SIZE);
    if (!sysbus_realize(SYS_BUS_DEVICE(dev), errp) ||
        (bank == 1 && !make_store_exclusive(blk, errp))) {
        error_prepend(errp, "%s: ", bank_property[bank]);
        return false;
    }
    if (bank == 1 && !blk && vms->plan->secure_boot &&
        !vmspec_fill_nvram(vms, errp)) {
        return false;
    }
    if (bank == 1 && !blk && vms->firmware) {
        vmspec_watch_nvram(vms);
    }
    vmspec_map_sysbus(vms, row, SYS_BUS_DEVICE(dev), 0, 0);
    return true;
}

bool vmspec_make_flash(VmspecMachineState *vms, Error **errp)
{
    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        if (!make_bank(vms, i, errp)) {
            return false;
        }
    }
    return true;
}
