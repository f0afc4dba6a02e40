/*
 * vmspec: both descriptions and the machine agree (H3, platform.md, section 6)
 *
 * Four views of one machine, the FDT in its memory, the ACPI tables through
 * fw_cfg, the memory tree and the ID registers, are compared with each other
 * in every configuration below. This test knows no number of the platform;
 * that the numbers are the contract's is for the other tests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/agree.h"
#include "vmspec/agree-plant.h"

#define LEAST_CONFIGS 60

typedef struct Config {
    const char *name;
    const char *machine;        /* "" or begins with a comma */
    const char *options;
    unsigned ports;             /* hot-plug ports */
    bool aarch32;               /* has no ACPI (platform.md, section 6) */
} Config;

#define RAM(size) \
    "-m " size " -object memory-backend-ram,id=ram,reserve=off,size=" size
#define SERIAL2 "-serial null -serial null"
#define MEM(id, size) \
    "-object memory-backend-ram,id=" id ",reserve=off,size=" size " "
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
#define VIRTIO_IOMMU "-device virtio-iommu-pci,addr=3"

static const Config configs[] = {
    /* the GIC and EL2 */
    { "default", "", "" },
    { "gicv2", ",gic-version=2", "" },
    { "gicv2-2-cpus", ",gic-version=2", "-smp 2" },
    { "gicv2-3-cpus", ",gic-version=2", "-smp 3" },
    { "gicv2-8-cpus", ",gic-version=2", "-smp 8" },
    { "gicv2-el2", ",gic-version=2,virtualization=on", "" },
    { "gicv2-el2-8-cpus", ",gic-version=2,virtualization=on", "-smp 8" },
    { "gicv3-el2", ",virtualization=on", "-smp 2" },
    { "gicv3-el2-no-vhe", ",virtualization=on", "-cpu cortex-a57 -smp 2" },
    { "gicv4", ",gic-version=4,virtualization=on", "" },
    { "gicv4-8-cpus", ",gic-version=4,virtualization=on", "-smp 8" },
    { "gic-max", ",gic-version=max", "" },
    { "gic-max-el2", ",gic-version=max,virtualization=on", "-smp 3" },
    /* CPUs, around the redistributor regions' ends and affinity levels */
    { "cpus-2", "", "-smp 2" },
    { "cpus-3", "", "-smp 3" },
    { "cpus-4", "", "-smp 4" },
    { "cpus-8", "", "-smp 8" },
    { "cpus-9", "", "-smp 9" },
    { "cpus-16", "", "-smp 16" },
    { "cpus-17", "", "-smp 17" },
    { "cpus-64", "", "-smp 64" },
    { "cpus-123", "", "-smp 123" },
    { "cpus-124", "", "-smp 124" },
    { "cpus-256", "", "-smp 256" },
    { "cpus-512", "", "-smp 512" },
    { "gicv4-61-cpus", ",gic-version=4,virtualization=on", "-smp 61" },
    { "gicv4-62-cpus", ",gic-version=4,virtualization=on", "-smp 62" },
    /* topology */
    { "sockets", "", "-smp 4,sockets=4" },
    { "clusters", "", "-smp 8,sockets=1,clusters=4,cores=2" },
    { "threads", "", "-smp 4,cores=2,threads=2" },
    { "one-core-of-threads", "", "-smp 2,cores=1,threads=2" },
    { "all-levels", "", "-smp 16,sockets=2,clusters=2,cores=2,threads=2" },
    { "gicv2-all-levels", ",gic-version=2",
      "-smp 8,sockets=2,clusters=2,cores=1,threads=2" },
    { "three-each", "", "-smp 81,sockets=3,clusters=3,cores=3,threads=3" },
    { "spare-cpus", "", "-smp 3,maxcpus=8,sockets=2,clusters=2,cores=2" },
    /* CPU models: PA sizes of 40, 44, 48 and 52 bits, with and without PMU */
    { "cortex-a35", "", "-cpu cortex-a35 -smp 2" },
    { "cortex-a53", "", "-cpu cortex-a53" },
    { "cortex-a55", "", "-cpu cortex-a55" },
    { "cortex-a57", "", "-cpu cortex-a57" },
    { "cortex-a72-no-pmu", "", "-cpu cortex-a72,pmu=off" },
    { "cortex-a76", "", "-cpu cortex-a76" },
    { "cortex-a710", "", "-cpu cortex-a710" },
    { "neoverse-n1", "", "-cpu neoverse-n1" },
    { "neoverse-n2-el2", ",virtualization=on", "-cpu neoverse-n2 -smp 2" },
    { "neoverse-v1", "", "-cpu neoverse-v1" },
    { "max-no-pmu", "", "-cpu max,pmu=off -smp 2" },
    /* AArch32 has the FDT alone */
    { "cortex-a15", "", "-cpu cortex-a15", .aarch32 = true },
    { "cortex-a15-4-cpus", "", "-cpu cortex-a15 -smp 4", .aarch32 = true },
    { "cortex-a7-gicv3", ",gic-version=3,virtio-mmio=32",
      "-cpu cortex-a7 -smp 2 " SERIAL2, .aarch32 = true },
    { "cortex-a15-smmu", ",iommu=smmuv3", "-cpu cortex-a15",
      .aarch32 = true },
    { "cortex-a15-8G", ",memory-backend=ram", RAM("8G") " -cpu cortex-a15",
      .aarch32 = true },
    /* IOMMUs */
    { "smmu", ",iommu=smmuv3", "" },
    { "smmu-gicv2", ",iommu=smmuv3,gic-version=2", "-smp 2" },
    { "smmu-gicv4", ",iommu=smmuv3,gic-version=4,virtualization=on", "" },
    { "smmu-4-ports", ",iommu=smmuv3", "", 4 },
    { "virtio-iommu", "", VIRTIO_IOMMU },
    { "virtio-iommu-function", "",
      "-device virtio-rng-pci,addr=4.0,multifunction=on "
      "-device virtio-iommu-pci,addr=4.1" },
    { "virtio-iommu-gicv2", ",gic-version=2", VIRTIO_IOMMU },
    /* devices by option */
    { "second-serial", "", SERIAL2 },
    { "second-serial-gicv2", ",gic-version=2", SERIAL2 },
    { "no-virtio-mmio", ",virtio-mmio=0", "" },
    { "one-virtio-mmio", ",virtio-mmio=1", "" },
    { "all-virtio-mmio", ",virtio-mmio=32", "" },
    { "ports-4", "", "", 4 },
    { "ports-32", "", "", 32 },
    { "ports-32-gicv2", ",gic-version=2", "", 32 },
    { "pci-devices", "", "-device virtio-rng-pci,addr=1 "
      "-device virtio-balloon-pci,addr=1f" },
    /* RAM, around its split and the ends of physical addresses */
    { "ram-64M", "", "-m 64M" },
    { "ram-4G", ",memory-backend=ram", RAM("4G") },
    { "ram-127G", ",memory-backend=ram", RAM("127G") },
    { "ram-127G-pa-40", ",memory-backend=ram",
      RAM("127G") " -cpu cortex-a53" },
    { "ram-129G", ",memory-backend=ram", RAM("129G") },
    { "ram-300G-pa-44", ",memory-backend=ram", RAM("300G") " -cpu cortex-a57" },
    { "ram-1T-pa-48", ",memory-backend=ram", RAM("1T") " -cpu neoverse-n1" },
    /* NUMA */
    { "numa-2", "", NUMA2 "-smp 2,sockets=2" },
    { "numa-2-distance", "", NUMA2 DISTANCE2 " -smp 2,sockets=2" },
    { "numa-2-distance-gicv2", ",gic-version=2",
      NUMA2 DISTANCE2 " -smp 2,sockets=2" },
    { "numa-4", "", NUMA4 "-smp 8,sockets=1,clusters=4,cores=2" },
    { "numa-4-distance", "", NUMA4
      "-smp 8,sockets=4,cores=2 -numa dist,src=0,dst=1,val=12 "
      "-numa dist,src=0,dst=2,val=20 -numa dist,src=0,dst=3,val=30 "
      "-numa dist,src=1,dst=2,val=25 -numa dist,src=1,dst=3,val=22 "
      "-numa dist,src=2,dst=3,val=17" },
    { "numa-4-threads", "", NUMA4 "-smp 8,sockets=4,cores=1,threads=2" },
    { "numa-split", "", "-m 200G " MEM("a", "100G") MEM("b", "100G")
      "-smp 2,sockets=2 -numa node,memdev=a,cpus=0 -numa node,memdev=b,cpus=1 "
      DISTANCE2 },
    { "caches", "", "-smp 8,clusters=2,cores=2,threads=2 "
      "-M smp-cache.0.cache=l2,smp-cache.0.topology=cluster,"
      "smp-cache.1.cache=l3,smp-cache.1.topology=socket" },
    { "hmat", ",hmat=on", HMAT2 },
    /* much at once */
    { "everything", ",gic-version=4,virtualization=on,iommu=smmuv3,"
      "virtio-mmio=32,memory-backend=ram",
      RAM("200G") " -smp 64,sockets=2,clusters=4,cores=4,threads=2 " SERIAL2,
      32 },
    { "least", ",gic-version=2,virtio-mmio=0",
      "-m 64M -cpu cortex-a35,pmu=off" },
    { "numa-smmu-ports", ",iommu=smmuv3,virtualization=on",
      NUMA4 "-smp 8,sockets=4,cores=2 " SERIAL2, 4 },
    { "numa-virtio-iommu", ",virtio-mmio=0",
      NUMA2 "-smp 2,sockets=2 " VIRTIO_IOMMU, 4 },
    /* memory hot-plug */
    { "slots-1", "", "-m 1G,slots=1,maxmem=2G" },
    { "slots-16-gicv2", ",gic-version=2", "-m 1G,slots=16,maxmem=16G" },
    { "slots-numa", "", NUMA2 DISTANCE2 " -smp 2,sockets=2 "
      "-m slots=2,maxmem=2G" },
    { "slots-one-full", "", "-m 1G,slots=2,maxmem=2G "
      MEM("d", "512M") "-device pc-dimm,memdev=d" },
    { "slots-nvdimm", ",nvdimm=on", "-m 1G,slots=4,maxmem=4G "
      MEM("d", "512M") "-device pc-dimm,memdev=d "
      MEM("n", "128M") "-device nvdimm,memdev=n" },
    { "slots-pa-40", "", "-m 1G,slots=4,maxmem=100G -cpu cortex-a53" },
};

static unsigned configs_compared;
static unsigned values_compared;

static QTestState *start(const Config *config)
{
    g_autofree char *machine = g_strdup_printf(",hotplug-ports=%u%s",
                                               config->ports, config->machine);

    /* With TCG: the qtest accelerator has CPUs of its own. */
    return vmspec_start(machine, "-accel tcg -S %s", config->options);
}

static void test_config(const void *opaque)
{
    const Config *config = opaque;
    g_autoptr(QTestState) qts = NULL;
    g_autoptr(AgreeRaw) raw = NULL;
    g_autoptr(AgreeResult) result = NULL;

    qts = start(config);
    raw = agree_raw_read(qts);
    g_assert_cmpint(agree_raw_table(raw, "RSDP") != NULL, ==,
                    !config->aarch32);
    result = agree_compare_all(raw);
    agree_print(result, config->name);
    configs_compared++;
    values_compared += result->compared;
    if (result->differences->len) {
        g_test_fail();
    }
}

static void test_total(void)
{
    g_test_message("%u configurations, %u values compared", configs_compared,
                   values_compared);
    g_assert_cmpuint(ARRAY_SIZE(configs), >=, LEAST_CONFIGS);
    /* fewer ran if the command line chose among the cases */
    if (configs_compared) {
        g_assert_cmpuint(configs_compared, ==, ARRAY_SIZE(configs));
    }
}

static bool reports(const AgreeResult *result, const char *device,
                    const char *field)
{
    for (unsigned i = 0; i < result->differences->len; i++) {
        const AgreeDifference *d = g_ptr_array_index(result->differences, i);

        if (!strcmp(d->device, device) && !strcmp(d->field, field)) {
            return true;
        }
    }
    return false;
}

static void test_planted(const void *opaque)
{
    const Config config = { "planted", "", "-smp 4" };
    const AgreePlant *plant = opaque;
    g_autoptr(QTestState) qts = start(&config);
    g_autoptr(AgreeRaw) raw = agree_raw_read(qts);
    g_autoptr(AgreeResult) before = agree_compare_all(raw);
    g_autofree char *device = plant->plant(raw);
    g_autoptr(AgreeResult) after = agree_compare_all(raw);

    agree_print(before, "nothing planted");
    g_assert_cmpuint(before->differences->len, ==, 0);
    agree_print(after, plant->name);
    g_assert_true(reports(after, device, plant->field));
}

static void add_tests(void)
{
    for (int i = 0; i < ARRAY_SIZE(configs); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/agree/%s",
                                                configs[i].name);

        g_test_add_data_func(path, &configs[i], test_config);
    }
    g_test_add_func("/vmspec/agree/total", test_total);
    for (const AgreePlant *plant = agree_plants; plant->name; plant++) {
        g_autofree char *path = g_strdup_printf("/vmspec/agree/planted/%s",
                                                plant->name);

        g_test_add_data_func(path, plant, test_planted);
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
