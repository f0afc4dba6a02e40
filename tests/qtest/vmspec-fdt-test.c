/*
 * vmspec: the FDT against the contract
 *
 * Reads the device tree of machines of many shapes and compares it with the
 * platform.md, sections 3 to 6: numbers come from contract.txt or are typed
 * from the page, never from the machine's sources.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qemu/bswap.h"
#include "vmspec/machine.h"

#define SPI 0
#define PPI 1
#define EDGE_RISING 1
#define LEVEL_HIGH 4
#define PPI_INTID_BASE 16
#define GIC "/interrupt-controller@8000000"
#define PCIE "/pcie@10000000"

/* A machine's options and which of the contract's conditions they meet. */
typedef struct Shape {
    const char *name;
    const char *machine;        /* "" or begins with a comma */
    const char *options;
    const char *met;            /* words, each followed by a space */
} Shape;

static const Shape shapes[] = {
    { "default", "", "", "image gicv3 virtio-mmio mmio64 pmu " },
    { "gicv2", ",gic-version=2", "-smp 4",
      "image gicv2 virtio-mmio mmio64 pmu " },
    { "gicv2-el2", ",gic-version=2,virtualization=on", "-smp 2",
      "image gicv2 gicv2-el2 el2 el2-vhe virtio-mmio mmio64 pmu " },
    { "gicv3-el2", ",virtualization=on", "-smp 3",
      "image gicv3 el2 el2-vhe virtio-mmio mmio64 pmu " },
    { "gicv3-el2-a57", ",virtualization=on", "-cpu cortex-a57",
      "image gicv3 el2 virtio-mmio mmio64 pmu " },
    { "gicv4", ",gic-version=4,virtualization=on", "-smp 2",
      "image gicv3 el2 el2-vhe virtio-mmio mmio64 pmu " },
    { "smmu", ",iommu=smmuv3", "",
      "image gicv3 smmuv3 virtio-mmio mmio64 pmu " },
    { "second-serial", "", "-serial null -serial null",
      "image gicv3 serial1 virtio-mmio mmio64 pmu " },
    { "no-virtio-mmio", ",virtio-mmio=0", "", "image gicv3 mmio64 pmu " },
    { "all-virtio-mmio", ",virtio-mmio=32", "",
      "image gicv3 virtio-mmio mmio64 pmu " },
    { "aarch32", "", "-cpu cortex-a15 -smp 2", "image gicv2 virtio-mmio " },
    { "aarch32-gicv3", ",gic-version=3", "-cpu cortex-a7",
      "image gicv3 virtio-mmio " },
    { "124-cpus", "", "-smp 124",
      "image gicv3 redist-high virtio-mmio mmio64 pmu " },
    { "topology", "", "-smp 16,sockets=2,clusters=2,cores=2,threads=2",
      "image gicv3 virtio-mmio mmio64 pmu " },
    { "numa", "", "-m 512M -object memory-backend-ram,id=a,size=256M -object "
      "memory-backend-ram,id=b,size=256M -smp 2 -numa node,memdev=a,cpus=0 "
      "-numa node,memdev=b,cpus=1 -numa dist,src=0,dst=1,val=20",
      "image gicv3 virtio-mmio mmio64 pmu " },
};

static bool met(const Shape *shape, const char *when)
{
    g_autofree char *word = g_strdup_printf("%s ", when);

    return g_str_equal(when, "always") || strstr(shape->met, word);
}

static void *read_fdt(const char *machine, const char *options)
{
    g_autofree char *path = vmspec_tmp("fdt.dtb");
    g_autoptr(VmspecRun) run = NULL;
    char *fdt;

    run = vmspec_run("-M vmspec%s,dumpdtb=%s -nodefaults -bios %s %s",
                     machine, path, vmspec_stub(), options);
    g_test_message("%s %s: %s", machine, options, run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(path, &fdt, NULL, NULL));
    g_assert_cmpint(fdt_check_header(fdt), ==, 0);
    return fdt;
}

static const fdt32_t *get(const void *fdt, const char *path, const char *prop,
                          int *cells)
{
    int len;
    const void *value = fdt_getprop(fdt, fdt_path_offset(fdt, path), prop,
                                    &len);

    if (!value) {
        g_error("no %s in %s", prop, path);
    }
    *cells = len / sizeof(fdt32_t);
    return value;
}

static bool has(const void *fdt, const char *path, const char *prop)
{
    return fdt_getprop(fdt, fdt_path_offset(fdt, path), prop, NULL);
}

static uint32_t cell(const void *fdt, const char *path, const char *prop)
{
    int cells;
    const fdt32_t *value = get(fdt, path, prop, &cells);

    g_assert_cmpint(cells, ==, 1);
    return fdt32_to_cpu(value[0]);
}

/* @prop of @path is exactly these cells. */
static void assert_cells(const void *fdt, const char *path, const char *prop,
                         const uint32_t *want, int count)
{
    int cells;
    const fdt32_t *value = get(fdt, path, prop, &cells);

    g_test_message("%s %s", path, prop);
    g_assert_cmpint(cells, ==, count);
    for (int i = 0; i < count; i++) {
        g_assert_cmphex(fdt32_to_cpu(value[i]), ==, want[i]);
    }
}

#define ASSERT_CELLS(fdt, path, prop, ...)                              \
    do {                                                                \
        const uint32_t want_[] = { __VA_ARGS__ };                       \
        assert_cells(fdt, path, prop, want_, ARRAY_SIZE(want_));        \
    } while (0)

static void assert_string(const void *fdt, const char *path, const char *prop,
                          const char *want)
{
    int count = fdt_stringlist_search(fdt, fdt_path_offset(fdt, path), prop,
                                      want);

    g_test_message("%s %s has %s", path, prop, want);
    g_assert_cmpint(count, >=, 0);
}

/* The MSI controllers are the GIC's children. */
static char *node_path(const ContractNode *node)
{
    bool msi = g_str_has_prefix(node->region, "gic-") &&
               !g_str_equal(node->region, "gic-dist");

    return g_strdup_printf("%s/%s@%" PRIx64, msi ? GIC : "", node->name,
                           vmspec_base(node->region));
}

static void check_interrupts(const void *fdt, const char *path,
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

static void check_node(const Shape *shape, const void *fdt,
                       const ContractNode *node)
{
    const ContractRegion *region = vmspec_region(node->region);
    const ContractIrq *irq = contract_irq(vmspec_contract(), node->region);
    g_autofree char *path = node_path(node);
    int cells;

    g_test_message("%s: %s", shape->name, path);
    if (!met(shape, region->when)) {
        g_assert_cmpint(fdt_path_offset(fdt, path), ==, -FDT_ERR_NOTFOUND);
        return;
    }
    g_assert_cmpint(fdt_path_offset(fdt, path), >=, 0);
    if (node->compatible) {
        assert_string(fdt, path, "compatible", node->compatible);
    }
    g_assert_cmphex(fdt64_ld((const fdt64_t *)get(fdt, path, "reg", &cells)),
                    ==, region->base);
    if (!g_str_equal(node->region, "flash0")) {
        g_assert_cmphex(fdt64_ld((const fdt64_t *)get(fdt, path, "reg",
                                                      &cells) + 1),
                        ==, region->size);
    }
    if (irq && has(fdt, path, "interrupts")) {
        check_interrupts(fdt, path, irq);
    } else {
        /* MSIs and INTx are not the node's own; all others are. */
        g_assert_true(!irq || g_str_equal(node->region, "gic-v2m") ||
                      g_str_equal(node->region, "pcie-ecam"));
    }
}

static void test_devices(void)
{
    const Contract *contract = vmspec_contract();

    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        g_autofree void *fdt = read_fdt(shapes[i].machine, shapes[i].options);

        for (unsigned n = 0; n < contract->num_nodes; n++) {
            check_node(&shapes[i], fdt, &contract->nodes[n]);
        }
    }
}

static void test_virtio_mmio(void)
{
    static const int counts[] = { 0, 8, 32 };
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");

    for (int c = 0; c < ARRAY_SIZE(counts); c++) {
        g_autofree char *machine = g_strdup_printf(",virtio-mmio=%d",
                                                   counts[c]);
        g_autofree void *fdt = read_fdt(machine, "");

        for (int i = 0; i <= counts[c]; i++) {
            uint64_t base = vmspec_base("virtio-mmio") + i * stride;
            g_autofree char *path = g_strdup_printf("/virtio@%" PRIx64, base);

            if (i == counts[c]) {
                g_assert_cmpint(fdt_path_offset(fdt, path), <, 0);
                break;
            }
            assert_string(fdt, path, "compatible", "virtio,mmio");
            ASSERT_CELLS(fdt, path, "reg", 0, base, 0, stride);
            ASSERT_CELLS(fdt, path, "interrupts", SPI,
                         vmspec_spi("virtio-mmio") + i, LEVEL_HIGH);
        }
    }
}

static void test_root(void)
{
    g_autofree void *fdt = read_fdt("", "");

    ASSERT_CELLS(fdt, "/", "#address-cells", 2);
    ASSERT_CELLS(fdt, "/", "#size-cells", 2);
    /* the binding linux,dummy-virt.yaml: this string and no other */
    assert_string(fdt, "/", "compatible", "linux,dummy-virt");
    g_assert_cmpint(fdt_stringlist_count(fdt, 0, "compatible"), ==, 1);
    assert_string(fdt, "/", "model", "vmspec-1.0");
    g_assert_true(has(fdt, "/", "dma-coherent"));
    g_assert_cmphex(cell(fdt, "/", "interrupt-parent"), ==,
                    cell(fdt, GIC, "phandle"));
}

static void test_chosen(void)
{
    g_autofree void *fdt = read_fdt("", "");
    g_autofree void *plain = read_fdt(",dtb-randomness=off", "");
    int cells;

    assert_string(fdt, "/chosen", "stdout-path", "/serial@9000000");
    assert_string(fdt, "/aliases", "serial0", "/serial@9000000");
    get(fdt, "/chosen", "rng-seed", &cells);
    g_assert_cmpint(cells, ==, 8);
    get(fdt, "/chosen", "kaslr-seed", &cells);
    g_assert_cmpint(cells, ==, 2);
    g_assert_false(has(plain, "/chosen", "rng-seed"));
    g_assert_false(has(plain, "/chosen", "kaslr-seed"));
}

/* platform.md, section 4.3, property by property */
static void test_pcie(void)
{
    g_autofree void *fdt = read_fdt(",iommu=smmuv3", "");
    g_autofree void *small = read_fdt("", "-cpu cortex-a15");
    uint32_t msi = cell(fdt, GIC "/msi-controller@8080000", "phandle");
    uint32_t smmu = cell(fdt, "/iommu@9050000", "phandle");

    ASSERT_CELLS(fdt, PCIE, "#address-cells", 3);
    ASSERT_CELLS(fdt, PCIE, "#size-cells", 2);
    ASSERT_CELLS(fdt, PCIE, "#interrupt-cells", 1);
    assert_string(fdt, PCIE, "device_type", "pci");
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
    g_autofree void *fdt = read_fdt("", "");
    uint32_t gic = cell(fdt, GIC, "phandle");
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

static void test_gic(void)
{
    g_autofree void *v2 = read_fdt(",gic-version=2,virtualization=on", "");
    g_autofree void *v3 = read_fdt(",virtualization=on", "-smp 124");

    assert_string(v2, GIC, "compatible", "arm,cortex-a15-gic");
    ASSERT_CELLS(v2, GIC, "reg", 0, 0x08000000, 0, 0x10000,
                 0, 0x08010000, 0, 0x10000, 0, 0x08030000, 0, 0x10000,
                 0, 0x08040000, 0, 0x10000);
    assert_string(v3, GIC, "compatible", "arm,gic-v3");
    ASSERT_CELLS(v3, GIC, "reg", 0, 0x08000000, 0, 0x10000,
                 0, 0x080a0000, 0, 0x00f60000, 0x40, 0, 0, 0x04000000);
    ASSERT_CELLS(v3, GIC, "#redistributor-regions", 2);
    ASSERT_CELLS(v3, GIC, "interrupts", PPI, 25 - PPI_INTID_BASE, LEVEL_HIGH);
    ASSERT_CELLS(v3, GIC, "#interrupt-cells", 3);
    ASSERT_CELLS(v3, GIC, "#address-cells", 2);
    ASSERT_CELLS(v2, PCIE, "msi-map", 0,
                 cell(v2, GIC "/v2m@8020000", "phandle"), 0, 65536);
}

/* The first entry is the binding's place for the secure timer. */
static void test_timer(void)
{
    g_autofree void *fdt = read_fdt("", "");
    g_autofree void *el2 = read_fdt(",virtualization=on", "");
    g_autofree void *v2 = read_fdt(",gic-version=2", "-smp 4 -cpu cortex-a7");
    uint32_t f = LEVEL_HIGH, m = 0xf00 | LEVEL_HIGH;

    assert_string(fdt, "/timer", "compatible", "arm,armv8-timer");
    ASSERT_CELLS(fdt, "/timer", "interrupts", PPI, 13, f, PPI, 30 - 16, f,
                 PPI, 27 - 16, f, PPI, 26 - 16, f);
    ASSERT_CELLS(el2, "/timer", "interrupts", PPI, 13, f, PPI, 30 - 16, f,
                 PPI, 27 - 16, f, PPI, 26 - 16, f, PPI, 28 - 16, f);
    assert_string(v2, "/timer", "compatible", "arm,armv7-timer");
    ASSERT_CELLS(v2, "/timer", "interrupts", PPI, 13, m, PPI, 30 - 16, m,
                 PPI, 27 - 16, m, PPI, 26 - 16, m);
    ASSERT_CELLS(fdt, "/pmu", "interrupts", PPI, 23 - 16, f);
    g_assert_cmpint(fdt_path_offset(v2, "/pmu"), <, 0);
}

static void test_psci(void)
{
    g_autofree void *fdt = read_fdt("", "");
    g_autofree void *el2 = read_fdt(",virtualization=on", "");

    assert_string(fdt, "/psci", "compatible", "arm,psci-1.0");
    assert_string(fdt, "/psci", "method", "hvc");
    assert_string(el2, "/psci", "method", "smc");
    assert_string(fdt, "/cpus/cpu@0", "enable-method", "psci");
}

static void test_cpu_map(void)
{
    g_autofree void *fdt =
        read_fdt("", "-smp 16,sockets=2,clusters=2,cores=2,threads=2");

    for (int i = 0; i < 16; i++) {
        g_autofree char *cpu = g_strdup_printf("/cpus/cpu@%x", i);
        g_autofree char *path = g_strdup_printf(
            "/cpus/cpu-map/socket%d/cluster%d/core%d/thread%d", i / 8,
            i / 4 % 2, i / 2 % 2, i % 2);

        ASSERT_CELLS(fdt, cpu, "reg", i);
        g_assert_cmphex(cell(fdt, path, "cpu"), ==, cell(fdt, cpu, "phandle"));
    }
}

static void test_numa(void)
{
    const Shape *numa = &shapes[ARRAY_SIZE(shapes) - 1];
    g_autofree void *fdt = read_fdt(numa->machine, numa->options);

    ASSERT_CELLS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x10000000);
    ASSERT_CELLS(fdt, "/memory@50000000", "reg", 0, 0x50000000, 0, 0x10000000);
    ASSERT_CELLS(fdt, "/memory@50000000", "numa-node-id", 1);
    ASSERT_CELLS(fdt, "/cpus/cpu@1", "numa-node-id", 1);
    ASSERT_CELLS(fdt, "/distance-map", "distance-matrix", 0, 0, 10, 0, 1, 20,
                 1, 0, 20, 1, 1, 10);
}

/* RAM beyond 127 GiB goes on at 0x100_0000_0000. */
static void test_memory(void)
{
    g_autofree void *fdt = read_fdt(
        ",memory-backend=r", "-m 130G -object memory-backend-ram,id=r,"
        "size=130G,reserve=off");

    ASSERT_CELLS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0x1f,
                 0xc0000000);
    ASSERT_CELLS(fdt, "/memory@10000000000", "reg", 0x100, 0, 0, 0xc0000000);
}

static void test_power_button(void)
{
    g_autofree void *fdt = read_fdt("", "");

    ASSERT_CELLS(fdt, "/gpio-keys/power-button", "gpios",
                 cell(fdt, "/gpio@9030000", "phandle"),
                 contract_value(vmspec_contract(), "gpio-power-button"), 0);
    ASSERT_CELLS(fdt, "/gpio-keys/power-button", "linux,code", 116);
}

static void test_no_disabled_node(void)
{
    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        g_autofree void *fdt = read_fdt(shapes[i].machine, shapes[i].options);
        int node;

        for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
            g_assert_null(fdt_getprop(fdt, node, "status", NULL));
        }
    }
}

/*
 * dtc before 1.7.1 wants #address-cells in every interrupt controller, which
 * the GPIO binding does not allow; the check was dropped from dtc since.
 */
static void test_dtc(void)
{
    g_autoptr(VmspecRun) version = vmspec_run_program("dtc --version");
    bool old = g_strrstr(version->out, "DTC 1.6") ||
               g_strrstr(version->out, "DTC 1.7.0");

    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        g_autofree void *fdt = read_fdt(shapes[i].machine, shapes[i].options);
        g_autofree char *path = vmspec_tmp("fdt.dtb");
        g_autofree char *command = g_strdup_printf(
            "dtc %s -I dtb -O dts -o /dev/null %s",
            old ? "-Wno-interrupt_provider" : "", path);
        g_autoptr(VmspecRun) run = vmspec_run_program(command);

        g_test_message("%s: %s", shapes[i].name, run->err);
        g_assert_cmpstr(run->err, ==, "");
        g_assert_cmpint(run->status, ==, 0);
    }
}

/*
 * platform.md, section 2: the FDT lies at RAM's first byte when firmware runs.
 * With TCG, since the qtest accelerator has another PSCI.
 */
static void test_in_memory(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",dtb-randomness=off",
                                             "-accel tcg -S");
    g_autofree void *want = read_fdt(",dtb-randomness=off", "");
    g_autofree void *fdt = g_malloc(fdt_totalsize(want));

    qtest_memread(qts, vmspec_base("ram-low"), fdt, fdt_totalsize(want));
    g_assert_cmpmem(fdt, fdt_totalsize(want), want, fdt_totalsize(want));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/fdt/in-memory", test_in_memory);
    qtest_add_func("/vmspec/fdt/root", test_root);
    qtest_add_func("/vmspec/fdt/chosen", test_chosen);
    qtest_add_func("/vmspec/fdt/devices", test_devices);
    qtest_add_func("/vmspec/fdt/virtio-mmio", test_virtio_mmio);
    qtest_add_func("/vmspec/fdt/pcie", test_pcie);
    qtest_add_func("/vmspec/fdt/interrupt-map", test_interrupt_map);
    qtest_add_func("/vmspec/fdt/gic", test_gic);
    qtest_add_func("/vmspec/fdt/timer-and-pmu", test_timer);
    qtest_add_func("/vmspec/fdt/psci-conduit", test_psci);
    qtest_add_func("/vmspec/fdt/cpu-map", test_cpu_map);
    qtest_add_func("/vmspec/fdt/numa", test_numa);
    qtest_add_func("/vmspec/fdt/memory", test_memory);
    qtest_add_func("/vmspec/fdt/power-button", test_power_button);
    qtest_add_func("/vmspec/fdt/no-disabled-node", test_no_disabled_node);
    qtest_add_func("/vmspec/fdt/dtc-prints-no-warning", test_dtc);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
