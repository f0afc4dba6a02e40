/*
 * vmspec: the interrupt controller
 *
 * Owns GICv2 with its MSI frame, GICv3/4 with its ITS, and the wires between
 * CPUs and GIC. With KVM the GIC is the kernel's; that path is compiled and
 * reviewed, not run (see the manual).
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
#include "target/arm/cpu-features.h"
#include "target/arm/gtimer.h"
#include "target/arm/kvm_arm.h"
#include "hw/arm/vmspec-machine.h"

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

qemu_irq vmspec_spi(VmspecMachineState *vms, unsigned spi)
{
    return qdev_get_gpio_in(vms->gic, spi);
}

/* The GIC's input for private interrupt @intid of CPU @n. */
static qemu_irq ppi_in(VmspecMachineState *vms, unsigned n, unsigned intid)
{
    return qdev_get_gpio_in(vms->gic, VMSPEC_NUM_SPIS +
                            n * VMSPEC_SPI_INTID_BASE + intid);
}

static void connect_cpu(VmspecMachineState *vms, unsigned n)
{
    static const unsigned timer_intid[NUM_GTIMERS] = {
        [GTIMER_PHYS] = VMSPEC_PPI_EL1_PHYS_TIMER,
        [GTIMER_VIRT] = VMSPEC_PPI_EL1_VIRT_TIMER,
        [GTIMER_HYP] = VMSPEC_PPI_EL2_PHYS_TIMER,
        [GTIMER_HYPVIRT] = VMSPEC_PPI_EL2_VIRT_TIMER,
    };
    SysBusDevice *sbd = SYS_BUS_DEVICE(vms->gic);
    DeviceState *cpu = DEVICE(qemu_get_cpu(n));
    unsigned num_cpus = MACHINE(vms)->smp.cpus;
    bool v2 = vms->plan.gic.version == 2;
    const int *inputs = v2 ? cpu_inputs_v2 : cpu_inputs_v3;
    unsigned num_inputs = v2 ? ARRAY_SIZE(cpu_inputs_v2) :
                               ARRAY_SIZE(cpu_inputs_v3);
    qemu_irq maintenance = ppi_in(vms, n, VMSPEC_PPI_GIC_MAINTENANCE);

    for (unsigned i = 0; i < NUM_GTIMERS; i++) {
        if (timer_intid[i]) {
            qdev_connect_gpio_out(cpu, i, ppi_in(vms, n, timer_intid[i]));
        }
    }
    qdev_connect_gpio_out_named(cpu, "pmu-interrupt", 0,
                                ppi_in(vms, n, VMSPEC_PPI_PMU));
    if (!v2) {
        qdev_connect_gpio_out_named(cpu, "gicv3-maintenance-interrupt", 0,
                                    maintenance);
    } else if (vms->virtualization) {
        sysbus_connect_irq(sbd, n + num_inputs * num_cpus, maintenance);
    }
    for (unsigned i = 0; i < num_inputs; i++) {
        sysbus_connect_irq(sbd, n + i * num_cpus,
                           qdev_get_gpio_in(cpu, inputs[i]));
    }
}

static void init_kvm_pmu(ARMCPU *cpu)
{
    if (!kvm_enabled() || !arm_feature(&cpu->env, ARM_FEATURE_PMU)) {
        return;
    }
    if (kvm_irqchip_in_kernel()) {
        kvm_arm_pmu_set_irq(cpu, VMSPEC_PPI_PMU);
    }
    kvm_arm_pmu_init(cpu);
}

static void make_v2m(VmspecMachineState *vms)
{
    const VmspecIrqs *irqs = &vms->plan.platform->rows[VMSPEC_GIC_V2M].irqs;
    DeviceState *dev = qdev_new("arm-gicv2m");
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    qdev_prop_set_uint32(dev, "base-spi", irqs->spi);
    qdev_prop_set_uint32(dev, "num-spi", irqs->count);
    vmspec_adopt(vms, VMSPEC_GIC_V2M, dev);
    sysbus_realize(sbd, &error_fatal);
    vmspec_map_sysbus(vms, VMSPEC_GIC_V2M, sbd, 0, 0);
    for (unsigned i = 0; i < irqs->count; i++) {
        sysbus_connect_irq(sbd, i, vmspec_spi(vms, irqs->spi + i));
    }
}

static void make_its(VmspecMachineState *vms)
{
    const char *type = its_class_name();
    DeviceState *dev;

    if (!type) {
        /* A KVM host without an ITS: no MSIs, as on virt */
        vms->plan.region[VMSPEC_GIC_ITS].size = 0;
        return;
    }
    dev = qdev_new(type);
    object_property_set_link(OBJECT(dev), "parent-gicv3", OBJECT(vms->gic),
                             &error_abort);
    vmspec_adopt(vms, VMSPEC_GIC_ITS, dev);
    sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
    vmspec_map_sysbus(vms, VMSPEC_GIC_ITS, SYS_BUS_DEVICE(dev), 0, 0);
}

static void set_gicv3_properties(VmspecMachineState *vms)
{
    const VmspecGicPlan *gic = &vms->plan.gic;
    QList *counts = qlist_new();

    for (unsigned i = 0; i < gic->num_redists; i++) {
        qlist_append_int(counts, gic->redist_cpus[i]);
    }
    qdev_prop_set_array(vms->gic, "redist-region-count", counts);
    if (!kvm_irqchip_in_kernel()) {
        object_property_set_link(OBJECT(vms->gic), "sysmem",
                                 OBJECT(get_system_memory()), &error_abort);
        qdev_prop_set_bit(vms->gic, "has-lpi", true);
    }
    if (tcg_enabled() &&
        cpu_isar_feature(aa64_nmi, ARM_CPU(qemu_get_cpu(0)))) {
        qdev_prop_set_bit(vms->gic, "has-nmi", true);
    }
}

static void map_gic(VmspecMachineState *vms)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(vms->gic);
    const VmspecGicPlan *gic = &vms->plan.gic;

    vmspec_map_sysbus(vms, VMSPEC_GIC_DIST, sbd, 0, 0);
    if (gic->version == 2) {
        vmspec_map_sysbus(vms, VMSPEC_GIC_CPU, sbd, 1, 0);
        if (vms->virtualization) {
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

void vmspec_make_gic(VmspecMachineState *vms)
{
    unsigned num_cpus = MACHINE(vms)->smp.cpus;
    const VmspecGicPlan *gic = &vms->plan.gic;
    bool v2 = gic->version == 2;

    vms->gic = qdev_new(v2 ? gic_class_name() : gicv3_class_name());
    qdev_prop_set_uint32(vms->gic, "revision", gic->version);
    qdev_prop_set_uint32(vms->gic, "num-cpu", num_cpus);
    qdev_prop_set_uint32(vms->gic, "num-irq",
                         VMSPEC_SPI_INTID_BASE + VMSPEC_NUM_SPIS);
    if (!v2) {
        set_gicv3_properties(vms);
    } else if (!kvm_irqchip_in_kernel()) {
        qdev_prop_set_bit(vms->gic, "has-virtualization-extensions",
                          vms->virtualization);
    }
    vmspec_adopt(vms, VMSPEC_GIC_DIST, vms->gic);
    sysbus_realize(SYS_BUS_DEVICE(vms->gic), &error_fatal);
    map_gic(vms);
    for (unsigned n = 0; n < num_cpus; n++) {
        connect_cpu(vms, n);
        init_kvm_pmu(ARM_CPU(qemu_get_cpu(n)));
    }
    if (v2) {
        make_v2m(vms);
    } else {
        make_its(vms);
    }
}
