/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The demo guest on the machine
 */

#include "configs.h"
#include "demo.h"

/*
 * 32-bit Arm gets little memory because to load a module Linux flushes the TLB
 * page by page, over a range that includes the linear map of all RAM: the more
 * RAM there is, the slower is each module.
 */
const Arch arch_aarch64 = { "aarch64", "-m 1G" };
const Arch arch_arm = { "arm", "-m 256M -cpu cortex-a15" };

const char *demo_machine(void)
{
    return g_getenv("VMSPEC_TEST_MACHINE") ?: "vmspec";
}

void demo_add_machine(Guest *g, const Arch *arch, const char *properties)
{
    guest_add(g, "-M %s%s %s -nodefaults -display none -serial stdio",
              demo_machine(), properties, arch->options);
    guest_add_qmp(g);
}

void demo_add_config(Guest *g, const Arch *arch, const char *name)
{
    const TestConfig *config = config_find(name);

    g_assert_nonnull(config);
    demo_add_machine(g, arch, config->machine);
    guest_add(g, "%s", config->options);
}

void demo_add_disk(Guest *g, const Arch *arch)
{
    g_autofree char *name = g_strdup_printf("demo-%s.img", arch->name);
    g_autofree char *path = guest_file(name);

    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk", path);
}

void demo_add_network(Guest *g)
{
    guest_add(g, "-netdev user,id=net -device virtio-net-pci,netdev=net");
}

char *demo_new_layer(Guest *g)
{
    g_autofree char *base = guest_file("demo-aarch64.img");
    g_autofree char *backing = g_canonicalize_filename(base, NULL);
    g_autofree char *layer = g_build_filename(guest_folder(g), "disk.qcow2",
                                              NULL);
    g_autofree char *qemu_img = guest_program("qemu-img");
    const char *argv[] = {
        qemu_img, "create", "-q", "-f", "qcow2", "-b", backing, "-F", "raw",
        layer, NULL
    };
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status,
                 &err);
    g_assert_no_error(err);
    g_assert_cmpint(status, ==, 0);
    return g_steal_pointer(&layer);
}

static void add_kernel(Guest *g, const Arch *arch, const char *prefix)
{
    g_autofree char *kernel = g_strdup_printf("vmlinuz-%s", arch->name);
    g_autofree char *initramfs = g_strdup_printf("%sinitramfs-%s.cpio.gz",
                                                 prefix, arch->name);
    g_autofree char *kernel_path = guest_file(kernel);
    g_autofree char *initramfs_path = guest_file(initramfs);

    guest_add(g, "-kernel '%s' -initrd '%s' -append quiet", kernel_path,
              initramfs_path);
}

void demo_add_kernel(Guest *g, const Arch *arch)
{
    add_kernel(g, arch, "");
}

void demo_add_programs(Guest *g)
{
    add_kernel(g, &arch_aarch64, "programs-");
}

void demo_add_lspci(Guest *g, const Arch *arch)
{
    add_kernel(g, arch, "lspci-");
}

char *demo_report(Guest *g)
{
    guest_expect(g, GUEST_PROMPT);
    return guest_ask(g, "report");
}

void demo_power_off(Guest *g)
{
    guest_type(g, "poweroff\r");
    guest_expect_event(g, "SHUTDOWN", "guest-shutdown");
    guest_expect_exit(g);
}
