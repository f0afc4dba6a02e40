/*
 * vmspec qtest: files that QEMU brings along (platform.md, section 7.1)
 *
 * They come from the data directories, and a file of the same name in the
 * current directory is not taken. vmspec-flash-test shows the same of firmware
 * and templates.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/machine.h"

/* Run QEMU in the scratch directory, where the decoys are. */
static VmspecRun *run_there(const char *options, const char *monitor)
{
    g_autofree char *folder = scratch_path("");
    g_autofree char *qemu = g_canonicalize_filename(
        getenv("QTEST_QEMU_BINARY"), NULL);
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && echo \"%squit\" | exec %s -M vmspec -nodefaults "
        "-bios %s -S -display none -monitor stdio %s'", folder, monitor, qemu,
        vmspec_stub(), options);

    return vmspec_run_program(command);
}

/* -vnc reads the keymap "en-us". QEMU refuses the decoy when it reads it. */
static void test_keymap(void)
{
    static const char decoy[] = "include common\n";
    g_autofree char *path = scratch_file("en-us", decoy, strlen(decoy),
                                         strlen(decoy));
    g_autoptr(VmspecRun) run = run_there("-vnc none", "");
    g_autoptr(VmspecRun) named = run_there("-vnc none -k ./en-us", "");

    g_test_message("%s%s", run->err, named->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_null(strstr(run->err, "keymap include files"));
    /* A path that the user gives is taken, and so the decoy can be seen. */
    g_assert_nonnull(strstr(named->err, "keymap include files"));
}

/* No option ROM is looked up unless the user names one. */
static void test_option_rom(void)
{
    g_autofree char *path = scratch_file("efi-virtio.rom", "decoy", 5, 4096);
    g_autoptr(VmspecRun) run = run_there(
        "-device virtio-net-pci,id=nic -device VGA,id=vga",
        "qom-get nic romfile\nqom-get vga romfile\n");

    g_test_message("%s%s", run->out, run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_null(strstr(run->out, ".rom"));
    g_assert_null(strstr(run->out, "vgabios"));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/bundle/keymap", test_keymap);
    qtest_add_func("/vmspec/bundle/option-rom", test_option_rom);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
