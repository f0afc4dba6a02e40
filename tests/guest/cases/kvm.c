/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Machines by KVM: what they are, and what is refused
 *
 * All of it is emulated, so that no case says anything about speed.  One host
 * starts several guests, one after the other.
 */

#include "cases.h"
#include "demo.h"
#include "inner.h"

#define MAX_FACTS 6
#define MAX_BOOTS 4
#define MAX_REFUSALS 6

#define INNER_ARM "-cpu host,aarch64=off -kernel /kvm/vmlinuz-arm" \
    " -initrd /kvm/initramfs-arm.cpio.gz -append quiet "
/* RAM that takes nothing from the host before the guest uses it */
#define RAM(size) "-m " size " -M memory-backend=ram0" \
    " -object memory-backend-ram,id=ram0,reserve=off,size=" size

#define STOLEN "arm-pv: using stolen time"
#define WINDOW64 "0x8000000000-0xffffffffff"

/* An inner guest, and what its report has */
typedef struct Boot {
    const char *options;
    const char *has[MAX_FACTS];
    const char *lacks[MAX_FACTS];
} Boot;

/* Options, and the text by which QEMU refuses them */
typedef struct Refusal {
    const char *options;
    const char *error;
} Refusal;

typedef struct Host {
    const char *name;
    const char *options;
    Boot boots[MAX_BOOTS];
    Refusal refusals[MAX_REFUSALS];
} Host;

static const Host hosts[] = {
    { "gicv3", "-M gic-version=3",
      .boots = {
          { INNER_LINUX "-M acpi=off",
            { "gic: GICv3", "description: FDT", "ITS@", "arm-pmu", STOLEN,
              WINDOW64 } },
          { INNER_LINUX "-M fdt=off,gic-version=host -smp 4",
            { "gic: GICv3", "description: ACPI", "cpus online: 4", "arm-pmu",
              STOLEN, WINDOW64 } },
          { INNER_LINUX "-M gic-version=max -cpu host,pmu=off"
            ",kvm-steal-time=off", { "gic: GICv3" }, { "arm-pmu", STOLEN } },
      },
      .refusals = {
          { "-M gic-version=2", "Use -machine gic-version=host." },
          { "-M virtualization=on", "Use -accel tcg" },
          { "-m 2T", "Use a smaller -m" },
          { "-cpu host,aarch64=off", "32-bit EL1 is supported" },
          { "-smp 513", "513" },
      } },
    { "gicv2", "-M gic-version=2",
      .boots = {
          { INNER_LINUX "-M gic-version=host -smp 2",
            { "gic: GICv2", "description: FDT", "cpus online: 2" } },
          { INNER_LINUX "-M gic-version=max,fdt=off",
            { "gic: GICv2", "description: ACPI" } },
      },
      .refusals = {
          { "-M gic-version=3", "Use -machine gic-version=host." },
          { "-smp 9", "exceeds the maximum cpus supported by KVM (8)" },
      } },
    /* a host with 40 bits of physical address, and 32-bit guests */
    { "pa40", "-M gic-version=3 -cpu cortex-a53",
      .boots = {
          { INNER_LINUX, { "gic: GICv3", "description: FDT", WINDOW64 } },
          { INNER_ARM "-M gic-version=host -smp 2",
            { " armv", "gic: GICv3", "description: FDT", "cpus online: 2" },
            { STOLEN, WINDOW64 } },
      },
      .refusals = {
          { RAM("128G"), "40 bits of physical address hold at most 127G" },
          { INNER_ARM "-M acpi=on", "Use -machine acpi=off" },
      } },
};

static void try_boot(Guest *g, const Boot *boot)
{
    g_autofree char *report = NULL;

    inner_start(g, boot->options);
    inner_expect_shell(g);
    report = inner_ask(g, "report; dmesg | grep -E 'arm-pv|root bus'");
    for (int i = 0; i < MAX_FACTS && boot->has[i]; i++) {
        guest_check(g, report, boot->has[i], true);
    }
    for (int i = 0; i < MAX_FACTS && boot->lacks[i]; i++) {
        guest_check(g, report, boot->lacks[i], false);
    }
    inner_power_off(g);
}

static void try_refusal(Guest *g, const Refusal *refusal)
{
    g_autofree char *line = g_strdup_printf(
        "/kvm/qemu -nodefaults -display none %s; echo \"ended: $?\"",
        refusal->options);
    g_autofree char *said = guest_ask(g, line);

    guest_check(g, said, refusal->error, true);
    guest_check(g, said, "ended: 1\r", true);
}

static void test_host(gconstpointer data)
{
    const Host *host = data;
    g_autofree char *name = g_strdup_printf("kvm/%s", host->name);
    g_autoptr(Guest) g = inner_host(name, host->options);

    for (int i = 0; i < MAX_BOOTS && host->boots[i].options; i++) {
        try_boot(g, &host->boots[i]);
    }
    for (int i = 0; i < MAX_REFUSALS && host->refusals[i].options; i++) {
        try_refusal(g, &host->refusals[i]);
    }
    demo_power_off(g);
}

/* On a host with 48 bits, RAM goes on behind the windows. */
static void test_high_ram(void)
{
    g_autoptr(Guest) g = inner_host("kvm/high-ram", "");
    g_autofree char *map = NULL;

    guest_type(g, "/kvm/qemu -nodefaults -display none -monitor stdio -S "
               RAM("200G") "\r");
    guest_expect(g, "(qemu) ");
    guest_type(g, "info mtree\r");
    map = guest_until(g, "(qemu) ");
    guest_check(g, map, "alias ram-low @ram0", true);
    guest_check(g, map, "alias ram-high @ram0", true);
    guest_type(g, "quit\r");
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

/*
 * The firmware, in flash that KVM lets the guest read and not write.  What it
 * stores there outlives a reset and QEMU.
 */
static void test_inner_firmware(void)
{
    g_autoptr(Guest) g = inner_host("kvm/firmware", "");

    inner_start(g, "-M nvram=/tmp/vars.fd");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "set kept 40-and-2\r");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "reset\r");
    guest_expect_uart1(g, "UEFI");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "set\r");
    guest_expect_uart1(g, "40-and-2");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "reset -s\r");
    inner_expect_end(g);
    inner_start(g, "-M nvram=/tmp/vars.fd");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "set\r");
    guest_expect_uart1(g, "40-and-2");
    guest_expect_uart1(g, "Shell>");
    guest_type_uart1(g, "reset -s\r");
    inner_expect_end(g);
    demo_power_off(g);
}

static void add_kvm_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(hosts); i++) {
        guest_add_case(test_host, &hosts[i], "kvm/%s", hosts[i].name);
    }
    g_test_add_func("/guest/kvm/high-ram", test_high_ram);
    g_test_add_func("/guest/kvm/firmware", test_inner_firmware);
}

guest_cases(add_kvm_cases)
