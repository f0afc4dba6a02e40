/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the firmware gives an OS, seen by an EFI application
 *
 * Owns what is in the configuration table and in which memory, what runtime
 * services there are after ExitBootServices, the exception level, and random
 * numbers.  efi/facts.c says the facts, in the order of the rows here.
 */

#include "cases.h"
#include "machine.h"

#define OK "0x0000000000000000"
#define UNSUPPORTED "0x8000000000000003"
#define NOT_FOUND "0x800000000000000e"
/* EFI_MEMORY_TYPE (UEFI 2.10, 7.2.1) */
#define RUNTIME_DATA "0x0000000000000006"
#define ACPI_RECLAIM "0x0000000000000009"

#define HAS_FDT "memory-of-fdt " ACPI_RECLAIM
#define HAS_ACPI "memory-of-acpi " ACPI_RECLAIM
#define EL(n) "exception-level 0x000000000000000" #n
#define RANDOM "rng-random 0x0000000000000001"

typedef struct Row {
    const char *name;
    const char *properties;
    const char *options;
    const char *facts[4];       /* which are there */
    const char *absent;         /* which is not, if any is to be absent */
} Row;

static const Row rows[] = {
    { "default", "", "", { EL(1), HAS_FDT, HAS_ACPI, RANDOM },
      NULL },
    { "acpi-off", ",acpi=off", "", { HAS_FDT }, "memory-of-acpi" },
    { "fdt-off", ",fdt=off", "", { HAS_ACPI }, "memory-of-fdt" },
    { "el2", ",virtualization=on", "", { EL(2) }, NULL },
    { "no-rndr", "", "-cpu cortex-a57", { "rng-protocol " NOT_FOUND },
      "rng-random" },
    { "rng-virtio", "", "-cpu cortex-a57 -device virtio-rng-pci", { RANDOM },
      NULL },
};

/*
 * The mask of EFI_RT_PROPERTIES_TABLE (UEFI 2.10, 4.6.2) and what each
 * service says to that: no alarm clock and no capsules, all others.
 */
static const char *const always[] = {
    "memory-map " OK,
    "memory-of-smbios3 " RUNTIME_DATA,
    "memory-of-rt-properties " ACPI_RECLAIM,
    "rt-supported 0x00000000000027f3",
    "exit-boot-services " OK,
    "rt-get-time " OK, "rt-set-time " OK,
    "rt-get-wakeup-time " UNSUPPORTED, "rt-set-wakeup-time " UNSUPPORTED,
    "rt-next-high-monotonic-count " OK,
    "rt-update-capsule " UNSUPPORTED,
    "rt-query-capsule-capabilities " UNSUPPORTED,
    "rt-set-variable " OK, "rt-get-variable " OK,
    "rt-variable 0x000000000000002a",
    "rt-next-variable-name " OK, "rt-query-variable-info " OK,
};

static void test_facts(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("firmware/facts-%s", row->name);
    g_autofree char *app = guest_file("facts.efi");
    g_autofree char *facts = NULL;
    g_autoptr(Guest) g = guest_new(name);

    machine_add(g, &arch_aarch64, row->properties);
    guest_add(g, "-bios vmspec-uefi-aarch64.fd -kernel '%s' %s", app,
              row->options);
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

void add_facts_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/guest/firmware/facts-%s",
                                                rows[i].name);

        g_test_add_data_func(path, &rows[i], test_facts);
    }
}
