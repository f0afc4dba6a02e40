/*
 * vmspec: can this machine start the files of -kernel and -initrd?
 *
 * QEMU's hw/arm/boot.c loads the files. It falls back from one format to the
 * next, so that it would run a damaged or foreign file as a flat binary, and
 * some of its errors name no option. vmspec_check_kernel() refuses such files
 * before (platform.md, section 8.1).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <zlib.h>
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-varstore.h"
#include "hw/loader.h"
#include "kernel.h"
#include "kernel/image.h"
#include "unpack.h"

/* The FDT before QEMU gives back its free space, and Linux' alignment of it */
#define FDT_ROOM (1 * MiB)
#define FDT_ALIGN (2 * MiB)
/* Linux' Documentation/arch/arm64/booting.rst */
#define IMAGE_ALIGN (2 * MiB)
/* Where QEMU's boot.c puts its own code, which an Image must not cover */
#define BOOT_CODE_SIZE (4 * KiB)
/* Where boot.c puts an initrd at most, from the start of RAM */
#define INITRD_OFFSET_MAX (128 * MiB)
/* zlib's windowBits for the gzip format */
#define GZIP_WINDOW (16 + MAX_WBITS)

typedef struct KernelFile {
    const char *name;
    int fd;                     /* -1: only the head is there */
    uint64_t size;
    size_t head_size;
    uint8_t head[VMSPEC_IMAGE_HEAD];
} KernelFile;

static void close_file(KernelFile *f)
{
    if (f->fd >= 0) {
        close(f->fd);
    }
    g_free(f);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelFile, close_file)

static bool read_at(const KernelFile *f, const char *option, uint64_t at,
                    uint8_t *buf, size_t size, size_t *got, Error **errp)
{
    ssize_t n = pread(f->fd, buf, size, at);

    if (n < 0) {
        error_setg_errno(errp, errno, "%s: cannot read '%s'", option, f->name);
        error_append_hint(errp, "Name a readable file.\n");
        return false;
    }
    *got = n;
    return true;
}

/* Open the file that @option names. NULL with @errp set if that fails */
static KernelFile *open_kernel_file(const char *option, const char *name,
                                    Error **errp)
{
    ERRP_GUARD();
    g_autoptr(KernelFile) f = g_new0(KernelFile, 1);
    struct stat st;

    f->name = name;
    f->fd = qemu_open(name, O_RDONLY | O_NONBLOCK, errp);
    if (f->fd < 0 || fstat(f->fd, &st) < 0) {
        error_prepend(errp, "%s: ", option);
        error_append_hint(errp, "Name a readable file.\n");
        return NULL;
    }
    if (S_ISDIR(st.st_mode)) {
        error_setg(errp, "%s: '%s': Is a directory", option, name);
        error_append_hint(errp, "Name a file in it.\n");
        return NULL;
    }
    f->size = st.st_size;
    if (!read_at(f, option, 0, f->head, sizeof(f->head), &f->head_size,
                 errp)) {
        return NULL;
    }
    return g_steal_pointer(&f);
}

static bool damaged(const char *name, Error **errp)
{
    error_setg(errp, "-kernel: '%s' is truncated or damaged: its packed data "
               "cannot be unpacked", name);
    error_append_hint(errp, "Copy or download it again.\n");
    return false;
}

/*
 * Unpack the head of the image that is in @f, into @inner. gzip has the size
 * of what is packed at its end, where a truncated file has something else.
 */
static bool unpack_head(const KernelFile *f, const VmspecImage *image,
                        KernelFile *inner, Error **errp)
{
    g_autofree uint8_t *packed = g_malloc(VMSPEC_IMAGE_HEAD);
    size_t size = MIN(image->payload_size, VMSPEC_IMAGE_HEAD);
    z_stream stream = { .next_in = packed };
    uint8_t tail[4];
    size_t n;
    int error;

    if (!read_at(f, "-kernel", image->payload, packed, size, &n, errp)) {
        return false;
    }
    stream.avail_in = n;
    stream.next_out = inner->head;
    stream.avail_out = sizeof(inner->head);
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        return damaged(f->name, errp);
    }
    error = inflate(&stream, Z_SYNC_FLUSH);
    inner->head_size = sizeof(inner->head) - stream.avail_out;
    inflateEnd(&stream);
    if ((error != Z_OK && error != Z_STREAM_END) ||
        image->payload_size < sizeof(tail)) {
        return damaged(f->name, errp);
    }
    if (!read_at(f, "-kernel", image->payload + image->payload_size -
                 sizeof(tail), tail, sizeof(tail), &n, errp)) {
        return false;
    }
    inner->size = n == sizeof(tail) ? ldl_le_p(tail) : 0;
    if (inner->size < inner->head_size ||
        inner->size > LOAD_IMAGE_MAX_GUNZIP_BYTES) {
        return damaged(f->name, errp);
    }
    return true;
}

/* The same of an image that is packed with zstd, all of which is unpacked */
static bool unpack_all(VmspecMachineState *vms, const KernelFile *f,
                       const VmspecImage *image, KernelFile *inner,
                       Error **errp)
{
    ERRP_GUARD();
    struct stat st;

    inner->fd = vmspec_unpack_zstd(f->fd, image->payload, image->payload_size,
                                   LOAD_IMAGE_MAX_GUNZIP_BYTES, errp);
    if (inner->fd < 0) {
        error_prepend(errp, "-kernel: '%s' ", f->name);
        return false;
    }
    if (fstat(inner->fd, &st) < 0 ||
        !read_at(inner, "-kernel", 0, inner->head, sizeof(inner->head),
                 &inner->head_size, errp)) {
        return damaged(f->name, errp);
    }
    inner->size = st.st_size;
    vms->unpacked_kernel = inner->fd;
    inner->fd = -1;
    return true;
}

static bool refuse(const char *name, const char *msg, const char *hint,
                   Error **errp)
{
    error_setg(errp, "-kernel: '%s' %s", name, msg);
    error_append_hint(errp, "%s\n", hint);
    return false;
}

/* A disk, a variable store or firmware: the error names it. */
static bool check_kind(const KernelFile *f, Error **errp)
{
    g_autofree char *msg = NULL;
    VarstoreKind kind = varstore_kind(f->head, f->head_size);

    msg = g_strdup_printf("is %s, not a kernel", varstore_kind_name(kind));
    switch (kind) {
    case VARSTORE_KIND_QCOW2:
        return refuse(f->name, msg,
                      "Give it as -drive if=virtio,format=qcow2,file=FILE.",
                      errp);
    case VARSTORE_KIND_DISK:
        return refuse(f->name, msg, "Give it as -drive if=virtio,file=FILE.",
                      errp);
    case VARSTORE_KIND_FIRMWARE:
        return refuse(f->name, msg, "Give it as -bios FILE.", errp);
    case VARSTORE_KIND_STORE:
        return refuse(f->name, msg, "Give it as -machine nvram=FILE.", errp);
    default:
        return true;
    }
}

static bool parse(const KernelFile *f, VmspecImage *image, Error **errp)
{
    VmspecImageError err;

    if (!vmspec_image_parse(f->head, f->head_size, f->size, image, &err)) {
        return refuse(f->name, err.msg, err.hint, errp);
    }
    return image->format != VMSPEC_IMAGE_FLAT || check_kind(f, errp);
}

/* QEMU looks for nothing but an Image or a flat binary in what it unpacks. */
static bool parse_packed(VmspecMachineState *vms, const KernelFile *f,
                         VmspecImage *image, Error **errp)
{
    g_autoptr(KernelFile) inner = g_new0(KernelFile, 1);
    bool zstd = image->zstd;

    inner->fd = -1;
    inner->name = f->name;
    if (!(zstd ? unpack_all(vms, f, image, inner, errp) :
                 unpack_head(f, image, inner, errp)) ||
        !parse(inner, image, errp)) {
        return false;
    }
    if (image->format != VMSPEC_IMAGE_ARM64 &&
        image->format != VMSPEC_IMAGE_FLAT) {
        return refuse(f->name, zstd ?
                      "is packed with zstd, in which QEMU looks for an Image "
                      "or a flat binary only" :
                      "is packed with gzip, in which QEMU looks for an Image "
                      "or a flat binary only", zstd ?
                      "Unpack it first: zstd -dc FILE > KERNEL." :
                      "Unpack it first: gzip -dc FILE > KERNEL.", errp);
    }
    image->aarch32 = false;
    return true;
}

static bool check_cpu(const VmspecMachineState *vms, const char *name,
                      const VmspecImage *image, Error **errp)
{
    VmspecImageError err;

    return vmspec_image_fits_cpu(image, vms->plan->aarch64,
                                 vms->config.big_endian, &err) ||
           refuse(name, err.msg, err.hint, errp);
}

static bool check_addresses(VmspecRange ram, const char *name,
                            const VmspecImage *image, Error **errp)
{
    if (image->first >= ram.base && image->last - ram.base < ram.size) {
        return true;
    }
    error_setg(errp, "-kernel: '%s' is linked to 0x%" PRIx64 "...0x%" PRIx64
               ", RAM is 0x%" PRIx64 "...0x%" PRIx64, name, image->first,
               image->last, ram.base, ram.base + ram.size - 1);
    error_append_hint(errp, image->first < ram.base ?
                      "Link it to an address in RAM.\n" :
                      "Use a larger -m, or link it to an address in RAM.\n");
    return false;
}

/* Where the kernel ends, from the start of RAM, as far as boot.c knows it */
static uint64_t kernel_end(const VmspecMachineState *vms,
                           const VmspecImage *image)
{
    uint64_t start = VMSPEC_FLAT_OFFSET_AARCH32;

    if (image->has_addresses) {
        return image->last + 1 - vms->plan->region[VMSPEC_RAM_LOW].base;
    }
    if (vms->plan->aarch64) {
        start = image->text_offset;
        if (start < BOOT_CODE_SIZE) {
            start += IMAGE_ALIGN;
        }
    }
    return start + image->size;
}

static bool too_small(const VmspecMachineState *vms, const char *option,
                      const char *name, uint64_t need, Error **errp)
{
    error_setg(errp, "%s: '%s' does not fit into -m %" PRIu64 "M", option,
               name, MACHINE(vms)->ram_size / MiB);
    error_append_hint(errp, "Use -m %" PRIu64 "M or more.\n",
                      DIV_ROUND_UP(need, MiB));
    return false;
}

/*
 * The kernel, the initrd and the FDT lie in RAM in this order. boot.c puts the
 * initrd behind half of RAM or 128 MiB, or behind the kernel, and the FDT at
 * the next multiple of 2 MiB. So an initrd of N bytes needs 2 N of RAM or
 * 128 MiB + N, whichever is less.
 */
static bool check_room(const VmspecMachineState *vms, const VmspecImage *image,
                       const KernelFile *initrd, Error **errp)
{
    const char *name = MACHINE(vms)->kernel_filename;
    uint64_t ram = vms->plan->region[VMSPEC_RAM_LOW].size;
    uint64_t end = kernel_end(vms, image);
    uint64_t start = MAX(end, MIN(ram / 2, INITRD_OFFSET_MAX));
    uint64_t size = initrd ? initrd->size : 0;
    uint64_t behind = ROUND_UP(size, FDT_ALIGN) + FDT_ALIGN + FDT_ROOM;

    if (image->size > ram || end > ram) {
        return too_small(vms, "-kernel", name, end + FDT_ALIGN + FDT_ROOM,
                         errp);
    }
    if (ROUND_UP(start + size, FDT_ALIGN) + FDT_ROOM <= ram) {
        return true;
    }
    return too_small(vms, initrd ? "-initrd" : "-kernel",
                     initrd ? initrd->name : name,
                     MAX(end + behind, MIN(2 * behind,
                                           INITRD_OFFSET_MAX + behind)),
                     errp);
}

static bool check_files(const VmspecMachineState *vms,
                        const VmspecImage *image, Error **errp)
{
    const MachineState *ms = MACHINE(vms);
    g_autoptr(KernelFile) initrd = NULL;

    if (ms->initrd_filename) {
        initrd = open_kernel_file("-initrd", ms->initrd_filename, errp);
        if (!initrd) {
            return false;
        }
    }
    if (image->has_addresses &&
        !check_addresses(vms->plan->region[VMSPEC_RAM_LOW],
                         ms->kernel_filename, image, errp)) {
        return false;
    }
    if (!image->linux_boot) {
        if (initrd) {
            warn_report("-initrd has no effect: '%s' starts without one",
                        ms->kernel_filename);
        }
        return true;
    }
    return check_room(vms, image, initrd, errp);
}

bool vmspec_check_kernel(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    const char *name = MACHINE(vms)->kernel_filename;
    g_autoptr(KernelFile) f = NULL;
    VmspecImage image;

    /* With firmware, the firmware decides whether the kernel can run. */
    if (!name || vms->plan->firmware) {
        return true;
    }
    f = open_kernel_file("-kernel", name, errp);
    if (!f || !parse(f, &image, errp)) {
        return false;
    }
    /* Before it is unpacked: QEMU unpacks for an AArch64 CPU only. */
    if (!check_cpu(vms, name, &image, errp)) {
        return false;
    }
    if ((image.format == VMSPEC_IMAGE_GZIP ||
         image.format == VMSPEC_IMAGE_ZSTD ||
         image.format == VMSPEC_IMAGE_ZBOOT) &&
        (!parse_packed(vms, f, &image, errp) ||
         !check_cpu(vms, name, &image, errp))) {
        return false;
    }
    return check_files(vms, &image, errp);
}
