/*
 * vmspec: flash
 *
 * Owns which image is in which bank and how large the bank is (platform.md,
 * sections 2 and 7): any length up to 64 MiB, rounded up to 256 KiB blocks.
 * Bank 0 is read-only and holds the firmware of -bios, pflash0 or the bundle;
 * bank 1 holds the variables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/datadir.h"
#include "qemu/error-report.h"
#include "qemu/memfd.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "hw/arm/vmspec-machine.h"
#include "hw/arm/vmspec-map.h"
#include "place.h"

#define SECTOR_SIZE_PROPERTY "sector-length"
#define BUNDLED_AARCH64 "vmspec-uefi-aarch64.fd"
#define BUNDLED_AARCH32 "vmspec-uefi-arm.fd"
#define BUNDLED_SECURE "vmspec-uefi-aarch64-secure.fd"

static const char *const bank_property[VMSPEC_NUM_FLASH] = {
    "pflash0", "pflash1",
};

/* Two 16-bit chips side by side, as guests know from virt */
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

static char *get_drive(VmspecMachineState *vms, int bank, Error **errp)
{
    /* The user's name: the bank may have a padded copy for its backend. */
    if (vms->flash_node[bank]) {
        return g_strdup(vms->flash_node[bank]);
    }
    return vms->flash[bank] ?
           object_property_get_str(OBJECT(vms->flash[bank]), "drive", errp) :
           g_strdup("");
}

static char *get_pflash0(Object *obj, Error **errp)
{
    return get_drive(VMSPEC_MACHINE(obj), 0, errp);
}

static char *get_pflash1(Object *obj, Error **errp)
{
    return get_drive(VMSPEC_MACHINE(obj), 1, errp);
}

static void set_drive(VmspecMachineState *vms, int bank, const char *node,
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
    set_drive(VMSPEC_MACHINE(obj), 0, node, errp);
}

static void set_pflash1(Object *obj, const char *node, Error **errp)
{
    set_drive(VMSPEC_MACHINE(obj), 1, node, errp);
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

static BlockBackend *open_readonly(const char *filename, Error **errp)
{
    QDict *options = qdict_new();

    /* A firmware image is its bytes, whatever its first ones look like. */
    qdict_put_str(options, "driver", "raw");
    return blk_new_open(filename, NULL, options, 0, errp);
}

/*
 * @blk's @length bytes, read-only and padded with 0xff to @size: an anonymous
 * file, so that the flash device finds a backend of the bank's size.
 */
static BlockBackend *padded_copy(BlockBackend *blk, int64_t length,
                                 int64_t size, Error **errp)
{
    g_autofree char *path = NULL;
    BlockBackend *copy = NULL;
    void *data;
    int fd;

    data = qemu_memfd_alloc("vmspec-flash", size, 0, &fd, errp);
    if (!data) {
        return NULL;
    }
    memset(data + length, 0xff, size - length);
    if (blk_set_perm(blk, BLK_PERM_CONSISTENT_READ, BLK_PERM_ALL, errp) == 0) {
        int ret = blk_pread(blk, 0, length, data, 0);

        blk_set_perm(blk, 0, BLK_PERM_ALL, &error_abort);
        if (ret < 0) {
            error_setg_errno(errp, -ret, "cannot read the image");
        } else {
            path = g_strdup_printf("/proc/self/fd/%d", fd);
            copy = open_readonly(path, errp);
        }
    }
    qemu_memfd_free(data, size, fd);
    return copy;
}

/* A writable store grows to whole blocks; nothing in it moves. */
static bool grow(BlockBackend *blk, int64_t size, Error **errp)
{
    uint64_t perm = BLK_PERM_CONSISTENT_READ | BLK_PERM_WRITE |
                    BLK_PERM_RESIZE;
    bool ok;

    if (blk_set_perm(blk, perm, BLK_PERM_ALL, errp) < 0) {
        return false;
    }
    ok = blk_truncate(blk, size, true, PREALLOC_MODE_OFF, 0, errp) == 0;
    blk_set_perm(blk, 0, BLK_PERM_ALL, &error_abort);
    return ok;
}

/* The bank's size for @blk's image; 0 with @errp set if there is none. */
static uint64_t bank_size(BlockBackend *blk, Error **errp)
{
    ERRP_GUARD();
    int64_t length = blk_getlength(blk);

    if (length < 0) {
        error_setg_errno(errp, -length, "cannot get the image's length");
        return 0;
    }
    if (length == 0) {
        error_setg(errp, "the image is empty");
        return 0;
    }
    if (length > VMSPEC_FLASH_MAX_SIZE) {
        error_setg(errp, "the image has %" PRId64 " bytes, a flash bank at "
                   "most %" PRId64, length, (int64_t)VMSPEC_FLASH_MAX_SIZE);
        return 0;
    }
    return ROUND_UP(length, VMSPEC_FLASH_BLOCK_SIZE);
}

/* Make the bank's backend exactly as long as the bank. */
static uint64_t fit(VmspecMachineState *vms, int bank, Error **errp)
{
    DeviceState *dev = DEVICE(vms->flash[bank]);
    BlockBackend *blk = pflash_cfi01_get_blk(vms->flash[bank]);
    uint64_t size = bank_size(blk, errp);
    int64_t length;
    BlockBackend *copy;
    bool ok;

    if (!size) {
        return 0;
    }
    length = blk_getlength(blk);
    if (length == size && !(bank == 0 && blk_supports_write_perm(blk))) {
        return size;
    }
    if (bank != 0 && blk_supports_write_perm(blk)) {
        return grow(blk, size, errp) ? size : 0;
    }
    copy = padded_copy(blk, length, size, errp);
    if (!copy) {
        return 0;
    }
    ok = qdev_prop_set_drive_err(dev, "drive", copy, errp);
    blk_unref(copy);
    return ok ? size : 0;
}

static bool use_file(VmspecMachineState *vms, const char *filename,
                     Error **errp)
{
    BlockBackend *blk = open_readonly(filename, errp);
    bool ok;

    if (!blk) {
        return false;
    }
    ok = bank_size(blk, errp) &&
         qdev_prop_set_drive_err(DEVICE(vms->flash[0]), "drive", blk, errp);
    blk_unref(blk);
    return ok;
}

/*
 * What the guest was told is written must be on stable storage, and nobody
 * else may write it: QEMU's device asks for neither.
 */
static bool own_store(BlockBackend *blk, Error **errp)
{
    uint64_t perm, shared;

    blk_set_enable_write_cache(blk, false);
    blk_get_perm(blk, &perm, &shared);
    return !(perm & BLK_PERM_WRITE) ||
           blk_set_perm(blk, perm, BLK_PERM_CONSISTENT_READ |
                        BLK_PERM_WRITE_UNCHANGED, errp) == 0;
}

/* secure-boot=on names one firmware, and there is nothing like it elsewhere. */
static bool check_secure_boot(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    bool pflash = pflash_cfi01_get_blk(vms->flash[0]);

    if (!vms->secure_boot) {
        return true;
    }
    if (!vms->config.aarch64) {
        error_setg(errp, "secure-boot=on: AArch32 has no Secure Boot: nobody "
                   "signs loaders for it");
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

/* -bios, or the bundle when no kernel is to be started directly */
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
        vms->firmware_path = get_drive(vms, 0, errp);
        return true;
    }
    if (!name) {
        if (ms->kernel_filename && !vms->secure_boot) {
            return true;
        }
        name = vms->secure_boot ? BUNDLED_SECURE :
               vms->config.aarch64 ? BUNDLED_AARCH64 :
                                     BUNDLED_AARCH32;
    }
    path = qemu_find_file(QEMU_FILE_TYPE_BIOS, name);
    if (!path) {
        error_setg(errp, "-bios: firmware '%s' not found", name);
        error_append_hint(errp, "Name a file with -bios, a directory that has "
                          "it with -L, or a kernel with -kernel.\n");
        return false;
    }
    if (!use_file(vms, path, errp)) {
        error_prepend(errp, "-bios %s: ", path);
        error_append_hint(errp, "Name a readable image of 1 byte to 64 MiB "
                          "with -bios.\n");
        return false;
    }
    vms->firmware_path = g_steal_pointer(&path);
    return true;
}

/* A firmware image that is also the store would be written to. */
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

bool vmspec_choose_flash(VmspecMachineState *vms, uint64_t size[],
                         Error **errp)
{
    ERRP_GUARD();

    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        pflash_cfi01_legacy_drive(vms->flash[i], drive_get(IF_PFLASH, 0, i));
    }
    if (!check_banks_differ(vms, errp) || !check_secure_boot(vms, errp) ||
        !choose_firmware(vms, errp)) {
        return false;
    }
    vms->firmware = pflash_cfi01_get_blk(vms->flash[0]);
    if (!vmspec_open_nvram(vms, errp)) {
        return false;
    }
    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        size[i] = 0;
        if (pflash_cfi01_get_blk(vms->flash[i])) {
            size[i] = fit(vms, i, errp);
            if (!size[i]) {
                error_prepend(errp, "%s: ", MACHINE(vms)->firmware && !i ?
                              "-bios" : bank_property[i]);
                error_append_hint(errp, "Name a readable image of 1 byte to "
                                  "64 MiB.\n");
                return false;
            }
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
    VmspecRowId row = VMSPEC_FLASH0 + bank;
    uint64_t size = vms->plan->region[row].size;

    if (!size) {
        object_unparent(OBJECT(dev));
        vms->flash[bank] = NULL;
        return true;
    }
    qdev_prop_set_uint32(dev, "num-blocks", size / VMSPEC_FLASH_BLOCK_SIZE);
    if (!sysbus_realize(SYS_BUS_DEVICE(dev), errp) ||
        (bank == 1 && pflash_cfi01_get_blk(vms->flash[bank]) &&
         !own_store(pflash_cfi01_get_blk(vms->flash[bank]), errp))) {
        error_prepend(errp, "%s: ", bank_property[bank]);
        return false;
    }
    if (bank == 1 && vms->secure_boot &&
        !pflash_cfi01_get_blk(vms->flash[bank]) &&
        !vmspec_fill_nvram(vms, errp)) {
        return false;
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
