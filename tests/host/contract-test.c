/*
 * vmspec host test: the rows are the contract
 *
 * Compares every row of platform.c with tests/data/contract.txt, in both
 * directions. Numbers come from that file, never from vmspec-map.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "contract.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-plan.h"

static const Contract *contract;
static const VmspecPlatform *platform = &vmspec_platform_1_0;

/* The contract's words for the enums */
static const char *const kind_words[] = {
    [VMSPEC_KIND_DEVICE] = "device",
    [VMSPEC_KIND_RAM] = "ram",
    [VMSPEC_KIND_WINDOW] = "window",
    [VMSPEC_KIND_HOLE] = "hole",
};

static const char *when_word(VmspecPresence presence)
{
    g_assert_cmpuint(presence, <, VMSPEC_NUM_PRESENCES);
    g_assert_nonnull(vmspec_presence[presence].word);
    return vmspec_presence[presence].word;
}

static const VmspecRow *find_row(const char *name)
{
    for (size_t i = 0; i < platform->num_rows; i++) {
        if (!strcmp(platform->rows[i].name, name)) {
            return &platform->rows[i];
        }
    }
    g_error("no row for the contract's region %s", name);
}

/* No row is missing, none is extra, and they are in the contract's order. */
static void test_row_names(void)
{
    for (unsigned i = 0; i < contract->num_regions &&
                         i < platform->num_rows; i++) {
        g_assert_cmpstr(platform->rows[i].name, ==,
                        contract->regions[i].name);
    }
    g_assert_cmpuint(platform->num_rows, ==, contract->num_regions);
}

static void test_row_is_contract(const void *opaque)
{
    const ContractRegion *want = opaque;
    const VmspecRow *row = find_row(want->name);
    unsigned pa_bits = row->pa_bits ? row->pa_bits : 32;

    g_assert_cmphex(row->base, ==, want->base);
    g_assert_cmphex(row->size, ==, want->size);
    g_assert_cmpstr(kind_words[row->kind], ==, want->kind);
    g_assert_cmpstr(when_word(row->presence), ==, want->when);
    g_assert_cmpuint(pa_bits, ==, want->pa_bits);
}

static void test_irq_rows(void)
{
    unsigned rows_with_irqs = 0;

    for (unsigned i = 0; i < contract->num_irqs; i++) {
        const ContractIrq *want = &contract->irqs[i];
        const VmspecIrqs *irqs = &find_row(want->region)->irqs;

        g_test_message("%s", want->region);
        g_assert_cmpuint(irqs->spi, ==, want->spi);
        g_assert_cmpuint(irqs->count, ==, want->count);
        g_assert_cmpint(irqs->trigger == VMSPEC_EDGE_RISING, ==, want->edge);
    }
    for (size_t i = 0; i < platform->num_rows; i++) {
        rows_with_irqs += platform->rows[i].irqs.count > 0;
    }
    g_assert_cmpuint(rows_with_irqs, ==, contract->num_irqs);
}

static void test_ppi_rows(void)
{
    g_assert_cmpuint(platform->num_ppis, ==, contract->num_ppis);
    for (size_t i = 0; i < platform->num_ppis; i++) {
        const VmspecPpi *ppi = &platform->ppis[i];
        const ContractPpi *want = contract_ppi(contract, ppi->name);

        g_test_message("%s", ppi->name);
        g_assert_nonnull(want);
        g_assert_cmpuint(ppi->intid, ==, want->intid);
        g_assert_cmpstr(when_word(ppi->presence), ==, want->when);
        /* a VmspecPpi has no trigger, because all are level */
        g_assert_false(want->edge);
    }
}

static void test_window_rows(void)
{
    unsigned windows = 0;

    for (unsigned i = 0; i < contract->num_windows; i++) {
        const VmspecRow *row = find_row(contract->windows[i].region);

        g_assert_cmpint(row->kind, ==, VMSPEC_KIND_WINDOW);
    }
    for (size_t i = 0; i < platform->num_rows; i++) {
        windows += platform->rows[i].kind == VMSPEC_KIND_WINDOW;
    }
    g_assert_cmpuint(windows, ==, contract->num_windows);
}

/* The nodes that rows name; code of its own makes the others */
static void test_node_rows(void)
{
    for (unsigned i = 0; i < contract->num_nodes; i++) {
        const ContractNode *want = &contract->nodes[i];
        const VmspecRow *row = find_row(want->region);
        bool found = false;

        if (!row->node) {
            continue;
        }
        g_test_message("%s", want->region);
        g_assert_cmpstr(row->node, ==, want->name);
        for (int j = 0; j < VMSPEC_MAX_STRINGS; j++) {
            found |= !g_strcmp0(row->compatible[j], want->compatible);
        }
        g_assert_true(found);
    }
}

/* Numbers of vmspec-map.h that no row holds */
static void test_map_values(void)
{
    static const struct {
        const char *name;
        uint64_t value;
    } values[] = {
        { "gic-num-irq", VMSPEC_SPI_INTID_BASE + VMSPEC_NUM_SPIS },
        { "flash-block-size", VMSPEC_FLASH_BLOCK_SIZE },
        { "flash1-default-size", VMSPEC_FLASH1_DEFAULT_SIZE },
        { "blank-size", VMSPEC_BLANK_SIZE },
        { "gicv2-max-cpus", VMSPEC_GICV2_MAX_CPUS },
        { "gicv3-max-cpus", VMSPEC_MAX_CPUS },
        { "virtio-mmio-stride", VMSPEC_VIRTIO_MMIO_STRIDE },
        { "virtio-mmio-max", VMSPEC_VIRTIO_MMIO_MAX },
        { "virtio-mmio-default", VMSPEC_VIRTIO_MMIO_DEFAULT },
        { "pcie-buses", VMSPEC_PCIE_BUSES },
        { "hotplug-ports-max", VMSPEC_HOTPLUG_PORTS_MAX },
        { "hotplug-ports-default", VMSPEC_HOTPLUG_PORTS_DEFAULT },
        { "hotplug-port-device", VMSPEC_HOTPLUG_DEVICE },
        { "screen-device", VMSPEC_SCREEN_DEVICE },
        { "usb-device", VMSPEC_USB_DEVICE },
        { "gpio-power-button", VMSPEC_GPIO_POWER_BUTTON },
        { "gpio-wake-key", VMSPEC_GPIO_WAKE_KEY },
        { "acpi-memhp-nvdimm", VMSPEC_ACPI_MEMHP_NVDIMM },
    };

    g_assert_cmpuint(platform->num_spis, ==, contract_value(contract, "spis"));
    g_assert_cmpuint(platform->apb_clock_hz, ==,
                     contract_value(contract, "apb-clock-hz"));
    g_assert_cmpuint(platform->cpu_clock_hz, ==,
                     contract_value(contract, "cpu-clock-hz"));
    g_assert_cmpuint(vmspec_max_ram(&vmspec_platform_1_0, 32), ==,
                     contract_value(contract, "max-ram-without-lpae"));
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        g_test_message("%s", values[i].name);
        g_assert_cmpuint(values[i].value, ==,
                         contract_value(contract, values[i].name));
    }
}

/* The file does not contradict itself. */
static void test_contract_is_consistent(void)
{
    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];

        g_test_message("%s", r->name);
        g_assert_cmphex(r->size, >, 0);
        if (i) {
            g_assert_cmphex(r[-1].base + r[-1].size, <=, r->base);
        }
        g_assert_cmpuint(r->base >> r->pa_bits, ==, 0);
    }
    g_assert_cmpuint(contract_region(contract, "pcie-ecam")->size, ==,
                     contract_value(contract, "pcie-buses") << 20);
    g_assert_cmpuint(contract_region(contract, "virtio-mmio")->size, ==,
                     contract_value(contract, "virtio-mmio-max") *
                     contract_value(contract, "virtio-mmio-stride"));
    g_assert_cmpuint(contract_irq(contract, "virtio-mmio")->count, ==,
                     contract_value(contract, "virtio-mmio-max"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    contract = contract_load(NULL);

    g_test_add_func("/vmspec/contract/consistent",
                    test_contract_is_consistent);
    g_test_add_func("/vmspec/contract/row-names", test_row_names);
    for (unsigned i = 0; i < contract->num_regions; i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/contract/row/%s",
                                                contract->regions[i].name);

        g_test_add_data_func(path, &contract->regions[i], test_row_is_contract);
    }
    g_test_add_func("/vmspec/contract/irqs", test_irq_rows);
    g_test_add_func("/vmspec/contract/ppis", test_ppi_rows);
    g_test_add_func("/vmspec/contract/windows", test_window_rows);
    g_test_add_func("/vmspec/contract/nodes", test_node_rows);
    g_test_add_func("/vmspec/contract/values", test_map_values);
    return g_test_run();
}
