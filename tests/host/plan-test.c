/*
 * vmspec host test: the plan of configurations that fit
 *
 * Expected numbers are typed from the contract, never taken from the code's
 * macros. Tests of every region take the numbers from tests/data/contract.txt.
 * plan-refusal-test.c has configurations that are refused.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "contract.h"
#include "plan-config.h"

static const Contract *contract;

static void assert_range(VmspecRange r, uint64_t base, uint64_t size)
{
    g_assert_cmphex(r.size, ==, size);
    if (size) {
        g_assert_cmphex(r.base, ==, base);
    }
}

#define assert_region(plan, id, base, size) \
    assert_range((plan)->region[id], base, size)

#define assert_absent(plan, id) assert_region(plan, id, 0, 0)

/*
 * In every plan regions have the place and at most the size of the contract,
 * do not overlap, and are within the physical addresses of the CPU.
 */
static void assert_sane(const VmspecConfig *c, const VmspecPlan *plan)
{
    uint64_t end = 0, ram = 0;

    for (unsigned i = 0; i < VMSPEC_NUM_ROWS; i++) {
        const ContractRegion *want = &contract->regions[i];
        VmspecRange r = plan->region[i];

        if (!r.size) {
            g_assert_cmpstr(want->when, !=, "always");
            continue;
        }
        g_assert_cmpstr(want->when, !=, "never");
        g_assert_cmphex(r.base, ==, want->base);
        g_assert_cmphex(r.size, <=, want->size);
        g_assert_cmphex(r.base, >=, end);
        end = r.base + r.size;
    }
    g_assert_cmphex((end - 1) >> c->pa_bits, ==, 0);
    for (unsigned i = 0; i < plan->num_mem; i++) {
        g_assert_cmphex(plan->mem[i].range.size, >, 0);
        ram += plan->mem[i].range.size;
    }
    g_assert_cmphex(ram, ==, c->ram_size);
}

/* plan_that_fits() with the checks that hold for every plan */
static const VmspecPlan *sane_plan(const VmspecConfig *c)
{
    const VmspecPlan *plan = plan_that_fits(c);

    assert_sane(c, plan);
    return plan;
}

static bool fits(const VmspecConfig *c)
{
    VmspecPlanError err;
    g_autofree VmspecPlan *plan = g_new(VmspecPlan, 1);

    return vmspec_plan(&vmspec_platform_1_0, c, plan, &err);
}

static void test_plan_ram(void)
{
    static const unsigned pa_bits[] = { 32, 36, 40, 44, 48 };
    static const struct {
        uint64_t ram, low, high;
        unsigned least_pa_bits;     /* of the above */
    } cases[] = {
        { MIB(128), 0x8000000, 0, 32 },
        { GIB(3), 0xc0000000, 0, 32 },
        { GIB(127), 0x1fc0000000, 0, 40 },
        { GIB(128), 0x1fc0000000, 0x40000000, 44 },
        { GIB(300), 0x1fc0000000, 0x2b40000000, 44 },
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        bool device_memory = i % 2;
        unsigned least = cases[i / 2].least_pa_bits;

        if (device_memory && least < 38) {
            least = 38;
        }
        for (unsigned j = 0; j < G_N_ELEMENTS(pa_bits); j++) {
            VmspecConfig c = plan_config();
            const VmspecPlan *p;

            c.ram_size = cases[i / 2].ram;
            c.device_memory_size = device_memory ? GIB(4) : 0;
            c.pa_bits = pa_bits[j];
            g_assert_cmpint(fits(&c), ==, pa_bits[j] >= least);
            if (pa_bits[j] < least) {
                continue;
            }
            p = sane_plan(&c);
            assert_region(p, VMSPEC_RAM_LOW, 0x40000000, cases[i / 2].low);
            assert_region(p, VMSPEC_RAM_HIGH, 0x10000000000,
                          cases[i / 2].high);
            assert_region(p, VMSPEC_DEVICE_MEMORY, 0x2000000000,
                          device_memory ? 0x100000000 : 0);
        }
    }
}

static void test_max_ram(void)
{
    static const struct {
        unsigned pa_bits;
        uint64_t ram;
    } cases[] = {
        { 32, 0xc0000000 },         /* no LPAE: 3 GiB */
        { 33, 0x1c0000000 },
        { 36, 0xfc0000000 },        /* 63 GiB */
        { 38, 0x1fc0000000 },       /* 127 GiB */
        { 40, 0x1fc0000000 },
        { 41, 0x11fc0000000 },      /* and 1 TiB of ram-high */
        { 44, 0xf1fc0000000 },
        { 48, 0xff1fc0000000 },
        { 52, 0xfff1fc0000000 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();

        g_assert_cmphex(vmspec_max_ram(&vmspec_platform_1_0,
                                       cases[i].pa_bits), ==, cases[i].ram);
        c.pa_bits = cases[i].pa_bits;
        c.ram_size = cases[i].ram;
        g_assert_true(fits(&c));
        c.ram_size += MIB(1);
        g_assert_false(fits(&c));
    }
}

static void test_largest_device_memory(void)
{
    VmspecConfig c = plan_config();

    c.pa_bits = 38;
    c.device_memory_size = GIB(128);
    assert_region(sane_plan(&c), VMSPEC_DEVICE_MEMORY, 0x2000000000,
                  0x2000000000);
}

/*
 * The 64-bit window needs AArch64 and 40 bits of physical address, nothing
 * else.
 */
static void test_mmio64(void)
{
    for (unsigned pa_bits = 32; pa_bits <= 52; pa_bits++) {
        for (unsigned aarch64 = 0; aarch64 < 2; aarch64++) {
            VmspecConfig c = plan_config();
            bool present = aarch64 && pa_bits >= 40;
            const VmspecPlan *p;

            c.pa_bits = pa_bits;
            c.aarch64 = aarch64;
            p = sane_plan(&c);
            assert_region(p, VMSPEC_PCIE_MMIO64, 0x8000000000,
                          present ? 0x8000000000 : 0);
            assert_range(p->pcie.mmio64, 0x8000000000,
                         present ? 0x8000000000 : 0);
        }
    }
}

/* Keyboard and pointer bring the USB controller. */
static void test_plan_seat(void)
{
    VmspecConfig c = plan_config();

    g_assert_false(plan_that_fits(&c)->pcie.seat.screen);
    g_assert_false(plan_that_fits(&c)->pcie.seat.usb);
    c.seat.screen = true;
    g_assert_true(plan_that_fits(&c)->pcie.seat.screen);
    g_assert_false(plan_that_fits(&c)->pcie.seat.usb);
    c.seat.pointer = true;
    g_assert_true(plan_that_fits(&c)->pcie.seat.usb);
    g_assert_cmpuint(plan_that_fits(&c)->pcie.screen_device, ==, 0x1b);
    g_assert_cmpuint(plan_that_fits(&c)->pcie.usb_device, ==, 0x1a);
}

static void test_plan_pcie(void)
{
    VmspecConfig c = plan_config();
    const VmspecPlan *p = sane_plan(&c);

    assert_range(p->pcie.ecam, 0x10000000, 0x10000000);
    assert_range(p->pcie.mmio32, 0x20000000, 0x1eff0000);
    assert_range(p->pcie.pio, 0x3eff0000, 0x10000);
    g_assert_cmpuint(p->pcie.buses, ==, 256);
    g_assert_cmpuint(p->pcie.intx.spi, ==, 3);
    g_assert_cmpuint(p->pcie.intx.count, ==, 4);
    g_assert_cmpint(p->pcie.intx.trigger, ==, VMSPEC_LEVEL_HIGH);
}

static void test_gic_version(void)
{
    enum { KVM2 = 1 << 2, KVM3 = 1 << 3 };
    static const struct {
        VmspecGicVersion gic;
        bool aarch64, virtualization, kvm;
        unsigned kvm_gics, version;
    } cases[] = {
        { VMSPEC_GIC_DEFAULT, true, false, false, 0, 3 },
        { VMSPEC_GIC_DEFAULT, true, true, false, 0, 3 },
        { VMSPEC_GIC_DEFAULT, false, false, false, 0, 2 },
        { VMSPEC_GIC_DEFAULT, false, true, false, 0, 2 },
        { VMSPEC_GIC_V2, true, false, false, 0, 2 },
        { VMSPEC_GIC_V2, false, false, false, 0, 2 },
        { VMSPEC_GIC_V3, true, false, false, 0, 3 },
        { VMSPEC_GIC_V3, false, false, false, 0, 3 },
        { VMSPEC_GIC_V4, true, true, false, 0, 4 },
        { VMSPEC_GIC_MAX, true, false, false, 0, 3 },
        { VMSPEC_GIC_MAX, true, true, false, 0, 4 },
        { VMSPEC_GIC_MAX, true, false, true, KVM2, 2 },
        { VMSPEC_GIC_MAX, true, false, true, KVM2 | KVM3, 3 },
        { VMSPEC_GIC_HOST, true, false, true, KVM2, 2 },
        { VMSPEC_GIC_HOST, true, false, true, KVM3, 3 },
        { VMSPEC_GIC_DEFAULT, true, false, true, KVM2 | KVM3, 3 },
        { VMSPEC_GIC_DEFAULT, true, false, true, KVM2, 2 },
        { VMSPEC_GIC_DEFAULT, false, false, true, KVM2 | KVM3, 2 },
        { VMSPEC_GIC_DEFAULT, false, false, true, KVM3, 3 },
        { VMSPEC_GIC_V2, true, false, true, KVM2 | KVM3, 2 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        VmspecConfig c = plan_config();
        const VmspecPlan *p;

        g_test_message("case %u", i);
        c.gic = cases[i].gic;
        c.aarch64 = cases[i].aarch64;
        c.virtualization = cases[i].virtualization;
        c.kvm = cases[i].kvm;
        c.kvm_gics = cases[i].kvm_gics;
        p = sane_plan(&c);
        g_assert_cmpuint(p->gic.version, ==, cases[i].version);
        g_assert_cmpint(p->gic.its, ==, cases[i].version > 2);
        c.kvm_its = false;
        p = sane_plan(&c);
        g_assert_cmpint(p->gic.its, ==, cases[i].version > 2 && !c.kvm);
        g_assert_cmpint(vmspec_has(p, VMSPEC_GIC_ITS), ==, p->gic.its);
        c.kvm_its = true;
        c.its = false;
        p = sane_plan(&c);
        g_assert_false(p->gic.its);
        g_assert_false(vmspec_has(p, VMSPEC_GIC_ITS));
    }
}

static void test_gic_regions(void)
{
    static const VmspecGicVersion versions[] = {
        VMSPEC_GIC_V2, VMSPEC_GIC_V3, VMSPEC_GIC_V4,
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(versions); i++) {
        VmspecConfig c = plan_config();
        bool v2 = versions[i / 2] == VMSPEC_GIC_V2;
        const VmspecPlan *p;

        c.gic = versions[i / 2];
        c.virtualization = i % 2;
        if (c.gic == VMSPEC_GIC_V4 && !c.virtualization) {
            continue;
        }
        p = sane_plan(&c);
        assert_region(p, VMSPEC_GIC_DIST, 0x08000000, 0x10000);
        assert_region(p, VMSPEC_GIC_CPU, 0x08010000, v2 ? 0x10000 : 0);
        assert_region(p, VMSPEC_GIC_V2M, 0x08020000, v2 ? 0x1000 : 0);
        assert_region(p, VMSPEC_GIC_HYP, 0x08030000,
                      v2 && c.virtualization ? 0x10000 : 0);
        assert_region(p, VMSPEC_GIC_VCPU, 0x08040000,
                      v2 && c.virtualization ? 0x10000 : 0);
        assert_region(p, VMSPEC_GIC_ITS, 0x08080000, v2 ? 0 : 0x20000);
        assert_region(p, VMSPEC_GIC_REDIST, 0x080a0000, v2 ? 0 : 0xf60000);
        assert_absent(p, VMSPEC_GIC_REDIST_HIGH);
        g_assert_cmpuint(p->gic.num_redists, ==, v2 ? 0 : 1);
    }
}

/* How many CPUs each redistributor region serves */
static const struct RedistCase {
    VmspecGicVersion gic;
    unsigned cpus;
    bool fits;
    unsigned low, high;
} redist_cases[] = {
    { VMSPEC_GIC_V2, 1, true, 0, 0 },
    { VMSPEC_GIC_V2, 8, true, 0, 0 },
    { VMSPEC_GIC_V2, 9, false, 0, 0 },
    { VMSPEC_GIC_V2, 123, false, 0, 0 },
    { VMSPEC_GIC_V2, 124, false, 0, 0 },
    { VMSPEC_GIC_V2, 512, false, 0, 0 },
    { VMSPEC_GIC_V3, 1, true, 1, 0 },
    { VMSPEC_GIC_V3, 8, true, 8, 0 },
    { VMSPEC_GIC_V3, 9, true, 9, 0 },
    { VMSPEC_GIC_V3, 123, true, 123, 0 },
    { VMSPEC_GIC_V3, 124, true, 123, 1 },
    { VMSPEC_GIC_V3, 512, true, 123, 389 },
    /* A GICv4 redistributor is 256 KiB, not 128: 61 and 256 have room */
    { VMSPEC_GIC_V4, 1, true, 1, 0 },
    { VMSPEC_GIC_V4, 8, true, 8, 0 },
    { VMSPEC_GIC_V4, 9, true, 9, 0 },
    { VMSPEC_GIC_V4, 61, true, 61, 0 },
    { VMSPEC_GIC_V4, 62, true, 61, 1 },
    { VMSPEC_GIC_V4, 123, true, 61, 62 },
    { VMSPEC_GIC_V4, 124, true, 61, 63 },
    { VMSPEC_GIC_V4, 317, true, 61, 256 },
    { VMSPEC_GIC_V4, 318, false, 0, 0 },
    { VMSPEC_GIC_V4, 512, false, 0, 0 },
};

static void test_redistributors(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(redist_cases); i++) {
        const struct RedistCase *want = &redist_cases[i];
        VmspecConfig c = plan_config();
        const VmspecPlan *p;
        unsigned regions = 0;

        g_test_message("case %u", i);
        if (want->low) {
            regions++;
        }
        if (want->high) {
            regions++;
        }
        c.gic = want->gic;
        c.virtualization = c.gic == VMSPEC_GIC_V4;
        set_cpus(&c, want->cpus);
        g_assert_cmpint(fits(&c), ==, want->fits);
        if (!want->fits) {
            continue;
        }
        p = sane_plan(&c);
        g_assert_cmpuint(p->num_cpus, ==, want->cpus);
        g_assert_cmpuint(p->gic.redist_cpus[0], ==, want->low);
        g_assert_cmpuint(p->gic.redist_cpus[1], ==, want->high);
        g_assert_cmpuint(p->gic.num_redists, ==, regions);
        assert_region(p, VMSPEC_GIC_REDIST_HIGH, 0x4000000000,
                      want->high ? 0x4000000 : 0);
    }
}

/* The size of physical addresses decides whether there is a second region. */
static void test_redistributors_by_pa(void)
{
    static const unsigned pa_bits[] = { 32, 36, 38, 39, 40, 44, 48 };

    for (unsigned i = 0; i < G_N_ELEMENTS(pa_bits); i++) {
        VmspecConfig c = plan_config();

        c.pa_bits = pa_bits[i];
        set_cpus(&c, 123);
        g_assert_true(fits(&c));
        set_cpus(&c, 124);
        g_assert_cmpint(fits(&c), ==, pa_bits[i] >= 39);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    contract = contract_load(NULL);

    g_test_add_func("/vmspec/plan/ram", test_plan_ram);
    g_test_add_func("/vmspec/plan/max-ram", test_max_ram);
    g_test_add_func("/vmspec/plan/largest-device-memory",
                    test_largest_device_memory);
    g_test_add_func("/vmspec/plan/mmio64", test_mmio64);
    g_test_add_func("/vmspec/plan/pcie", test_plan_pcie);
    g_test_add_func("/vmspec/plan/seat", test_plan_seat);
    g_test_add_func("/vmspec/plan/gic-version", test_gic_version);
    g_test_add_func("/vmspec/plan/gic-regions", test_gic_regions);
    g_test_add_func("/vmspec/plan/redistributors", test_redistributors);
    g_test_add_func("/vmspec/plan/redistributors-by-pa",
                    test_redistributors_by_pa);
    return g_test_run();
}
