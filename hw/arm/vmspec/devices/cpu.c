/*
 * vmspec: CPUs
 *
 * Which -cpu types the machine takes, what it asks of a CPU, how it makes the
 * CPUs of the plan, and how -smp and -numa map to topology.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "system/kvm.h"
#include "system/numa.h"
#include "target/arm/cpu.h"
#include "target/arm/cpu-features.h"
#include "target/arm/cpu-qom.h"
#include "target/arm/internals.h"
#include "target/arm/kvm_arm.h"
#include "target/arm/multiprocessing.h"
#include "hw/arm/vmspec-map.h"
#include "cache.h"
#include "cpu.h"

/* Cores that can run an OS here: a generic timer, and LPAE if 32-bit only */
const char *const vmspec_valid_cpu_types[] = {
    ARM_CPU_TYPE_NAME("max"),
#if defined(CONFIG_KVM) || defined(CONFIG_HVF)
    ARM_CPU_TYPE_NAME("host"),
#endif
    ARM_CPU_TYPE_NAME("cortex-a7"),
    ARM_CPU_TYPE_NAME("cortex-a15"),
    ARM_CPU_TYPE_NAME("cortex-a35"),
    ARM_CPU_TYPE_NAME("cortex-a53"),
    ARM_CPU_TYPE_NAME("cortex-a55"),
    ARM_CPU_TYPE_NAME("cortex-a57"),
    ARM_CPU_TYPE_NAME("cortex-a72"),
    ARM_CPU_TYPE_NAME("cortex-a76"),
    ARM_CPU_TYPE_NAME("cortex-a710"),
    ARM_CPU_TYPE_NAME("neoverse-n1"),
    ARM_CPU_TYPE_NAME("neoverse-n2"),
    ARM_CPU_TYPE_NAME("neoverse-v1"),
    NULL
};

/* AArch32 has it always in Armv7, and in Armv8 the CPUs that QEMU models. */
static bool has_big_endian(ARMCPU *cpu)
{
    return !arm_feature(&cpu->env, ARM_FEATURE_AARCH64) ||
           FIELD_EX64(VMSPEC_AA64MMFR0(cpu), ID_AA64MMFR0, BIGEND);
}

/* QEMU decides by the same when it realizes the CPU. */
static bool has_steal_time(Object *obj, bool aarch64)
{
#ifdef CONFIG_KVM
    return kvm_enabled() && aarch64 &&
           object_property_get_bool(obj, "kvm-steal-time", NULL) &&
           kvm_check_extension(kvm_state, KVM_CAP_STEAL_TIME);
#else
    return false;
#endif
}

void vmspec_probe_cpu(MachineState *ms, VmspecConfig *config)
{
    Object *obj = object_new(ms->cpu_type);
    ARMCPU *cpu = ARM_CPU(obj);

    config->aarch64 = object_property_get_bool(obj, "aarch64", NULL);
    config->pa_bits = arm_pamax(cpu);
    config->vhe = config->aarch64 && cpu_isar_feature(aa64_vh, cpu);
    config->big_endian = has_big_endian(cpu);
    config->pmu = arm_feature(&cpu->env, ARM_FEATURE_V8) &&
                  object_property_get_bool(obj, "pmu", NULL);
    config->steal_time = has_steal_time(obj, config->aarch64);
    /* Of QEMU's own CPUs those with MTE have the property. */
    config->can_tag = kvm_enabled() ? kvm_arm_mte_supported() :
                      object_property_find(obj, "tag-memory") != NULL;
    config->cpu_compatible = cpu->dtb_compatible;
    vmspec_probe_caches(cpu, config->cache);
    object_unref(obj);
}

static void set_bool_if_found(Object *obj, const char *name, bool value)
{
    if (object_property_find(obj, name)) {
        object_property_set_bool(obj, name, value, &error_abort);
    }
}

/* platform.md, section 5: no EL3, EL2 only when asked for. */
static void make_cpu(VmspecMachineState *vms, unsigned n)
{
    CPUArchId *slot = &MACHINE(vms)->possible_cpus->cpus[n];
    Object *obj = object_new(slot->type);

    slot->arch_id = vms->plan->cpu[n].mpidr;
    object_property_set_int(obj, "mp-affinity", slot->arch_id, &error_abort);
    CPU(obj)->cpu_index = n;
    numa_cpu_pre_plug(slot, DEVICE(obj), &error_fatal);
    set_bool_if_found(obj, "has_el3", false);
    if (!vms->plan->el2) {
        set_bool_if_found(obj, "has_el2", false);
    }
    if (object_property_find(obj, "reset-cbar")) {
        object_property_set_int(obj, "reset-cbar",
                                vms->plan->region[VMSPEC_GIC_DIST].base,
                                &error_abort);
    }
    object_property_set_link(obj, "memory", OBJECT(get_system_memory()),
                             &error_abort);
    if (vms->tags) {
        object_property_set_link(obj, "tag-memory", OBJECT(vms->tags),
                                 &error_abort);
    } else if (vms->plan->mte) {
        /* QEMU refuses to migrate such a machine. */
        kvm_arm_enable_mte(obj, &error_fatal);
    }
    qdev_realize(DEVICE(obj), NULL, &error_fatal);
    object_unref(obj);
}

static void make_steal_time(VmspecMachineState *vms)
{
    VmspecRange range = vms->plan->region[VMSPEC_STEAL_TIME];
    MemoryRegion *mr = g_new0(MemoryRegion, 1);

    /* without an owner, as RAM that a stream carries by its name */
    memory_region_init_ram(mr, NULL,
                           vmspec_row(vms->plan, VMSPEC_STEAL_TIME)->name,
                           range.size, &error_fatal);
    memory_region_add_subregion(get_system_memory(), range.base, mr);
}

void vmspec_connect_steal_time(VmspecMachineState *vms)
{
    VmspecRange range = vms->plan->region[VMSPEC_STEAL_TIME];

    for (unsigned n = 0; range.size && n < vms->plan->num_cpus; n++) {
        kvm_arm_pvtime_init(ARM_CPU(qemu_get_cpu(n)),
                            range.base + n * VMSPEC_STEAL_TIME_CPU_SIZE);
    }
}

void vmspec_make_cpus(VmspecMachineState *vms)
{
    vmspec_possible_cpus(MACHINE(vms));
    for (unsigned n = 0; n < vms->plan->num_cpus; n++) {
        make_cpu(vms, n);
    }
    if (vmspec_has(vms->plan, VMSPEC_STEAL_TIME)) {
        make_steal_time(vms);
    }
}

static CpuInstanceProperties cpu_props(const CpuTopology *smp, unsigned n)
{
    const VmspecTopology topology = {
        .sockets = smp->sockets,
        .clusters = smp->clusters,
        .cores = smp->cores,
        .threads = smp->threads,
    };
    VmspecCpuPlace place = vmspec_cpu_place(&topology, n);

    return (CpuInstanceProperties) {
        .has_socket_id = true,
        .socket_id = place.socket,
        .has_cluster_id = true,
        .cluster_id = place.cluster,
        .has_core_id = true,
        .core_id = place.core,
        .has_thread_id = true,
        .thread_id = place.thread,
    };
}

const CPUArchIdList *vmspec_possible_cpus(MachineState *ms)
{
    if (ms->possible_cpus) {
        return ms->possible_cpus;
    }
    ms->possible_cpus = g_malloc0(sizeof(CPUArchIdList) +
                                  sizeof(CPUArchId) * ms->smp.max_cpus);
    ms->possible_cpus->len = ms->smp.max_cpus;
    for (int n = 0; n < ms->possible_cpus->len; n++) {
        CPUArchId *slot = &ms->possible_cpus->cpus[n];

        slot->type = ms->cpu_type;
        /* make_cpu() writes the MPIDR, which depends on the planned GIC. */
        slot->arch_id = n;
        slot->vcpus_count = 1;
        slot->props = cpu_props(&ms->smp, n);
    }
    return ms->possible_cpus;
}

CpuInstanceProperties vmspec_cpu_props(MachineState *ms, unsigned index)
{
    const CPUArchIdList *list = vmspec_possible_cpus(ms);

    assert(index < list->len);
    return list->cpus[index].props;
}

int64_t vmspec_default_cpu_node(const MachineState *ms, int index)
{
    int64_t socket = ms->possible_cpus->cpus[index].props.socket_id;

    return socket % ms->numa_state->num_nodes;
}
