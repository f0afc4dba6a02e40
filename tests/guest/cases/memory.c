/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that comes and goes
 *
 * The cases of pc-dimm, virtio-mem and NVDIMM.  A guest that runs by ACPI
 * gets and loses them while it runs.  A guest without ACPI memory hot-plug,
 * such as Debian's plain kernel, finds at its next start what is plugged then.
 */

#include <glib/gstdio.h>

#include "cases.h"
#include "demo.h"

#define PLUG_DIMM "{'execute': 'device_add', 'arguments': {" \
    "'driver': 'pc-dimm', 'id': 'd1', 'memdev': 'm1'}}"
#define GROW "{'execute': 'qom-set', 'arguments': {'path': 'v0'," \
    "'property': 'requested-size', 'value': 536870912}}"

/* Waits in the guest until lsmem shows that so much memory is online. */
static void expect_lsmem(Guest *g, const char *size)
{
    g_autofree char *line = g_strdup_printf("until lsmem | grep -q"
        " 'online memory: *%s$'; do sleep 0.1; done; lsmem", size);
    g_autofree char *want = g_strdup_printf(" %s\r", size);
    g_autofree char *answer = guest_ask(g, line);

    guest_check(g, answer, want, true);
}

/*
 * Waits in the guest until free shows so much memory in total, less the tenth
 * at most that the kernel keeps for itself.
 */
static void expect_free(Guest *g, int mib)
{
    g_autofree char *line = g_strdup_printf("until free -m | awk '/Mem/ {"
        " exit !($2 > %d && $2 <= %d) }'; do sleep 0.1; done; free -m",
        mib * 9 / 10, mib);

    g_free(guest_ask(g, line));
}

static void run_qmp(Guest *g, const char *command)
{
    g_free(guest_qmp(g, command));
}

static void add_memory_backend(Guest *g, const char *id, const char *size)
{
    guest_add(g, "-object memory-backend-ram,id=%s,size=%s", id, size);
}

/* Debian's cloud kernel, which has ACPI memory hot-plug, under the firmware */
static void add_cloud_kernel(Guest *g)
{
    g_autofree char *kernel = guest_file("vmlinuz-cloud-aarch64");
    g_autofree char *initramfs = guest_file("initramfs-cloud-aarch64.cpio.gz");

    guest_add(g, "-bios vmspec-uefi-aarch64.fd -kernel '%s' -initrd '%s'"
              " -append 'quiet acpi=on memhp_default_state=online_movable'",
              kernel, initramfs);
}

static void test_memory_acpi(void)
{
    g_autofree char *firmware_bugs = NULL;
    g_autoptr(Guest) g = guest_new("memory/acpi");

    demo_add_machine(g, &arch_aarch64, ",acpi=on");
    guest_add(g, "-m 1G,slots=4,maxmem=8G");
    add_memory_backend(g, "m1", "1G");
    add_memory_backend(g, "m2", "1G");
    guest_add(g, "-device virtio-mem-pci,memdev=m2,id=v0");
    add_cloud_kernel(g);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe virtio_mem"));
    expect_lsmem(g, "1G");
    expect_free(g, 1024);

    run_qmp(g, PLUG_DIMM);
    guest_expect_event(g, "ACPI_DEVICE_OST", "\"status\": 0");
    expect_lsmem(g, "2G");
    expect_free(g, 2048);
    run_qmp(g, GROW);
    expect_lsmem(g, "2.5G");
    expect_free(g, 2560);

    run_qmp(g, "{'execute': 'device_del', 'arguments': {'id': 'd1'}}");
    guest_expect_deleted(g, "d1");
    expect_lsmem(g, "1.5G");
    expect_free(g, 1536);
    firmware_bugs = guest_ask(g, "dmesg | grep -c -i 'ACPI.*err[o]r'");
    guest_check(g, firmware_bugs, "\n0\r", true);
    demo_power_off(g);
}

/* The NVDIMM's file begins with the text that the guest wrote. */
static void check_file(Guest *g, const char *path, const char *text)
{
    g_autofree char *data = NULL;

    if (!guest_failed(g) &&
        (!g_file_get_contents(path, &data, NULL, NULL) ||
         !g_str_has_prefix(data, text))) {
        guest_fail(g, "%s does not begin with '%s'", path, text);
    }
}

static void test_nvdimm(void)
{
    g_autofree char *path = NULL;
    g_autoptr(Guest) g = guest_new("memory/nvdimm");

    path = g_build_filename(guest_folder(g), "nvdimm", NULL);
    demo_add_machine(g, &arch_aarch64, ",acpi=on,nvdimm=on");
    guest_add(g, "-m 1G,slots=4,maxmem=8G -object memory-backend-file,id=n0,"
              "share=on,size=128M,mem-path='%s' -device nvdimm,memdev=n0",
              path);
    add_memory_backend(g, "n1", "128M");
    add_cloud_kernel(g);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe -a nfit nd_pmem;"
                     " until [ -b /dev/pmem0 ]; do sleep 0.1; done"));
    g_free(guest_ask(g, "echo written > /dev/pmem0; sync"));
    check_file(g, path, "written\n");
    run_qmp(g, "{'execute': 'device_add', 'arguments': {"
            "'driver': 'nvdimm', 'id': 'd1', 'memdev': 'n1'}}");
    g_free(guest_ask(g, "until [ -b /dev/pmem1 ]; do sleep 0.1; done"));
    expect_free(g, 1024);
    demo_power_off(g);
    g_unlink(path);
}

typedef struct Start {
    const char *name;
    const char *firmware;
    const char *append;
} Start;

static const Start starts[] = {
    { "memory/next-start-fdt", "", "" },
    { "memory/next-start-acpi", "-bios vmspec-uefi-aarch64.fd", "acpi=on" },
};

/* Debian's plain kernel, by FDT and by ACPI */
static void test_next_start(gconstpointer data)
{
    const Start *start = data;
    g_autoptr(Guest) g = guest_new(start->name);

    demo_add_machine(g, &arch_aarch64, ",acpi=on,nvdimm=on");
    guest_add(g, "-m 1G,slots=4,maxmem=8G %s", start->firmware);
    add_memory_backend(g, "m0", "512M");
    add_memory_backend(g, "m1", "1G");
    add_memory_backend(g, "m2", "512M");
    add_memory_backend(g, "n0", "128M");
    guest_add(g, "-device pc-dimm,memdev=m0 -device nvdimm,memdev=n0"
              " -device virtio-mem-pci,memdev=m2,id=v0");
    demo_add_kernel(g, &arch_aarch64);
    guest_add(g, "-append 'quiet memhp_default_state=online %s'",
              start->append);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    expect_free(g, 1536);
    g_free(guest_ask(g, "modprobe -a nfit of_pmem nd_pmem;"
                     " until [ -b /dev/pmem0 ]; do sleep 0.1; done"));
    run_qmp(g, PLUG_DIMM);
    guest_type(g, "reboot\r");
    guest_expect(g, "Welcome");
    guest_expect(g, GUEST_PROMPT);
    expect_free(g, 2560);
    run_qmp(g, GROW);
    g_free(guest_ask(g, "modprobe virtio_mem"));
    expect_free(g, 3072);
    demo_power_off(g);
}

static void add_memory_cases(void)
{
    g_test_add_func("/guest/memory/acpi", test_memory_acpi);
    g_test_add_func("/guest/memory/nvdimm", test_nvdimm);
    for (int i = 0; i < G_N_ELEMENTS(starts); i++) {
        guest_add_case(test_next_start, &starts[i], "%s", starts[i].name);
    }
}

guest_cases(add_memory_cases)
