/*
 * vmspec host test: configurations that do not fit
 *
 * vmspec_plan() must refuse each of them, with a message that names the option
 * and a hint that names the way out (platform.md, sections 2.4 and 5).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "plan-config.h"

static const uint64_t two_gib[129] = { GIB(1), GIB(1) };
static const uint8_t no_cpu_node[512];

static void gicv2_9_cpus(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V2;
    set_cpus(c, 9);
}

static void gicv2_9_max_cpus(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V2;
    set_cpus(c, 9);
    c->cpus = 4;
}

static void aarch32_9_cpus(VmspecConfig *c)
{
    c->aarch64 = false;
    set_cpus(c, 9);
}

static void third_serial(VmspecConfig *c)
{
    c->uart1 = true;
    c->uart2 = true;
}

static void gicv4_without_el2(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V4;
}

static void gicv4_318_cpus(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V4;
    c->virtualization = true;
    set_cpus(c, 318);
}

static void cpus_124_pa_36(VmspecConfig *c)
{
    c->pa_bits = 36;
    set_cpus(c, 124);
}

static void gicv4_318_max_cpus(VmspecConfig *c)
{
    gicv4_318_cpus(c);
    c->cpus = 4;
}

static void cpus_124_max_pa_36(VmspecConfig *c)
{
    cpus_124_pa_36(c);
    c->cpus = 4;
}

static void no_cpu(VmspecConfig *c)
{
    set_cpus(c, 0);
}

static void cpus_513(VmspecConfig *c)
{
    set_cpus(c, 513);
}

static void gic_host_without_kvm(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_HOST;
}

static void gicv2_on_gicv3_host(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V2;
    c->kvm = true;
    c->kvm_gics = 1 << 3;
}

static void gicv3_on_gicv2_host(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_V3;
    c->kvm = true;
    c->kvm_gics = 1 << 2;
}

static void kvm_without_gic(VmspecConfig *c)
{
    c->kvm = true;
}

static void gic_max_kvm_without_gic(VmspecConfig *c)
{
    c->gic = VMSPEC_GIC_MAX;
    c->kvm = true;
}

static void el2_under_kvm(VmspecConfig *c)
{
    c->virtualization = true;
    c->kvm = true;
    c->kvm_gics = 1 << 3;
}

static void mte_without_tags(VmspecConfig *c)
{
    c->mte = true;
}

static void mte_under_kvm(VmspecConfig *c)
{
    c->mte = true;
    c->kvm = true;
    c->kvm_gics = 1 << 3;
}

static void mte_with_maxmem(VmspecConfig *c)
{
    c->mte = c->can_tag = true;
    c->device_memory_size = GIB(1);
}

static void ras_without_acpi(VmspecConfig *c)
{
    c->ras = true;
    c->acpi = VMSPEC_ACPI_OFF;
}

static void ras_aarch32(VmspecConfig *c)
{
    c->ras = true;
    c->aarch64 = false;
    c->acpi = VMSPEC_ACPI_AUTO;
}

static void graphics_without_usb(VmspecConfig *c)
{
    c->seat = (VmspecSeat) { .screen = true, .keyboard = true };
    c->usb_refused = true;
}

static void ram_4G_pa_32(VmspecConfig *c)
{
    c->pa_bits = 32;
    c->ram_size = GIB(4);
}

static void ram_3073M_pa_32(VmspecConfig *c)
{
    c->pa_bits = 32;
    c->ram_size = GIB(3) + MIB(1);
}

static void ram_127G_pa_36(VmspecConfig *c)
{
    c->pa_bits = 36;
    c->ram_size = GIB(127);
}

static void ram_128G_pa_40(VmspecConfig *c)
{
    c->pa_bits = 40;
    c->ram_size = GIB(128);
}

static void ram_127M_firmware(VmspecConfig *c)
{
    c->firmware_min_ram = MIB(128);
    c->ram_size = MIB(127);
}

static void maxmem_pa_36(VmspecConfig *c)
{
    c->pa_bits = 36;
    c->device_memory_size = GIB(1);
}

static void maxmem_130G(VmspecConfig *c)
{
    c->device_memory_size = GIB(129);
}

static void maxmem_fraction(VmspecConfig *c)
{
    c->device_memory_size = GIB(1) + 0x80000;
}

static void slots_without_acpi(VmspecConfig *c)
{
    c->device_memory_size = GIB(1);
    c->mem_slots = 4;
}

static void slots_aarch32(VmspecConfig *c)
{
    slots_without_acpi(c);
    c->aarch64 = false;
    c->pa_bits = 40;
}

static void slots_257(VmspecConfig *c)
{
    c->acpi = true;
    c->device_memory_size = GIB(1);
    c->mem_slots = 257;
}

static void hotplug_ports_33(VmspecConfig *c)
{
    c->hotplug_ports = 33;
}

static void virtio_mmio_33(VmspecConfig *c)
{
    c->virtio_mmio = 33;
}

static void numa_2G_of_3G(VmspecConfig *c)
{
    c->ram_size = GIB(3);
    c->num_nodes = 2;
    c->node_mem = two_gib;
    c->cpu_node = no_cpu_node;
}

static void numa_129_nodes(VmspecConfig *c)
{
    c->ram_size = GIB(2);
    c->num_nodes = 129;
    c->node_mem = two_gib;
    c->cpu_node = no_cpu_node;
}

#define REFUSED(fn, ...) { #fn, fn, __VA_ARGS__ }

/* Words that the message and the hint must have */
static const struct {
    const char *name;
    void (*spoil)(VmspecConfig *c);
    const char *msg[3];
    const char *hint[2];
} cases[] = {
    REFUSED(gicv2_9_cpus, { "gic-version=2", "-smp", "9" },
            { "gic-version=3", "-smp 8" }),
    REFUSED(gicv2_9_max_cpus, { "gic-version=2", "-smp", "9" },
            { "gic-version=3", "-smp 8" }),
    REFUSED(aarch32_9_cpus, { "gic-version=2", "-smp", "9" },
            { "gic-version=3", "-smp 8" }),
    REFUSED(gicv4_without_el2, { "gic-version=4", "virtualization=on" },
            { "gic-version=3", "virtualization=on" }),
    REFUSED(gicv4_318_cpus, { "gic-version=4", "317 CPUs", "318" },
            { "gic-version=3", "-smp 317" }),
    REFUSED(gicv4_318_max_cpus, { "gic-version=4", "-smp", "318" },
            { "gic-version=3", "-smp 317" }),
    REFUSED(cpus_124_pa_36, { "-smp 124", "39 bits", "36" },
            { "-smp 123", "-cpu" }),
    REFUSED(cpus_124_max_pa_36, { "-smp 124", "39 bits", "36" },
            { "-smp 123", "-cpu" }),
    REFUSED(no_cpu, { "-smp 0", "1..512" }, { "-smp" }),
    REFUSED(cpus_513, { "-smp 513", "1..512" }, { "-smp 512" }),
    REFUSED(gic_host_without_kvm, { "gic-version=host", "KVM" },
            { "gic-version=2", "max" }),
    REFUSED(gicv2_on_gicv3_host, { "gic-version=2", "KVM" },
            { "gic-version=host" }),
    REFUSED(gicv3_on_gicv2_host, { "gic-version=3", "KVM" },
            { "gic-version=host" }),
    REFUSED(kvm_without_gic, { "gic-version", "KVM" }, { "-accel tcg" }),
    REFUSED(gic_max_kvm_without_gic, { "gic-version", "KVM" },
            { "-accel tcg" }),
    REFUSED(third_serial, { "third -serial", "two UARTs" },
            { "virtconsole", "<serial>" }),
    REFUSED(el2_under_kvm, { "virtualization=on", "KVM" },
            { "-accel tcg", "virtualization=off" }),
    REFUSED(ras_without_acpi, { "ras=on", "ACPI" }, { "ras=on", "acpi=on" }),
    REFUSED(ras_aarch32, { "ras=on", "ACPI" }, { "ras=on", "-cpu max" }),
    REFUSED(mte_without_tags, { "mte=on", "CPU", "MTE" },
            { "-cpu max", "mte=on" }),
    REFUSED(mte_under_kvm, { "mte=on", "KVM", "MTE" }, { "mte=on" }),
    REFUSED(mte_with_maxmem, { "mte=on", "maxmem" }, { "maxmem", "mte=on" }),
    REFUSED(ram_4G_pa_32, { "-m 4G", "32 bits", "3G" },
            { "-m 3G", "-cpu" }),
    REFUSED(ram_3073M_pa_32, { "-m 3073M", "32 bits", "3G" },
            { "-m 3G", "-cpu" }),
    REFUSED(ram_127G_pa_36, { "-m 127G", "36 bits", "63G" },
            { "-m 63G", "-cpu" }),
    REFUSED(ram_128G_pa_40, { "-m 128G", "40 bits", "127G" },
            { "-m 127G", "-cpu" }),
    REFUSED(ram_127M_firmware, { "-m 127M", "firmware", "128M" },
            { "-m 128M", "-kernel" }),
    REFUSED(maxmem_pa_36, { "maxmem", "38 bits", "36" },
            { "maxmem", "-cpu" }),
    REFUSED(maxmem_130G, { "maxmem", "129G", "128G" }, { "maxmem", "128G" }),
    REFUSED(maxmem_fraction, { "maxmem", "1 MiB" }, { "maxmem" }),
    REFUSED(slots_without_acpi, { "slots=4", "ACPI" },
            { "acpi=on", "virtio-mem" }),
    REFUSED(slots_aarch32, { "slots=4", "ACPI" }, { "slots", "-cpu" }),
    REFUSED(slots_257, { "slots=257", "0..256" }, { "slots=256" }),
    REFUSED(hotplug_ports_33, { "hotplug-ports=33", "0..32" },
            { "hotplug-ports=32" }),
    REFUSED(graphics_without_usb, { "graphics=on", "usb=off" },
            { "graphics=off", "virtio-keyboard-pci" }),
    REFUSED(virtio_mmio_33, { "virtio-mmio=33", "0..32" },
            { "virtio-mmio=32" }),
    REFUSED(numa_2G_of_3G, { "-numa", "-m" }, { "-m" }),
    REFUSED(numa_129_nodes, { "-numa", "129", "128" }, { "-numa" }),
};

static void assert_has(const char *text, const char *const *words, int n)
{
    for (int i = 0; i < n && words[i]; i++) {
        if (!strstr(text, words[i])) {
            g_error("no '%s' in: %s", words[i], text);
        }
    }
}

static void test_config_refused(const void *opaque)
{
    unsigned i = GPOINTER_TO_UINT(opaque);
    VmspecConfig c = plan_config();
    VmspecPlanError err;
    g_autofree VmspecPlan *plan = g_new(VmspecPlan, 1);

    memset(&err, 'x', sizeof(err));
    cases[i].spoil(&c);
    g_assert_false(vmspec_plan(&vmspec_platform_1_0, &c, plan, &err));
    g_assert_cmpuint(strnlen(err.msg, sizeof(err.msg)), <, sizeof(err.msg));
    g_assert_cmpuint(strnlen(err.hint, sizeof(err.hint)), <,
                     sizeof(err.hint));
    g_test_message("%s / %s", err.msg, err.hint);
    assert_has(err.msg, cases[i].msg, G_N_ELEMENTS(cases[i].msg));
    assert_has(err.hint, cases[i].hint, G_N_ELEMENTS(cases[i].hint));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/plan/refused/%s",
                                                cases[i].name);

        g_test_add_data_func(g_strdelimit(path, "_", '-'),
                             GUINT_TO_POINTER(i), test_config_refused);
    }
    return g_test_run();
}
