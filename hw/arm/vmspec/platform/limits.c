/*
 * vmspec platform: the limits
 *
 * What configuration a platform refuses, and the option that would change it
 * (platform.md, sections 2.4 and 5.1). plan.c refuses what depends on the GIC
 * that it chooses.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-plan.h"
#include "refusal.h"

#define GIB_SHIFT 30
#define MIB_SHIFT 20
#define PA_BITS_NO_LPAE 32
/* RAM without LPAE (platform.md, section 2) */
#define MAX_RAM_NO_LPAE (3ULL << GIB_SHIFT)

/* @size as people type it after -m: in GiB if it is whole GiB, else in MiB */
static const char *size_str(uint64_t size, char buf[32])
{
    uint64_t gib = size >> GIB_SHIFT;

    if (gib << GIB_SHIFT == size) {
        snprintf(buf, 32, "%" PRIu64 "G", gib);
    } else {
        snprintf(buf, 32, "%" PRIu64 "M", size >> MIB_SHIFT);
    }
    return buf;
}

uint64_t vmspec_max_ram(const VmspecPlatform *platform, unsigned pa_bits)
{
    const VmspecRow *low = &platform->rows[VMSPEC_RAM_LOW];
    const VmspecRow *high = &platform->rows[VMSPEC_RAM_HIGH];
    uint64_t end = 1ULL << pa_bits, ram;

    if (pa_bits <= PA_BITS_NO_LPAE) {
        return MAX_RAM_NO_LPAE;
    }
    ram = end - low->base;
    if (ram > low->size) {
        ram = low->size;
    }
    if (end > high->base) {
        ram += end - high->base;
    }
    return ram;
}

unsigned vmspec_pa_bits(const VmspecPlatform *platform, uint64_t ram_size)
{
    const VmspecRow *low = &platform->rows[VMSPEC_RAM_LOW];
    const VmspecRow *high = &platform->rows[VMSPEC_RAM_HIGH];
    unsigned bits = platform->rows[VMSPEC_PCIE_MMIO64].pa_bits;
    uint64_t last;

    if (ram_size > low->size) {
        last = high->base + (ram_size - low->size) - 1;
        while (last >> bits) {
            bits++;
        }
    }
    return bits;
}

bool vmspec_config_acpi(const VmspecConfig *config)
{
    return config->aarch64 && config->acpi != VMSPEC_ACPI_OFF;
}

static bool check_ram(const VmspecPlatform *platform, const VmspecConfig *c,
                      VmspecPlanError *err)
{
    uint64_t max = vmspec_max_ram(platform, c->pa_bits);
    char have[32], most[32];

    if (c->ram_size <= max) {
        return true;
    }
    size_str(c->ram_size, have);
    size_str(max, most);
    vmspec_refuse(err, "-m %s does not fit: this CPU's %u bits of physical "
                  "address hold at most %s of RAM", have, c->pa_bits, most);
    return vmspec_hint(err, "Use -m %s, or a -cpu with more address bits "
                       "(max).", most);
}

/* With less, the bundled firmware ends in an exception and starts nothing. */
static bool check_firmware_ram(const VmspecConfig *c, VmspecPlanError *err)
{
    char have[32], least[32];

    if (c->ram_size >= c->firmware_min_ram) {
        return true;
    }
    size_str(c->ram_size, have);
    size_str(c->firmware_min_ram, least);
    vmspec_refuse(err, "-m %s is too little: the bundled firmware needs at "
                  "least %s", have, least);
    return vmspec_hint(err, "Use -m %s, or start a kernel without firmware "
                       "by -kernel.", least);
}

/* The GED plugs DIMMs into slots; virtio-mem and virtio-pmem need no slot. */
static bool check_slots(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->mem_slots && !vmspec_config_acpi(c)) {
        vmspec_refuse(err, "-m slots=%u needs ACPI, by which memory is "
                      "plugged", c->mem_slots);
        return c->aarch64 ?
            vmspec_hint(err, "Use -machine acpi=on, or maxmem without slots "
                        "and virtio-mem-pci. libvirt: <acpi/>.") :
            vmspec_hint(err, "Leave out slots, or use -cpu max.");
    }
    if (c->mem_slots > VMSPEC_MAX_MEM_SLOTS) {
        vmspec_refuse(err, "-m slots=%u is not within 0..%u", c->mem_slots,
                      VMSPEC_MAX_MEM_SLOTS);
        return vmspec_hint(err, "Use slots=%u.", VMSPEC_MAX_MEM_SLOTS);
    }
    return true;
}

static bool check_device_memory(const VmspecPlatform *platform,
                                const VmspecConfig *c, VmspecPlanError *err)
{
    const VmspecRow *row = &platform->rows[VMSPEC_DEVICE_MEMORY];
    char have[32], most[32];

    if (c->device_memory_size && c->pa_bits < row->pa_bits) {
        vmspec_refuse(err, "-m maxmem needs a CPU with %u bits of physical "
                      "address, this one has %u", row->pa_bits, c->pa_bits);
        return vmspec_hint(err, "Leave out maxmem, or use another -cpu "
                           "(max).");
    }
    if (c->device_memory_size > row->size) {
        vmspec_refuse(err, "-m maxmem asks for %s of device memory, at most "
                      "%s fit", size_str(c->device_memory_size, have),
                      size_str(row->size, most));
        return vmspec_hint(err, "Use a maxmem of at most RAM + %s.", most);
    }
    if (c->device_memory_size % (1ULL << MIB_SHIFT)) {
        vmspec_refuse(err, "-m: maxmem - RAM must be a multiple of 1 MiB");
        return vmspec_hint(err, "Give maxmem in M or G.");
    }
    return true;
}

/*
 * Nothing has tags for memory that is plugged, and a kernel that uses tags
 * takes for granted that all of its memory has them.
 */
static bool check_tags(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->mte && !c->can_tag) {
        vmspec_refuse(err, "mte=on needs %s with memory tags (MTE)",
                      c->kvm ? "a KVM host" : "a CPU");
        return vmspec_hint(err, "Leave out mte=on%s.", c->kvm ? "" :
                           ", or use -cpu max, neoverse-n2 or cortex-a710");
    }
    if (c->mte && c->device_memory_size) {
        vmspec_refuse(err, "mte=on: memory that is plugged has no tags, and "
                      "-m maxmem makes room for it");
        return vmspec_hint(err, "Leave out maxmem, or mte=on.");
    }
    return true;
}

static bool check_node_mem(const VmspecConfig *c, VmspecPlanError *err)
{
    uint64_t sum = 0;

    if (c->num_nodes > VMSPEC_MAX_NODES) {
        vmspec_refuse(err, "-numa: %u nodes, at most %u fit", c->num_nodes,
                      VMSPEC_MAX_NODES);
        return vmspec_hint(err, "Use fewer -numa node options.");
    }
    for (unsigned i = 0; i < c->num_nodes; i++) {
        sum += c->node_mem[i];
    }
    if (c->num_nodes && sum != c->ram_size) {
        vmspec_refuse(err, "-numa: the memory of the nodes does not add up "
                      "to -m");
        return vmspec_hint(err, "Give the nodes memory that adds up to -m.");
    }
    return true;
}

static bool check_counts(const VmspecPlatform *platform,
                         const VmspecConfig *c, VmspecPlanError *err)
{
    unsigned transports = platform->rows[VMSPEC_VIRTIO_MMIO].count;

    if (c->max_cpus < 1 || c->max_cpus > VMSPEC_MAX_CPUS) {
        vmspec_refuse(err, "-smp %u is not within 1..%u", c->max_cpus,
                      VMSPEC_MAX_CPUS);
        return vmspec_hint(err, "Use -smp %u.", VMSPEC_MAX_CPUS);
    }
    if (c->virtio_mmio > transports) {
        vmspec_refuse(err, "virtio-mmio=%u is not within 0..%u",
                      c->virtio_mmio, transports);
        return vmspec_hint(err, "Use -machine virtio-mmio=%u, or PCI "
                           "devices.", transports);
    }
    if (c->hotplug_ports > VMSPEC_HOTPLUG_PORTS_MAX) {
        vmspec_refuse(err, "hotplug-ports=%u is not within 0..%u",
                      c->hotplug_ports, VMSPEC_HOTPLUG_PORTS_MAX);
        return vmspec_hint(err, "Use -machine hotplug-ports=%u, or add "
                           "-device vmspec-root-port.",
                           VMSPEC_HOTPLUG_PORTS_MAX);
    }
    return true;
}

static bool check_seat(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->usb_refused && (c->seat.keyboard || c->seat.pointer)) {
        vmspec_refuse(err, "graphics=on: keyboard and pointer need USB, which "
                      "usb=off forbids");
        return vmspec_hint(err, "Leave out usb=off, or use graphics=off and "
                           "-device virtio-gpu-pci -device "
                           "virtio-keyboard-pci -device virtio-tablet-pci.");
    }
    return true;
}

/* AArch32 has the FDT alone (platform.md, section 6). */
static bool check_description(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->acpi == VMSPEC_ACPI_ON && !c->aarch64) {
        vmspec_refuse(err, "acpi=on is not supported with AArch32 CPUs");
        return vmspec_hint(err, "Use -machine acpi=off, or -cpu max.");
    }
    if (!c->fdt && !vmspec_config_acpi(c)) {
        vmspec_refuse(err, "fdt=off: without ACPI too the machine has no "
                      "description");
        return vmspec_hint(err, "Use -machine fdt=on%s.",
                           c->aarch64 ? ", or acpi=on" : "");
    }
    return true;
}

/* An FDT has no word for memory errors. */
static bool check_ras(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->ras && !vmspec_config_acpi(c)) {
        vmspec_refuse(err, "ras=on needs ACPI, by which memory errors are "
                      "reported");
        return vmspec_hint(err, "Leave out ras=on, or use %s.",
                           c->aarch64 ? "acpi=on" : "-cpu max");
    }
    return true;
}

/* What this version of vmspec does not have yet */
static bool check_unsupported(const VmspecConfig *c, VmspecPlanError *err)
{
    if (c->uart2) {
        vmspec_refuse(err, "a third -serial: the machine has two UARTs");
        return vmspec_hint(err, "Use two -serial, and for more -device "
                           "virtio-serial-pci -device virtconsole. libvirt: "
                           "two <serial>, and <console> with <target "
                           "type='virtio'/>.");
    }
    if (c->virtualization && c->kvm) {
        vmspec_refuse(err, "virtualization=on is not supported with KVM");
        return vmspec_hint(err, "Use -accel tcg, or virtualization=off.");
    }
    return true;
}

bool vmspec_check_config(const VmspecPlatform *platform,
                         const VmspecConfig *config, VmspecPlanError *err)
{
    return check_unsupported(config, err) &&
           check_counts(platform, config, err) &&
           check_ram(platform, config, err) &&
           check_firmware_ram(config, err) &&
           check_device_memory(platform, config, err) &&
           check_slots(config, err) &&
           check_tags(config, err) &&
           check_node_mem(config, err) &&
           check_seat(config, err) &&
           check_ras(config, err) &&
           check_description(config, err);
}
