/*
 * vmspec qtest: bus masters that write into BARs
 *
 * DMA reaches memory in a BAR, but not registers. A device whose request writes
 * to its own status register resets itself, and so waits for the end of that
 * request: QEMU stood still with the big lock held, monitor and all. The cases
 * begin with the requests that were seen to do so, and a QEMU that stands still
 * is killed.
 *
 * A CPU of TCG writes here what a driver would, as the machine tells its
 * writes from those of the test, which count as DMA.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_pci.h"
#include "standard-headers/linux/virtio_ring.h"
#include "vmspec/cpu-write.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"
#include "vmspec/trial.h"

#define LOG "guest-errors.log"
#define FN PCI_FN(0, 3, 0)
#define RINGS (32 * MiB)        /* in RAM */
#define RING (64 * KiB)
#define QUEUE_SIZE 8
#define SECTOR 512
#define MSIX_ENTRY 16
#define VIRTIO_FEATURES_HI 1    /* VIRTIO_F_VERSION_1 is bit 32 */

#define DISK " -blockdev null-co,node-name=disk,size=1048576,read-zeroes=on "
#define BLK "-device virtio-blk-pci,addr=3,drive=disk"
#define SCSI "-device virtio-scsi-pci,addr=3,id=scsi"
#define PLATFORM ",disable-legacy=on,iommu_platform=on"
#define SCSI_HD " -device scsi-hd,bus=scsi.0,drive=disk"

static QTestState *start_cpu(const char *machine, const char *options)
{
    g_autofree char *log = scratch_path(LOG);
    QTestState *qts;

    unlink(log);
    qts = vmspec_start(machine, "%s -m 128M -serial null "
                       "-d guest_errors -D %s %s", cpu_options(), log,
                       options);
    trial_begin(0);
    trial_guard(qts);
    return qts;
}

/* End @qts. Returns how many writes of bus masters the machine refused. */
static unsigned end(QTestState *qts)
{
    g_autofree char *path = scratch_path(LOG);
    g_autofree char *text = NULL;
    unsigned n = 0;

    trial_note("end");
    qtest_quit(qts);
    trial_unguard();
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return 0;
    }
    for (const char *p = text; (p = strstr(p, "a bus master writes")); p++) {
        n++;
    }
    return n;
}

static void alive(QTestState *qts)
{
    trial_note("ask the monitor");
    qtest_qmp_assert_success(qts, "{'execute': 'query-status'}");
}

static uint64_t rings(unsigned n)
{
    return vmspec_base("ram-low") + RINGS + n * RING;
}

/* Where map_bars() has put the BAR at @reg */
static uint64_t bar_address(QTestState *qts, uint32_t fn, unsigned bar)
{
    return pci_read(qts, fn, PCI_BASE_ADDRESS_0 + 4 * bar, 4) &
           PCI_BASE_ADDRESS_MEM_MASK;
}

/* Give each BAR of memory of @fn 1 MiB from @address on, and enable @fn. */
static void map_bars(QTestState *qts, uint32_t fn, uint64_t address)
{
    for (unsigned i = 0; i < 6; i++) {
        unsigned reg = PCI_BASE_ADDRESS_0 + 4 * i;
        uint32_t flags = pci_read(qts, fn, reg, 4);

        cpu_pci_write(qts, fn, reg, 4, UINT32_MAX);
        if (flags & PCI_BASE_ADDRESS_SPACE_IO || !pci_read(qts, fn, reg, 4)) {
            continue;
        }
        cpu_pci_write(qts, fn, reg, 4, address + i * MiB);
        if (flags & PCI_BASE_ADDRESS_MEM_TYPE_64) {
            cpu_pci_write(qts, fn, PCI_BASE_ADDRESS_0 + 4 * ++i, 4, 0);
        }
    }
    cpu_pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY |
                  PCI_COMMAND_MASTER);
}

/* The offset of the capability of virtio structure @type; there is one. */
static unsigned virtio_cap(QTestState *qts, uint8_t type)
{
    unsigned at = pci_read(qts, FN, PCI_CAPABILITY_LIST, 1);

    while (pci_read(qts, FN, at, 1) != PCI_CAP_ID_VNDR ||
           pci_read(qts, FN, at + 3, 1) != type) {
        at = pci_read(qts, FN, at + PCI_CAP_LIST_NEXT, 1);
        g_assert_cmpuint(at, !=, 0);
    }
    return at;
}

/* The address of virtio structure @type */
static uint64_t virtio_find(QTestState *qts, uint8_t type)
{
    unsigned cap = virtio_cap(qts, type);

    return bar_address(qts, FN, pci_read(qts, FN, cap + 4, 1)) +
           pci_read(qts, FN, cap + 8, 4);
}

static uint64_t status_register(QTestState *qts)
{
    return virtio_find(qts, VIRTIO_PCI_CAP_COMMON_CFG) +
           VIRTIO_PCI_COMMON_STATUS;
}

/* Virtio 1.2, 3.1.1: a driver that uses @queue, with its rings 0 to 2 */
static void virtio_begin(QTestState *qts, unsigned queue)
{
    uint64_t common, status;

    map_bars(qts, FN, vmspec_base("pcie-mmio32"));
    common = virtio_find(qts, VIRTIO_PCI_CAP_COMMON_CFG);
    status = status_register(qts);
    cpu_write(qts, status, VIRTIO_CONFIG_S_ACKNOWLEDGE |
              VIRTIO_CONFIG_S_DRIVER, 1);
    cpu_write(qts, common + VIRTIO_PCI_COMMON_GFSELECT, VIRTIO_FEATURES_HI, 4);
    /* VERSION_1, and ACCESS_PLATFORM if it is offered */
    cpu_write(qts, common + VIRTIO_PCI_COMMON_DFSELECT, VIRTIO_FEATURES_HI, 4);
    cpu_write(qts, common + VIRTIO_PCI_COMMON_GF,
              qtest_readl(qts, common + VIRTIO_PCI_COMMON_DF) & 3, 4);
    cpu_write(qts, status, VIRTIO_CONFIG_S_ACKNOWLEDGE |
              VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK, 1);
    cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_SELECT, queue, 2);
    cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_SIZE, QUEUE_SIZE, 2);
    for (unsigned i = 0; i < 3; i++) {
        cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_DESCLO + 8 * i,
                  rings(i), 4);
        cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_DESCHI + 8 * i, 0, 4);
    }
    cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_MSIX, 0, 2);
    cpu_write(qts, common + VIRTIO_PCI_COMMON_Q_ENABLE, 1, 2);
    cpu_write(qts, status, VIRTIO_CONFIG_S_ACKNOWLEDGE |
              VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK |
              VIRTIO_CONFIG_S_DRIVER_OK, 1);
    g_assert_cmphex(qtest_readb(qts, status), ==, 15);
}

typedef struct Buffer {
    uint64_t address;
    uint32_t length;
    bool written;               /* by the device */
} Buffer;

/* Give @queue its request number @nth, from 0 on, of @n buffers. */
static void virtio_request(QTestState *qts, unsigned queue, unsigned nth,
                           const Buffer *buffers, unsigned n)
{
    unsigned cap = virtio_cap(qts, VIRTIO_PCI_CAP_NOTIFY_CFG);
    uint64_t notify = virtio_find(qts, VIRTIO_PCI_CAP_NOTIFY_CFG);
    const uint16_t avail[] = { 0, cpu_to_le16(nth + 1), 0, 0 };
    struct vring_desc desc[4];

    for (unsigned i = 0; i < n; i++) {
        desc[i] = (struct vring_desc) {
            cpu_to_le64(buffers[i].address), cpu_to_le32(buffers[i].length),
            cpu_to_le16((buffers[i].written ? VRING_DESC_F_WRITE : 0) |
                        (i < n - 1 ? VRING_DESC_F_NEXT : 0)),
            cpu_to_le16(i + 1),
        };
    }
    qtest_memwrite(qts, rings(0), desc, sizeof(desc[0]) * n);
    qtest_memwrite(qts, rings(1), avail, sizeof(avail));
    /* notify_off_multiplier times queue_notify_off, which is the queue here */
    cpu_write(qts, notify + queue * pci_read(qts, FN, cap + 16, 4), queue, 2);
}

/* Wait until the device has put @n requests into the used ring. */
static void virtio_wait(QTestState *qts, unsigned n)
{
    trial_note("wait for request %u", n);
    while (qtest_readw(qts, rings(2) + 2) != n) {
        ;
    }
}

/* Read the disk's first sector to @target: virtio 1.2, 5.2.6 */
static void read_blk(QTestState *qts, uint64_t target)
{
    const uint32_t header[4] = { };
    const Buffer buffers[] = {
        { rings(3), sizeof(header) },
        { target, SECTOR, true },
        { rings(4), 1, true },
    };

    virtio_begin(qts, 0);
    qtest_memwrite(qts, rings(3), header, sizeof(header));
    virtio_request(qts, 0, 0, buffers, ARRAY_SIZE(buffers));
    virtio_wait(qts, 1);
}

/*
 * The same by READ(10) of SCSI: virtio 1.2, 5.6.6.1; queue 2 has requests.
 * TEST UNIT READY takes the disk's unit attention before.
 */
static void read_scsi(QTestState *qts, uint64_t target)
{
    uint8_t header[51] = { [0] = 1, [2] = 0x40 };
    const Buffer buffers[] = {
        { rings(3), sizeof(header) },
        { rings(4), 108, true },
        { target, SECTOR, true },
    };

    virtio_begin(qts, 2);
    qtest_memwrite(qts, rings(3), header, sizeof(header));
    virtio_request(qts, 2, 0, buffers, 2);
    virtio_wait(qts, 1);
    header[19] = 0x28;
    header[27] = 1;
    qtest_memwrite(qts, rings(3), header, sizeof(header));
    virtio_request(qts, 2, 1, buffers, 3);
    virtio_wait(qts, 2);
}

typedef struct Attack {
    const char *name;
    const char *machine;
    const char *options;
    void (*read)(QTestState *qts, uint64_t target);
} Attack;

static const Attack attacks[] = {
    { "virtio-blk", "", DISK BLK, read_blk },
    { "virtio-blk-smmu", ",iommu=smmuv3", DISK BLK PLATFORM, read_blk },
    { "virtio-blk-iothread", "", DISK "-object iothread,id=io " BLK
      ",iothread=io", read_blk },
    { "virtio-scsi", "", DISK SCSI SCSI_HD, read_scsi },
    { "virtio-scsi-smmu", ",iommu=smmuv3", DISK SCSI PLATFORM SCSI_HD,
      read_scsi },
};

/* The device reads its disk into its own status register. */
static void test_own_status(const void *opaque)
{
    const Attack *attack = opaque;
    QTestState *qts = start_cpu(attack->machine, attack->options);

    map_bars(qts, FN, vmspec_base("pcie-mmio32"));
    attack->read(qts, status_register(qts));
    alive(qts);
    g_assert_cmphex(qtest_readb(qts, status_register(qts)), ==, 15);
    g_assert_cmpuint(end(qts), >, 0);
}

/* A request to RAM, so that what the cases above see is no fault of theirs */
static void test_ram(const void *opaque)
{
    const Attack *attack = opaque;
    QTestState *qts = start_cpu(attack->machine, attack->options);

    qtest_memset(qts, rings(5), 0xa5, SECTOR + 1);
    attack->read(qts, rings(5));
    g_assert_cmphex(qtest_readb(qts, rings(5) + SECTOR - 1), ==, 0);
    g_assert_cmphex(qtest_readb(qts, rings(5) + SECTOR), ==, 0xa5);
    g_assert_cmpuint(end(qts), ==, 0);
}

/* Let vector 0 of @fn write 0 to @address. */
static void aim_msi(QTestState *qts, uint32_t fn, uint64_t address)
{
    unsigned cap = pci_cap(qts, fn, PCI_CAP_ID_MSIX);
    uint32_t table = pci_read(qts, fn, cap + PCI_MSIX_TABLE, 4);
    uint64_t entry = bar_address(qts, fn, table & PCI_MSIX_TABLE_BIR) +
                     (table & PCI_MSIX_TABLE_OFFSET);
    const uint32_t words[] = { address, address >> 32, UINT32_MAX, 0 };

    for (int i = 0; i < ARRAY_SIZE(words); i++) {
        cpu_write(qts, entry + 4 * i, words[i], 4);
    }
    cpu_pci_write(qts, fn, cap + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE);
}

/*
 * The interrupt of a request writes to the device's own status register, or to
 * the one that ejects devices.
 */
static void test_msi(const void *opaque)
{
    bool eject = opaque != NULL;
    QTestState *qts = start_cpu(",hotplug-ports=1", DISK BLK);

    map_bars(qts, FN, vmspec_base("pcie-mmio32"));
    aim_msi(qts, FN, eject ? vmspec_base("acpi-pcihp") + 8 :
                             status_register(qts));
    read_blk(qts, rings(5));
    alive(qts);
    g_assert_cmphex(qtest_readb(qts, status_register(qts)), ==, 15);
    g_assert_cmpuint(end(qts), ==, 1);
}

/* Which devices have registers in their BARs; the backends are there. */
static const char *const devices[] = {
    "virtio-blk-pci,drive=disk", "virtio-scsi-pci", "virtio-net-pci",
    "virtio-serial-pci", "nvme,serial=s,drive=disk", "ich9-ahci", "sdhci-pci",
    "lsi53c895a", "megasas", "megasas-gen2", "mptsas1068", "pvscsi",
    "qemu-xhci", "usb-ehci", "e1000", "e1000e", "igb", "intel-hda", "edu",
    "bochs-display", "pcie-root-port,chassis=9", "pci-bridge,chassis_nr=9",
};

/* Write to all words of the BARs; the machine refuses. */
static void test_bar_registers(const void *opaque)
{
    const char *device = opaque;
    g_autofree char *options = g_strdup_printf(
        DISK "-device %s,addr=3", device);
    QTestState *qts = start_cpu("", options);
    uint64_t window = vmspec_base("pcie-mmio32");

    map_bars(qts, FN, window);
    for (unsigned i = 0; i < 6; i++) {
        for (unsigned n = 0; n < 64; n++) {
            trial_note("%s, BAR %u, word %u", device, i, n);
            qtest_writel(qts, window + i * MiB + 4 * n, 0);
        }
    }
    alive(qts);
    g_assert_cmpuint(end(qts), >, 0);
}

/* Memory in a BAR is open: PCI_PP_01. */
static void test_bar_memory(const void *opaque)
{
    QTestState *qts = start_cpu("", opaque);
    uint64_t memory = vmspec_base("pcie-mmio32") + 2 * MiB;

    map_bars(qts, FN, vmspec_base("pcie-mmio32"));
    qtest_writel(qts, memory + 8, 0x12345678);
    g_assert_cmphex(qtest_readl(qts, memory + 8), ==, 0x12345678);
    g_assert_cmpuint(end(qts), ==, 0);
}

/* Write @status to the status register by the capability; read it back. */
static void write_status(QTestState *qts, uint8_t status)
{
    unsigned cap = virtio_cap(qts, VIRTIO_PCI_CAP_PCI_CFG);

    trial_note("write by the capability");
    cpu_pci_write(qts, FN, cap + 4, 1, 4);      /* the BAR */
    cpu_pci_write(qts, FN, cap + 8, 4, VIRTIO_PCI_COMMON_STATUS);
    cpu_pci_write(qts, FN, cap + 12, 4, 1);     /* bytes */
    cpu_pci_write(qts, FN, cap + 16, 1, status);
    g_assert_cmphex(pci_read(qts, FN, cap + 16, 1), ==, status);
}

/* A CPU may write to BARs by way of configuration space: virtio 1.2, 4.1.4.9 */
static void test_configuration(void)
{
    QTestState *qts = start_cpu("", DISK BLK);

    virtio_begin(qts, 0);
    write_status(qts, 0);
    g_assert_cmphex(qtest_readb(qts, status_register(qts)), ==, 0);
    g_assert_cmpuint(end(qts), ==, 0);
}

/* The same while no BAR is mapped */
static void test_configuration_early(void)
{
    QTestState *qts = start_cpu("", DISK BLK);

    write_status(qts, VIRTIO_CONFIG_S_ACKNOWLEDGE);
    alive(qts);
    g_assert_cmpuint(end(qts), ==, 0);
}

static void add_tests(void)
{
    if (!qtest_has_accel("tcg")) {
        g_test_skip("no TCG: the test's accesses would be a CPU's");
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(attacks); i++) {
        g_autofree char *own = g_strdup_printf("/vmspec/dma-bar/own-status/%s",
                                               attacks[i].name);
        g_autofree char *ram = g_strdup_printf("/vmspec/dma-bar/ram/%s",
                                               attacks[i].name);

        qtest_add_data_func(own, &attacks[i], test_own_status);
        qtest_add_data_func(ram, &attacks[i], test_ram);
    }
    qtest_add_data_func("/vmspec/dma-bar/msi/own-status", NULL, test_msi);
    qtest_add_data_func("/vmspec/dma-bar/msi/eject", "", test_msi);
    for (int i = 0; i < ARRAY_SIZE(devices); i++) {
        g_auto(GStrv) name = g_strsplit(devices[i], ",", 2);
        g_autofree char *path = g_strdup_printf(
            "/vmspec/dma-bar/registers/%s", name[0]);

        qtest_add_data_func(path, devices[i], test_bar_registers);
    }
    qtest_add_data_func("/vmspec/dma-bar/memory/ivshmem",
        "-object memory-backend-ram,id=shm,size=1M,share=on "
        "-device ivshmem-plain,addr=3,memdev=shm", test_bar_memory);
    qtest_add_data_func("/vmspec/dma-bar/memory/nvme",
        DISK "-device nvme,addr=3,serial=s,drive=disk,cmb_size_mb=1,"
        "legacy-cmb=on", test_bar_memory);
    qtest_add_func("/vmspec/dma-bar/configuration-capability/mapped",
                   test_configuration);
    qtest_add_func("/vmspec/dma-bar/configuration-capability/unmapped",
                   test_configuration_early);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
