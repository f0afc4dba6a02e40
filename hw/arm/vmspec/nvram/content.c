/*
 * vmspec: is the content of a file that of a variable store?
 *
 * Users name the wrong file, and a guest can write what it likes into its
 * store. So this file refuses what is certainly no store, by its name for
 * users, before anything is written to it, and does not offer to start it
 * afresh. It refuses a store that varstore_check() finds damaged, too;
 * nvram-reset=on is a way out of that.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "block/block-global-state.h"
#include "system/block-backend.h"
#include "store-file.h"

static void hint_other(VarstoreKind kind, bool unchanged, Error **errp)
{
    error_append_hint(errp, "%sName a store, or a new file, with nvram=PATH%s."
                      "\n", unchanged ? "Nothing was changed. " : "",
                      kind == VARSTORE_KIND_QCOW2 ?
                      ", or use nvram-format=qcow2 if it is a store" : "");
}

/*
 * Is a file of @kind and @size bytes certainly something else than a store?
 * Then set @errp. The hint does not offer nvram-reset=on, which would take the
 * file away from its place: a disk image is no store to start afresh.
 */
static bool is_other(VarstoreKind kind, uint64_t size, bool unchanged,
                     Error **errp)
{
    ERRP_GUARD();
    bool blank = kind == VARSTORE_KIND_ZERO || kind == VARSTORE_KIND_ERASED;

    if (blank && size > VARSTORE_MAX_SIZE) {
        error_setg(errp, "not a variable store, but a blank image of %" PRIu64
                   " bytes, and a flash bank has at most %d", size,
                   VARSTORE_MAX_SIZE);
    } else if (kind == VARSTORE_KIND_UNKNOWN) {
        error_setg(errp, "not a variable store");
    } else if (varstore_kind_is_other(kind)) {
        error_setg(errp, "not a variable store, but %s",
                   varstore_kind_name(kind));
    } else {
        return false;
    }
    hint_other(kind, unchanged, errp);
    return true;
}

/* The kind of the file of @fd, read as raw bytes, and its *@size */
static VarstoreKind kind_of_raw(int fd, uint64_t *size)
{
    g_autofree uint8_t *data = g_malloc(VARSTORE_SIZE);
    off_t end = lseek(fd, 0, SEEK_END);
    ssize_t n = pread(fd, data, VARSTORE_SIZE, 0);

    *size = MAX(end, 0);
    return varstore_kind(data, MAX(n, 0));
}

static VarstoreImage read_image_header(int fd)
{
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };

    if (pread(fd, header, sizeof(header), 0) < 0) {
        memset(header, 0, sizeof(header));
    }
    return varstore_image(header);
}

/* The file of @fd should be a qcow2 image, and is none: say what it is. */
static void explain_no_qcow2(int fd, Error **errp)
{
    ERRP_GUARD();
    uint64_t size;
    VarstoreKind kind = kind_of_raw(fd, &size);

    if (is_other(kind, size, true, errp)) {
        return;
    }
    error_setg(errp, "not a qcow2 image, but %s", varstore_kind_name(kind));
    if (kind == VARSTORE_KIND_STORE || kind == VARSTORE_KIND_REMAINS) {
        error_append_hint(errp, "Nothing was changed. Use nvram-format=raw, or "
                          "a name that ends in .fd.\n");
    } else {
        vmspec_nvram_hint_damaged(true, errp);
    }
}

bool vmspec_nvram_check_header(int fd, const char *format, Error **errp)
{
    ERRP_GUARD();
    VarstoreImage image = read_image_header(fd);

    if (!strcmp(format, VMSPEC_NVRAM_RAW)) {
        return true;
    }
    if (!image.qcow2) {
        explain_no_qcow2(fd, errp);
        return false;
    }
    if (image.names_others) {
        error_setg(errp, "a qcow2 image with a backing or data file");
        error_append_hint(errp, "Make it one file with qemu-img convert, or "
                          "start afresh with nvram-reset=on, which keeps it "
                          "as .bak.\n");
        return false;
    }
    return true;
}

/*
 * The bytes of the store in @blk. A raw store's length is that of the file of
 * @fd, since the block layer rounds up to sectors.
 */
static int64_t length_of(BlockBackend *blk, int fd, bool raw)
{
    int64_t size = raw ? lseek(fd, 0, SEEK_END) : blk_getlength(blk);

    return raw && size < 0 ? -errno : size;
}

bool vmspec_nvram_check_content(BlockBackend *blk, int fd, bool writable,
                                uint8_t *data, Varstore *vs, Error **errp)
{
    ERRP_GUARD();
    bool raw = !strcmp(bdrv_get_format_name(blk_bs(blk)), VMSPEC_NVRAM_RAW);
    int64_t size = length_of(blk, fd, raw);
    bool unchanged = raw || !writable;
    VarstoreDamage damage;
    int ret = 0;

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
        vmspec_nvram_hint_damaged(unchanged, errp);
        return false;
    }
    if (varstore_check(data, size, vs, &damage)) {
        return true;
    }
    if (!is_other(varstore_kind(data, MIN(size, VARSTORE_SIZE)), size,
                  unchanged, errp)) {
        vmspec_nvram_damaged(&damage, unchanged, errp);
    }
    return false;
}

/*
 * What is in the qcow2 image of @fd, and its *@size? An image that cannot be
 * read counts as what is left of a store: nobody can tell.
 */
static VarstoreKind kind_of_qcow2(int fd, uint64_t *size)
{
    g_autofree uint8_t *data = g_malloc0(VARSTORE_SIZE);
    BlockDriverState *bs = vmspec_nvram_open_node(fd, VMSPEC_NVRAM_QCOW2,
                                                  false, false, NULL);
    VarstoreKind kind = VARSTORE_KIND_REMAINS;
    BlockBackend *blk;
    int64_t length;

    if (!bs) {
        return kind;
    }
    blk = blk_new_with_bs(bs, BLK_PERM_CONSISTENT_READ, BLK_PERM_ALL, NULL);
    bdrv_unref(bs);
    length = blk ? blk_getlength(blk) : -1;
    if (length > 0 &&
        blk_pread(blk, 0, MIN(length, VARSTORE_SIZE), data, 0) == 0) {
        kind = varstore_kind(data, MIN(length, VARSTORE_SIZE));
        *size = length;
    }
    blk_unref(blk);
    return kind;
}

bool vmspec_nvram_check_reset(int fd, Error **errp)
{
    ERRP_GUARD();
    VarstoreImage image = read_image_header(fd);
    uint64_t size;
    VarstoreKind kind = kind_of_raw(fd, &size);

    if (kind == VARSTORE_KIND_QCOW2 && image.size > VARSTORE_MAX_SIZE) {
        error_setg(errp, "not a variable store, but a qcow2 image of %" PRIu64
                   " bytes, and a flash bank has at most %d", image.size,
                   VARSTORE_MAX_SIZE);
        hint_other(VARSTORE_KIND_DISK, true, errp);
        return false;
    }
    if (kind == VARSTORE_KIND_QCOW2) {
        /* To open an image with a backing file would be to open that too. */
        kind = image.names_others ? VARSTORE_KIND_REMAINS :
                                    kind_of_qcow2(fd, &size);
    }
    return !is_other(kind, size, true, errp);
}
