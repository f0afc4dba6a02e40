/*
 * vmspec tests: configurations and the regions they have
 *
 * See shape.h. Sizes are the contract's, but for regions that options size.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "shape.h"

#define RAM_DEFAULT (1 * GiB)
#define RAM(size) \
    "-m " size " -object memory-backend-ram,id=ram,reserve=off,size=" size

const VmspecShape vmspec_shapes[] = {
    { "default", "", "", "gicv3 mmio64", 8 },
    { "acpi", ",acpi=on", "", "gicv3 mmio64 acpi acpi-pci-hotplug", 8 },
    { "gicv2", ",gic-version=2", "", "gicv2 mmio64", 8 },
    { "gicv2-el2", ",gic-version=2,virtualization=on", "",
      "gicv2 gicv2-el2 mmio64", 8 },
    { "gicv3-el2", ",virtualization=on", "", "gicv3 mmio64", 8 },
    { "gicv4", ",gic-version=4,virtualization=on", "", "gicv3 mmio64", 8 },
    { "gic-max", ",gic-version=max", "", "gicv3 mmio64", 8 },
    { "smmu", ",iommu=smmuv3", "", "gicv3 smmuv3 mmio64", 8 },
    { "second-serial", "", "-serial null -serial null",
      "gicv3 serial1 mmio64", 8 },
    { "one-serial", "", "-serial null", "gicv3 mmio64", 8 },
    { "no-virtio-mmio", ",virtio-mmio=0", "", "gicv3 mmio64", 0 },
    { "one-virtio-mmio", ",virtio-mmio=1", "", "gicv3 mmio64", 1 },
    { "all-virtio-mmio", ",virtio-mmio=32", "", "gicv3 mmio64", 32 },
    { "cortex-a15", "", "-cpu cortex-a15", "gicv2", 8 },
    { "cortex-a7-gicv3", ",gic-version=3", "-cpu cortex-a7", "gicv3", 8 },
    { "cortex-a53", "", "-cpu cortex-a53", "gicv3 mmio64", 8 },
    { "cpus-123", "", "-smp 123", "gicv3 mmio64", 8 },
    { "cpus-124", "", "-smp 124", "gicv3 redist-high mmio64", 8 },
    { "cpus-61-gicv4", ",gic-version=4,virtualization=on", "-smp 61",
      "gicv3 mmio64", 8 },
    { "cpus-62-gicv4", ",gic-version=4,virtualization=on", "-smp 62",
      "gicv3 redist-high mmio64", 8 },
    { "ram-64M", "", "-m 64M", "gicv3 mmio64", 8, 64 * MiB },
    { "ram-4G", ",memory-backend=ram", RAM("4G"), "gicv3 mmio64", 8,
      4 * GiB },
    { "ram-127G", ",memory-backend=ram", RAM("127G"), "gicv3 mmio64", 8,
      127 * GiB },
    { "ram-128G", ",memory-backend=ram", RAM("128G"),
      "gicv3 mmio64 ram-high", 8, 128 * GiB },
    { "ram-300G", ",memory-backend=ram", RAM("300G"),
      "gicv3 mmio64 ram-high", 8, 300 * GiB },
    { "maxmem-8G", "", "-m 1G,maxmem=8G", "gicv3 mmio64 maxmem", 8, 1 * GiB,
      7 * GiB },
    { "maxmem-8G-aarch32", "", "-m 1G,maxmem=8G -cpu cortex-a15",
      "gicv2 maxmem", 8, 1 * GiB, 7 * GiB },
    { "maxmem-129G", "", "-m 1G,maxmem=129G", "gicv3 mmio64 maxmem", 8,
      1 * GiB, 128 * GiB },
    { "slots", ",acpi=on,nvdimm=on", "-m 64M,slots=4,maxmem=1G",
      "gicv3 mmio64 acpi acpi-pci-hotplug acpi-memory-hotplug maxmem",
      8, 64 * MiB,
      960 * MiB },
    { "slots-ram-128G", ",acpi=on,memory-backend=ram",
      "-m 128G,slots=256,maxmem=256G -object memory-backend-ram,id=ram,"
      "reserve=off,size=128G",
      "gicv3 mmio64 acpi acpi-pci-hotplug acpi-memory-hotplug maxmem ram-high",
      8, 128 * GiB,
      128 * GiB },
    { "ram-8G-aarch32", ",memory-backend=ram", RAM("8G") " -cpu cortex-a15",
      "gicv2", 8, 8 * GiB },
    { "everything", ",gic-version=4,virtualization=on,iommu=smmuv3,"
      "virtio-mmio=32,memory-backend=ram",
      RAM("200G") " -smp 64 -serial null -serial null",
      "gicv3 redist-high smmuv3 serial1 mmio64 ram-high", 32, 200 * GiB },
};

const size_t vmspec_num_shapes = ARRAY_SIZE(vmspec_shapes);

QTestState *vmspec_start_shape(const VmspecShape *shape)
{
    g_autofree char *machine = g_strdup_printf(",acpi=off%s",
                                               shape->machine);

    return vmspec_start(machine, "%s", shape->options);
}

bool vmspec_present(const VmspecShape *shape, const ContractRegion *region)
{
    g_auto(GStrv) words = g_strsplit(shape->when, " ", -1);

    if (!strcmp(region->when, "always") || !strcmp(region->when, "image")) {
        return true;
    }
    if (!strcmp(region->when, "virtio-mmio")) {
        return shape->transports;
    }
    return g_strv_contains((const char *const *)words, region->when);
}

uint64_t vmspec_size(const VmspecShape *shape, const ContractRegion *region)
{
    const Contract *contract = vmspec_contract();
    uint64_t ram = shape->ram ?: RAM_DEFAULT;

    if (!strcmp(region->name, "flash0")) {
        return contract_value(contract, "flash-block-size");
    } else if (!strcmp(region->name, "flash1")) {
        return contract_value(contract, "flash1-default-size");
    } else if (!strcmp(region->name, "virtio-mmio")) {
        return shape->transports *
               contract_value(contract, "virtio-mmio-stride");
    } else if (!strcmp(region->name, "ram-low")) {
        return MIN(ram, region->size);
    } else if (!strcmp(region->name, "ram-high")) {
        return ram - vmspec_region("ram-low")->size;
    } else if (!strcmp(region->name, "device-memory")) {
        return shape->device_memory;
    }
    return region->size;
}

bool vmspec_overlaps(const VmspecShape *shape, uint64_t base, uint64_t size)
{
    const Contract *contract = vmspec_contract();

    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];

        if (vmspec_present(shape, r) && base < r->base +
            vmspec_size(shape, r) && r->base < base + size) {
            return true;
        }
    }
    return false;
}

void vmspec_add_for_shapes(const char *rule, void (*test)(const void *))
{
    for (size_t i = 0; i < vmspec_num_shapes; i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/%s/%s", rule,
                                                vmspec_shapes[i].name);

        g_test_add_data_func(path, &vmspec_shapes[i], test);
    }
}
