/*
 * vmspec: files that users give to -kernel by mistake
 *
 * Without this list the machine would run such a file as a flat binary, and
 * the guest would be silent.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "private.h"

#define UNPACK(program) \
    "Unpack it first: " program " -dc FILE > Image. QEMU unpacks gzip and zstd."

typedef struct Mistake {
    size_t offset;
    const char *bytes;
    size_t size;
    const char *msg;
    const char *hint;
} Mistake;

#define MISTAKE(offset, text, msg, hint) \
    { offset, text, sizeof(text) - 1, msg, hint }

static const Mistake mistakes[] = {
    MISTAKE(0, "\xfd" "7zXZ", "is packed with xz", UNPACK("xz")),
    MISTAKE(0, "BZh", "is packed with bzip2", UNPACK("bzip2")),
    MISTAKE(0, "\x04\x22\x4d\x18", "is packed with lz4", UNPACK("lz4")),
    MISTAKE(0, "\x02\x21\x4c\x18", "is packed with lz4", UNPACK("lz4")),
    MISTAKE(0, "\x5d\0\0", "is packed with lzma", UNPACK("xz -F lzma")),
    MISTAKE(0, "\x89LZO", "is packed with lzop", UNPACK("lzop")),
    MISTAKE(0x202, "HdrS", "is a kernel for x86", "Give a kernel for Arm."),
    MISTAKE(0x38, "RSC\x05", "is a kernel for RISC-V",
            "Give a kernel for Arm."),
    MISTAKE(0, "MZ", "is an EFI application, but no kernel",
            "Let the firmware start it: -bios vmspec-uefi-aarch64.fd (or "
            "aarch32)."),
    MISTAKE(0, "\xd0\x0d\xfe\xed", "is a device tree or a FIT image",
            "-dtb takes a device tree; of a FIT image give the kernel alone "
            "(dumpimage)."),
    MISTAKE(0, "ANDROID!", "is an Android boot image",
            "Give the kernel and the ramdisk that are in it "
            "(unpack_bootimg)."),
    MISTAKE(0, "070701", "is a cpio archive", "-initrd takes an initramfs."),
};

/* No program is made of 64 printable bytes, or of fewer if it is shorter. */
static bool is_text(const VmspecImageFile *f)
{
    size_t size = f->head_size < 64 ? f->head_size : 64;

    for (size_t at = 0; at < size; at++) {
        if ((f->head[at] < ' ' || f->head[at] > '~') &&
            !(f->head[at] && strchr("\t\n\r", f->head[at]))) {
            return false;
        }
    }
    return true;
}

bool vmspec_image_mistaken(const VmspecImageFile *f, VmspecImageError *err)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        const Mistake *m = &mistakes[i];

        if (image_has(f, m->offset, m->bytes, m->size)) {
            vmspec_image_refuse(err, m->msg, m->hint);
            return true;
        }
    }
    if (is_text(f)) {
        vmspec_image_refuse(err, "is text, not a kernel",
                            "Give an arm64 Image, a zImage, an ELF file, a "
                            "U-Boot image or a flat binary.");
        return true;
    }
    return false;
}
