/*
 * vmspec: the interrupt controller
 *
 * Makes GICv2 with its MSI frame or GICv3/4 with its ITS, and the wires
 * between CPUs and GIC. With KVM the GIC is the kernel's; the test guest-kvm
 * runs that path on an emulated host, and nobody has run it on a real one.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qobject/qlist.h"
#include "hw/intc/arm_gic.h"
#include "hw/intc/arm_gicv3_common.h"
#include "hw/intc/arm_gicv3_its_common.h"
#include "hw/qdev-properties.h"
#include "system/kvm.h"
#include "system/tcg.h"
#include "target/arm/cpu.h"
#include "target/arm/cpu-features.h"
#include "target/arm/gtimer.h"
#include "target/arm/kvm_arm.h"
#include "gic.h"
#include "place.h"

/* Outputs of the GIC toward each CPU, in the order of its sysbus lines */
static const int cpu_inputs_v2[] = {
    ARM_CPU_IRQ, ARM_CPU_FIQ, ARM_CPU_VIRQ, ARM_CPU_VFIQ,
};
static const int cpu_inputs_v3[] = {
    ARM_CPU_IRQ, ARM_CPU_FIQ, ARM_CPU_VIRQ, ARM_CPU_VFIQ,
    ARM_CPU_NMI, ARM_CPU_VINMI,
};

unsigned vmspec_kvm_gics(void)
{
    unsigned gics = 0;

    if (kvm_enabled() && kvm_irqchip_in_kernel()) {
        int probe = kvm_arm_vgic_probe();

        gics |= probe & KVM_ARM_VGIC_V2 ? 1u << 2 : 0;
        gics |= probe & KVM_ARM_VGIC_V3 ? 1u << 3 : 0;
    } else if (kvm_enabled()) {
        gics = 1u << 2;
    }
    return gics;
}

bool vmspec_kvm_its(void)
{
    return kvm_enabled() && its_class_name();
}

/* The GIC's input for private interrupt @id of CPU @n */
static qemu_irq ppi_in(VmspecMachineState *vms, unsigned n, VmspecPpiId id)
{
    const VmspecPlatform *platform = vms->plan->platform;

    return qdev_get_gpio_in(vms->gic, platform->num_spis + n * GIC_INTERNAL +
                            platform->ppis[id].intid);
}

static void connect_timers(VmspecMachineState *vms, unsigned n)
{
    static const struct { int output; VmspecPpiId ppi; } timers[] = {
        { GTIMER_PHYS, VMSPEC_PPI_ID_EL1_PHYS },
        { GTIMER_VIRT, VMSPEC_PPI_ID_EL1_VIRT },
        { GTIMER_HYP, VMSPEC_PPI_ID_EL2_PHYS },
        { GTIMER_HYPVIRT, VMSPEC_PPI_ID_EL2_VIRT },
    };
    DeviceState *cpu = DEVICE(qemu_get_cpu(n));

    for (int i = 0; i < ARRAY_SIZE(timers); i++) {
        qdev_connect_gpio_out(cpu, timers[i].output,
                              ppi_in(vms, n, timers[i].ppi));
    }
}

static void connect_cpu(VmspecMachineState *vms, unsigned n)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(vms->gic);
    DeviceState *cpu = DEVICE(qemu_get_cpu(n));
    unsigned num_cpus = vms->plan->num_cpus;
    bool v2 = vms->plan->gic.version == VMSPEC_GIC_V2;
    const int *inputs = v2 ? cpu_inputs_v2 : cpu_inputs_v3;
    unsigned num_inputs = v2 ? ARRAY_SIZE(cpu_inputs_v2) :
                               ARRAY_SIZE(cpu_inputs_v3);
    qemu_irq maintenance = ppi_in(vms, n, VMSPEC_PPI_ID_GIC_MAINTENANCE);

    connect_timers(vms, n);
    qdev_connect_gpio_out_named(cpu, "pmu-interrupt", 0,
                                ppi_in(vms, n, VMSPEC_PPI_ID_PMU));
    if (!v2) {
        qdev_connect_gpio_out_named(cpu, "gicv3-maintenance-interrupt", 0,
                                    maintenance);
    } else if (vms->plan->el2) {
        sysbus_connect_irq(sbd, n + num_inputs * num_cpus, maintenance);
    }
    for (unsigned i = 0; i < num_inputs; i++) {
        sysbus_connect_irq(sbd, n + i * num_cpus,
                           qdev_get_gpio_in(cpu, inputs[i]));
    }
}

static void init_kvm_pmu(VmspecMachineState *vms, ARMCPU *cpu)
{
    if (!kvm_enabled() || !arm_feature(&cpu->env, ARM_FEATURE_PMU)) {
        return;
    }
    if (kvm_irqchip_in_kernel()) {
        kvm_arm_pmu_set_irq(
            cpu, vms->plan->platform->ppis[VMSPEC_PPI_ID_PMU].intid);
    }
    kvm_arm_pmu_init(cpu);
}

static void make_v2m(VmspecMachineState *vms)
{
    const VmspecIrqs *irqs = &vmspec_row(vms->plan, VMSPEC_GIC_V2M)->irqs;
    DeviceState *dev = qdev_new("arm-gicv2m");

    qdev_prop_set_uint32(dev, "base-spi", irqs->spi);
    qdev_prop_set_uint32(dev, "num-spi", irqs->count);
    vmspec_place_device(vms, VMSPEC_GIC_V2M, dev);
}

static void make_its(VmspecMachineState *vms)
{
    DeviceState *dev = qdev_new(its_class_name());

    object_property_set_link(OBJECT(dev), "parent-gicv3", OBJECT(vms->gic),
                             &error_abort);
    vmspec_place_device(vms, VMSPEC_GIC_ITS, dev);
}

static void set_gicv3_properties(VmspecMachineState *vms)
{
    const VmspecGicPlan *gic = &vms->plan->gic;
    QList *counts = qlist_new();

    for (unsigned i = 0; i < gic->num_redists; i++) {
        qlist_append_int(counts, gic->redist_cpus[i]);
    }
    qdev_prop_set_array(vms->gic, "redist-region-count", counts);
    if (!kvm_irqchip_in_kernel()) {
        object_property_set_link(OBJECT(vms->gic), "sysmem",
                                 OBJECT(get_system_memory()), &error_abort);
        /* only an ITS makes LPIs */
        qdev_prop_set_bit(vms->gic, "has-lpi", gic->its);
    }
    if (tcg_enabled() &&
        cpu_isar_feature(aa64_nmi, ARM_CPU(qemu_get_cpu(0)))) {
        qdev_prop_set_bit(vms->gic, "has-nmi", true);
    }
}

static void map_gic(VmspecMachineState *vms)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(vms->gic);
    const VmspecGicPlan *gic = &vms->plan->gic;

    vmspec_map_sysbus(vms, VMSPEC_GIC_DIST, sbd, 0, 0);
    if (gic->version == 2) {
        vmspec_map_sysbus(vms, VMSPEC_GIC_CPU, sbd, 1, 0);
        if (vms->plan->el2) {
            vmspec_map_sysbus(vms, VMSPEC_GIC_HYP, sbd, 2, 0);
            vmspec_map_sysbus(vms, VMSPEC_GIC_VCPU, sbd, 3, 0);
        }
        return;
    }
    vmspec_map_sysbus(vms, VMSPEC_GIC_REDIST, sbd, 1, 0);
    if (gic->num_redists > 1) {
        vmspec_map_sysbus(vms, VMSPEC_GIC_REDIST_HIGH, sbd, 2, 0);
    }
}

static void set_gicv2_properties(VmspecMachineState *vms)
{
    if (!kvm_irqchip_in_kernel()) {
        qdev_prop_set_bit(vms->gic, "has-virtualization-extensions",
                          vms->plan->el2);
    }
}

void vmspec_make_gic(VmspecMachineState *vms)
{
    const VmspecPlan *plan = vms->plan;
    bool v2 = plan->gic.version == VMSPEC_GIC_V2;

    vms->gic = qdev_new(v2 ? gic_class_name() : gicv3_class_name());
    qdev_prop_set_uint32(vms->gic, "revision", plan->gic.version);
    qdev_prop_set_uint32(vms->gic, "num-cpu", plan->num_cpus);
    qdev_prop_set_uint32(vms->gic, "num-irq",
                         GIC_INTERNAL + plan->platform->num_spis);
    if (v2) {
        set_gicv2_properties(vms);
    } else {
        set_gicv3_properties(vms);
    }
    vmspec_adopt(vms, VMSPEC_GIC_DIST, vms->gic);
    sysbus_realize(SYS_BUS_DEVICE(vms->gic), &error_fatal);
    map_gic(vms);
    for (unsigned n = 0; n < plan->num_cpus; n++) {
        connect_cpu(vms, n);
        init_kvm_pmu(vms, ARM_CPU(qemu_get_cpu(n)));
    }
    if (vmspec_has(plan, VMSPEC_GIC_V2M)) {
        make_v2m(vms);
    }
    if (vmspec_has(plan, VMSPEC_GIC_ITS)) {
        make_its(vms);
    }
}
