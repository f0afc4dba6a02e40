/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Secure Boot
 *
 * The cases of secure-boot=on (platform.md, section 7).  A loader that is
 * signed by a key of the template starts; any other is refused in one line.  A
 * signed loader also starts with secure-boot=off; the unsigned demo disk does
 * so in every other group.
 */

#include "cases.h"
#include "demo.h"
#include "scratch.h"

/* Part of a text that is longer than the console's 80 columns */
#define REFUSED "is refused by Secure\r\nBoot: not"
#define IS_ON "secureboot: Secure boot enabled"
#define SIGNED_DISK "signed-aarch64.img"
#define PLAIN_DISK "demo-aarch64.img"
/* EFI_IMAGE_SECURITY_DATABASE_GUID (UEFI 2.10, 32.6.1) */
#define IMAGE_SECURITY "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
/* A file of efivarfs: four bytes of attributes, then the value */
#define SECURE_BOOT_VARIABLE \
    "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static void add_any_disk(Guest *g, const char *path)
{
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk", path);
}

static Guest *launch_disk(const char *name, const char *properties,
                          const char *disk)
{
    g_autofree char *path = guest_file(disk);
    Guest *g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, properties);
    add_any_disk(g, path);
    guest_launch(g);
    return g;
}

static void check_linux(Guest *g, bool secure)
{
    g_autofree char *kernel = NULL;
    g_autofree char *value = NULL;

    guest_expect(g, GUEST_PROMPT);
    kernel = guest_ask(g, "dmesg | grep -i secureboot");
    guest_check(g, kernel, IS_ON, secure);
    value = guest_ask(g, "mount -t efivarfs none /sys/firmware/efi/efivars;"
                      " tail -c 1"
                      " /sys/firmware/efi/efivars/" SECURE_BOOT_VARIABLE
                      " | od -A n -t x1");
    guest_check(g, value, " 01", secure);
    demo_power_off(g);
}

static void test_signed(void)
{
    g_autoptr(Guest) g = launch_disk("secure-boot/signed", ",secure-boot=on",
                                     SIGNED_DISK);

    check_linux(g, true);
}

static void test_unsigned(void)
{
    g_autoptr(Guest) g = launch_disk("secure-boot/unsigned", ",secure-boot=on",
                                     PLAIN_DISK);

    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, REFUSED);
    guest_expect(g, "Any key leads to the");
    guest_type(g, " ");
    guest_expect(g, "Boot Manager");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* The loader came by PXE; the line says that, and why it did not start. */
static void test_unsigned_network(void)
{
    g_autofree char *loader = guest_file("grub-aarch64.efi");
    g_autofree char *folder = g_path_get_dirname(loader);
    g_autoptr(Guest) g = guest_new("secure-boot/unsigned-network");

    demo_add_machine(g, &arch_aarch64, ",secure-boot=on");
    guest_add(g, "-netdev 'user,id=net,ipv6=off,tftp=%s,"
              "bootfile=grub-aarch64.efi'"
              " -device virtio-net-pci,netdev=net,bootindex=0,romfile=",
              folder);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, "\nPXE and HTTP: the loader that came is refused by Secure "
                 "Boot:");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* A signed loader is refused after one byte of its code has changed. */
static void test_tampered(void)
{
    g_autoptr(Guest) g = guest_new("secure-boot/tampered");
    g_autofree char *from = guest_file(SIGNED_DISK);
    g_autofree char *path = g_build_filename(guest_folder(g), "disk.img",
                                             NULL);
    g_autofree char *command = g_strdup_printf(
        "cp --sparse=always '%s' '%s' &&"
        " export MTOOLS_SKIP_CHECK=1 &&"
        " mcopy -n -i '%s@@1M' ::/EFI/BOOT/BOOTAA64.EFI '%s.efi' &&"
        " printf '\\377' |"
        " dd of='%s.efi' bs=1 seek=300000 conv=notrunc status=none &&"
        " mcopy -o -i '%s@@1M' '%s.efi' ::/EFI/BOOT/BOOTAA64.EFI",
        from, path, path, path, path, path, path);
    const char *argv[] = { "sh", "-c", command, NULL };
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, NULL, NULL, &status, NULL) || status) {
        guest_fail(g, "cannot change the disk: %s", command);
        return;
    }
    demo_add_machine(g, &arch_aarch64, ",secure-boot=on");
    add_any_disk(g, path);
    guest_launch(g);
    guest_expect(g, REFUSED);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* Revokes all keys: dbx gets the content of db, as both have the same form. */
static bool revoke(const char *file)
{
    g_autofree char *tool = guest_program("../tools/vmspec-nvram");
    g_autofree char *command = g_strdup_printf(
        "'%s' read '%s' db-" IMAGE_SECURITY " > '%s.db' &&"
        " '%s' write '%s' dbx-" IMAGE_SECURITY " '%s.db' 0x27 && rm '%s.db'",
        tool, file, file, tool, file, file, file);
    const char *argv[] = { "sh", "-c", command, NULL };
    int status;

    return g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                        NULL, NULL, NULL, &status, NULL) && !status;
}

/*
 * The variable store file that nvram= makes has the keys, which count at the
 * next start as well.  So do keys that are revoked in the file.
 */
static void test_keys_in_store(void)
{
    g_autofree char *file = scratch_path("secure-vars.fd");
    g_autofree char *properties = g_strdup_printf(",secure-boot=on,nvram=%s",
                                                  file);
    static const struct {
        const char *name;
        const char *disk;
        const char *says;
        bool revoked;
    } starts[] = {
        { "secure-boot/nvram-new", SIGNED_DISK,
          "Booting `vmspec demo guest'", false },
        { "secure-boot/nvram-kept", PLAIN_DISK, REFUSED, false },
        { "secure-boot/nvram-revoked", SIGNED_DISK, REFUSED, true },
    };

    for (int i = 0; i < G_N_ELEMENTS(starts); i++) {
        bool ready = !starts[i].revoked || revoke(file);
        g_autoptr(Guest) g = launch_disk(starts[i].name, properties,
                                         starts[i].disk);

        if (!ready) {
            guest_fail(g, "cannot revoke the keys of %s", file);
            return;
        }
        guest_expect(g, starts[i].says);
        guest_hmp(g, "quit");
        guest_expect_exit(g);
    }
}

/* db has no key for Debian's kernel, which is signed for shim. */
static void test_unsigned_kernel(void)
{
    g_autoptr(Guest) g = guest_new("secure-boot/kernel");

    demo_add_machine(g, &arch_aarch64, ",secure-boot=on");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, "vmspec: -kernel: the kernel is refused by Secure Boot");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* A signed loader starts without Secure Boot as well. */
static void test_signed_without(void)
{
    g_autoptr(Guest) g = launch_disk("secure-boot/off", "", SIGNED_DISK);

    check_linux(g, false);
}

static void add_secure_boot_cases(void)
{
    g_test_add_func("/guest/secure-boot/signed", test_signed);
    g_test_add_func("/guest/secure-boot/unsigned", test_unsigned);
    g_test_add_func("/guest/secure-boot/unsigned-network",
                    test_unsigned_network);
    g_test_add_func("/guest/secure-boot/tampered", test_tampered);
    g_test_add_func("/guest/secure-boot/nvram", test_keys_in_store);
    g_test_add_func("/guest/secure-boot/kernel", test_unsigned_kernel);
    g_test_add_func("/guest/secure-boot/off", test_signed_without);
}

guest_cases(add_secure_boot_cases)
