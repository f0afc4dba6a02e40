/*
 * vmspec: fit an image to a flash bank
 *
 * pflash_cfi01 demands a backend that is exactly as long as the bank. This file
 * makes one: a store that can be written is extended, anything else is copied.
 * Before that it tells images that are in the wrong bank.
 * It knows block backends only; flash.c decides which bank has which image.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/host-utils.h"
#include "qemu/memfd.h"
#include "qobject/qdict.h"
#include "system/block-backend.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec/nvram/nvram.h"
#include "flash-image.h"

BlockBackend *vmspec_flash_open_readonly(const char *filename, Error **errp)
{
    QDict *options;
    struct stat st;

    /* To open a FIFO waits for a writer, and QEMU says nothing meanwhile. */
    if (stat(filename, &st) == 0 && S_ISFIFO(st.st_mode)) {
        error_setg(errp, "'%s' is a FIFO, not a regular file", filename);
        return NULL;
    }
    options = qdict_new();
    /* Do not probe: a firmware image may begin like another format. */
    qdict_put_str(options, "driver", "raw");
    return blk_new_open(filename, NULL, options, 0, errp);
}

/* All of @blk, or NULL with @errp set. */
static uint8_t *read_image(BlockBackend *blk, int64_t length, Error **errp)
{
    g_autofree uint8_t *data = g_malloc(length);
    int ret;

    if (blk_set_perm(blk, BLK_PERM_CONSISTENT_READ, BLK_PERM_ALL, errp) < 0) {
        return NULL;
    }
    ret = blk_pread(blk, 0, length, data, 0);
    blk_set_perm(blk, 0, BLK_PERM_ALL, &error_abort);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read the image");
        return NULL;
    }
    return g_steal_pointer(&data);
}

BlockBackend *vmspec_flash_padded_copy(BlockBackend *blk, int64_t size,
                                       Error **errp)
{
    int64_t length = blk_getlength(blk);
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
            copy = vmspec_flash_open_readonly(path, errp);
        }
    }
    qemu_memfd_free(data, size, fd);
    return copy;
}

/* Extend @blk from @length to @size bytes. It has the permissions. */
static bool extend_erased(BlockBackend *blk, int64_t length, int64_t size,
                          Error **errp)
{
    g_autofree void *erased = g_malloc(size - length);
    int ret;

    if (blk_truncate(blk, size, true, PREALLOC_MODE_OFF, 0, errp) < 0) {
        return false;
    }
    memset(erased, 0xff, size - length);
    ret = blk_pwrite(blk, length, size - length, erased, 0);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot extend the image");
    }
    return ret == 0;
}

/* With -incoming @bs is inactive, and nobody may write to it. */
static bool activate(BlockDriverState *bs, bool *was_inactive, Error **errp)
{
    GRAPH_RDLOCK_GUARD_MAINLOOP();

    *was_inactive = bdrv_is_inactive(bs);
    return !*was_inactive || bdrv_activate(bs, errp) == 0;
}

static bool inactivate(BlockDriverState *bs, Error **errp)
{
    bool ok;

    /* no request may be under way: QEMU 10.2 asserts it */
    bdrv_drain_all_begin();
    bdrv_graph_rdlock_main_loop();
    ok = bdrv_inactivate(bs, errp) == 0;
    bdrv_graph_rdunlock_main_loop();
    bdrv_drain_all_end();
    return ok;
}

/*
 * A VM extends its store when it starts. So no other VM uses a store that is
 * too short, and one that waits for a migration may extend it as well. The
 * backend of a device has no permissions then: take another one.
 */
bool vmspec_flash_extend_store(BlockBackend *blk, int64_t size,
                               Error **errp)
{
    uint64_t perm = BLK_PERM_CONSISTENT_READ | BLK_PERM_WRITE |
                    BLK_PERM_RESIZE;
    BlockDriverState *bs = blk_bs(blk);
    int64_t length = blk_getlength(blk);
    BlockBackend *writer;
    bool was_inactive;
    bool ok = false;

    if (!activate(bs, &was_inactive, errp)) {
        return false;
    }
    writer = blk_new_with_bs(bs, perm, BLK_PERM_ALL, errp);
    if (writer) {
        ok = extend_erased(writer, length, size, errp);
        blk_unref(writer);
    }
    if (was_inactive) {
        ok = inactivate(bs, ok ? errp : NULL) && ok;
    }
    return ok;
}

uint64_t vmspec_flash_bank_size(BlockBackend *blk, Error **errp)
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
        error_setg(errp, "the image has %" PRId64 " bytes, but a flash bank "
                   "at most %" PRId64, length, (int64_t)VMSPEC_FLASH_MAX_SIZE);
        return 0;
    }
    /* CFI (JESD68) gives the size of a device as a power of two. */
    return MAX(pow2ceil(length), VMSPEC_FLASH_BLOCK_SIZE);
}

/*
 * The instruction at the reset vector of a UEFI image, a branch or a read of
 * the CPU's state. B is 0b000101 in the upper bits (Arm ARM, C6.2.27). In
 * AArch32 the upper four bits are the condition "always" (F1.3.1).
 */
static bool check_state(const uint8_t *data, bool aarch64, Error **errp)
{
    ERRP_GUARD();
    uint32_t insn = ldl_le_p(data);

    if (aarch64 && insn >> 28 == 0xe) {
        error_setg(errp, "firmware for AArch32, but the CPU is AArch64");
        error_append_hint(errp, "Use -cpu cortex-a15, or firmware for "
                          "AArch64. libvirt: <cpu><model>cortex-a15</model>"
                          "</cpu>.\n");
        return false;
    }
    if (!aarch64 && insn >> 26 == 0x5) {
        error_setg(errp, "firmware for AArch64, but the CPU is AArch32");
        error_append_hint(errp, "Use -cpu max, or firmware for AArch32. "
                          "libvirt: no <cpu>, or arch='armv7l'.\n");
        return false;
    }
    return true;
}

static const char *firmware_way_out(VarstoreKind kind)
{
    switch (kind) {
    case VARSTORE_KIND_STORE:
        return "Give the store to pflash1 (-drive if=pflash,unit=1), and the "
               "firmware to pflash0 (unit=0).\n";
    case VARSTORE_KIND_QCOW2:
        return "Use format=qcow2 if it has firmware in it, or -drive if=virtio "
               "for a disk.\n";
    case VARSTORE_KIND_DISK:
        return "Use -drive if=virtio for a disk.\n";
    case VARSTORE_KIND_ELF:
        return "Use objcopy -O binary to make firmware of it.\n";
    case VARSTORE_KIND_ZERO:
    case VARSTORE_KIND_ERASED:
        return "Name an image that has firmware in it.\n";
    default:
        return NULL;
    }
}

static bool is_our_image(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size - VARSTORE_OUR_VOLUMES_SIZE;

    for (const uint8_t *p = data; p < end; p++) {
        p = memchr(p, varstore_our_volumes[0], end - p);
        if (!p) {
            return false;
        }
        if (!memcmp(p, varstore_our_volumes, VARSTORE_OUR_VOLUMES_SIZE)) {
            return true;
        }
    }
    return false;
}

bool vmspec_flash_check_firmware(BlockBackend *blk, bool aarch64, bool *uefi,
                                 bool *ours, Error **errp)
{
    ERRP_GUARD();
    int64_t length = blk_getlength(blk);
    g_autofree uint8_t *data = read_image(blk, length, errp);
    VarstoreKind kind;

    if (!data) {
        return false;
    }
    kind = varstore_kind(data, length);
    *uefi = kind == VARSTORE_KIND_FIRMWARE;
    *ours = false;
    if (*uefi) {
        *ours = length > VARSTORE_OUR_VOLUMES_SIZE &&
                is_our_image(data, length);
        return check_state(data, aarch64, errp);
    }
    if (firmware_way_out(kind)) {
        error_setg(errp, "not firmware, but %s", varstore_kind_name(kind));
        error_append_hint(errp, "%s", firmware_way_out(kind));
        return false;
    }
    return true;
}

bool vmspec_flash_check_store(BlockBackend *blk, bool bundled, Error **errp)
{
    ERRP_GUARD();
    int64_t length = blk_getlength(blk);
    g_autofree uint8_t *data = read_image(blk, length, errp);
    VarstoreDamage damage;
    VarstoreKind kind;
    Varstore vs;

    if (!data) {
        return false;
    }
    kind = varstore_kind(data, length);
    if (kind == VARSTORE_KIND_ZERO || kind == VARSTORE_KIND_ERASED ||
        varstore_check(data, length, &vs, &damage)) {
        return true;
    }
    if (kind == VARSTORE_KIND_STORE && !bundled &&
        !varstore_has_layout(data, length)) {
        return true;
    }
    if (varstore_kind_is_other(kind)) {
        error_setg(errp, "the image is %s; the firmware would overwrite it",
                   varstore_kind_name(kind));
        error_append_hint(errp, "No guest has run. Name a variable store, or "
                          "a blank file for a new one.\n");
        return false;
    }
    error_setg(errp, "variable store is corrupt at offset 0x%" PRIx64 ": %s; "
               "the firmware would erase it or hang", damage.offset,
               damage.what);
    error_append_hint(errp, "No guest has run. Restore the image, or name a "
                      "blank file for a new store.\n");
    return false;
}

void vmspec_flash_warn_of_maker(BlockBackend *blk, bool ours, const char *name)
{
    int64_t length = blk_getlength(blk);
    g_autofree uint8_t *data = read_image(blk, length, NULL);
    VarstoreDamage damage;
    VarstoreMaker maker;
    Varstore vs;

    if (!data || !varstore_check(data, length, &vs, &damage)) {
        return;
    }
    maker = varstore_maker(&vs);
    if (ours && maker == VARSTORE_MAKER_OTHER) {
        warn_report("%s: the boot options are those of other firmware, such "
                    "as AAVMF; its menu and shell do not start here", name);
    } else if (!ours && maker == VARSTORE_MAKER_OURS) {
        warn_report("%s: the boot options are those of the bundled firmware; "
                    "its menu and shell do not start with other firmware",
                    name);
    }
}

bool vmspec_flash_check_keys(BlockBackend *blk, Error **errp)
{
    ERRP_GUARD();
    int64_t length = blk_getlength(blk);
    g_autofree uint8_t *data = read_image(blk, length, errp);
    VarstoreDamage damage;
    Varstore vs;

    if (!data) {
        return false;
    }
    if (!varstore_check(data, length, &vs, &damage)) {
        error_setg(errp, "secure-boot=on: no sound variable store with keys: "
                   "at offset 0x%" PRIx64 ": %s", damage.offset, damage.what);
    } else if (vmspec_nvram_check_keys(&vs, errp)) {
        return true;
    }
    error_append_hint(errp, "Nothing was changed. Leave pflash1 out for a "
                      "store with the firmware's keys, copy the template "
                      "vmspec-vars-aarch64-secure.fd to the image, write keys "
                      "into it with vmspec-nvram, or leave out "
                      "secure-boot=on.\n");
    return false;
}
