/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The Firmware Test Suite
 *
 * The cases that run FWTS over the ACPI tables and SMBIOS of machines with
 * few and with many devices, and the list of the findings that are allowed,
 * each with its cause.  For comparison FWTS also runs on QEMU's virt with the
 * same firmware and kernel; its findings there are printed and fail nothing.
 */

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "configs.h"
#include "demo.h"

/* With fewer tests passed, FWTS did not work. */
#define LEAST_PASSED 200

typedef struct Row {
    const char *name;           /* of the case */
    const char *config;         /* of vmspec/configs.c; NULL: virt */
} Row;

static const Row rows[] = {
    { "gic3", "cpus-2" },
    { "gic2", "gicv2-8-cpus" },
    { "many-parts", "many-parts" },
    { "peer-virt", NULL },
};

/* The machine that is compared with ours */
#define PEER "-M virt,gic-version=3 -cpu max,pauth-impdef=on -smp 2"

/* A failure or an abort that is no fault of the machine */
typedef struct Allowed {
    const char *test;
    const char *cause;
} Allowed;

/* No failure of FWTS is allowed. */
static const Allowed allowed_failures[] = {
    { NULL, NULL },
};

static const Allowed allowed_aborts[] = {
    { "esrt", "the firmware takes no capsules and so has no ESRT" },
    { "uefirtmisc", "Debian's kernel lacks CONFIG_EFI_TEST" },
    { "uefirttime", "Debian's kernel lacks CONFIG_EFI_TEST" },
    { "uefirtvariable", "Debian's kernel lacks CONFIG_EFI_TEST" },
    { NULL, NULL },
};

/* Types of structures: FWTS itself asks for 0, 1, 3, 4, 7, 16, 17 and 19. */
static const char *const smbios_types[] = {
    " 0-0 ", " 1-0 ", " 3-0 ", " 4-0 ", " 7-0 ", " 16-0 ", " 17-0 ", " 19-0 ",
    " 32-0 ", " 127-0 ",
};

static void add_fwts_machine(Guest *g, const Row *row)
{
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("fwts-initramfs.cpio.gz");

    guest_add(g, "-nodefaults -display none -serial stdio -m 1G");
    if (row->config) {
        const TestConfig *config = config_find(row->config);

        g_assert_nonnull(config);
        guest_add(g, "-M vmspec%s,acpi=on %s", config->machine,
                  config->options);
    } else {
        guest_add(g, PEER);
    }
    /* FWTS reads tables from memory, which the kernel would else forbid. */
    guest_add(g, "-bios vmspec-uefi-aarch64.fd -kernel '%s' -initrd '%s'"
              " -append 'quiet acpi=on iomem=relaxed'", kernel, initramfs);
    guest_add_qmp(g);
}

/* Fails for each line that begins with the word and is not allowed. */
static void check_findings(Guest *g, const char *answer, const char *word,
                  const Allowed *allowed)
{
    g_auto(GStrv) lines = g_strsplit(answer, "\n", 0);

    for (int i = 0; lines[i]; i++) {
        const Allowed *a = allowed;
        const char *line = g_strchomp(lines[i]);

        if (!g_str_has_prefix(line, word)) {
            continue;
        }
        while (a->test && !strstr(line, a->test)) {
            a++;
        }
        g_test_message("%s%s%s", line, a->test ? ": " : "", a->cause ?: "");
        if (!a->test) {
            guest_fail(g, "FWTS: %s", line);
        }
    }
}

/* The line "Total: | passed| failed| aborted| warnings| skipped| info|" */
static void check_totals(Guest *g, const Row *row)
{
    g_autofree char *answer = guest_ask(g, "grep -a ^Total: /tmp/fwts.log");
    const char *line = strstr(answer, "\nTotal:");
    g_auto(GStrv) field = g_strsplit(line ?: "", "|", 0);

    if (g_strv_length(field) < 7) {
        guest_fail(g, "FWTS printed no totals");
        return;
    }
    g_test_message("fwts %s: %d passed, %d failed, %d aborted, %d warnings, "
                   "%d skipped", row->name, atoi(field[1]), atoi(field[2]),
                   atoi(field[3]), atoi(field[4]), atoi(field[5]));
    if (atoi(field[1]) < LEAST_PASSED) {
        guest_fail(g, "FWTS passed %d tests, expected %d or more",
                   atoi(field[1]), LEAST_PASSED);
    }
}

static void check_smbios(Guest *g)
{
    g_autofree char *types = guest_ask(
        g, "echo '' $(ls /sys/firmware/dmi/entries) ''");

    for (int i = 0; i < G_N_ELEMENTS(smbios_types); i++) {
        guest_check(g, types, smbios_types[i], true);
    }
}

static void test_fwts(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("fwts/%s", row->name);
    g_autofree char *failures = NULL;
    g_autofree char *aborts = NULL;
    g_autoptr(Guest) g = guest_new(name);

    add_fwts_machine(g, row);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe efivarfs; mount -t efivarfs efivarfs"
                     " /sys/firmware/efi/efivars"));
    g_free(guest_ask(g, "/usr/bin/fwts -q -w 160 --acpitests --sbbr"
                     " -r /tmp/fwts.log"));
    failures = guest_ask(g, "grep -a ^FAILED /tmp/fwts.log");
    aborts = guest_ask(g, "awk -F'|' '$4 ~ /[1-9]/ && !/^Total|Test/"
                       " { print \"ABORTED\", $1 }' /tmp/fwts.log");
    check_totals(g, row);
    if (row->config) {
        check_smbios(g);
        check_findings(g, failures, "FAILED", allowed_failures);
        check_findings(g, aborts, "ABORTED", allowed_aborts);
    } else {
        g_test_message("%s", failures);
    }
    demo_power_off(g);
}

static void add_fwts_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_fwts, &rows[i], "fwts/%s", rows[i].name);
    }
}

guest_cases(add_fwts_cases)
