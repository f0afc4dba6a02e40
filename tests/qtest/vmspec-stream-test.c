/*
 * vmspec qtest: a migration stream is checked
 *
 * A stream of another machine, or one that somebody changed, is refused with
 * an error; it never makes QEMU write outside its memory (platform.md, section
 * 9).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/store-run.h"

/* Two configurations that differ in one thing that the guest sees */
typedef struct Foreign {
    const char *name;
    const char *source, *target;    /* options after the common ones */
    const char *error;              /* what the refusal names */
} Foreign;

static const Foreign foreign[] = {
    { "iommu", "-M iommu=smmuv3", "", "iommu" },
    { "no-iommu", "", "-M iommu=smmuv3", "iommu" },
    { "virtio-mmio", "-M virtio-mmio=8", "-M virtio-mmio=4", "virtio-mmio" },
    { "more-virtio-mmio", "", "-M virtio-mmio=32", "virtio-mmio" },
    { "fdt", "", "-M fdt=off", "fdt" },
    { "acpi", "", "-M acpi=off", "acpi" },
    { "gic-version", "-M gic-version=3", "-M gic-version=2", "gic-version" },
    { "gicv4", "-M virtualization=on,gic-version=3",
      "-M virtualization=on,gic-version=4", "gic-version" },
    { "its", "", "-M its=off", "-machine its" },
    { "no-its", "-M its=off", "", "-machine its" },
    { "ras", "-M ras=on", "", "-machine ras" },
    { "no-ras", "", "-M ras=on", "-machine ras" },
    { "mte", "-cpu neoverse-n2 -M mte=on", "-cpu neoverse-n2",
      "-machine mte" },
    { "no-mte", "-cpu neoverse-n2", "-cpu neoverse-n2 -M mte=on",
      "-machine mte" },
    { "virtualization", "", "-M virtualization=on", "virtualization" },
    { "hotplug-ports", "-M hotplug-ports=2", "-M hotplug-ports=3",
      "hotplug-ports" },
    { "cpus", "-smp 2", "-smp 3", "-smp" },
    { "topology", "-smp 4,sockets=4", "-smp 4,sockets=1,cores=4",
      "-smp sockets" },
    { "slots", "-m 1G,slots=2,maxmem=2G", "-m 1G,slots=3,maxmem=2G", "slots" },
    { "maxmem", "-m 1G,slots=2,maxmem=2G", "-m 1G,slots=2,maxmem=3G",
      "maxmem" },
    { "nvdimm", "-M nvdimm=on -m 1G,slots=2,maxmem=2G",
      "-m 1G,slots=2,maxmem=2G", "nvdimm" },
    { "serial", "-serial null -serial null", "-serial null", "-serial" },
    { "screen", "-M graphics=on", "-M usb=on -device usb-kbd "
      "-device usb-tablet", "graphics" },
    { "no-screen", "", "-M graphics=on", "graphics" },
    { "usb", "-M usb=on", "", "usb" },
};

static VmspecRun *load(const char *options)
{
    g_autofree char *path = migrate_stream();

    return vmspec_run("-M vmspec -nodefaults -bios %s %s -display none "
                      "-incoming file:%s -S -monitor none", vmspec_stub(),
                      options, path);
}

static void test_foreign(const void *opaque)
{
    const Foreign *f = opaque;
    g_autoptr(VmspecRun) run = NULL;

    migrate_out(vmspec_start("", "%s", f->source));
    run = load(f->target);
    g_test_message("'%s' to '%s': %s", f->source, f->target, run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "is of a machine with another"));
    g_assert_nonnull(strstr(run->err, f->error));
}

/* In the middle of a write through the buffer, as a guest can be */
static void begin_buffer_write(QTestState *qts)
{
    uint64_t bank = vmspec_base("flash1");

    qtest_writel(qts, bank, CFI_PAIR(0xe8));
    qtest_writel(qts, bank, CFI_PAIR(1));
    qtest_writel(qts, bank, 0x12345678);
}

#define BUFFER_SECTION "pflash_cfi01_blk_write"
#define BUFFER_SIZE 4096
/* Behind the name come the version and the buffer, then its offset. */
#define BUFFER_OFFSET (4 + BUFFER_SIZE)

static void test_buffer_outside(const void *opaque)
{
    uint32_t offset = cpu_to_be32(GPOINTER_TO_UINT(opaque));
    QTestState *source = vmspec_start("", "%s", "");
    g_autoptr(VmspecRun) run = NULL;

    begin_buffer_write(source);
    migrate_out(source);
    migrate_edit(BUFFER_SECTION, BUFFER_OFFSET, &offset, sizeof(offset));
    run = load("");
    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "flash1: the migration stream has a "
                            "write buffer at"));
}

/* An offset that the bank has is taken: the checks above can fail. */
static void test_buffer_inside(void)
{
    uint32_t offset = cpu_to_be32(0x1000);
    QTestState *source = vmspec_start("", "%s", ""), *target;

    begin_buffer_write(source);
    migrate_out(source);
    migrate_edit(BUFFER_SECTION, BUFFER_OFFSET, &offset, sizeof(offset));
    target = vmspec_start("", MIGRATE_TARGET);
    migrate_in(target);
    qtest_quit(target);
}

/*
 * Behind the name come instance, version and version_id of PCIDevice, the
 * configuration space, then the state of INTA.
 */
#define PORT_SECTION "/vmspec-root-port"
#define PORT_INTA (3 * 4 + 4096)

/* A port holds a line that the stream's bus does not count. */
static void test_interrupt_miscounted(void)
{
    uint32_t raised = cpu_to_be32(1);
    QTestState *target;

    migrate_out(vmspec_start(",hotplug-ports=1", "%s", ""));
    migrate_edit(PORT_SECTION, PORT_INTA, &raised, sizeof(raised));
    target = vmspec_start(",hotplug-ports=1", MIGRATE_TARGET);
    migrate_in(target);
    qtest_system_reset(target);
    qtest_quit(target);
}

static void test_loadvm_twice(void)
{
    g_autofree char *store = store_image("twice", "qcow2");
    g_autofree char *option = store_option(store);
    QTestState *qts = vmspec_start(option, "%s", "");

    for (int i = 0; i < 3; i++) {
        g_assert_cmphex(cfi_program(qts, 0xf0000 + 4 * i, 0x11111111 * i), ==,
                        CFI_READY);
        qtest_qmp_assert_success(qts, "{'execute': 'stop'}");
        g_free(qtest_hmp(qts, "savevm s"));
        g_free(qtest_hmp(qts, "loadvm s"));
        g_free(qtest_hmp(qts, "loadvm s"));
        qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
        g_assert_cmphex(qtest_readl(qts, vmspec_base("flash1") + 0xf0000 +
                                    4 * i), ==, 0x11111111 * i);
    }
    qtest_quit(qts);
}

static void add_tests(void)
{
    static const uint32_t outside[] = { 0x100000, 0xfffff, 0x1004, 0xffffff00 };

    for (int i = 0; i < ARRAY_SIZE(foreign); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/stream/foreign/%s",
                                                foreign[i].name);

        qtest_add_data_func(path, &foreign[i], test_foreign);
    }
    for (int i = 0; i < ARRAY_SIZE(outside); i++) {
        g_autofree char *path = g_strdup_printf(
            "/vmspec/stream/pflash-buffer-outside/0x%x", outside[i]);

        qtest_add_data_func(path, GUINT_TO_POINTER(outside[i]),
                            test_buffer_outside);
    }
    qtest_add_func("/vmspec/stream/pflash-buffer-inside", test_buffer_inside);
    qtest_add_func("/vmspec/stream/interrupt-miscounted",
                   test_interrupt_miscounted);
    qtest_add_func("/vmspec/stream/loadvm-twice", test_loadvm_twice);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
