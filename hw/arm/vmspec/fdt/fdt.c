/*
 * vmspec: the FDT
 *
 * Owns the shape of the nodes; owns no address, no interrupt number and no
 * decision: all come from the plan (platform.md, section 6). Most nodes are one
 * loop over the rows; CPUs and timer are in fdt-cpu.c, the interrupt
 * controller and PCIe in fdt-pcie.c.
 *
 * libfdt puts a new node in front of its siblings, so everything is added
 * last first and reads in address order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qemu/bswap.h"
#include "qemu/guest-random.h"
#include "standard-headers/linux/input.h"
#include "system/device_tree.h"
#include "internal.h"

#define KASLR_SEED_SIZE 8
#define RNG_SEED_SIZE 32
#define FLASH_BANK_WIDTH 4
#define PMEM_COMPATIBLE "pmem-region"

void vmspec_fdt_strings(void *fdt, const char *path, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS])
{
    g_autoptr(GByteArray) blob = g_byte_array_new();

    for (int i = 0; i < VMSPEC_MAX_STRINGS && strings[i]; i++) {
        g_byte_array_append(blob, (const guint8 *)strings[i],
                            strlen(strings[i]) + 1);
    }
    qemu_fdt_setprop(fdt, path, prop, blob->data, blob->len);
}

void vmspec_fdt_reg(void *fdt, const char *path, const VmspecRange *reg,
                    unsigned count)
{
    g_autofree uint64_t *cells = g_new(uint64_t, 2 * count);

    for (unsigned i = 0; i < count; i++) {
        cells[2 * i] = cpu_to_be64(reg[i].base);
        cells[2 * i + 1] = cpu_to_be64(reg[i].size);
    }
    qemu_fdt_setprop(fdt, path, "reg", cells, 2 * count * sizeof(*cells));
}

static char *row_path(const VmspecPlan *plan, VmspecRowId id)
{
    return g_strdup_printf("/%s@%" PRIx64, plan->platform->rows[id].node,
                           plan->region[id].base);
}

static void spi_interrupts(void *fdt, const char *path, unsigned spi,
                           unsigned count, VmspecTrigger trigger)
{
    g_autofree uint32_t *cells = g_new(uint32_t, 3 * count);

    for (unsigned i = 0; i < count; i++) {
        cells[3 * i] = cpu_to_be32(VMSPEC_FDT_SPI);
        cells[3 * i + 1] = cpu_to_be32(spi + i);
        cells[3 * i + 2] = cpu_to_be32(vmspec_fdt_flags(trigger));
    }
    qemu_fdt_setprop(fdt, path, "interrupts", cells,
                     3 * count * sizeof(*cells));
}

static void row_clocks(void *fdt, const char *path, const VmspecRow *row)
{
    uint32_t clocks[VMSPEC_MAX_STRINGS];
    int n = 0;

    while (n < VMSPEC_MAX_STRINGS && row->clock_names[n]) {
        clocks[n++] = cpu_to_be32(VMSPEC_PHANDLE_APB_CLOCK);
    }
    if (n) {
        qemu_fdt_setprop(fdt, path, "clocks", clocks, n * sizeof(clocks[0]));
        vmspec_fdt_strings(fdt, path, "clock-names", row->clock_names);
    }
}

static void gpio_extra(void *fdt, const char *path)
{
    qemu_fdt_setprop_cell(fdt, path, "phandle", VMSPEC_PHANDLE_GPIO);
    qemu_fdt_setprop(fdt, path, "gpio-controller", NULL, 0);
    qemu_fdt_setprop_cell(fdt, path, "#gpio-cells", 2);
    qemu_fdt_setprop(fdt, path, "interrupt-controller", NULL, 0);
    qemu_fdt_setprop_cell(fdt, path, "#interrupt-cells", 2);
}

static void smmu_extra(void *fdt, const char *path)
{
    static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";

    qemu_fdt_setprop(fdt, path, "interrupt-names", names, sizeof(names));
    qemu_fdt_setprop_cell(fdt, path, "#iommu-cells", 1);
    qemu_fdt_setprop_cell(fdt, path, "phandle", VMSPEC_PHANDLE_SMMU);
}

/* What a row's node has beyond what the generic loop writes. */
static void (*const row_extra[VMSPEC_NUM_ROWS])(void *, const char *) = {
    [VMSPEC_GPIO] = gpio_extra,
    [VMSPEC_SMMU] = smmu_extra,
};

static void row_node(const VmspecPlan *plan, void *fdt, VmspecRowId id)
{
    const VmspecRow *row = &plan->platform->rows[id];
    g_autofree char *path = row_path(plan, id);
    VmspecRange reg[2] = { plan->region[id] };
    unsigned frames = 1;

    if (row->frame2 != VMSPEC_NO_ROW) {
        reg[frames++] = plan->region[row->frame2];
    }
    qemu_fdt_add_subnode(fdt, path);
    vmspec_fdt_strings(fdt, path, "compatible", row->compatible);
    vmspec_fdt_reg(fdt, path, reg, frames);
    if (row->irqs.count) {
        spi_interrupts(fdt, path, row->irqs.spi, row->irqs.count,
                       row->irqs.trigger);
    }
    row_clocks(fdt, path, row);
    if (row->dma) {
        qemu_fdt_setprop(fdt, path, "dma-coherent", NULL, 0);
    }
    if (row_extra[id]) {
        row_extra[id](fdt, path);
    }
}

/* One node a transport: each has its own registers and interrupt. */
static void virtio_mmio_nodes(const VmspecPlan *plan, void *fdt)
{
    const VmspecRow *row = &plan->platform->rows[VMSPEC_VIRTIO_MMIO];
    VmspecRange all = plan->region[VMSPEC_VIRTIO_MMIO];
    uint64_t stride = plan->virtio_mmio ? all.size / plan->virtio_mmio : 0;

    for (unsigned i = plan->virtio_mmio; i-- > 0;) {
        VmspecRange reg = { all.base + i * stride, stride };
        g_autofree char *path = g_strdup_printf("/%s@%" PRIx64, row->node,
                                                reg.base);

        qemu_fdt_add_subnode(fdt, path);
        vmspec_fdt_strings(fdt, path, "compatible", row->compatible);
        vmspec_fdt_reg(fdt, path, &reg, 1);
        spi_interrupts(fdt, path, row->irqs.spi + i, 1, row->irqs.trigger);
        qemu_fdt_setprop(fdt, path, "dma-coherent", NULL, 0);
    }
}

/* Both banks are one CFI device of two regs, as firmware expects it. */
static void flash_node(const VmspecPlan *plan, void *fdt)
{
    VmspecRange reg[2];
    unsigned banks = 0;
    g_autofree char *path = NULL;

    for (VmspecRowId id = VMSPEC_FLASH0; id <= VMSPEC_FLASH1; id++) {
        if (plan->region[id].size) {
            reg[banks++] = plan->region[id];
        }
    }
    if (!banks) {
        return;
    }
    path = g_strdup_printf("/flash@%" PRIx64, reg[0].base);
    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop_string(fdt, path, "compatible", "cfi-flash");
    vmspec_fdt_reg(fdt, path, reg, banks);
    qemu_fdt_setprop_cell(fdt, path, "bank-width", FLASH_BANK_WIDTH);
}

static void power_button_node(void *fdt)
{
    static const char path[] = "/gpio-keys/power-button";

    qemu_fdt_add_subnode(fdt, "/gpio-keys");
    qemu_fdt_setprop_string(fdt, "/gpio-keys", "compatible", "gpio-keys");
    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop_string(fdt, path, "label", "Power Button");
    qemu_fdt_setprop_cell(fdt, path, "linux,code", KEY_POWER);
    qemu_fdt_setprop_cells(fdt, path, "gpios", VMSPEC_PHANDLE_GPIO,
                           VMSPEC_GPIO_POWER_BUTTON, 0);
}

static void clock_node(void *fdt)
{
    qemu_fdt_add_subnode(fdt, "/apb-pclk");
    qemu_fdt_setprop_string(fdt, "/apb-pclk", "compatible", "fixed-clock");
    qemu_fdt_setprop_cell(fdt, "/apb-pclk", "#clock-cells", 0);
    qemu_fdt_setprop_cell(fdt, "/apb-pclk", "clock-frequency",
                          VMSPEC_APB_CLOCK_HZ);
    qemu_fdt_setprop_string(fdt, "/apb-pclk", "clock-output-names",
                            "apb-pclk");
    qemu_fdt_setprop_cell(fdt, "/apb-pclk", "phandle",
                          VMSPEC_PHANDLE_APB_CLOCK);
}

static void aliases_node(const VmspecPlan *plan, void *fdt)
{
    g_autofree char *uart0 = row_path(plan, VMSPEC_UART0);
    g_autofree char *uart1 = row_path(plan, VMSPEC_UART1);

    qemu_fdt_add_subnode(fdt, "/aliases");
    qemu_fdt_setprop_string(fdt, "/aliases", "serial0", uart0);
    if (plan->region[VMSPEC_UART1].size) {
        qemu_fdt_setprop_string(fdt, "/aliases", "serial1", uart1);
    }
}

static void chosen_node(const VmspecPlan *plan, void *fdt, bool seeds)
{
    g_autofree char *uart0 = row_path(plan, VMSPEC_UART0);

    /* -device guest-loader may have made it already. */
    qemu_fdt_add_path(fdt, "/chosen");
    qemu_fdt_setprop_string(fdt, "/chosen", "stdout-path", uart0);
    if (seeds) {
        uint8_t seed[RNG_SEED_SIZE];

        qemu_guest_getrandom_nofail(seed, sizeof(seed));
        qemu_fdt_setprop(fdt, "/chosen", "rng-seed", seed, sizeof(seed));
        qemu_guest_getrandom_nofail(seed, KASLR_SEED_SIZE);
        qemu_fdt_setprop(fdt, "/chosen", "kaslr-seed", seed,
                         KASLR_SEED_SIZE);
    }
}

static void root_properties(void *fdt)
{
    /* Alone: the kernel's binding allows no other string with it. */
    qemu_fdt_setprop_string(fdt, "/", "compatible", "linux,dummy-virt");
    qemu_fdt_setprop_string(fdt, "/", "model", "vmspec-1.0");
    qemu_fdt_setprop_cell(fdt, "/", "#address-cells", 2);
    qemu_fdt_setprop_cell(fdt, "/", "#size-cells", 2);
    qemu_fdt_setprop_cell(fdt, "/", "interrupt-parent", VMSPEC_PHANDLE_GIC);
    qemu_fdt_setprop(fdt, "/", "dma-coherent", NULL, 0);
}

/*
 * Memory in a slot (Devicetree 0.4, 3.4), without the hint "hotpluggable": an
 * FDT guest has no way to give it back, and dt-schema does not know the word.
 * The pmem-region binding knows no node number.
 */
static void dimm_node(const VmspecDimm *dimm, void *fdt)
{
    g_autofree char *path = g_strdup_printf("/%s@%" PRIx64, dimm->persistent ?
                                            "pmem" : "memory",
                                            dimm->range.base);

    qemu_fdt_add_subnode(fdt, path);
    vmspec_fdt_reg(fdt, path, &dimm->range, 1);
    if (dimm->persistent) {
        qemu_fdt_setprop_string(fdt, path, "compatible", PMEM_COMPATIBLE);
        return;
    }
    qemu_fdt_setprop_string(fdt, path, "device_type", "memory");
    qemu_fdt_setprop_cell(fdt, path, "numa-node-id", dimm->node);
}

static void delete_memory(const VmspecPlan *plan, void *fdt)
{
    int offset;

    while ((offset = fdt_node_offset_by_prop_value(fdt, -1, "device_type",
                                                   "memory",
                                                   sizeof("memory"))) >= 0 ||
           (plan->mem_slots &&
            (offset = fdt_node_offset_by_compatible(fdt, -1,
                                                    PMEM_COMPATIBLE)) >= 0)) {
        fdt_del_node(fdt, offset);
    }
}

void vmspec_fdt_memory(const VmspecPlan *plan, void *fdt)
{
    delete_memory(plan, fdt);
    for (unsigned i = plan->num_dimms; i-- > 0;) {
        dimm_node(&plan->dimm[i], fdt);
    }
    for (unsigned i = plan->num_mem; i-- > 0;) {
        const VmspecMemPlan *mem = &plan->mem[i];
        g_autofree char *path = g_strdup_printf("/memory@%" PRIx64,
                                                mem->range.base);

        qemu_fdt_add_subnode(fdt, path);
        qemu_fdt_setprop_string(fdt, path, "device_type", "memory");
        vmspec_fdt_reg(fdt, path, &mem->range, 1);
        if (mem->node >= 0) {
            qemu_fdt_setprop_cell(fdt, path, "numa-node-id", mem->node);
        }
    }
}

void vmspec_fdt_build(const VmspecPlan *plan, void *fdt, bool seeds)
{
    root_properties(fdt);
    vmspec_fdt_pcie(plan, fdt);
    for (int id = VMSPEC_NUM_ROWS; id-- > 0;) {
        if (!plan->platform->rows[id].node || !plan->region[id].size) {
            continue;
        }
        if (id == VMSPEC_VIRTIO_MMIO) {
            virtio_mmio_nodes(plan, fdt);
        } else {
            row_node(plan, fdt, id);
        }
    }
    vmspec_fdt_gic(plan, fdt);
    flash_node(plan, fdt);
    clock_node(fdt);
    power_button_node(fdt);
    vmspec_fdt_cpus(plan, fdt);
    chosen_node(plan, fdt, seeds);
    aliases_node(plan, fdt);
}
