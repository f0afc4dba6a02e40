/*
 * vmspec: what the user asked for, as the configuration of a plan
 *
 * The only reader of -machine, -cpu, -smp, -m and -numa, but for the properties
 * of flash and of the variable store, which devices/flash.c and nvram/ read.
 * The rest of the board reads the plan.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/mem/nvdimm.h"
#include "system/kvm.h"
#include "system/numa.h"
#include "system/system.h"
#include "target/arm/cpu-qom.h"
#include "target/arm/kvm_arm.h"
#include "hw/arm/vmspec-map.h"
#include "config.h"
#include "devices/cache.h"
#include "devices/cpu.h"
#include "devices/flash.h"
#include "devices/gic.h"
#include "seat.h"

static void read_numa(VmspecMachineState *vms, VmspecConfig *c)
{
    MachineState *ms = MACHINE(vms);
    NumaState *numa = ms->numa_state;
    const CPUArchIdList *cpus = vmspec_possible_cpus(ms);
    unsigned n = numa ? numa->num_nodes : 0;

    c->num_nodes = n;
    if (!n) {
        return;
    }
    vms->node_mem = g_new0(uint64_t, n);
    vms->cpu_node = g_new0(uint8_t, cpus->len);
    for (unsigned i = 0; i < n; i++) {
        vms->node_mem[i] = numa->nodes[i].node_mem;
    }
    for (int i = 0; i < cpus->len; i++) {
        vms->cpu_node[i] = cpus->cpus[i].props.node_id;
    }
    if (numa->have_numa_distance) {
        vms->distance = g_new0(uint8_t, n * n);
        for (unsigned i = 0; i < n * n; i++) {
            vms->distance[i] = numa->nodes[i / n].distance[i % n];
        }
    }
    c->node_mem = vms->node_mem;
    c->cpu_node = vms->cpu_node;
    c->distance = vms->distance;
}

static void read_cpus(VmspecMachineState *vms, VmspecConfig *c)
{
    const CpuTopology *smp = &MACHINE(vms)->smp;

    c->cpus = smp->cpus;
    c->max_cpus = smp->max_cpus;
    c->topology = (VmspecTopology) {
        .sockets = smp->sockets,
        .clusters = smp->clusters,
        .cores = smp->cores,
        .threads = smp->threads,
    };
    vmspec_probe_cpu(MACHINE(vms), c);
    if (vms->ipa_bits) {
        c->pa_bits = MIN(c->pa_bits, vms->ipa_bits);
    }
}

static void read_memory(VmspecMachineState *vms, VmspecConfig *c)
{
    MachineState *ms = MACHINE(vms);

    c->ram_size = ms->ram_size;
    c->device_memory_size = ms->maxram_size - ms->ram_size;
    c->mem_slots = MIN(ms->ram_slots, UINT_MAX);
    c->nvdimm = ms->nvdimms_state->is_enabled;
}

static VmspecAcpiChoice acpi_choice(OnOffAuto acpi)
{
    switch (acpi) {
    case ON_OFF_AUTO_ON:
        return VMSPEC_ACPI_ON;
    case ON_OFF_AUTO_OFF:
        return VMSPEC_ACPI_OFF;
    default:
        return VMSPEC_ACPI_AUTO;
    }
}

unsigned vmspec_hotplug_ports(const VmspecMachineState *vms)
{
    if (vms->hotplug_ports_given) {
        return vms->hotplug_ports;
    }
    return defaults_enabled() ? VMSPEC_HOTPLUG_PORTS_DEFAULT : 0;
}

static void read_properties(VmspecMachineState *vms, VmspecConfig *c)
{
    c->gic = vms->gic_version;
    c->kvm = kvm_enabled();
    c->kvm_gics = vmspec_kvm_gics();
    c->kvm_its = vmspec_kvm_its();
    c->its = vms->its;
    c->virtualization = vms->virtualization;
    c->mte = vms->mte;
    c->smmu = vms->smmu;
    c->ras = vms->ras;
    c->secure_boot = vms->secure_boot;
    c->acpi = acpi_choice(vms->acpi);
    c->fdt = vms->fdt;
    c->seeds = vms->dtb_randomness;
    c->uart1 = serial_hd(1);
    c->uart2 = serial_hd(2);
    c->virtio_mmio = vms->virtio_mmio;
    c->hotplug_ports = vmspec_hotplug_ports(vms);
}

bool vmspec_read_config(VmspecMachineState *vms, Error **errp)
{
    VmspecConfig *c = &vms->config;

    read_properties(vms, c);
    read_cpus(vms, c);
    read_memory(vms, c);
    read_numa(vms, c);
    if (!vmspec_place_caches(MACHINE(vms), c->cache, errp) ||
        !vmspec_choose_seat(MACHINE(vms), vms->graphics, c, errp) ||
        !vmspec_choose_flash(vms, c->flash_size, errp)) {
        return false;
    }
    c->firmware = vms->firmware;
    c->firmware_min_ram = vms->bundled ? VMSPEC_FIRMWARE_MIN_RAM : 0;
    return true;
}

int vmspec_kvm_type(MachineState *ms, const char *type)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(ms);
    bool fixed;
    int max = kvm_arm_get_max_vm_ipa_size(ms, &fixed);
    int want = vmspec_pa_bits(VMSPEC_MACHINE_GET_CLASS(ms)->platform,
                              ms->ram_size);

    vms->ipa_bits = max;
    /* Called before the default is looked up: KVM runs the host's CPU alone. */
    MACHINE_GET_CLASS(ms)->default_cpu_type = ARM_CPU_TYPE_NAME("max");
    return fixed ? 0 : MIN(want, max);
}
