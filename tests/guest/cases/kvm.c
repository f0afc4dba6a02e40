/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * KVM, in the machine
 *
 * The outer guest has EL2 and runs QEMU for arm64 with -accel kvm and the same
 * machine (tests/guest/kvm).  The inner guest is the demo guest.  All of it is
 * emulated, so no case says anything about speed.
 */

#include "cases.h"
#include "demo.h"

typedef struct Inner {
    const char *name;
    const char *outer;          /* properties of the outer machine */
    const char *options;        /* of the inner QEMU */
    const char *gic;            /* what the inner guest's report has */
    const char *description;
    bool pmu;
} Inner;

static const Inner inners[] = {
    { "gicv3-fdt", ",gic-version=3", "-M fdt=on,acpi=off -smp 1",
      "gic: GICv3", "description: FDT", true },
    { "gicv3-acpi", ",gic-version=3", "-M fdt=off -smp 2", "gic: GICv3",
      "description: ACPI", true },
    { "gicv2", ",gic-version=2", "-M gic-version=host -smp 1", "gic: GICv2",
      "description: FDT", true },
    { "gic-max", ",gic-version=3", "-M gic-version=max -smp 1",
      "gic: GICv3", "description: FDT", true },
    { "no-pmu", ",gic-version=3", "-cpu host,pmu=off -smp 1", "gic: GICv3",
      "description: FDT", false },
};

/* The line that the inner QEMU ends with when it refuses an option */
typedef struct Refusal {
    const char *name;
    const char *outer;
    const char *options;
    const char *error;
} Refusal;

static const Refusal refusals[] = {
    { "gicv2-on-gicv3", ",gic-version=3", "-M gic-version=2",
      "Use -machine gic-version=host." },
    { "virtualization", ",gic-version=3", "-M virtualization=on",
      "Use -accel tcg" },
    { "ram", ",gic-version=3", "-m 2T", "Use a smaller -m" },
};

static Guest *start_outer(const char *name, const char *properties)
{
    Guest *g = guest_new(name);
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("kvm-initramfs.cpio.gz");

    demo_add_machine(g, &arch_aarch64, ",virtualization=on");
    guest_add(g, "-M vmspec%s -m 2G -smp 2 -kernel '%s' -initrd '%s'"
              " -append quiet", properties, kernel, initramfs);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    return g;
}

/* Starts the inner QEMU with its console on the outer guest's terminal. */
static void start_inner(Guest *g, const char *options)
{
    g_autofree char *line = g_strdup_printf(
        "stty raw; /kvm/qemu -m 256M -nodefaults -display none -serial stdio"
        " %s; stty sane; echo inner-ended-$((40 + 2))\r", options);

    guest_type(g, line);
}

#define INNER_LINUX "-kernel /kvm/vmlinuz -initrd /kvm/initramfs.cpio.gz" \
    " -append quiet "

static void test_inner(gconstpointer data)
{
    const Inner *inner = data;
    g_autofree char *name = g_strdup_printf("kvm/%s", inner->name);
    g_autofree char *options = g_strdup_printf(INNER_LINUX "%s",
                                               inner->options);
    g_autoptr(Guest) g = start_outer(name, inner->outer);
    g_autofree char *report = NULL;

    start_inner(g, options);
    report = demo_report(g);
    guest_check(g, report, inner->gic, true);
    guest_check(g, report, inner->description, true);
    guest_check(g, report, "arm-pmu", inner->pmu);
    guest_type(g, "poweroff\r");
    guest_expect(g, "inner-ended-42");
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

static void test_refusal(gconstpointer data)
{
    const Refusal *r = data;
    g_autofree char *name = g_strdup_printf("kvm/refuses-%s", r->name);
    g_autoptr(Guest) g = start_outer(name, r->outer);
    g_autofree char *said = NULL;

    start_inner(g, r->options);
    guest_expect(g, "qemu-system-aarch64:");
    said = guest_until(g, "inner-ended-42");
    guest_check(g, said, r->error, true);
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

/* The firmware, in flash that KVM lets the guest read and not write */
static void test_inner_firmware(void)
{
    g_autoptr(Guest) g = start_outer("kvm/firmware", "");

    start_inner(g, "-M nvram=/tmp/vars.fd");
    guest_expect(g, "Shell>");
    guest_type(g, "reset -s\r");
    guest_expect(g, "inner-ended-42");
    guest_expect(g, GUEST_PROMPT);
    demo_power_off(g);
}

static void add_kvm_cases(void)
{
    g_test_add_func("/guest/kvm/firmware", test_inner_firmware);
    for (int i = 0; i < G_N_ELEMENTS(inners); i++) {
        guest_add_case(test_inner, &inners[i], "kvm/%s", inners[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(refusals); i++) {
        guest_add_case(test_refusal, &refusals[i], "kvm/refuses-%s",
                       refusals[i].name);
    }
}

guest_cases(add_kvm_cases)
