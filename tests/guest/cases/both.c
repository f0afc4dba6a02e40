/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The machine described both ways
 *
 * The cases that boot one machine by FDT and by ACPI and compare what
 * Linux found (tests/guest/inventory), and the list of what may differ.  They
 * also search both kernel logs for complaints about the firmware or resources.
 */

#include <string.h>

#include "cases.h"
#include "configs.h"
#include "demo.h"

typedef struct Row {
    const char *name;           /* of the case */
    const char *config;         /* of tests/qtest/vmspec/configs.c */
} Row;

/* The first rows run always, the others in make check-long. */
static const Row rows[] = {
    { "both/gic2-cpus4", "gicv2" },
    { "both/gic3-cpus1", "default" },
    { "both-long/gic2-cpus1", "gicv2-1-cpu" },
    { "both-long/gic2-cpus8", "gicv2-8-cpus" },
    { "both-long/gic3-cpus4", "cpus-4" },
    { "both-long/gic3-cpus16", "cpus-16" },
    { "both-long/caches", "caches-2-sockets" },
    { "both-long/smmu-numa", "numa-smmuv3" },
};

/* Facts of these patterns may be found one way only. */
typedef struct Difference {
    const char *fact;
    const char *reason;
} Difference;

/*
 * Where BARs are in the PCIe windows, and how large a port's window is: by FDT
 * Linux assigns them itself, by ACPI it keeps what the firmware assigned
 * (platform.md, section 4.7).
 */
#define ASSIGNED "what Linux assigns by FDT, firmware by ACPI"

static const Difference either[] = {
    { "fact iomem 2*-2???????", ASSIGNED },
    { "fact iomem 80*-80????????", ASSIGNED },
    { "fact ioport 0000*-0000????", ASSIGNED },
    { "fact pci 0000:00:??.? bar 15 *", ASSIGNED },
    { NULL, NULL },
};

static const Difference only_fdt[] = {
    { "fact irq 9030000.gpio 3 Edge Power Button",
      "the power button is a GPIO line by FDT, the GED's by ACPI" },
    { "fact irq 9030000.gpio 4 Edge Wake Key",
      "a key of gpio-keys by FDT, an event of the GPIO controller by ACPI" },
    { "fact irq *PCIe PME, aerdrv, pciehp",
      "hot-plug is the port's by FDT, ACPI's by ACPI "
      "(platform.md, section 4.6)" },
    { "fact consoles tty0 ttyAMA0",
      "Linux takes a virtual terminal too, unless SPCR names the console" },
    { NULL, NULL },
};

static const Difference only_acpi[] = {
    { "fact irq ARMH0061:00 3 Edge ACPI:Event",
      "the power button wakes a guest that sleeps, when the GED does not" },
    { "fact irq ARMH0061:00 4 Edge ACPI:Event", "the wake key, see above" },
    { "fact irq GICv3 41 Edge ACPI:Ged", "the power button, see above" },
    { "fact irq GIC-0 41 Edge ACPI:Ged", "the power button, see above" },
    { "fact irq *PCIe PME, aerdrv", "hot-plug, see above" },
    { "fact consoles ttyAMA0", "SPCR, see above" },
    { NULL, NULL },
};

/* With fewer facts, the inventory did not work. */
#define LEAST_FACTS 60

/* No line of the kernel log may match COMPLAINTS, and no warning WARNINGS. */
#define COMPLAINTS "FW_BUG|firmware bug|firmware warn|ACPI (error|warning|bios)"
#define WARNINGS \
    "resource|window|bar [0-9]|claim|assign|conflict|overlap|firmware"

static void add_both_machine(Guest *g, const Row *row, bool acpi)
{
    const TestConfig *config = config_find(row->config);
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("inventory-initramfs.cpio.gz");

    g_assert_nonnull(config);
    guest_add(g, "-M vmspec%s -m 1G -nodefaults -display none -serial stdio"
              " -serial null %s", config->machine, config->options);
    /*
     * The bundled firmware starts the kernel, so that no disk is read, and
     * gives it both descriptions.  Linux takes the FDT unless acpi=force.
     */
    guest_add(g, "-bios vmspec-uefi-aarch64.fd -kernel '%s' -initrd '%s'"
              " -append 'quiet%s'", kernel, initramfs,
              acpi ? " acpi=force" : "");
    guest_add(g, "-blockdev null-co,node-name=disk0,size=1048576,read-zeroes=on"
              " -device virtio-blk-pci,drive=disk0"
              " -blockdev null-co,node-name=disk1,size=2097152,read-zeroes=on"
              " -device virtio-blk-device,drive=disk1"
              " -device pcie-root-port,id=rp0,chassis=9"
              " -device virtio-rng-pci,bus=rp0");
    demo_add_network(g);
    guest_add_qmp(g);
}

static void check_both_log(Guest *g, bool acpi)
{
    g_autofree char *complaints = guest_ask(
        g, "dmesg | grep -i -E '" COMPLAINTS "' | sed 's/^/log: /'");
    g_autofree char *warnings = guest_ask(
        g, "dmesg -r | grep '^<[0-4]>' | grep -i -E '" WARNINGS "'"
        " | sed 's/^/log: /'");
    g_autofree char *ecam = guest_ask(g, "dmesg | grep 'ECAM area'");

    guest_check(g, complaints, "\nlog: ", false);
    guest_check(g, warnings, "\nlog: ", false);
    guest_check(g, ecam, "reserved by PNP0C02", acpi);
}

/* Boots the machine and gives its facts, sorted. */
static GSequence *boot_and_list(const Row *row, bool acpi)
{
    g_autofree char *name = g_strdup_printf("%s-%s", row->name,
                                            acpi ? "acpi" : "fdt");
    g_autofree char *answer = NULL;
    g_autofree char *tables = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(Guest) g = guest_new(name);
    GSequence *facts = g_sequence_new(g_free);

    add_both_machine(g, row, acpi);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    tables = guest_ask(g, "ls /sys/firmware/acpi/tables");
    guest_check(g, tables, "DSDT", acpi);
    check_both_log(g, acpi);
    answer = guest_ask(g, "inventory");
    guest_check(g, answer, "facts: end", true);
    lines = g_strsplit(answer, "\n", 0);
    for (int i = 0; lines[i]; i++) {
        if (g_str_has_prefix(lines[i], "fact ")) {
            g_sequence_append(facts, g_strdup(g_strchomp(lines[i])));
        }
    }
    demo_power_off(g);
    if (g_sequence_get_length(facts) < LEAST_FACTS) {
        guest_fail(g, "the guest found %d facts, expected %d or more",
                   g_sequence_get_length(facts), LEAST_FACTS);
    }
    g_sequence_sort(facts, (GCompareDataFunc)(void (*)(void))strcmp, NULL);
    return facts;
}

/* The reason of the first pattern that the fact matches; NULL: none does */
static const char *reason_for(const Difference *known, const char *fact)
{
    for (; known->fact; known++) {
        if (g_pattern_match_simple(known->fact, fact)) {
            return known->reason;
        }
    }
    return NULL;
}

/* A fact was found one way only: fails unless a difference is known for it. */
static void check_fact(const char *fact, const char *way,
                       const Difference *known)
{
    const char *reason = reason_for(known, fact) ?: reason_for(either, fact);

    if (reason) {
        g_test_message("only by %s: %s: %s", way, fact, reason);
    } else {
        g_printerr("only by %s: %s\n", way, fact);
        g_test_fail();
    }
}

/* Which list has the next fact? < 0: the first, > 0: the second, 0: both */
static int next_of(GSequenceIter *a, GSequenceIter *b)
{
    if (g_sequence_iter_is_end(a)) {
        return 1;
    }
    if (g_sequence_iter_is_end(b)) {
        return -1;
    }
    return strcmp(g_sequence_get(a), g_sequence_get(b));
}

/* Both are sorted: step through them side by side. */
static void compare_ways(GSequence *fdt, GSequence *acpi)
{
    GSequenceIter *f = g_sequence_get_begin_iter(fdt);
    GSequenceIter *a = g_sequence_get_begin_iter(acpi);

    while (!g_sequence_iter_is_end(f) || !g_sequence_iter_is_end(a)) {
        int order = next_of(f, a);

        if (order < 0) {
            check_fact(g_sequence_get(f), "FDT", only_fdt);
        } else if (order > 0) {
            check_fact(g_sequence_get(a), "ACPI", only_acpi);
        }
        if (order <= 0) {
            f = g_sequence_iter_next(f);
        }
        if (order >= 0) {
            a = g_sequence_iter_next(a);
        }
    }
}

static void test_both(gconstpointer data)
{
    GSequence *fdt = boot_and_list(data, false);
    GSequence *acpi = boot_and_list(data, true);

    g_test_message("%d facts by FDT, %d by ACPI", g_sequence_get_length(fdt),
                   g_sequence_get_length(acpi));
    compare_ways(fdt, acpi);
    g_sequence_free(fdt);
    g_sequence_free(acpi);
}

static void add_both_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_both, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_both_cases)
