/*
 * vmspec host test: CPUs, NUMA, interrupts and small regions of the plan
 *
 * Expected numbers are typed from the contract, never taken from the code's
 * macros. plan-test.c has the address layout and the GIC.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "plan-config.h"

static void assert_mem(const VmspecPlan *p, unsigned i, uint64_t base,
                       uint64_t size, int node)
{
    g_assert_cmpuint(i, <, p->num_mem);
    g_assert_cmphex(p->mem[i].range.base, ==, base);
    g_assert_cmphex(p->mem[i].range.size, ==, size);
    g_assert_cmpint(p->mem[i].node, ==, node);
}

static void test_mpidr(void)
{
    static const struct {
        VmspecGicVersion gic;
        unsigned cpu;
        uint64_t mpidr;
    } cases[] = {
        { VMSPEC_GIC_V2, 0, 0 },
        { VMSPEC_GIC_V2, 1, 1 },
        { VMSPEC_GIC_V2, 7, 7 },
        { VMSPEC_GIC_V3, 0, 0 },
        { VMSPEC_GIC_V3, 7, 0x007 },
        { VMSPEC_GIC_V3, 8, 0x008 },
        { VMSPEC_GIC_V3, 15, 0x00f },
        { VMSPEC_GIC_V3, 16, 0x100 },
        { VMSPEC_GIC_V3, 123, 0x70b },
        { VMSPEC_GIC_V3, 511, 0x1f0f },
        { VMSPEC_GIC_V4, 15, 0x00f },
        { VMSPEC_GIC_V4, 16, 0x100 },
        { VMSPEC_GIC_V4, 316, 0x130c },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();

        c.gic = cases[i].gic;
        c.virtualization = c.gic == VMSPEC_GIC_V4;
        set_cpus(&c, cases[i].cpu + 1);
        g_assert_cmphex(plan_that_fits(&c)->cpu[cases[i].cpu].mpidr, ==,
                        cases[i].mpidr);
    }
}

/* The GIC alone decides the affinity; the topology does not change it. */
static void test_topology(void)
{
    VmspecConfig c = plan_config();
    const VmspecPlan *p;

    set_cpus(&c, 36);
    c.topology = (VmspecTopology) {
        .sockets = 2, .clusters = 3, .cores = 3, .threads = 2,
    };
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->topology.sockets, ==, 2);
    g_assert_cmpuint(p->topology.clusters, ==, 3);
    g_assert_cmpuint(p->topology.cores, ==, 3);
    g_assert_cmpuint(p->topology.threads, ==, 2);
    /* 29 = 1 x 18 + 1 x 6 + 2 x 2 + 1 */
    g_assert_cmpuint(p->cpu[29].place.socket, ==, 1);
    g_assert_cmpuint(p->cpu[29].place.cluster, ==, 1);
    g_assert_cmpuint(p->cpu[29].place.core, ==, 2);
    g_assert_cmpuint(p->cpu[29].place.thread, ==, 1);
    g_assert_cmphex(p->cpu[29].mpidr, ==, 0x10d);
}

static void test_cpus(void)
{
    VmspecConfig c = plan_config();
    const VmspecPlan *p;

    set_cpus(&c, 8);
    c.cpus = 5;
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->num_cpus, ==, 5);
    g_assert_cmpuint(p->gic.redist_cpus[0], ==, 5);
    g_assert_cmpstr(p->cpu_compatible, ==, "arm,armv8");
    g_assert_true(p->aarch64);
    set_cpus(&c, 300);
    c.cpus = 4;
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->gic.redist_cpus[0], ==, 4);
    g_assert_cmpuint(p->gic.num_redists, ==, 1);
    set_cpus(&c, 1);
    c.aarch64 = false;
    g_assert_false(plan_that_fits(&c)->aarch64);
}

static void test_memory_without_numa(void)
{
    VmspecConfig c = plan_config();
    const VmspecPlan *p = plan_that_fits(&c);

    g_assert_cmpuint(p->num_nodes, ==, 0);
    g_assert_cmpuint(p->num_mem, ==, 1);
    assert_mem(p, 0, 0x40000000, 0x40000000, -1);
    c.ram_size = GIB(300);
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->num_mem, ==, 2);
    assert_mem(p, 0, 0x40000000, 0x1fc0000000, -1);
    assert_mem(p, 1, 0x10000000000, 0x2b40000000, -1);
}

/* Two nodes of 100 GiB: the second one has RAM below and above the border. */
static void test_numa_split(void)
{
    static const uint64_t node_mem[] = { GIB(100), GIB(100) };
    static const uint8_t cpu_node[] = { 1, 0, 1 };
    static const uint8_t distance[] = { 10, 20, 20, 10 };
    VmspecConfig c = plan_config();
    const VmspecPlan *p;

    set_cpus(&c, 3);
    c.ram_size = GIB(200);
    c.num_nodes = 2;
    c.node_mem = node_mem;
    c.cpu_node = cpu_node;
    c.distance = distance;
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->num_nodes, ==, 2);
    g_assert_cmpuint(p->num_mem, ==, 3);
    assert_mem(p, 0, 0x40000000, 0x1900000000, 0);
    assert_mem(p, 1, 0x1940000000, 0x6c0000000, 1);
    assert_mem(p, 2, 0x10000000000, 0x1240000000, 1);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmpuint(p->cpu[i].node, ==, cpu_node[i]);
    }
    g_assert_true(p->distance == distance);
}

/* A node that ends at the border is not split. A node may have no memory. */
static void test_numa_border(void)
{
    static const uint64_t node_mem[] = { 0, GIB(127), 0, GIB(1) };
    static const uint8_t cpu_node[] = { 2 };
    VmspecConfig c = plan_config();
    const VmspecPlan *p;

    c.ram_size = GIB(128);
    c.num_nodes = 4;
    c.node_mem = node_mem;
    c.cpu_node = cpu_node;
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->num_nodes, ==, 4);
    g_assert_cmpuint(p->num_mem, ==, 2);
    assert_mem(p, 0, 0x40000000, 0x1fc0000000, 1);
    assert_mem(p, 1, 0x10000000000, 0x40000000, 3);
    g_assert_cmpuint(p->cpu[0].node, ==, 2);
    g_assert_null(p->distance);
}

/* As many nodes as there can be, of which one is split */
static void test_numa_most_nodes(void)
{
    uint64_t node_mem[128];
    static const uint8_t cpu_node[] = { 127 };
    VmspecConfig c = plan_config();
    const VmspecPlan *p;

    for (unsigned i = 0; i < 128; i++) {
        node_mem[i] = GIB(1);
    }
    node_mem[0] += MIB(512);
    c.ram_size = GIB(128) + MIB(512);
    c.num_nodes = 128;
    c.node_mem = node_mem;
    c.cpu_node = cpu_node;
    p = plan_that_fits(&c);
    g_assert_cmpuint(p->num_mem, ==, 129);
    assert_mem(p, 0, 0x40000000, 0x60000000, 0);
    assert_mem(p, 126, 0x1fe0000000, 0x20000000, 126);
    assert_mem(p, 127, 0x10000000000, 0x20000000, 126);
    assert_mem(p, 128, 0x10020000000, 0x40000000, 127);
}

static void test_timers(void)
{
    static const unsigned intid[] = { 29, 30, 27, 26, 28 };
    static const struct {
        bool virtualization, vhe;
        unsigned count;
    } cases[] = {
        { false, false, 4 }, { false, true, 4 }, { true, false, 4 },
        { true, true, 5 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();
        const VmspecPlan *p;

        c.virtualization = cases[i].virtualization;
        c.vhe = cases[i].vhe;
        p = plan_that_fits(&c);
        g_assert_cmpuint(p->num_timers, ==, cases[i].count);
        for (unsigned j = 0; j < p->num_timers; j++) {
            g_assert_cmpuint(p->timer[j], ==, intid[j]);
        }
        g_assert_cmpint(p->ppi[VMSPEC_PPI_ID_EL2_VIRT], ==,
                        cases[i].count == 5);
    }
}

static void test_plan_ppis(void)
{
    for (unsigned i = 0; i < 4; i++) {
        VmspecConfig c = plan_config();
        const VmspecPlan *p;

        c.virtualization = i & 1;
        c.pmu = i & 2;
        p = plan_that_fits(&c);
        g_assert_true(p->ppi[VMSPEC_PPI_ID_EL1_PHYS]);
        g_assert_true(p->ppi[VMSPEC_PPI_ID_EL1_VIRT]);
        g_assert_cmpint(p->ppi[VMSPEC_PPI_ID_EL2_PHYS], ==,
                        c.virtualization);
        g_assert_cmpint(p->ppi[VMSPEC_PPI_ID_GIC_MAINTENANCE], ==,
                        c.virtualization);
        g_assert_cmpint(p->ppi[VMSPEC_PPI_ID_PMU], ==, c.pmu);
        g_assert_cmpint(p->conduit_smc, ==, c.virtualization);
    }
}

static void test_plan_virtio_mmio(void)
{
    static const struct {
        unsigned n;
        uint64_t size;
    } cases[] = { { 0, 0 }, { 1, 0x4000 }, { 8, 0x4000 }, { 32, 0x4000 } };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();
        const VmspecPlan *p;

        c.virtio_mmio = cases[i].n;
        p = plan_that_fits(&c);
        g_assert_cmpuint(p->count[VMSPEC_VIRTIO_MMIO], ==, cases[i].n);
        g_assert_cmphex(p->region[VMSPEC_VIRTIO_MMIO].size, ==,
                        cases[i].size);
    }
}

static void test_plan_flash(void)
{
    VmspecConfig c = plan_config();
    const VmspecPlan *p = plan_that_fits(&c);

    g_assert_cmphex(p->region[VMSPEC_FLASH0].size, ==, 0x200000);
    g_assert_cmphex(p->region[VMSPEC_FLASH1].size, ==, 0x100000);
    g_assert_cmphex(p->region[VMSPEC_FLASH1].base, ==, 0x04000000);
    c.flash_size[0] = c.flash_size[1] = 0x04000000;
    p = plan_that_fits(&c);
    g_assert_cmphex(p->region[VMSPEC_FLASH0].size, ==, 0x04000000);
    g_assert_cmphex(p->region[VMSPEC_FLASH1].size, ==, 0x04000000);
    c.flash_size[0] = c.flash_size[1] = 0;
    p = plan_that_fits(&c);
    g_assert_cmphex(p->region[VMSPEC_FLASH0].size, ==, 0);
    g_assert_cmphex(p->region[VMSPEC_FLASH1].size, ==, 0);
}

static void add_uart1(VmspecConfig *c)
{
    c->uart1 = true;
}

static void add_smmu(VmspecConfig *c)
{
    c->smmu = true;
}

static void add_acpi(VmspecConfig *c)
{
    c->acpi = VMSPEC_ACPI_ON;
}

static void add_slots(VmspecConfig *c)
{
    c->mem_slots = 1;
}

/* Each option adds its own regions and moves no other. */
static void test_optional_devices(void)
{
    static const struct {
        void (*add)(VmspecConfig *c);
        VmspecRowId row[2];
    } cases[] = {
        { add_uart1, { VMSPEC_UART1, VMSPEC_NO_ROW } },
        { add_smmu, { VMSPEC_SMMU, VMSPEC_NO_ROW } },
        { add_acpi, { VMSPEC_ACPI_GED, VMSPEC_ACPI_PCIHP } },
        { add_slots, { VMSPEC_ACPI_MEMHP, VMSPEC_NO_ROW } },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();
        const VmspecPlan *with;
        VmspecPlan without;

        c.acpi = VMSPEC_ACPI_OFF;
        if (cases[i].add == add_slots) {
            c.acpi = VMSPEC_ACPI_ON;
        }
        without = *plan_that_fits(&c);
        cases[i].add(&c);
        with = plan_that_fits(&c);
        for (unsigned row = 0; row < VMSPEC_NUM_ROWS; row++) {
            if (row == cases[i].row[0] || row == cases[i].row[1]) {
                g_assert_cmphex(without.region[row].size, ==, 0);
                g_assert_cmphex(with->region[row].size, >, 0);
            } else {
                g_assert_cmphex(with->region[row].size, ==,
                                without.region[row].size);
            }
        }
    }
}

/* The same configuration gives the same plan, whatever was planned before. */
static void test_pure(void)
{
    VmspecConfig c = plan_config();
    VmspecPlan first = *plan_that_fits(&c);

    g_assert_cmpmem(&first, sizeof(first), plan_that_fits(&c), sizeof(first));
    g_assert_true(first.platform == &vmspec_platform_1_0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmspec/plan/mpidr", test_mpidr);
    g_test_add_func("/vmspec/plan/topology", test_topology);
    g_test_add_func("/vmspec/plan/cpus", test_cpus);
    g_test_add_func("/vmspec/plan/memory", test_memory_without_numa);
    g_test_add_func("/vmspec/plan/numa-split", test_numa_split);
    g_test_add_func("/vmspec/plan/numa-border", test_numa_border);
    g_test_add_func("/vmspec/plan/numa-most-nodes", test_numa_most_nodes);
    g_test_add_func("/vmspec/plan/timers", test_timers);
    g_test_add_func("/vmspec/plan/ppis", test_plan_ppis);
    g_test_add_func("/vmspec/plan/virtio-mmio", test_plan_virtio_mmio);
    g_test_add_func("/vmspec/plan/flash", test_plan_flash);
    g_test_add_func("/vmspec/plan/optional-devices", test_optional_devices);
    g_test_add_func("/vmspec/plan/pure", test_pure);
    return g_test_run();
}
