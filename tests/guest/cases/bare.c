/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bare-metal programs of virt
 *
 * The cases of tests/guest/bare: the same files run on virt and on vmspec, at
 * either exception level, with either GIC, and in each format of -kernel.
 */

#include <string.h>

#include "cases.h"
#include "scratch.h"
#include "demo.h"

typedef struct Row {
    const char *name;
    const char *file;
    const char *cpu;
    int gic;
    int el;
    const char *begin;          /* what the program prints first */
    const char *fdt;            /* where it finds the FDT */
} Row;

#define A64 "bare: aarch64 at "
#define A32 "bare: arm at "
#define IN_REGISTER "bare: FDT in a register, good"
#define IN_RAM "bare: FDT at the start of RAM, good"

static const Row rows[] = {
    { "flat-gic3", "bare-aarch64.bin", "max", 3, 1, A64 "0x40080000",
      IN_REGISTER },
    { "flat-gic2", "bare-aarch64.bin", "max", 2, 1, A64 "0x40080000",
      IN_REGISTER },
    { "flat-gic3-el2", "bare-aarch64.bin", "max", 3, 2, A64 "0x40080000",
      IN_REGISTER },
    { "flat-gic2-el2", "bare-aarch64.bin", "cortex-a53", 2, 2,
      A64 "0x40080000", IN_REGISTER },
    { "gzip", "bare-aarch64.bin.gz", "max", 3, 1, A64 "0x40080000",
      IN_REGISTER },
    /* as OSv starts; the program is behind the header */
    { "image", "bare-aarch64.image", "max", 3, 1, A64 "0x40080040",
      IN_REGISTER },
    { "image-el2", "bare-aarch64.image", "max", 3, 2, A64 "0x40080040",
      IN_REGISTER },
    /* as Unikraft starts */
    { "elf", "bare-aarch64.elf", "max", 3, 1, A64 "0x40100000", IN_RAM },
    { "elf-el2", "bare-aarch64.elf", "max", 2, 2, A64 "0x40100000", IN_RAM },
    { "arm-flat", "bare-arm.bin", "cortex-a15", 2, 1, A32 "0x40010000",
      IN_REGISTER },
    { "arm-flat-gic3", "bare-arm.bin", "cortex-a15", 3, 1, A32 "0x40010000",
      IN_REGISTER },
    { "arm-flat-el2", "bare-arm.bin", "cortex-a15", 2, 2, A32 "0x40010000",
      IN_REGISTER },
    { "arm-elf", "bare-arm.elf", "cortex-a15", 2, 1, A32 "0x40100000",
      IN_RAM },
    { "arm-elf-el2", "bare-arm.elf", "cortex-a15", 2, 2, A32 "0x40100000",
      IN_RAM },
};

/* The program prints what it found and powers the machine off. */
static void run_program(const Row *row, const char *machine, const char *file)
{
    g_autofree char *name = g_strdup_printf("bare/%s-%s", machine, row->name);
    g_autoptr(Guest) g = guest_new(name);
    g_autofree char *report = NULL;
    g_autofree char *el = g_strdup_printf(", EL%d\r", row->el);
    g_autofree char *irq = g_strdup_printf("bare: GICv%d, interrupt %d\r",
                                           row->gic, row->el == 2 ? 26 : 27);
    g_autofree char *second = g_strdup_printf("bare: CPU 1 is up, EL%d\r",
                                              row->el);

    guest_add(g, "-M %s,gic-version=%d,virtualization=%s -cpu %s -m 256M"
              " -smp 2 -nodefaults -display none -serial stdio"
              " -kernel '%s'", machine, row->gic,
              row->el == 2 ? "on" : "off", row->cpu, file);
    guest_launch(g);
    report = guest_until(g, second);
    guest_check(g, report, row->begin, true);
    guest_check(g, report, el, true);
    guest_check(g, report, row->fdt, true);
    guest_check(g, report, "bare: RAM has 0x12345678\r", true);
    guest_check(g, report, "bare: address 0 has 0x00000000\r", true);
    guest_check(g, report, irq, true);
    guest_expect_exit(g);
}

static void test_on_virt_too(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *file = guest_file(row->file);

    run_program(row, "virt", file);
    run_program(row, demo_machine(), file);
}

/* Puts @header in front of the file @name. The caller frees the path. */
static char *with_header(const char *name, const char *made,
                         const guint8 *header, gsize header_size)
{
    g_autofree char *path = guest_file(name);
    g_autoptr(GByteArray) whole = g_byte_array_new();
    g_autofree char *content = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    g_byte_array_append(whole, header, header_size);
    g_byte_array_append(whole, (const guint8 *)content, size);
    return scratch_file(made, whole->data, whole->len, whole->len);
}

static gsize file_size(const char *name)
{
    g_autofree char *path = guest_file(name);
    g_autofree char *content = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    return size;
}

static void put_be32(guint8 *at, guint32 value)
{
    value = GUINT32_TO_BE(value);
    memcpy(at, &value, sizeof(value));
}

static void put_le32(guint8 *at, guint32 value)
{
    value = GUINT32_TO_LE(value);
    memcpy(at, &value, sizeof(value));
}

/* U-Boot's header of a kernel for Linux: the size, the address, the entry */
static void test_uimage(gconstpointer data)
{
    bool arm = GPOINTER_TO_INT(data);
    const char *flat = arm ? "bare-arm.bin" : "bare-aarch64.bin";
    const Row row = {
        arm ? "uimage-arm" : "uimage", NULL, arm ? "cortex-a15" : "max",
        arm ? 2 : 3, 1, arm ? A32 "0x40010000" : A64 "0x40080000", IN_REGISTER,
    };
    guint8 header[64] = { 0x27, 0x05, 0x19, 0x56 };
    g_autofree char *file = NULL;

    put_be32(header + 12, file_size(flat));
    put_be32(header + 16, arm ? 0x40010000 : 0x40080000);
    put_be32(header + 20, arm ? 0x40010000 : 0x40080000);
    header[28] = 5;             /* Linux */
    header[29] = arm ? 2 : 22;
    header[30] = 2;             /* a kernel, not packed */
    file = with_header(flat, row.name, header, sizeof(header));
    run_program(&row, "virt", file);
    run_program(&row, demo_machine(), file);
}

/* Linux' EFI zboot image: an EFI application that QEMU does not start */
static void test_zboot(void)
{
    static const Row row = {
        "zboot", NULL, "max", 3, 1, A64 "0x40080000", IN_REGISTER,
    };
    const char *packed = "bare-aarch64.bin.gz";
    guint8 header[64] = "MZ\0\0zimg";
    g_autofree char *file = NULL;

    put_le32(header + 8, sizeof(header));
    put_le32(header + 12, file_size(packed));
    memcpy(header + 24, "gzip", 4);
    memcpy(header + 56, "\xcd\x23\x82\x81", 4);
    file = with_header(packed, "zboot", header, sizeof(header));
    run_program(&row, "virt", file);
    run_program(&row, demo_machine(), file);
}

static void add_bare_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_on_virt_too, &rows[i], "bare/%s", rows[i].name);
    }
    guest_add_case(test_uimage, GINT_TO_POINTER(false), "bare/uimage");
    guest_add_case(test_uimage, GINT_TO_POINTER(true), "bare/uimage-arm");
    g_test_add_func("/guest/bare/zboot", test_zboot);
}

guest_cases(add_bare_cases)
