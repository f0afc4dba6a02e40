/*
 * vmspec platform: the plan
 *
 * Owns the one pure function that turns what the user asked for into what the
 * machine is: which rows exist and how large they are, where RAM lies, which
 * redistributors serve which CPUs. Board, FDT, ACPI and tests read the plan
 * and decide nothing. No QEMU type, no state, no I/O.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#else
#include "qemu/osdep.h"
#endif
#include "hw/arm/vmspec.h"

#define GIB_SHIFT 30
#define MIB (1ULL << 20)
#define PA_BITS_NO_LPAE 32
/* platform.md, section 2: without LPAE, RAM is at most 3 GiB */
#define MAX_RAM_NO_LPAE (3ULL << GIB_SHIFT)

#ifdef VMSPEC_HOST
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))
#else
#define PRINTF_LIKE(a, b) G_GNUC_PRINTF(a, b)
#endif

static bool PRINTF_LIKE(2, 3) refuse(VmspecPlanError *err,
                                     const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    va_end(ap);
    return false;
}

static void PRINTF_LIKE(2, 3) hint(VmspecPlanError *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
    va_end(ap);
}

/* Whole GiB where it is, else MiB: what people type after -m. */
static const char *size_str(uint64_t size, char buf[32])
{
    uint64_t gib = size >> GIB_SHIFT;

    if (gib << GIB_SHIFT == size) {
        snprintf(buf, 32, "%" PRIu64 "G", gib);
    } else {
        snprintf(buf, 32, "%" PRIu64 "M", size >> 20);
    }
    return buf;
}

uint64_t vmspec_max_ram(unsigned pa_bits)
{
    uint64_t end = 1ULL << pa_bits, ram;

    if (pa_bits <= PA_BITS_NO_LPAE) {
        return MAX_RAM_NO_LPAE;
    }
    ram = end - VMSPEC_RAM_LOW_BASE;
    if (ram > VMSPEC_RAM_LOW_SIZE) {
        ram = VMSPEC_RAM_LOW_SIZE;
    }
    if (end > VMSPEC_RAM_HIGH_BASE) {
        ram += end - VMSPEC_RAM_HIGH_BASE;
    }
    return ram;
}

/*
 * platform.md, section 5: the default, and what host and max mean. 0: refused.
 */
static unsigned resolve_gic(const VmspecConfig *c, VmspecPlanError *err)
{
    unsigned best_kvm = c->kvm_gics & (1 << 3) ? 3 :
                        c->kvm_gics & (1 << 2) ? 2 : 0;

    switch (c->gic) {
    case VMSPEC_GIC_V2:
    case VMSPEC_GIC_V3:
    case VMSPEC_GIC_V4:
        return c->gic;
    case VMSPEC_GIC_HOST:
        if (!c->kvm) {
            refuse(err, "gic-version=host needs KVM");
            hint(err, "Use -machine gic-version=2, 3 or max.");
            return 0;
        }
        break;
    case VMSPEC_GIC_MAX:
        if (!c->kvm) {
            return c->virtualization ? 4 : 3;
        }
        break;
    case VMSPEC_GIC_DEFAULT:
        if (!c->aarch64) {
            return 2;
        }
        if (!c->kvm) {
            return 3;
        }
        break;
    }
    if (!best_kvm) {
        refuse(err, "gic-version: the host's KVM emulates no GIC that this "
               "machine knows");
        hint(err, "Use -accel tcg.");
    }
    return best_kvm;
}

static bool plan_gic_version(const VmspecConfig *c, VmspecGicPlan *gic,
                             VmspecPlanError *err)
{
    gic->version = resolve_gic(c, err);
    if (!gic->version) {
        return false;
    }
    if (c->kvm && !(c->kvm_gics & (1 << gic->version))) {
        refuse(err, "gic-version=%u is not offered by the host's KVM",
               gic->version);
        hint(err, "Use -machine gic-version=host.");
        return false;
    }
    if (gic->version == 4 && !c->virtualization) {
        refuse(err, "gic-version=4 needs virtualization=on");
        hint(err, "Use -machine gic-version=3, or add virtualization=on.");
        return false;
    }
    if (gic->version == 2 && c->max_cpus > VMSPEC_GICV2_MAX_CPUS) {
        refuse(err, "gic-version=2 serves at most %u CPUs, -smp asks for %u",
               VMSPEC_GICV2_MAX_CPUS, c->max_cpus);
        hint(err, "Use -machine gic-version=3, or -smp %u.",
             VMSPEC_GICV2_MAX_CPUS);
        return false;
    }
    gic->its = gic->version >= 3;
    return true;
}

/* The low region is filled first; the high one takes the remaining CPUs. */
static bool plan_redists(const VmspecConfig *c, VmspecGicPlan *gic,
                         VmspecPlanError *err)
{
    uint64_t frame = gic->version == 4 ? VMSPEC_GICV4_REDIST_FRAME :
                                         VMSPEC_GICV3_REDIST_FRAME;
    unsigned low = VMSPEC_GIC_REDIST_SIZE / frame;
    unsigned high = VMSPEC_GIC_REDIST_HIGH_SIZE / frame;
    const VmspecRow *row = &vmspec_platform.rows[VMSPEC_GIC_REDIST_HIGH];

    if (gic->version < 3) {
        return true;
    }
    if (c->max_cpus > low + high) {
        refuse(err, "gic-version=%u has redistributors for %u CPUs, -smp asks "
               "for %u", gic->version, low + high, c->max_cpus);
        hint(err, "Use -machine gic-version=3, or -smp %u.", low + high);
        return false;
    }
    if (c->max_cpus > low && c->pa_bits < row->pa_bits) {
        refuse(err, "-smp %u needs a CPU with %u bits of physical address, "
               "this one has %u", c->max_cpus, row->pa_bits, c->pa_bits);
        hint(err, "Use -smp %u, or another -cpu.", low);
        return false;
    }
    /* There is no CPU hot-plug: what is there at the start is all. */
    gic->redist_cpus[0] = c->cpus < low ? c->cpus : low;
    gic->redist_cpus[1] = c->cpus - gic->redist_cpus[0];
    gic->num_redists = gic->redist_cpus[1] ? 2 : 1;
    return true;
}

static bool check_ram(uint64_t ram_size, unsigned pa_bits,
                      VmspecPlanError *err)
{
    uint64_t max = vmspec_max_ram(pa_bits);
    char have[32], most[32];

    if (ram_size <= max) {
        return true;
    }
    size_str(ram_size, have);
    size_str(max, most);
    refuse(err, "-m %s does not fit: this CPU's %u bits of physical address "
           "hold at most %s of RAM", have, pa_bits, most);
    hint(err, "Use -m %s, or a -cpu with more address bits (max).", most);
    return false;
}

/* Slots are plugged by ACPI (GED); virtio-mem and virtio-pmem need none. */
static bool check_slots(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->mem_slots && !c->acpi) {
        refuse(err, "-m slots=%u needs ACPI, by which memory is plugged",
               c->mem_slots);
        hint(err, c->aarch64 ? "Use -machine acpi=on, or maxmem without slots "
             "and virtio-mem-pci." : "Leave out slots, or use -cpu max.");
        return false;
    }
    if (c->mem_slots > VMSPEC_MAX_MEM_SLOTS) {
        refuse(err, "-m slots=%u is not within 0..%u", c->mem_slots,
               VMSPEC_MAX_MEM_SLOTS);
        hint(err, "Use slots=%u.", VMSPEC_MAX_MEM_SLOTS);
        return false;
    }
    return true;
}

static bool check_memory(const VmspecConfig *c, VmspecPlanError *err)
{
    const VmspecRow *row = &vmspec_platform.rows[VMSPEC_DEVICE_MEMORY];
    char have[32], most[32];

    if (!check_ram(c->ram_size, c->pa_bits, err)) {
        return false;
    }
    if (c->device_memory_size && c->pa_bits < row->pa_bits) {
        refuse(err, "-m maxmem needs a CPU with %u bits of physical address, "
               "this one has %u", row->pa_bits, c->pa_bits);
        hint(err, "Leave out maxmem, or use another -cpu (max).");
        return false;
    }
    if (c->device_memory_size > row->size) {
        refuse(err, "-m maxmem asks for %s of device memory, at most %s fit",
               size_str(c->device_memory_size, have),
               size_str(row->size, most));
        hint(err, "Use a maxmem of at most RAM + %s.", most);
        return false;
    }
    if (c->device_memory_size % MIB) {
        refuse(err, "-m maxmem is not RAM and whole MiB");
        hint(err, "Give maxmem in M or G.");
        return false;
    }
    return check_slots(c, err);
}

static bool check_limits(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->max_cpus < 1 || c->max_cpus > VMSPEC_MAX_CPUS) {
        refuse(err, "-smp %u is not within 1..%u", c->max_cpus,
               VMSPEC_MAX_CPUS);
        hint(err, "Use -smp %u.", VMSPEC_MAX_CPUS);
        return false;
    }
    if (c->virtio_mmio > VMSPEC_VIRTIO_MMIO_MAX) {
        refuse(err, "virtio-mmio=%u is not within 0..%u", c->virtio_mmio,
               VMSPEC_VIRTIO_MMIO_MAX);
        hint(err, "Use -machine virtio-mmio=%u, or PCI devices.",
             VMSPEC_VIRTIO_MMIO_MAX);
        return false;
    }
    if (c->hotplug_ports > VMSPEC_HOTPLUG_PORTS_MAX) {
        refuse(err, "hotplug-ports=%u is not within 0..%u", c->hotplug_ports,
               VMSPEC_HOTPLUG_PORTS_MAX);
        hint(err, "Use -machine hotplug-ports=%u, or add -device "
             "vmspec-root-port.", VMSPEC_HOTPLUG_PORTS_MAX);
        return false;
    }
    if (c->num_nodes > VMSPEC_MAX_NODES) {
        refuse(err, "-numa: %u nodes, at most %u fit", c->num_nodes,
               VMSPEC_MAX_NODES);
        hint(err, "Use fewer -numa node options.");
        return false;
    }
    if (c->virtualization && c->kvm) {
        refuse(err, "virtualization=on is not supported with KVM");
        hint(err, "Use -accel tcg, or virtualization=off.");
        return false;
    }
    return true;
}

static bool is_present(VmspecPresence presence, const VmspecConfig *c,
                       const VmspecGicPlan *gic)
{
    switch (presence) {
    case VMSPEC_ALWAYS:
        return true;
    case VMSPEC_NEVER:
        return false;
    case VMSPEC_IF_FLASH0:
        return c->flash_size[0];
    case VMSPEC_IF_FLASH1:
        return c->flash_size[1];
    case VMSPEC_IF_GICV2:
        return gic->version == 2;
    case VMSPEC_IF_GICV2_EL2:
        return gic->version == 2 && c->virtualization;
    case VMSPEC_IF_GICV3:
        return gic->version >= 3;
    case VMSPEC_IF_ITS:
        return gic->its;
    case VMSPEC_IF_REDIST_HIGH:
        return gic->num_redists > 1;
    case VMSPEC_IF_UART1:
        return c->uart1;
    case VMSPEC_IF_SMMU:
        return c->smmu;
    case VMSPEC_IF_ACPI:
        return c->acpi;
    case VMSPEC_IF_MEMORY_HOTPLUG:
        return c->acpi && c->mem_slots;
    case VMSPEC_IF_ACPI_PCIHP:
        return c->acpi && c->acpi_pcihp;
    case VMSPEC_IF_VIRTIO_MMIO:
        return c->virtio_mmio;
    case VMSPEC_IF_DEVICE_MEMORY:
        return c->device_memory_size;
    case VMSPEC_IF_MMIO64:
        /* A 32-bit kernel warns about a window this large. */
        return c->aarch64 && c->pa_bits >=
               vmspec_platform.rows[VMSPEC_PCIE_MMIO64].pa_bits;
    case VMSPEC_IF_RAM_HIGH:
        return c->ram_size > VMSPEC_RAM_LOW_SIZE;
    case VMSPEC_IF_EL2:
        return c->virtualization;
    case VMSPEC_IF_VHE:
        return c->virtualization && c->vhe;
    case VMSPEC_IF_PMU:
        return c->pmu;
    }
    return false;
}

/* Size of a present row: its row's, but for those that options size. */
static uint64_t region_size(const VmspecRow *r, const VmspecConfig *c)
{
    switch (r->id) {
    case VMSPEC_FLASH0:
        return c->flash_size[0];
    case VMSPEC_FLASH1:
        return c->flash_size[1];
    case VMSPEC_VIRTIO_MMIO:
        return (uint64_t)c->virtio_mmio * VMSPEC_VIRTIO_MMIO_STRIDE;
    case VMSPEC_RAM_LOW:
        return c->ram_size < r->size ? c->ram_size : r->size;
    case VMSPEC_RAM_HIGH:
        return c->ram_size - VMSPEC_RAM_LOW_SIZE;
    case VMSPEC_DEVICE_MEMORY:
        return c->device_memory_size;
    default:
        return r->size;
    }
}

static void plan_regions(const VmspecConfig *c, VmspecPlan *plan)
{
    for (size_t i = 0; i < VMSPEC_NUM_ROWS; i++) {
        const VmspecRow *r = &vmspec_platform.rows[i];

        plan->region[i].base = r->base;
        plan->region[i].size = is_present(r->presence, c, &plan->gic) ?
                               region_size(r, c) : 0;
    }
    for (size_t i = 0; i < VMSPEC_NUM_PPIS; i++) {
        plan->ppi[i] = is_present(vmspec_platform.ppis[i].presence, c,
                                  &plan->gic);
    }
}

static void plan_timers(VmspecPlan *plan)
{
    static const unsigned order[VMSPEC_MAX_TIMERS] = {
        VMSPEC_PPI_EL1_SEC_TIMER, VMSPEC_PPI_EL1_PHYS_TIMER,
        VMSPEC_PPI_EL1_VIRT_TIMER, VMSPEC_PPI_EL2_PHYS_TIMER,
        VMSPEC_PPI_EL2_VIRT_TIMER,
    };

    memcpy(plan->timer, order, sizeof(order));
    plan->num_timers = VMSPEC_MAX_TIMERS - !plan->ppi[VMSPEC_PPI_ID_EL2_VIRT];
}

static void plan_pcie(const VmspecConfig *c, VmspecPlan *plan)
{
    plan->pcie = (VmspecPciePlan) {
        .ecam = plan->region[VMSPEC_PCIE_ECAM],
        .mmio32 = plan->region[VMSPEC_PCIE_MMIO32],
        .mmio64 = plan->region[VMSPEC_PCIE_MMIO64],
        .pio = plan->region[VMSPEC_PCIE_PIO],
        .buses = VMSPEC_PCIE_BUSES,
        .intx = vmspec_platform.rows[VMSPEC_PCIE_ECAM].irqs,
        .hotplug_ports = c->hotplug_ports,
        .hotplug_slot = VMSPEC_HOTPLUG_SLOT,
    };
}

/*
 * Affinity: one level-1 cluster is what one SGI target list can name, 8 CPUs
 * with GICv2 and 16 with GICv3 (GIC architecture, ICC_SGI1R.TargetList).
 */
static void plan_cpus(const VmspecConfig *c, VmspecPlan *plan)
{
    unsigned per_aff1 = plan->gic.version == 2 ? 8 : 16;

    plan->num_cpus = c->cpus;
    plan->aarch64 = c->aarch64;
    plan->conduit_smc = c->virtualization;
    plan->cpu_compatible = c->cpu_compatible;
    plan->sockets = c->sockets;
    plan->clusters = c->clusters;
    plan->cores = c->cores;
    plan->threads = c->threads;
    memcpy(plan->cache, c->cache, sizeof(plan->cache));
    for (unsigned i = 0; i < c->max_cpus; i++) {
        VmspecCpuPlan *cpu = &plan->cpu[i];
        unsigned core = i / c->threads;
        unsigned cluster = core / c->cores;

        cpu->mpidr = (uint64_t)(i / per_aff1) << 8 | i % per_aff1;
        cpu->thread = i % c->threads;
        cpu->core = core % c->cores;
        cpu->cluster = cluster % c->clusters;
        cpu->socket = cluster / c->clusters;
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
}

static bool check_node_mem(const VmspecConfig *c, VmspecPlanError *err)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < c->num_nodes; i++) {
        sum += c->node_mem[i];
    }
    if (c->num_nodes && sum != c->ram_size) {
        refuse(err, "-numa: the nodes' memory is not that of -m");
        hint(err, "Give nodes memory that adds up to -m.");
        return false;
    }
    return true;
}

bool vmspec_plan(const VmspecConfig *config, VmspecPlan *plan,
                 VmspecPlanError *err)
{
    memset(plan, 0, sizeof(*plan));
    memset(err, 0, sizeof(*err));
    plan->platform = &vmspec_platform;
    plan->virtio_iommu_rid = -1;

    if (!check_limits(config, err) ||
        !plan_gic_version(config, &plan->gic, err) ||
        !plan_redists(config, &plan->gic, err) ||
        !check_memory(config, err) ||
        !check_node_mem(config, err)) {
        return false;
    }
    plan_regions(config, plan);
    plan->virtio_mmio = config->virtio_mmio;
    plan->mem_slots = config->mem_slots;
    plan_timers(plan);
    plan_pcie(config, plan);
    plan_cpus(config, plan);
    plan_memory(config, plan);
    return true;
}
