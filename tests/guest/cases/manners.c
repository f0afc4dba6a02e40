/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bare metal in the manner of others
 *
 * The cases of two more programs of tests/guest/bare. One does what OSv, LK,
 * Zephyr, NuttX, RT-Thread and seL4 do with a machine that they take for virt,
 * and each behaviour is a case. The other is a program in the manner of
 * kvm-unit-tests. Both run on virt as well.
 */

#include <string.h>

#include "cases.h"
#include "demo.h"
#include "scratch.h"

typedef struct Setup {
    const char *name;
    const char *file;
    const char *cpu;
    int gic;
    int el;
} Setup;

static const Setup setups[] = {
    { "gic3-el1", "behaviours-aarch64.image", "max", 3, 1 },
    { "gic2-el1", "behaviours-aarch64.elf", "cortex-a53", 2, 1 },
    { "gic3-el2", "behaviours-aarch64.elf", "max", 3, 2 },
    { "gic2-el2", "behaviours-aarch64.image", "cortex-a53", 2, 2 },
    { "arm-gic2-el1", "behaviours-arm.bin", "cortex-a15", 2, 1 },
    { "arm-gic3-el2", "behaviours-arm.elf", "cortex-a15", 3, 2 },
};

#define ALL 0
#define PACKED "fdt: within 64 KiB\r\n"

/* What a program prints of a behaviour; with @gic or @el only in such setups */
typedef struct Behaviour {
    const char *name;
    int gic;
    int el;
    const char *prints;
} Behaviour;

static const Behaviour behaviours[] = {
    { "exception-level", ALL, 1, "behaviour: EL 0x00000001\r\n" },
    { "exception-level", ALL, 2, "behaviour: EL 0x00000002\r\n" },
    { "static-uart", ALL, ALL, "uart: 0x00001011\r\n" },
    { "uart-interrupt", ALL, ALL, "uart: interrupt 33\r\n" },
    { "gic-addresses", 2, ALL, "gic: distributor 0x0000002b\r\n"
      "gic: CPU interface 0x00000002\r\n" },
    { "gic-addresses", 3, ALL, "gic: distributor 0x0000003b\r\n"
      "gic: redistributor 0x0000003b\r\n"
      "gic: CPU of the second 0x00000001\r\n" },
    { "32-transports", ALL, ALL, "transports: 5 has device 0x00000004\r\n"
      "transports: 32 probed, devices 0x00000001\r\n" },
    { "psci-conduit", ALL, 1,
      "psci: the FDT says hvc, version by hvc 0x00010001\r\n" },
    { "psci-conduit", ALL, 2,
      "psci: the FDT says smc, version by smc 0x00010001\r\n" },
    { "null-read", ALL, ALL, "null: 0x00000000\r\n" },
    { "ram-base", ALL, ALL, "ram: starts below 0x40000000\r\n" },
    { "timer-by-position", ALL, 1, "timer: interrupt 27\r\n" },
    { "timer-by-position", ALL, 2, "timer: interrupt 26\r\n" },
    { "ranges-order", ALL, ALL, "ranges: first 0x01000000\r\n"
      "ranges: second 0x02000000\r\n" },
};

/* Runs the setup's program; returns what it prints, which the caller frees. */
static char *run_manners(const Setup *s, const char *machine)
{
    g_autofree char *name = g_strdup_printf("bare/%s-manners-%s", machine,
                                            s->name);
    g_autofree char *file = guest_file(s->file);
    g_autoptr(Guest) g = guest_new(name);
    g_autofree char *said = NULL;

    guest_add(g, "-M %s,gic-version=%d,virtualization=%s -cpu %s -m 256M"
              " -smp 2 -nodefaults -display none -serial stdio"
              " -device virtio-rng-device,bus=virtio-mmio-bus.5 -kernel '%s'",
              machine, s->gic, s->el == 2 ? "on" : "off", s->cpu, file);
    guest_launch(g);
    said = guest_until(g, "behaviour: end\r\n");
    guest_expect_exit(g);
    return g_steal_pointer(&said);
}

/* The same, from an earlier run if there was one. The text is kept. */
static const char *manners(const Setup *s, const char *machine)
{
    static GHashTable *kept;
    g_autofree char *key = g_strconcat(machine, "/", s->name, NULL);
    char *said;

    if (!kept) {
        kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    }
    said = g_hash_table_lookup(kept, key);
    if (!said) {
        said = run_manners(s, machine) ?: g_strdup("");
        g_hash_table_insert(kept, g_steal_pointer(&key), said);
    }
    return said;
}

typedef struct Case {
    const Setup *setup;
    const Behaviour *behaviour;
} Case;

static void check_said(const char *said, const char *what)
{
    if (!strstr(said, what)) {
        g_test_message("the program printed: %s", said);
        g_test_message("and not: %s", what);
        g_test_fail();
    }
}

static void test_behaviour(gconstpointer data)
{
    const Case *c = data;

    check_said(manners(c->setup, "virt"), c->behaviour->prints);
    check_said(manners(c->setup, demo_machine()), c->behaviour->prints);
}

/* Where the FDT is, and that it fits; that of virt has 1 MiB. */
static void test_handed_fdt(gconstpointer data)
{
    const Setup *s = data;
    const char *where = g_str_has_suffix(s->file, ".elf") ?
        "fdt: at the start of RAM, 0xedfe0dd0\r\n" :
        "fdt: in a register, 0xedfe0dd0\r\n";
    g_autofree char *packed = g_strconcat(where, PACKED, NULL);

    check_said(manners(s, "virt"), where);
    check_said(manners(s, demo_machine()), packed);
}

typedef struct Unit {
    const char *name;
    const char *file;
    const char *cpu;
    int gic;
    bool testdev;
    int status;                 /* of QEMU */
} Unit;

/* testdev makes an odd status of every number: 2 * 3 + 1 */
static const Unit units[] = {
    { "kvm-unit-tests-gic3", "unit-aarch64.bin", "max", 3, true, 7 },
    { "kvm-unit-tests-gic2", "unit-aarch64.bin", "cortex-a57", 2, true, 7 },
    { "kvm-unit-tests-psci", "unit-aarch64.bin", "max", 3, false, 0 },
    { "kvm-unit-tests-arm", "unit-arm.bin", "cortex-a15", 2, true, 7 },
};

static void run_unit(const Unit *u, const char *machine)
{
    static const char environment[] = "NR_CPUS=1\nTIMEOUT=90s\n";
    g_autofree char *name = g_strdup_printf("bare/%s-%s", machine, u->name);
    g_autofree char *file = guest_file(u->file);
    g_autofree char *initrd = scratch_file("environment", environment,
                                           strlen(environment),
                                           strlen(environment));
    g_autofree char *said = NULL;
    g_autoptr(Guest) g = guest_new(name);

    guest_add(g, "-M %s,gic-version=%d -cpu %s -m 256M -nodefaults"
              " -display none -serial stdio -kernel '%s'"
              " -append 'selftest 3' -initrd '%s'", machine, u->gic, u->cpu,
              file, initrd);
    if (u->testdev) {
        guest_add(g, "-device virtio-serial-device"
                  " -device virtconsole,chardev=ctd -chardev testdev,id=ctd");
    }
    guest_launch(g);
    said = guest_until(g, "EXIT: STATUS=7\r\n");
    guest_check(g, said, "unit: arguments selftest 3\r\n", true);
    guest_check(g, said, "unit: environment NR_CPUS=1\nTIMEOUT=90s\n", true);
    guest_expect_status(g, u->status);
}

static void test_unit(gconstpointer data)
{
    run_unit(data, "virt");
    run_unit(data, demo_machine());
}

static void add_behaviour(const Setup *s, const Behaviour *b)
{
    g_autofree char *path = g_strdup_printf("/guest/bare/%s-%s", s->name,
                                            b->name);
    Case *c = g_new(Case, 1);

    *c = (Case){ s, b };
    g_test_add_data_func_full(path, c, test_behaviour, g_free);
}

static void add_manners_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(setups); i++) {
        const Setup *s = &setups[i];

        for (int k = 0; k < G_N_ELEMENTS(behaviours); k++) {
            const Behaviour *b = &behaviours[k];

            if ((b->gic == ALL || b->gic == s->gic) &&
                (b->el == ALL || b->el == s->el)) {
                add_behaviour(s, b);
            }
        }
        guest_add_case(test_handed_fdt, s, "bare/%s-fdt", s->name);
    }
    for (int i = 0; i < G_N_ELEMENTS(units); i++) {
        guest_add_case(test_unit, &units[i], "bare/%s", units[i].name);
    }
}

guest_cases(add_manners_cases)
