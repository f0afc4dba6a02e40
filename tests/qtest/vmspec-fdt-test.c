/*
 * vmspec qtest: the FDT against the contract
 *
 * Reads the device tree of many configurations and compares it with the
 * contract (platform.md, sections 3 to 6). Numbers come from contract.txt or
 * are typed from that page, never from the machine's sources.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/fdt-blob.h"
#include "vmspec/regions.h"

#define SPI 0
#define PPI 1
#define EDGE_RISING 1
#define LEVEL_HIGH 4
#define PPI_INTID_BASE 16
#define GIC "/interrupt-controller@8000000"
#define PCIE "/pcie@10000000"

static const char *const names[] = {
    "default", "gicv2", "gicv2-el2-8-cpus", "virtualization-3-cpus",
    "virtualization-no-vhe", "gicv4-8-cpus", "smmuv3", "second-serial",
    "no-virtio-mmio", "all-virtio-mmio", "aarch32", "cortex-a7-gicv3",
    "cpus-124", "topology", "numa-2-distance", "no-its",
    "vmgenid", NULL
};

/* The FDT of that configuration */
static void *read_named(const char *name)
{
    const TestConfig *config = config_named(name);

    return vmspec_fdt_dump(config->machine, config->options);
}

static bool has(const void *fdt, const char *path, const char *prop)
{
    return fdt_getprop(fdt, fdt_path_offset(fdt, path), prop, NULL);
}

static uint32_t cell_at(const void *fdt, const char *path, const char *prop)
{
    return vmspec_fdt_cell(fdt, fdt_path_offset(fdt, path), prop);
}

/* The property @prop of the node @path has exactly these cells. */
static void assert_cells(const void *fdt, const char *path, const char *prop,
                         const uint32_t *want, unsigned count)
{
    unsigned cells;
    const fdt32_t *value = vmspec_fdt_cells(fdt, fdt_path_offset(fdt, path),
                                            prop, &cells);

    g_test_message("%s %s", path, prop);
    g_assert_cmpuint(cells, ==, count);
    for (unsigned i = 0; i < count; i++) {
        g_assert_cmphex(fdt32_ld(&value[i]), ==, want[i]);
    }
}

#define ASSERT_CELLS(fdt, path, prop, ...)                              \
    do {                                                                \
        const uint32_t want_[] = { __VA_ARGS__ };                       \
        assert_cells(fdt, path, prop, want_, ARRAY_SIZE(want_));        \
    } while (0)

static void assert_has_string(const void *fdt, const char *path,
                              const char *prop, const char *want)
{
    int count = fdt_stringlist_search(fdt, fdt_path_offset(fdt, path), prop,
                                      want);

    g_test_message("%s %s has %s", path, prop, want);
    g_assert_cmpint(count, >=, 0);
}

/* The MSI controllers are children of the GIC's node. */
static char *node_path(const ContractNode *node)
{
    bool msi = g_str_has_prefix(node->region, "gic-") &&
               !g_str_equal(node->region, "gic-dist");

    return g_strdup_printf("%s/%s@%" PRIx64, msi ? GIC : "", node->name,
                           vmspec_base(node->region));
}

static void assert_interrupts(const void *fdt, const char *path,
                              const ContractIrq *irq)
{
    g_autofree uint32_t *want = g_new(uint32_t, 3 * irq->count);

    for (unsigned i = 0; i < irq->count; i++) {
        want[3 * i] = SPI;
        want[3 * i + 1] = irq->spi + i;
        want[3 * i + 2] = irq->edge ? EDGE_RISING : LEVEL_HIGH;
    }
    assert_cells(fdt, path, "interrupts", want, 3 * irq->count);
}

static void check_contract_node(const TestConfig *config, const void *fdt,
                                const ContractNode *node)
{
    const ContractRegion *region = vmspec_region(node->region);
    const ContractIrq *irq = contract_irq(vmspec_contract(), node->region);
    g_autofree char *path = node_path(node);
    int offset = fdt_path_offset(fdt, path);
    uint64_t base, size;

    g_test_message("%s", path);
    if (!region_present(config, region)) {
        g_assert_cmpint(offset, ==, -FDT_ERR_NOTFOUND);
        return;
    }
    g_assert_cmpint(offset, >=, 0);
    if (node->compatible) {
        assert_has_string(fdt, path, "compatible", node->compatible);
    }
    g_assert_true(vmspec_fdt_range(fdt, offset, 0, &base, &size));
    g_assert_cmphex(base, ==, region->base);
    g_assert_cmphex(size, ==, region_size(config, region));
    if (irq && has(fdt, path, "interrupts")) {
        assert_interrupts(fdt, path, irq);
    } else {
        /* The SPIs of MSIs and INTx are not in "interrupts" of the node. */
        g_assert_true(!irq || g_str_equal(node->region, "gic-v2m") ||
                      g_str_equal(node->region, "pcie-ecam"));
    }
}

static void test_contract_nodes(const void *opaque)
{
    const TestConfig *config = opaque;
    const Contract *contract = vmspec_contract();
    g_autofree void *fdt = vmspec_fdt_dump(config->machine, config->options);

    for (unsigned n = 0; n < contract->num_nodes; n++) {
        check_contract_node(config, fdt, &contract->nodes[n]);
    }
}

static void test_virtio_mmio_nodes(void)
{
    static const int counts[] = { 0, 8, 32 };
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");

    for (int c = 0; c < ARRAY_SIZE(counts); c++) {
        g_autofree char *machine = g_strdup_printf(",virtio-mmio=%d",
                                                   counts[c]);
        g_autofree void *fdt = vmspec_fdt_dump(machine, "");

        for (int i = 0; i <= counts[c]; i++) {
            uint64_t base = vmspec_base("virtio-mmio") + i * stride;
            g_autofree char *path = g_strdup_printf("/virtio@%" PRIx64, base);

            if (i == counts[c]) {
                g_assert_cmpint(fdt_path_offset(fdt, path), <, 0);
                break;
            }
            assert_has_string(fdt, path, "compatible", "virtio,mmio");
            ASSERT_CELLS(fdt, path, "reg", 0, base, 0, stride);
            ASSERT_CELLS(fdt, path, "interrupts", SPI,
                         vmspec_spi("virtio-mmio") + i, LEVEL_HIGH);
        }
    }
}

static void test_root_node(void)
{
    g_autofree void *fdt = read_named("default");

    ASSERT_CELLS(fdt, "/", "#address-cells", 2);
    ASSERT_CELLS(fdt, "/", "#size-cells", 2);
    /* the binding linux,dummy-virt.yaml: this string and no other */
    assert_has_string(fdt, "/", "compatible", "linux,dummy-virt");
    g_assert_cmpint(fdt_stringlist_count(fdt, 0, "compatible"), ==, 1);
    assert_has_string(fdt, "/", "model", "vmspec-1.0");
    g_assert_true(has(fdt, "/", "dma-coherent"));
    g_assert_cmphex(cell_at(fdt, "/", "interrupt-parent"), ==,
                    cell_at(fdt, GIC, "phandle"));
}

static void test_chosen_node(void)
{
    g_autofree void *fdt = read_named("default");
    g_autofree void *plain = vmspec_fdt_dump(",dtb-randomness=off", "");
    unsigned cells;

    assert_has_string(fdt, "/chosen", "stdout-path", "/serial@9000000");
    assert_has_string(fdt, "/aliases", "serial0", "/serial@9000000");
    vmspec_fdt_cells(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed",
                     &cells);
    g_assert_cmpuint(cells, ==, 8);
    vmspec_fdt_cells(fdt, fdt_path_offset(fdt, "/chosen"), "kaslr-seed",
                     &cells);
    g_assert_cmpuint(cells, ==, 2);
    g_assert_false(has(plain, "/chosen", "rng-seed"));
    g_assert_false(has(plain, "/chosen", "kaslr-seed"));
}

/* platform.md, section 4.3, property by property */
static void test_pcie_node(void)
{
    g_autofree void *fdt = read_named("smmuv3");
    g_autofree void *small = read_named("cortex-a15");
    uint32_t msi = cell_at(fdt, GIC "/msi-controller@8080000", "phandle");
    uint32_t smmu = cell_at(fdt, "/iommu@9050000", "phandle");

    ASSERT_CELLS(fdt, PCIE, "#address-cells", 3);
    ASSERT_CELLS(fdt, PCIE, "#size-cells", 2);
    ASSERT_CELLS(fdt, PCIE, "#interrupt-cells", 1);
    assert_has_string(fdt, PCIE, "device_type", "pci");
    ASSERT_CELLS(fdt, PCIE, "reg", 0, 0x10000000, 0, 0x10000000);
    ASSERT_CELLS(fdt, PCIE, "bus-range", 0, 255);
    ASSERT_CELLS(fdt, PCIE, "ranges",
                 0x01000000, 0, 0, 0, 0x3eff0000, 0, 0x10000,
                 0x02000000, 0, 0x20000000, 0, 0x20000000, 0, 0x1eff0000,
                 0x43000000, 0x80, 0, 0x80, 0, 0x80, 0);
    ASSERT_CELLS(small, PCIE, "ranges",
                 0x01000000, 0, 0, 0, 0x3eff0000, 0, 0x10000,
                 0x02000000, 0, 0x20000000, 0, 0x20000000, 0, 0x1eff0000);
    ASSERT_CELLS(fdt, PCIE, "interrupt-map-mask", 0x1800, 0, 0, 7);
    ASSERT_CELLS(fdt, PCIE, "msi-map", 0, msi, 0, 65536);
    ASSERT_CELLS(fdt, PCIE, "iommu-map", 0, smmu, 0, 65536);
    g_assert_false(has(small, PCIE, "iommu-map"));
    ASSERT_CELLS(fdt, PCIE, "linux,pci-domain", 0);
    g_assert_true(has(fdt, PCIE, "dma-coherent"));
}

/* platform.md, section 3: INTx of slot s pin p is SPI 3 + (s + p) mod 4. */
static void test_interrupt_map(void)
{
    g_autofree void *fdt = read_named("default");
    uint32_t gic = cell_at(fdt, GIC, "phandle");
    uint32_t want[16 * 10], *c = want;

    for (int slot = 0; slot < 4; slot++) {
        for (int pin = 0; pin < 4; pin++) {
            uint32_t entry[] = { slot << 11, 0, 0, pin + 1, gic, 0, 0, SPI,
                                 3 + (slot + pin) % 4, LEVEL_HIGH };

            memcpy(c, entry, sizeof(entry));
            c += ARRAY_SIZE(entry);
        }
    }
    assert_cells(fdt, PCIE, "interrupt-map", want, ARRAY_SIZE(want));
}

static void test_gic_node(void)
{
    g_autofree void *v2 = read_named("gicv2-el2");
    g_autofree void *v3 = vmspec_fdt_dump(",virtualization=on", "-smp 124");

    assert_has_string(v2, GIC, "compatible", "arm,cortex-a15-gic");
    ASSERT_CELLS(v2, GIC, "reg", 0, 0x08000000, 0, 0x10000,
                 0, 0x08010000, 0, 0x10000, 0, 0x08030000, 0, 0x10000,
                 0, 0x08040000, 0, 0x10000);
    assert_has_string(v3, GIC, "compatible", "arm,gic-v3");
    ASSERT_CELLS(v3, GIC, "reg", 0, 0x08000000, 0, 0x10000,
                 0, 0x080a0000, 0, 0x00f60000, 0x40, 0, 0, 0x04000000);
    ASSERT_CELLS(v3, GIC, "#redistributor-regions", 2);
    ASSERT_CELLS(v3, GIC, "interrupts", PPI, 25 - PPI_INTID_BASE, LEVEL_HIGH);
    ASSERT_CELLS(v3, GIC, "#interrupt-cells", 3);
    ASSERT_CELLS(v3, GIC, "#address-cells", 2);
    ASSERT_CELLS(v2, PCIE, "msi-map", 0,
                 cell_at(v2, GIC "/v2m@8020000", "phandle"), 0, 65536);
}

/* The binding reserves the first entry for the secure timer. */
static void test_timer_and_pmu_nodes(void)
{
    g_autofree void *fdt = read_named("default");
    g_autofree void *el2 = read_named("virtualization");
    g_autofree void *v2 = read_named("cortex-a15-4-cpus");
    uint32_t f = LEVEL_HIGH, m = 0xf00 | LEVEL_HIGH;

    assert_has_string(fdt, "/timer", "compatible", "arm,armv8-timer");
    ASSERT_CELLS(fdt, "/timer", "interrupts", PPI, 13, f, PPI, 30 - 16, f,
                 PPI, 27 - 16, f, PPI, 26 - 16, f);
    ASSERT_CELLS(el2, "/timer", "interrupts", PPI, 13, f, PPI, 30 - 16, f,
                 PPI, 27 - 16, f, PPI, 26 - 16, f, PPI, 28 - 16, f);
    assert_has_string(v2, "/timer", "compatible", "arm,armv7-timer");
    ASSERT_CELLS(v2, "/timer", "interrupts", PPI, 13, m, PPI, 30 - 16, m,
                 PPI, 27 - 16, m, PPI, 26 - 16, m);
    ASSERT_CELLS(fdt, "/pmu", "interrupts", PPI, 23 - 16, f);
    g_assert_cmpint(fdt_path_offset(v2, "/pmu"), <, 0);
}

/* Linux for AArch32 reports an error without (platform.md, section 6.2). */
static void test_cpu_clock(void)
{
    g_autofree void *a64 = read_named("default");
    g_autofree void *a32 = read_named("cortex-a15-4-cpus");

    ASSERT_CELLS(a32, "/cpus/cpu@3", "clock-frequency",
                 contract_value(vmspec_contract(), "cpu-clock-hz"));
    g_assert_null(fdt_getprop(a64, fdt_path_offset(a64, "/cpus/cpu@0"),
                              "clock-frequency", NULL));
}

static void test_psci(void)
{
    g_autofree void *fdt = read_named("default");
    g_autofree void *el2 = read_named("virtualization");

    assert_has_string(fdt, "/psci", "compatible", "arm,psci-1.0");
    assert_has_string(fdt, "/psci", "method", "hvc");
    assert_has_string(el2, "/psci", "method", "smc");
    assert_has_string(fdt, "/cpus/cpu@0", "enable-method", "psci");
}

static void test_cpu_map(void)
{
    g_autofree void *fdt = read_named("topology");

    for (int i = 0; i < 16; i++) {
        g_autofree char *cpu = g_strdup_printf("/cpus/cpu@%x", i);
        g_autofree char *path = g_strdup_printf(
            "/cpus/cpu-map/socket%d/cluster%d/core%d/thread%d", i / 8,
            i / 4 % 2, i / 2 % 2, i % 2);

        ASSERT_CELLS(fdt, cpu, "reg", i);
        g_assert_cmphex(cell_at(fdt, path, "cpu"), ==,
                        cell_at(fdt, cpu, "phandle"));
    }
}

static void test_numa_in_fdt(void)
{
    g_autofree void *fdt = read_named("numa-2-distance");

    ASSERT_CELLS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x10000000);
    ASSERT_CELLS(fdt, "/memory@50000000", "reg", 0, 0x50000000, 0, 0x10000000);
    ASSERT_CELLS(fdt, "/memory@50000000", "numa-node-id", 1);
    ASSERT_CELLS(fdt, "/cpus/cpu@1", "numa-node-id", 1);
    ASSERT_CELLS(fdt, "/distance-map", "distance-matrix", 0, 0, 10, 0, 1, 20,
                 1, 0, 20, 1, 1, 10);
}

/* RAM beyond 127 GiB continues at 0x100_0000_0000. */
static void test_memory_nodes(void)
{
    g_autofree void *fdt = read_named("ram-128G");

    ASSERT_CELLS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0x1f,
                 0xc0000000);
    ASSERT_CELLS(fdt, "/memory@10000000000", "reg", 0x100, 0, 0, 0x40000000);
}

static void test_power_button_node(void)
{
    g_autofree void *fdt = read_named("default");

    ASSERT_CELLS(fdt, "/gpio-keys/power-button", "gpios",
                 cell_at(fdt, "/gpio@9030000", "phandle"),
                 contract_value(vmspec_contract(), "gpio-power-button"), 0);
    ASSERT_CELLS(fdt, "/gpio-keys/power-button", "linux,code", 116);
}

/* Both keys wake a guest that sleeps (platform.md, section 5). */
static void test_keys_wake(void)
{
    static const char *const keys[] = {
        "/gpio-keys/power-button", "/gpio-keys/wake-key",
    };
    g_autofree void *fdt = read_named("default");

    ASSERT_CELLS(fdt, "/gpio-keys/wake-key", "gpios",
                 cell_at(fdt, "/gpio@9030000", "phandle"),
                 contract_value(vmspec_contract(), "gpio-wake-key"), 0);
    ASSERT_CELLS(fdt, "/gpio-keys/wake-key", "linux,code", 143);
    for (int i = 0; i < ARRAY_SIZE(keys); i++) {
        g_assert_nonnull(fdt_getprop(fdt, fdt_path_offset(fdt, keys[i]),
                                     "wakeup-source", NULL));
    }
}

static void test_no_disabled_node(const void *opaque)
{
    const TestConfig *config = opaque;
    g_autofree void *fdt = vmspec_fdt_dump(config->machine, config->options);
    int node;

    for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
        g_assert_null(fdt_getprop(fdt, node, "status", NULL));
    }
}

/*
 * dtc before 1.7.1 wants #address-cells in every interrupt controller, which
 * the GPIO binding does not allow. dtc has dropped the check since.
 */
static bool is_old_dtc(void)
{
    g_autoptr(VmspecRun) version = vmspec_run_program("dtc --version");

    return g_strrstr(version->out, "DTC 1.6") ||
           g_strrstr(version->out, "DTC 1.7.0");
}

static void test_dtc_prints_no_warning(const void *opaque)
{
    const TestConfig *config = opaque;
    g_autofree void *fdt = vmspec_fdt_dump(config->machine, config->options);
    uint32_t size = fdt_totalsize(fdt);
    g_autofree char *path = scratch_file("warned.dtb", fdt, size, size);
    g_autofree char *command = g_strdup_printf(
        "dtc %s -I dtb -O dts -o /dev/null %s",
        is_old_dtc() ? "-Wno-interrupt_provider" : "", path);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    g_test_message("%s", run->err);
    g_assert_cmpstr(run->err, ==, "");
    g_assert_cmpint(run->status, ==, 0);
}

/*
 * platform.md, section 2: the FDT is at the first byte of RAM when firmware
 * runs. With TCG, because the qtest accelerator has its own PSCI.
 */
static void test_in_memory(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",dtb-randomness=off",
                                             "-accel tcg -S");
    g_autofree void *want = vmspec_fdt_dump(",dtb-randomness=off", "");
    g_autofree void *fdt = vmspec_fdt_in_ram(qts);

    g_assert_cmpmem(fdt, fdt_totalsize(fdt), want, fdt_totalsize(want));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/fdt/in-memory", test_in_memory);
    qtest_add_func("/vmspec/fdt/root", test_root_node);
    qtest_add_func("/vmspec/fdt/chosen", test_chosen_node);
    configs_add_tests("/vmspec/fdt/devices", names, test_contract_nodes);
    qtest_add_func("/vmspec/fdt/virtio-mmio", test_virtio_mmio_nodes);
    qtest_add_func("/vmspec/fdt/pcie", test_pcie_node);
    qtest_add_func("/vmspec/fdt/interrupt-map", test_interrupt_map);
    qtest_add_func("/vmspec/fdt/gic", test_gic_node);
    qtest_add_func("/vmspec/fdt/timer-and-pmu", test_timer_and_pmu_nodes);
    qtest_add_func("/vmspec/fdt/psci-conduit", test_psci);
    qtest_add_func("/vmspec/fdt/cpu-clock-of-aarch32", test_cpu_clock);
    qtest_add_func("/vmspec/fdt/cpu-map", test_cpu_map);
    qtest_add_func("/vmspec/fdt/numa", test_numa_in_fdt);
    qtest_add_func("/vmspec/fdt/memory", test_memory_nodes);
    qtest_add_func("/vmspec/fdt/power-button", test_power_button_node);
    qtest_add_func("/vmspec/fdt/keys-wake", test_keys_wake);
    configs_add_tests("/vmspec/fdt/no-disabled-node", names,
                      test_no_disabled_node);
    configs_add_tests("/vmspec/fdt/dtc-prints-no-warning", names,
                      test_dtc_prints_no_warning);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
