/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the firmware gives an OS, seen by an EFI application
 *
 * What must be in the configuration table and in which memory, which
 * runtime services must work after ExitBootServices, the exception level, and
 * random numbers.  efi/facts.c prints the facts; the rows have their order.
 */

#include <glib/gstdio.h>

#include "cases.h"
#include "demo.h"

#define OK "0x0000000000000000"
#define UNSUPPORTED "0x8000000000000003"
#define NOT_FOUND "0x800000000000000e"
/* EFI_MEMORY_TYPE (UEFI 2.10, 7.2.1) */
#define RUNTIME_DATA "0x0000000000000006"
#define ACPI_RECLAIM "0x0000000000000009"

#define HAS_FDT "memory-of-fdt " ACPI_RECLAIM
#define HAS_ACPI "memory-of-acpi " ACPI_RECLAIM
#define EL(n) "exception-level 0x000000000000000" #n
#define GOP "gop-width 0x"
#define RANDOM "rng-random 0x0000000000000001"
#define NOT_RAW "rng-raw 0x0000000000000000"

/* A date that the host's clock cannot show */
#define DATE "2031-05-17T12:00:00"

typedef struct Row {
    const char *name;
    const Arch *arch;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    const char *options;        /* besides the configuration's */
    const char *facts[4];       /* which are there */
    const char *absent;         /* which is not, if any is to be absent */
} Row;

static const Row rows[] = {
    { "default", &arch_aarch64, "default", "",
      { EL(1), HAS_FDT, HAS_ACPI, RANDOM }, "gop-width" },
    { "acpi-off", &arch_aarch64, "no-acpi", "", { HAS_FDT },
      "memory-of-acpi" },
    { "fdt-off", &arch_aarch64, "default", "-M fdt=off", { HAS_ACPI },
      "memory-of-fdt" },
    { "el2", &arch_aarch64, "virtualization", "", { EL(2) }, NULL },
    { "no-rndr", &arch_aarch64, "cortex-a57", "", { RANDOM, NOT_RAW }, NULL },
    { "no-seed", &arch_aarch64, "cortex-a57", "-M dtb-randomness=off",
      { "rng-protocol " NOT_FOUND }, "rng-random" },
    { "rng-virtio", &arch_aarch64, "cortex-a57", "-device virtio-rng-pci",
      { RANDOM }, NULL },
    { "arm", &arch_arm, "cortex-a15", "-device virtio-rng-pci -device ramfb",
      { EL(1), HAS_FDT, RANDOM, GOP }, "memory-of-acpi" },
    { "arm-virtualization", &arch_arm, "cortex-a15", "-M virtualization=on",
      { EL(1), HAS_FDT }, NULL },
};

static const Row long_rows[] = {
    { "arm-bare", &arch_arm, "cortex-a15", "",
      { RANDOM, NOT_RAW, "gop-protocol " NOT_FOUND }, NULL },
    { "arm-gicv3", &arch_arm, "cortex-a7-gicv3", "-smp 2", { EL(1) }, NULL },
    { "arm-virtio-gpu", &arch_arm, "cortex-a15", "-device virtio-gpu-pci",
      { GOP }, NULL },
};

/*
 * HII's four protocols are there, before any menu is, and a page of the menu
 * (UEFI 2.10, 2.6.2).
 *
 * The mask of EFI_RT_PROPERTIES_TABLE (UEFI 2.10, 4.6.2), and what each service
 * returns in accordance with it: all are supported but wake-up time and
 * capsules.
 */
static const char *const always[] = {
    "memory-map " OK,
    "hii-database-protocol " OK, "hii-string-protocol " OK,
    "hii-config-routing-protocol " OK, "hii-config-access-protocol " OK,
    "hii-list-forms " OK, "hii-access-to-other " NOT_FOUND,
    "hii-access-stopped-at-start 0x0000000000000001",
    "memory-of-smbios3 " RUNTIME_DATA,
    "memory-of-rt-properties " ACPI_RECLAIM,
    "rt-supported 0x00000000000027f3",
    "exit-boot-services " OK,
    "rt-get-time " OK, "rt-year 0x00000000000007ef", "rt-set-time " OK,
    "rt-get-time-again " OK, "rt-date-as-set 0x0000000000000001",
    "rt-get-wakeup-time " UNSUPPORTED, "rt-set-wakeup-time " UNSUPPORTED,
    "rt-next-high-monotonic-count " OK,
    "rt-update-capsule " UNSUPPORTED,
    "rt-query-capsule-capabilities " UNSUPPORTED,
    "rt-set-variable " OK, "rt-get-variable " OK,
    "rt-variable 0x000000000000002a",
    "rt-next-variable-name " OK, "rt-query-variable-info " OK,
};

static void check_facts(const Row *row)
{
    g_autofree char *full = g_strdup_printf("firmware/facts-%s", row->name);
    g_autofree char *app = guest_file(row->arch == &arch_arm ?
                                      "facts-arm.efi" : "facts.efi");
    g_autofree char *facts = NULL;
    g_autoptr(Guest) g = guest_new(full);

    demo_add_config(g, row->arch, row->config);
    guest_add(g, "-bios vmspec-uefi-%s.fd -kernel '%s' -rtc base=" DATE " %s",
              row->arch->name, app, row->options);
    guest_launch(g);
    guest_expect(g, "fact ");
    facts = guest_until(g, "facts end");
    for (int i = 0; i < G_N_ELEMENTS(always); i++) {
        guest_check(g, facts, always[i], true);
    }
    for (int i = 0; i < G_N_ELEMENTS(row->facts) && row->facts[i]; i++) {
        guest_check(g, facts, row->facts[i], true);
    }
    if (row->absent) {
        guest_check(g, facts, row->absent, false);
    }
    guest_expect_event(g, "SHUTDOWN", "guest-shutdown");
    guest_expect_exit(g);
}

static void test_facts(gconstpointer data)
{
    check_facts(data);
}

/*
 * A variable that is set after ExitBootServices is there at the next boot; the
 * machine makes the variable store file for the first one.
 */
static void keep_variable(const char *name, const Arch *arch,
                          const char *config, const char *options)
{
    g_autofree char *again = g_strconcat(name, "-again", NULL);
    const Row first = {
        name, arch, config, options,
        { "rt-variable-of-last-boot " NOT_FOUND }, NULL
    };
    const Row second = {
        again, arch, config, options,
        { "rt-variable-of-last-boot " OK,
          "rt-last-variable 0x000000000000002a" }, NULL
    };

    check_facts(&first);
    check_facts(&second);
}

static void test_store_arm(void)
{
    g_autoptr(Guest) folder = guest_new("firmware/facts-store-arm-folder");
    g_autofree char *nvram = g_strdup_printf("-M nvram=%s/vars.fd",
                                             guest_folder(folder));

    keep_variable("store-arm", &arch_arm, "cortex-a15", nvram);
}

/*
 * The variable store file of a VM with a name (platform.md, section 7): only
 * its owner may read it, and its format, qcow2, takes live snapshots.
 */
static void test_store_auto(void)
{
    g_autoptr(Guest) folder = guest_new("firmware/facts-store-auto-folder");
    g_autofree char *home = g_strdup(g_getenv("XDG_STATE_HOME"));
    g_autofree char *path = g_build_filename(
        guest_folder(folder), "vmspec/nvram/auto-name.qcow2", NULL);
    g_autofree char *data = NULL;
    GStatBuf file;

    g_setenv("XDG_STATE_HOME", guest_folder(folder), true);
    keep_variable("store-auto", &arch_aarch64, "default",
                  "-M nvram=auto -name auto-name");
    if (home) {
        g_setenv("XDG_STATE_HOME", home, true);
    } else {
        g_unsetenv("XDG_STATE_HOME");
    }
    if (g_stat(path, &file) < 0 ||
        !g_file_get_contents(path, &data, NULL, NULL)) {
        guest_fail(folder, "there is no store %s", path);
        return;
    }
    g_assert_cmpint(file.st_mode & 07777, ==, 0600);
    g_assert_cmpmem(data, 4, "QFI\xfb", 4);
}

static void add_facts_rows(const char *group, const Row *row, int n)
{
    for (int i = 0; i < n; i++) {
        guest_add_case(test_facts, &row[i], "%s/facts-%s", group, row[i].name);
    }
}

static void add_facts_cases(void)
{
    add_facts_rows("firmware", rows, G_N_ELEMENTS(rows));
    add_facts_rows("firmware-long", long_rows, G_N_ELEMENTS(long_rows));
    g_test_add_func("/guest/firmware/facts-store-arm", test_store_arm);
    g_test_add_func("/guest/firmware/facts-store-auto", test_store_auto);
}

guest_cases(add_facts_cases)
