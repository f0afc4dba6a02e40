/*
 * vmspec platform: the plan
 *
 * The one pure function that turns what the user asked for into what the
 * machine is: which rows exist and how large they are, where RAM lies, which
 * redistributors serve which CPUs. Board, FDT, ACPI and tests read the plan
 * and decide nothing. No QEMU type, no state, no I/O.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-plan.h"
#include "refusal.h"

/* CPUs of one level-1 affinity cluster: see plan_cpus() */
#define GICV2_TARGET_LIST 8
#define GICV3_TARGET_LIST 16

/* The newest GIC that the host's KVM emulates, of those we know; 0: none */
static unsigned newest_kvm_gic(const VmspecConfig *c)
{
    for (unsigned version = VMSPEC_GIC_V3; version >= VMSPEC_GIC_V2;
         version--) {
        if (c->kvm_gics & (1u << version)) {
            return version;
        }
    }
    return 0;
}

/* What the default, host and max mean under TCG (platform.md, section 5) */
static unsigned resolve_tcg_gic(const VmspecConfig *c, VmspecPlanError *err)
{
    switch (c->gic) {
    case VMSPEC_GIC_HOST:
        vmspec_refuse(err, "gic-version=host needs KVM");
        vmspec_hint(err, "Use -machine gic-version=2, 3 or max.");
        return 0;
    case VMSPEC_GIC_MAX:
        return c->virtualization ? VMSPEC_GIC_V4 : VMSPEC_GIC_V3;
    default:
        return c->aarch64 ? VMSPEC_GIC_V3 : VMSPEC_GIC_V2;
    }
}

/* The same under KVM */
static unsigned resolve_kvm_gic(const VmspecConfig *c, VmspecPlanError *err)
{
    unsigned version = newest_kvm_gic(c);

    if (c->gic == VMSPEC_GIC_DEFAULT && !c->aarch64 &&
        c->kvm_gics & (1u << VMSPEC_GIC_V2)) {
        return VMSPEC_GIC_V2;
    }
    if (!version) {
        vmspec_refuse(err, "gic-version: the host's KVM emulates no GIC that "
                      "this machine knows");
        vmspec_hint(err, "Use -accel tcg.");
    }
    return version;
}

/* The GIC's version, 2 to 4. Returns 0 with @err filled in if it is refused. */
static unsigned resolve_gic(const VmspecConfig *c, VmspecPlanError *err)
{
    switch (c->gic) {
    case VMSPEC_GIC_V2:
    case VMSPEC_GIC_V3:
    case VMSPEC_GIC_V4:
        return c->gic;
    default:
        return c->kvm ? resolve_kvm_gic(c, err) : resolve_tcg_gic(c, err);
    }
}

static bool plan_gic_version(const VmspecConfig *c, VmspecGicPlan *gic,
                             VmspecPlanError *err)
{
    gic->version = resolve_gic(c, err);
    if (!gic->version) {
        return false;
    }
    if (c->kvm && !(c->kvm_gics & (1u << gic->version))) {
        vmspec_refuse(err, "gic-version=%u is not offered by the host's KVM",
                      gic->version);
        return vmspec_hint(err, "Use -machine gic-version=host.");
    }
    if (gic->version == VMSPEC_GIC_V4 && !c->virtualization) {
        vmspec_refuse(err, "gic-version=4 needs virtualization=on");
        return vmspec_hint(err, "Use -machine gic-version=3, or add "
                           "virtualization=on.");
    }
    if (gic->version == VMSPEC_GIC_V2 && c->max_cpus > VMSPEC_GICV2_MAX_CPUS) {
        vmspec_refuse(err, "gic-version=2 serves at most %u CPUs, -smp asks "
                      "for %u", VMSPEC_GICV2_MAX_CPUS, c->max_cpus);
        return vmspec_hint(err, "Use -machine gic-version=3, or -smp %u. "
                           "libvirt: <gic version='3'/>.",
                           VMSPEC_GICV2_MAX_CPUS);
    }
    /* As on virt, a KVM host without an ITS gives a machine without MSIs. */
    gic->its = gic->version >= VMSPEC_GIC_V3 && c->its &&
               (!c->kvm || c->kvm_its);
    return true;
}

/* The low region is filled first; the high one takes the remaining CPUs. */
static bool plan_redists(const VmspecPlatform *platform, const VmspecConfig *c,
                         VmspecGicPlan *gic, VmspecPlanError *err)
{
    const VmspecRow *low_row = &platform->rows[VMSPEC_GIC_REDIST];
    const VmspecRow *high_row = &platform->rows[VMSPEC_GIC_REDIST_HIGH];
    uint64_t frame = gic->version == VMSPEC_GIC_V4 ?
                     VMSPEC_GICV4_REDIST_FRAME : VMSPEC_GICV3_REDIST_FRAME;
    unsigned low = low_row->size / frame;
    unsigned high = high_row->size / frame;

    if (gic->version < VMSPEC_GIC_V3) {
        return true;
    }
    if (c->max_cpus > low + high) {
        vmspec_refuse(err, "gic-version=%u has redistributors for %u CPUs, "
                      "-smp asks for %u", gic->version, low + high,
                      c->max_cpus);
        return vmspec_hint(err, "Use -machine gic-version=3, or -smp %u.",
                           low + high);
    }
    if (c->max_cpus > low && c->pa_bits < high_row->pa_bits) {
        vmspec_refuse(err, "-smp %u needs a CPU with %u bits of physical "
                      "address, this one has %u", c->max_cpus,
                      high_row->pa_bits, c->pa_bits);
        return vmspec_hint(err, "Use -smp %u, or another -cpu.", low);
    }
    /* There is no CPU hot-plug: no redistributor waits for a later CPU. */
    gic->redist_cpus[0] = c->cpus < low ? c->cpus : low;
    gic->redist_cpus[1] = c->cpus - gic->redist_cpus[0];
    gic->num_redists = gic->redist_cpus[1] ? 2 : 1;
    return true;
}

/* How many devices of a row there are, if the row is present */
static unsigned row_count(const VmspecRow *r, const VmspecConfig *c)
{
    return r->id == VMSPEC_VIRTIO_MMIO ? c->virtio_mmio : 1;
}

/* Bytes of a row that is present: options size some rows */
static uint64_t region_size(const VmspecRow *r, const VmspecConfig *c,
                            const VmspecPlatform *platform)
{
    switch (r->id) {
    case VMSPEC_FLASH0:
        return c->flash_size[0];
    case VMSPEC_FLASH1:
        return c->flash_size[1];
    case VMSPEC_RAM_LOW:
        return c->ram_size < r->size ? c->ram_size : r->size;
    case VMSPEC_RAM_HIGH:
        return c->ram_size - platform->rows[VMSPEC_RAM_LOW].size;
    case VMSPEC_DEVICE_MEMORY:
        return c->device_memory_size;
    default:
        return r->size;
    }
}

static bool is_present(VmspecPresence presence, const VmspecConfig *c,
                       const VmspecPlan *plan)
{
    return vmspec_presence[presence].holds(plan, c);
}

static void plan_regions(const VmspecConfig *c, VmspecPlan *plan)
{
    const VmspecPlatform *platform = plan->platform;

    for (size_t i = 0; i < platform->num_rows; i++) {
        const VmspecRow *r = &platform->rows[i];

        plan->region[i].base = r->base;
        if (is_present(r->presence, c, plan)) {
            plan->region[i].size = region_size(r, c, platform);
            plan->count[i] = row_count(r, c);
        }
    }
    for (size_t i = 0; i < platform->num_ppis; i++) {
        plan->ppi[i] = is_present(platform->ppis[i].presence, c, plan);
    }
}

static void plan_timers(VmspecPlan *plan)
{
    const VmspecPpi *ppis = plan->platform->ppis;
    const unsigned order[VMSPEC_MAX_TIMERS] = {
        VMSPEC_PPI_EL1_SEC_TIMER,   /* its place: platform.md, section 6.2 */
        ppis[VMSPEC_PPI_ID_EL1_PHYS].intid,
        ppis[VMSPEC_PPI_ID_EL1_VIRT].intid,
        ppis[VMSPEC_PPI_ID_EL2_PHYS].intid,
        ppis[VMSPEC_PPI_ID_EL2_VIRT].intid,
    };

    memcpy(plan->timer, order, sizeof(order));
    plan->num_timers = plan->ppi[VMSPEC_PPI_ID_EL2_VIRT] ?
                       VMSPEC_MAX_TIMERS : VMSPEC_MAX_TIMERS - 1;
}

/* Keyboard and pointer need the controller. */
static VmspecSeat plan_seat(VmspecSeat seat)
{
    seat.usb = seat.usb || seat.keyboard || seat.pointer;
    return seat;
}

static void plan_pcie(const VmspecConfig *c, VmspecPlan *plan)
{
    plan->pcie = (VmspecPciePlan) {
        .ecam = plan->region[VMSPEC_PCIE_ECAM],
        .mmio32 = plan->region[VMSPEC_PCIE_MMIO32],
        .mmio64 = plan->region[VMSPEC_PCIE_MMIO64],
        .pio = plan->region[VMSPEC_PCIE_PIO],
        .buses = VMSPEC_PCIE_BUSES,
        .intx = plan->platform->rows[VMSPEC_PCIE_ECAM].irqs,
        .hotplug_ports = c->hotplug_ports,
        .hotplug_device = VMSPEC_HOTPLUG_DEVICE,
        .seat = plan_seat(c->seat),
        .screen_device = VMSPEC_SCREEN_DEVICE,
        .usb_device = VMSPEC_USB_DEVICE,
    };
}

VmspecCpuPlace vmspec_cpu_place(const VmspecTopology *topology, unsigned index)
{
    unsigned core = index / topology->threads;
    unsigned cluster = core / topology->cores;

    return (VmspecCpuPlace) {
        .thread = index % topology->threads,
        .core = core % topology->cores,
        .cluster = cluster % topology->clusters,
        .socket = cluster / topology->clusters,
    };
}

/*
 * Affinity: one level-1 cluster is what one SGI target list can name, 8 CPUs
 * with GICv2 and 16 with GICv3 (GIC architecture, ICC_SGI1R.TargetList).
 */
static void plan_cpus(const VmspecConfig *c, VmspecPlan *plan)
{
    unsigned per_aff1 = plan->gic.version == VMSPEC_GIC_V2 ?
                        GICV2_TARGET_LIST : GICV3_TARGET_LIST;

    plan->num_cpus = c->cpus;
    plan->aarch64 = c->aarch64;
    plan->el2 = c->virtualization;
    plan->mte = c->mte;
    plan->conduit_smc = c->virtualization;
    plan->cpu_compatible = c->cpu_compatible;
    plan->topology = c->topology;
    memcpy(plan->cache, c->cache, sizeof(plan->cache));
    for (unsigned i = 0; i < c->max_cpus; i++) {
        VmspecCpuPlan *cpu = &plan->cpu[i];

        cpu->mpidr = (uint64_t)(i / per_aff1) << 8 | i % per_aff1;
        cpu->place = vmspec_cpu_place(&c->topology, i);
        cpu->node = c->num_nodes ? c->cpu_node[i] : 0;
    }
}

/* Nodes take RAM in order; a node that spans low and high RAM is split. */
static void plan_memory(const VmspecConfig *c, VmspecPlan *plan)
{
    VmspecRange ram = plan->region[VMSPEC_RAM_LOW];
    unsigned nodes = c->num_nodes ? c->num_nodes : 1;

    plan->num_nodes = c->num_nodes;
    plan->distance = c->distance;
    for (unsigned i = 0; i < nodes; i++) {
        uint64_t left = c->num_nodes ? c->node_mem[i] : c->ram_size;

        while (left) {
            uint64_t take = left < ram.size ? left : ram.size;

            if (!take) {
                ram = plan->region[VMSPEC_RAM_HIGH];
                continue;
            }
            plan->mem[plan->num_mem++] = (VmspecMemPlan) {
                .range = { ram.base, take },
                .node = c->num_nodes ? (int)i : -1,
            };
            ram.base += take;
            ram.size -= take;
            left -= take;
        }
    }
    plan->mem_slots = c->mem_slots;
    plan->nvdimm = c->nvdimm && vmspec_has(plan, VMSPEC_ACPI_MEMHP);
}

static VmspecTablesReader tables_reader(const VmspecConfig *c)
{
    if (c->firmware) {
        return VMSPEC_TABLES_FIRMWARE;
    }
    if (!vmspec_config_acpi(c)) {
        return VMSPEC_TABLES_NOBODY;
    }
    return c->acpi == VMSPEC_ACPI_ON ? VMSPEC_TABLES_KERNEL :
                                       VMSPEC_TABLES_EFI_KERNEL;
}

static void plan_description(const VmspecConfig *c, VmspecPlan *plan)
{
    plan->firmware = c->firmware;
    plan->secure_boot = c->secure_boot;
    plan->fdt = c->fdt;
    plan->acpi = vmspec_config_acpi(c);
    plan->tables_reader = tables_reader(c);
    plan->ras = c->ras;
    plan->seeds = c->seeds;
}

bool vmspec_plan(const VmspecPlatform *platform, const VmspecConfig *config,
                 VmspecPlan *plan, VmspecPlanError *err)
{
    memset(plan, 0, sizeof(*plan));
    memset(err, 0, sizeof(*err));
    plan->platform = platform;

    if (!vmspec_check_config(platform, config, err) ||
        !plan_gic_version(config, &plan->gic, err) ||
        !plan_redists(platform, config, &plan->gic, err)) {
        return false;
    }
    plan_regions(config, plan);
    plan_timers(plan);
    plan_pcie(config, plan);
    plan_cpus(config, plan);
    plan_memory(config, plan);
    plan_description(config, plan);
    return true;
}
