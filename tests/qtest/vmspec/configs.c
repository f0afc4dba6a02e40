/*
 * vmspec tests: machine configurations by name
 *
 * See configs.h. vmspec-agree-test starts every configuration and compares the
 * conditions with what the machine has; the host test "configs-test" compares
 * their words with the contract's.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "configs.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* Conditions that most AArch64 and AArch32 configurations meet */
#define A64_ALONE "image mmio64 pmu acpi acpi-pci-hotplug "
#define A64 A64_ALONE "virtio-mmio "
#define A32 "image virtio-mmio "
#define EL2 "el2 el2-vhe "

/* RAM that costs no memory of the host until the guest writes to it */
#define RAM(size) \
    "-m " size " -object memory-backend-ram,id=ram,reserve=off,size=" size
#define MEM(id, size) \
    "-object memory-backend-ram,id=" id ",reserve=off,size=" size " "
#define SERIAL2 "-serial null -serial null"
#define VIRTIO_IOMMU "-device virtio-iommu-pci,addr=3"

#define NUMA2 "-m 512M " MEM("a", "256M") MEM("b", "256M") \
    "-numa node,memdev=a,cpus=0 -numa node,memdev=b,cpus=1 "
#define DISTANCE2 "-numa dist,src=0,dst=1,val=20"
#define NUMA4 "-m 1G " MEM("a", "256M") MEM("b", "256M") \
    MEM("c", "256M") MEM("d", "256M") \
    "-numa node,memdev=a,cpus=0-1 -numa node,memdev=b,cpus=2-3 " \
    "-numa node,memdev=c,cpus=4-5 -numa node,memdev=d,cpus=6-7 "
#define HMAT2 "-m 512M " MEM("a", "256M") MEM("b", "256M") \
    "-numa node,nodeid=0,memdev=a,cpus=0 " \
    "-numa node,nodeid=1,memdev=b,initiator=0 " \
    "-numa hmat-lb,initiator=0,target=0,hierarchy=memory," \
    "data-type=access-latency,latency=5 " \
    "-numa hmat-lb,initiator=0,target=0,hierarchy=memory," \
    "data-type=access-bandwidth,bandwidth=200M " \
    "-numa hmat-lb,initiator=0,target=1,hierarchy=memory," \
    "data-type=access-latency,latency=10 " \
    "-numa hmat-lb,initiator=0,target=1,hierarchy=memory," \
    "data-type=access-bandwidth,bandwidth=100M"

/* The options of these are in the headings of tests/data/vmspec. */
#define GOLDEN_NUMA "-m 512M -smp 2,sockets=2" \
    " -object memory-backend-ram,id=m0,size=256M" \
    " -object memory-backend-ram,id=m1,size=256M" \
    " -numa node,nodeid=0,memdev=m0,cpus=0" \
    " -numa node,nodeid=1,memdev=m1,cpus=1,initiator=1" \
    " -numa dist,src=0,dst=1,val=20" \
    " -numa hmat-lb,initiator=0,target=0,hierarchy=memory," \
    "data-type=access-latency,latency=5" \
    " -numa hmat-lb,initiator=0,target=1,hierarchy=memory," \
    "data-type=access-latency,latency=10" \
    " -numa hmat-lb,initiator=1,target=0,hierarchy=memory," \
    "data-type=access-latency,latency=10" \
    " -numa hmat-lb,initiator=1,target=1,hierarchy=memory," \
    "data-type=access-latency,latency=5"
#define GOLDEN_DEVICES "-serial null -serial null -m 1G,slots=4,maxmem=4G" \
    " -object memory-backend-ram,id=m0,size=512M,reserve=off" \
    " -device pc-dimm,memdev=m0" \
    " -object memory-backend-ram,id=n0,size=128M,reserve=off" \
    " -device nvdimm,memdev=n0" \
    " -device virtio-iommu-pci"

/* Fields that a row leaves out are 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

const TestConfig test_configs[] = {
    { "default", "", "", A64 "gicv3 its" },
    { "no-acpi", ",acpi=off", "", "image mmio64 pmu virtio-mmio gicv3 its" },

    /* the GIC and EL2 */
    { "gicv2", ",gic-version=2", "-smp 4", A64 "gicv2" },
    { "gicv2-1-cpu", ",gic-version=2", "", A64 "gicv2" },
    { "gicv2-2-cpus", ",gic-version=2", "-smp 2", A64 "gicv2" },
    { "gicv2-3-cpus", ",gic-version=2", "-smp 3", A64 "gicv2" },
    { "gicv2-8-cpus", ",gic-version=2", "-smp 8", A64 "gicv2" },
    { "gicv2-el2", ",gic-version=2,virtualization=on", "",
      A64 EL2 "gicv2 gicv2-el2" },
    { "gicv2-el2-8-cpus", ",gic-version=2,virtualization=on", "-smp 8",
      A64 EL2 "gicv2 gicv2-el2" },
    { "virtualization", ",virtualization=on", "", A64 EL2 "gicv3 its" },
    { "virtualization-3-cpus", ",virtualization=on", "-smp 3",
      A64 EL2 "gicv3 its" },
    { "virtualization-no-vhe", ",virtualization=on",
      "-cpu cortex-a57 -smp 2", A64 "el2 gicv3 its" },
    { "gicv4", ",gic-version=4,virtualization=on", "", A64 EL2 "gicv3 its" },
    { "gicv4-8-cpus", ",gic-version=4,virtualization=on", "-smp 8",
      A64 EL2 "gicv3 its" },
    { "no-its", ",its=off", "", A64 "gicv3" },
    { "no-its-gicv4-smmu", ",its=off,gic-version=4,virtualization=on,"
      "iommu=smmuv3", "-smp 2", A64 EL2 "gicv3 smmuv3" },
    { "no-its-virtio-iommu", ",its=off,hotplug-ports=4", VIRTIO_IOMMU,
      A64 "gicv3" },
    { "gicv2-its-off", ",its=off,gic-version=2", "", A64 "gicv2" },
    { "gic-max", ",gic-version=max", "", A64 "gicv3 its" },
    { "gic-max-el2", ",gic-version=max,virtualization=on", "-smp 3",
      A64 EL2 "gicv3 its" },

    /* CPUs, around the redistributor regions' ends and affinity levels */
    { "cpus-2", "", "-smp 2", A64 "gicv3 its" },
    { "cpus-3", "", "-smp 3", A64 "gicv3 its" },
    { "cpus-4", "", "-smp 4", A64 "gicv3 its" },
    { "cpus-8", "", "-smp 8", A64 "gicv3 its" },
    { "cpus-9", "", "-smp 9", A64 "gicv3 its" },
    { "cpus-16", "", "-smp 16", A64 "gicv3 its" },
    { "cpus-17", "", "-smp 17", A64 "gicv3 its" },
    { "cpus-64", "", "-smp 64", A64 "gicv3 its" },
    { "cpus-123", "", "-smp 123", A64 "gicv3 its" },
    { "cpus-124", "", "-smp 124", A64 "gicv3 its redist-high" },
    { "cpus-256", "", "-smp 256", A64 "gicv3 its redist-high" },
    { "cpus-512", "", "-smp 512", A64 "gicv3 its redist-high" },
    { "gicv4-61-cpus", ",gic-version=4,virtualization=on", "-smp 61",
      A64 EL2 "gicv3 its" },
    { "gicv4-62-cpus", ",gic-version=4,virtualization=on", "-smp 62",
      A64 EL2 "gicv3 its redist-high" },

    /* topology */
    { "topology", "", "-smp 16,sockets=2,clusters=2,cores=2,threads=2",
      A64 "gicv3 its" },
    { "sockets", "", "-smp 4,sockets=4", A64 "gicv3 its" },
    { "clusters", "", "-smp 8,sockets=1,clusters=4,cores=2", A64 "gicv3 its" },
    { "threads", "", "-smp 4,cores=2,threads=2", A64 "gicv3 its" },
    { "one-core-of-threads", "", "-smp 2,cores=1,threads=2", A64 "gicv3 its" },
    { "gicv2-topology", ",gic-version=2",
      "-smp 8,sockets=2,clusters=2,cores=1,threads=2", A64 "gicv2" },
    { "three-each", "", "-smp 81,sockets=3,clusters=3,cores=3,threads=3",
      A64 "gicv3 its" },
    { "spare-cpus", "", "-smp 3,maxcpus=8,sockets=2,clusters=2,cores=2",
      A64 "gicv3 its" },
    { "caches", "", "-smp 8,clusters=2,cores=2,threads=2 "
      "-M smp-cache.0.cache=l2,smp-cache.0.topology=cluster,"
      "smp-cache.1.cache=l3,smp-cache.1.topology=socket", A64 "gicv3 its" },
    { "caches-2-sockets", "", "-smp 8,sockets=2,clusters=2,cores=2 "
      "-M smp-cache.0.cache=l2,smp-cache.0.topology=cluster,"
      "smp-cache.1.cache=l3,smp-cache.1.topology=socket", A64 "gicv3 its" },

    /* CPU models: PA sizes of 40, 44, 48 and 52 bits, with and without PMU */
    { "cortex-a35", "", "-cpu cortex-a35 -smp 2", A64 "gicv3 its" },
    { "cortex-a53", "", "-cpu cortex-a53", A64 "gicv3 its" },
    { "cortex-a55", "", "-cpu cortex-a55", A64 "gicv3 its" },
    { "cortex-a57", "", "-cpu cortex-a57", A64 "gicv3 its" },
    { "cortex-a72-no-pmu", "", "-cpu cortex-a72,pmu=off",
      "image mmio64 acpi acpi-pci-hotplug virtio-mmio gicv3 its" },
    { "cortex-a76", "", "-cpu cortex-a76", A64 "gicv3 its" },
    { "cortex-a710", "", "-cpu cortex-a710", A64 "gicv3 its" },
    { "neoverse-n1", "", "-cpu neoverse-n1", A64 "gicv3 its" },
    { "neoverse-n2-el2", ",virtualization=on", "-cpu neoverse-n2 -smp 2",
      A64 EL2 "gicv3 its" },
    { "neoverse-v1", "", "-cpu neoverse-v1", A64 "gicv3 its" },
    { "mte", ",mte=on", "-cpu max -smp 2", A64 "gicv3 its" },
    { "mte-ram-129G", ",mte=on,memory-backend=ram", RAM("129G") " -cpu max",
      A64 "gicv3 its ram-high", .ram = GIB(129) },
    { "max-no-pmu", "", "-cpu max,pmu=off -smp 2",
      "image mmio64 acpi acpi-pci-hotplug virtio-mmio gicv3 its" },

    /* AArch32 has the FDT alone */
    { "aarch32", "", "-cpu cortex-a15 -smp 2", A32 "gicv2" },
    { "cortex-a15", "", "-cpu cortex-a15", A32 "gicv2" },
    { "cortex-a15-4-cpus", "", "-cpu cortex-a15 -smp 4", A32 "gicv2" },
    { "cortex-a15-gicv3", ",gic-version=3", "-cpu cortex-a15",
      A32 "gicv3 its" },
    { "cortex-a15-gicv3-4-cpus", ",gic-version=3", "-cpu cortex-a15 -smp 4",
      A32 "gicv3 its" },
    { "cortex-a15-smmu", ",iommu=smmuv3", "-cpu cortex-a15",
      A32 "gicv2 smmuv3" },
    { "cortex-a15-8G", ",memory-backend=ram", RAM("8G") " -cpu cortex-a15",
      A32 "gicv2", .ram = GIB(8) },
    { "cortex-a7-gicv3", ",gic-version=3", "-cpu cortex-a7", A32 "gicv3 its" },
    { "cortex-a7-devices", ",gic-version=3,virtio-mmio=32",
      "-cpu cortex-a7 -smp 2 " SERIAL2, A32 "gicv3 its serial1",
      .transports = 32 },

    /* IOMMUs */
    { "smmuv3", ",iommu=smmuv3", "", A64 "gicv3 its smmuv3" },
    { "smmuv3-serial", ",iommu=smmuv3", SERIAL2,
      A64 "gicv3 its smmuv3 serial1" },
    { "smmuv3-gicv2", ",iommu=smmuv3,gic-version=2", "-smp 2",
      A64 "gicv2 smmuv3" },
    { "smmuv3-gicv2-el2", ",gic-version=2,virtualization=on,iommu=smmuv3", "",
      A64 EL2 "gicv2 gicv2-el2 smmuv3" },
    { "smmuv3-gicv4", ",iommu=smmuv3,gic-version=4,virtualization=on", "",
      A64 EL2 "gicv3 its smmuv3" },
    { "smmuv3-4-ports", ",hotplug-ports=4,iommu=smmuv3", "",
      A64 "gicv3 its smmuv3" },
    { "smmuv3-no-virtio-mmio", ",iommu=smmuv3,virtio-mmio=0", SERIAL2,
      A64_ALONE "gicv3 its smmuv3 serial1" },
    { "virtio-iommu", "", VIRTIO_IOMMU, A64 "gicv3 its" },
    { "virtio-iommu-function", "",
      "-device virtio-rng-pci,addr=4.0,multifunction=on "
      "-device virtio-iommu-pci,addr=4.1", A64 "gicv3 its" },
    { "virtio-iommu-gicv2", ",gic-version=2", VIRTIO_IOMMU, A64 "gicv2" },

    /* devices by option */
    { "one-serial", "", "-serial null", A64 "gicv3 its" },
    { "second-serial", "", SERIAL2, A64 "gicv3 its serial1" },
    { "second-serial-gicv2", ",gic-version=2", SERIAL2,
      A64 "gicv2 serial1" },
    { "no-virtio-mmio", ",virtio-mmio=0", "", A64_ALONE "gicv3 its" },
    { "one-virtio-mmio", ",virtio-mmio=1", "", A64 "gicv3 its",
      .transports = 1 },
    { "all-virtio-mmio", ",virtio-mmio=32", "", A64 "gicv3 its",
      .transports = 32 },
    { "all-virtio-mmio-124-cpus", ",virtio-mmio=32", "-smp 124",
      A64 "gicv3 its redist-high", .transports = 32 },
    { "ports-4", ",hotplug-ports=4", "", A64 "gicv3 its" },
    { "ports-32", ",hotplug-ports=32", "", A64 "gicv3 its" },
    { "ports-32-gicv2", ",hotplug-ports=32,gic-version=2", "",
      A64 "gicv2" },
    { "ras", ",ras=on", "", A64 "gicv3 its" },
    { "ras-vmgenid-gicv2", ",ras=on,gic-version=2", "-device vmgenid",
      A64 "gicv2 vmgenid" },
    { "ras-vmgenid", ",ras=on", "-device vmgenid",
      A64 "gicv3 its vmgenid" },
    { "vmgenid", "", "-device vmgenid", A64 "gicv3 its vmgenid" },
    { "vmgenid-aarch32", "", "-cpu cortex-a15 -device vmgenid",
      A32 "gicv2 vmgenid" },
    { "graphics", ",graphics=on", "", A64 "gicv3 its" },
    { "pci-devices", "", "-device virtio-rng-pci,addr=1 "
      "-device virtio-balloon-pci,addr=1f", A64 "gicv3 its" },
    { "devices", ",virtio-mmio=32,hotplug-ports=4,nvdimm=on", GOLDEN_DEVICES,
      A64 "gicv3 its serial1 acpi-memory-hotplug maxmem", .transports = 32,
      .device_memory = GIB(3) },

    /* RAM, around its split and the ends of physical addresses */
    { "ram-64M", "", "-m 64M", A64 "gicv3 its", .ram = MIB(64) },
    { "ram-4G", ",memory-backend=ram", RAM("4G"), A64 "gicv3 its",
      .ram = GIB(4) },
    { "ram-127G", ",memory-backend=ram", RAM("127G"), A64 "gicv3 its",
      .ram = GIB(127) },
    { "ram-127G-pa-40", ",memory-backend=ram",
      RAM("127G") " -cpu cortex-a53", A64 "gicv3 its", .ram = GIB(127) },
    { "ram-128G", ",memory-backend=ram", RAM("128G"), A64 "gicv3 its ram-high",
      .ram = GIB(128) },
    { "ram-129G", ",memory-backend=ram", RAM("129G"), A64 "gicv3 its ram-high",
      .ram = GIB(129) },
    { "ram-300G-pa-44", ",memory-backend=ram", RAM("300G") " -cpu cortex-a57",
      A64 "gicv3 its ram-high", .ram = GIB(300) },
    { "ram-1T-pa-48", ",memory-backend=ram", RAM("1T") " -cpu neoverse-n1",
      A64 "gicv3 its ram-high", .ram = GIB(1024) },

    /* NUMA */
    { "numa", ",hmat=on", GOLDEN_NUMA, A64 "gicv3 its", .ram = MIB(512) },
    { "numa-2", "", NUMA2 "-smp 2,sockets=2", A64 "gicv3 its",
      .ram = MIB(512) },
    { "numa-2-distance", "", NUMA2 DISTANCE2 " -smp 2,sockets=2",
      A64 "gicv3 its", .ram = MIB(512) },
    { "numa-2-distance-gicv2", ",gic-version=2",
      NUMA2 DISTANCE2 " -smp 2,sockets=2", A64 "gicv2", .ram = MIB(512) },
    { "numa-2-distance-cortex-a57", "",
      "-cpu cortex-a57 " NUMA2 DISTANCE2 " -smp 2", A64 "gicv3 its",
      .ram = MIB(512) },
    { "numa-4", "", NUMA4 "-smp 8,sockets=1,clusters=4,cores=2",
      A64 "gicv3 its" },
    { "numa-4-distance", "", NUMA4
      "-smp 8,sockets=4,cores=2 -numa dist,src=0,dst=1,val=12 "
      "-numa dist,src=0,dst=2,val=20 -numa dist,src=0,dst=3,val=30 "
      "-numa dist,src=1,dst=2,val=25 -numa dist,src=1,dst=3,val=22 "
      "-numa dist,src=2,dst=3,val=17", A64 "gicv3 its" },
    { "numa-4-threads", "", NUMA4 "-smp 8,sockets=4,cores=1,threads=2",
      A64 "gicv3 its" },
    { "numa-split", "", "-m 200G " MEM("a", "100G") MEM("b", "100G")
      "-smp 2,sockets=2 -numa node,memdev=a,cpus=0 -numa node,memdev=b,cpus=1 "
      DISTANCE2, A64 "gicv3 its ram-high", .ram = GIB(200) },
    { "hmat", ",hmat=on", HMAT2, A64 "gicv3 its", .ram = MIB(512) },
    { "numa-smmuv3", ",iommu=smmuv3",
      "-smp 4,sockets=2 " MEM("a", "512M") MEM("b", "512M")
      "-numa node,memdev=a,cpus=0-1 -numa node,memdev=b,cpus=2-3 " DISTANCE2,
      A64 "gicv3 its smmuv3" },

    /* much at once, and as little as there can be */
    { "everything", ",hotplug-ports=32,gic-version=4,virtualization=on,"
      "iommu=smmuv3,virtio-mmio=32,memory-backend=ram",
      RAM("200G") " -smp 64,sockets=2,clusters=4,cores=4,threads=2 " SERIAL2,
      A64 EL2 "gicv3 its redist-high smmuv3 serial1 ram-high", .transports = 32,
      .ram = GIB(200) },
    { "many-parts", ",iommu=smmuv3,virtualization=on,"
      "smp-cache.0.cache=l2,smp-cache.0.topology=cluster,"
      "smp-cache.1.cache=l3,smp-cache.1.topology=socket",
      "-smp 8,sockets=2,clusters=2,cores=2 " MEM("m0", "512M")
      MEM("m1", "512M") "-numa node,memdev=m0,cpus=0-3 "
      "-numa node,memdev=m1,cpus=4-7 " DISTANCE2 " " SERIAL2,
      A64 EL2 "gicv3 its smmuv3 serial1" },
    { "least", ",gic-version=2,virtio-mmio=0",
      "-m 64M -cpu cortex-a35,pmu=off",
      "image mmio64 acpi acpi-pci-hotplug gicv2", .ram = MIB(64) },
    { "numa-smmuv3-ports", ",hotplug-ports=4,iommu=smmuv3,virtualization=on",
      NUMA4 "-smp 8,sockets=4,cores=2 " SERIAL2,
      A64 EL2 "gicv3 its smmuv3 serial1" },
    { "numa-virtio-iommu", ",hotplug-ports=4,virtio-mmio=0",
      NUMA2 "-smp 2,sockets=2 " VIRTIO_IOMMU, A64_ALONE "gicv3 its",
      .ram = MIB(512) },

    /* maxmem, and memory hot-plug */
    { "maxmem-8G", "", "-m 1G,maxmem=8G", A64 "gicv3 its maxmem",
      .device_memory = GIB(7) },
    { "maxmem-8G-aarch32", "", "-m 1G,maxmem=8G -cpu cortex-a15",
      A32 "gicv2 maxmem", .device_memory = GIB(7) },
    { "maxmem-129G", "", "-m 1G,maxmem=129G", A64 "gicv3 its maxmem",
      .device_memory = GIB(128) },
    { "slots-1", "", "-m 1G,slots=1,maxmem=2G",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .device_memory = GIB(1) },
    { "slots-32", "", "-m 1G,slots=32,maxmem=2G",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .device_memory = GIB(1) },
    { "slots-16-gicv2", ",gic-version=2", "-m 1G,slots=16,maxmem=16G",
      A64 "gicv2 acpi-memory-hotplug maxmem", .device_memory = GIB(15) },
    { "slots-256", ",memory-backend=ram",
      RAM("128G") " -m 128G,slots=256,maxmem=256G",
      A64 "gicv3 its ram-high acpi-memory-hotplug maxmem", .ram = GIB(128),
      .device_memory = GIB(128) },
    { "slots-numa", "", NUMA2 DISTANCE2 " -smp 2,sockets=2 "
      "-m slots=2,maxmem=2G", A64 "gicv3 its acpi-memory-hotplug maxmem",
      .ram = MIB(512), .device_memory = MIB(1536) },
    { "slots-empty", ",nvdimm=on", "-m 64M,slots=4,maxmem=1G",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .ram = MIB(64),
      .device_memory = MIB(960) },
    { "slots-one-full", "", "-m 1G,slots=2,maxmem=2G "
      MEM("d", "512M") "-device pc-dimm,memdev=d",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .device_memory = GIB(1) },
    { "slots-nvdimm", ",nvdimm=on", "-m 1G,slots=4,maxmem=4G "
      MEM("d", "512M") "-device pc-dimm,memdev=d "
      MEM("n", "128M") "-device nvdimm,memdev=n",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .device_memory = GIB(3) },
    { "slots-pa-40", "", "-m 1G,slots=4,maxmem=100G -cpu cortex-a53",
      A64 "gicv3 its acpi-memory-hotplug maxmem", .device_memory = GIB(99) },
};

const size_t num_test_configs = sizeof(test_configs) / sizeof(test_configs[0]);

const TestConfig *config_find(const char *name)
{
    for (size_t i = 0; i < num_test_configs; i++) {
        if (!strcmp(test_configs[i].name, name)) {
            return &test_configs[i];
        }
    }
    return NULL;
}

bool config_meets(const TestConfig *config, const char *when)
{
    size_t length = strlen(when);

    for (const char *word = config->conditions; *word;
         word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");

        if (n == length && !strncmp(word, when, n)) {
            return true;
        }
        word += n;
    }
    return !strcmp(when, "always");
}
