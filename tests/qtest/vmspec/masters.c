/*
 * vmspec tests: bus masters that a guest has programmed badly
 *
 * See masters.h. Registers: Virtual I/O Device 1.2, 4.1.4; NVM Express Base
 * 1.4, 3.1; xHCI 1.2, 5.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "standard-headers/linux/qemu_fw_cfg.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_pci.h"
#include "standard-headers/linux/virtio_ring.h"
#include "masters.h"
#include "pci.h"
#include "trial.h"

/* Where in RAM the drivers have their rings */
#define RINGS (32 * MiB)
#define RING (64 * KiB)
#define BOUNCE (4 * KiB)

static uint64_t ring_address(unsigned n)
{
    return vmspec_base("ram-low") + RINGS + n * RING;
}

static uint64_t any_address(void)
{
    const Contract *c = vmspec_contract();
    const ContractRegion *region = &c->regions[trial_below(c->num_regions)];

    switch (trial_below(8)) {
    case 0:
        return trial_value();
    case 1:
    case 2:
    case 3:
        return region->base + (trial_value() & 0xffff);
    case 4:
        return region->base + region->size - trial_below(4096);
    default:
        return vmspec_base("ram-low") + trial_below(64 * MiB);
    }
}

/* May DMA to @address reach @region? It takes at most a bounce buffer. */
static bool reaches(uint64_t address, const char *region)
{
    return address + BOUNCE >= vmspec_base(region) &&
           address < vmspec_end(region);
}

/*
 * Any address but those of flash, ECAM and BARs. The machine refuses a bus
 * master's write to them; under qtest, where no CPU runs, it cannot tell one
 * from the test's own. Each word that DMA writes to flash can switch ROM mode,
 * which takes hundreds of KiB until RCU frees them. QEMU's virtio-blk waits
 * for itself when its request writes to its own command register or status
 * register.
 */
uint64_t master_address(void)
{
    uint64_t address;

    do {
        address = any_address();
    } while (reaches(address, "flash0") || reaches(address, "flash1") ||
             reaches(address, "pcie-ecam") || reaches(address, "pcie-mmio32"));
    return address;
}

/* Mostly one of the driver's rings, so that the device gets somewhere */
static uint64_t ring_or_any(unsigned n)
{
    return trial_once_in(4) ? master_address() : ring_address(n);
}

void master_enable(QTestState *qts, const Master *m)
{
    pci_write(qts, m->fn, PCI_COMMAND, 2, 0);
    pci_write(qts, m->fn, PCI_BASE_ADDRESS_0, 4, m->bar0);
    pci_write(qts, m->fn, PCI_BASE_ADDRESS_1, 4, 0);
    pci_write(qts, m->fn, PCI_BASE_ADDRESS_4, 4, m->bar4);
    pci_write(qts, m->fn, PCI_BASE_ADDRESS_5, 4, 0);
    pci_write(qts, m->fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY |
              PCI_COMMAND_MASTER);
}

/* The address of virtio structure @type; the modern device has BAR 4. */
static uint64_t virtio_structure(QTestState *qts, const Master *m,
                                 uint8_t type, unsigned *cap)
{
    unsigned at = pci_read(qts, m->fn, PCI_CAPABILITY_LIST, 1);

    for (int n = 0; n < 48 && at >= 0x40; n++) {
        if (pci_read(qts, m->fn, at, 1) == PCI_CAP_ID_VNDR &&
            pci_read(qts, m->fn, at + 3, 1) == type) {
            *cap = at;
            return m->bar4 + pci_read(qts, m->fn, at + 8, 4);
        }
        at = pci_read(qts, m->fn, at + PCI_CAP_LIST_NEXT, 1);
    }
    return 0;
}

static void virtio_start(QTestState *qts, uint64_t common)
{
    qtest_writeb(qts, common + VIRTIO_PCI_COMMON_STATUS, 0);
    qtest_writeb(qts, common + VIRTIO_PCI_COMMON_STATUS, 3);
    qtest_writel(qts, common + VIRTIO_PCI_COMMON_GFSELECT, 1);
    qtest_writel(qts, common + VIRTIO_PCI_COMMON_GF,
                 trial_once_in(4) ? trial_value() : 1);
    qtest_writeb(qts, common + VIRTIO_PCI_COMMON_STATUS, 11);
    qtest_writew(qts, common + VIRTIO_PCI_COMMON_Q_SELECT, 0);
    qtest_writew(qts, common + VIRTIO_PCI_COMMON_Q_SIZE,
                 trial_once_in(8) ? trial_value() : 64);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t address = ring_or_any(i);

        qtest_writel(qts, common + VIRTIO_PCI_COMMON_Q_DESCLO + 8 * i, address);
        qtest_writel(qts, common + VIRTIO_PCI_COMMON_Q_DESCHI + 8 * i,
                     address >> 32);
    }
    qtest_writew(qts, common + VIRTIO_PCI_COMMON_Q_ENABLE, 1);
    qtest_writeb(qts, common + VIRTIO_PCI_COMMON_STATUS, 15);
}

/* A request of a header, up to six buffers and a status byte */
static void virtio_fill(QTestState *qts)
{
    struct vring_desc desc[8];
    uint32_t header[4] = { cpu_to_le32(trial_once_in(4) ? trial_value() : 0),
                           0, cpu_to_le32(trial_below(0x1000)), 0 };
    uint16_t avail[4] = { 0, cpu_to_le16(1), 0, 0 };
    unsigned n = 2 + trial_below(ARRAY_SIZE(desc) - 1);

    for (unsigned i = 0; i < n; i++) {
        uint32_t length = trial_once_in(4) ? trial_value() : 512;
        uint16_t flags = VRING_DESC_F_WRITE | VRING_DESC_F_NEXT;

        if (i == 0) {
            flags = VRING_DESC_F_NEXT;
            length = sizeof(header);
        } else if (i == n - 1) {
            flags = VRING_DESC_F_WRITE;
            length = 1;
        }
        desc[i] = (struct vring_desc) {
            cpu_to_le64(i ? master_address() : ring_address(3)),
            cpu_to_le32(length),
            cpu_to_le16(trial_once_in(16) ? trial_value() : flags),
            cpu_to_le16(trial_once_in(16) ? trial_value() : i + 1),
        };
    }
    qtest_memwrite(qts, ring_address(3), header, sizeof(header));
    qtest_memwrite(qts, ring_address(0), desc, sizeof(desc[0]) * n);
    qtest_memwrite(qts, ring_address(1), avail, sizeof(avail));
}

void master_virtio_blk(QTestState *qts, const Master *m)
{
    unsigned cap = 0;
    uint64_t common = virtio_structure(qts, m, VIRTIO_PCI_CAP_COMMON_CFG,
                                       &cap);
    uint64_t notify = virtio_structure(qts, m, VIRTIO_PCI_CAP_NOTIFY_CFG,
                                       &cap);

    if (!common || !notify) {
        return;
    }
    virtio_start(qts, common);
    virtio_fill(qts);
    qtest_writew(qts, notify, 0);
}

#define NVME_CC 0x14
#define NVME_AQA 0x24
#define NVME_ASQ 0x28
#define NVME_ACQ 0x30
#define NVME_DOORBELL 0x1000
#define NVME_CC_EN 0x460001     /* entries of 64 and 16 bytes */

void master_nvme(QTestState *qts, const Master *m)
{
    /* delete and create queues, log page, identify, features, format, ... */
    static const uint8_t opcodes[] = {
        0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0a, 0x0c, 0x15,
        0x7c, 0x80,
    };
    uint32_t entry[16] = { };

    qtest_writel(qts, m->bar0 + NVME_CC, 0);
    qtest_writel(qts, m->bar0 + NVME_AQA, 0x001f001f);
    qtest_writeq(qts, m->bar0 + NVME_ASQ, ring_or_any(4) & ~0xfffull);
    qtest_writeq(qts, m->bar0 + NVME_ACQ, ring_or_any(5) & ~0xfffull);
    qtest_writel(qts, m->bar0 + NVME_CC, NVME_CC_EN);
    for (unsigned n = 0; n < 8; n++) {
        entry[0] = cpu_to_le32(opcodes[trial_below(ARRAY_SIZE(opcodes))] |
                               n << 16);
        entry[1] = cpu_to_le32(trial_once_in(2) ? 1 : trial_value());
        stq_le_p(&entry[6], master_address());
        stq_le_p(&entry[8], master_address());
        for (unsigned i = 10; i < ARRAY_SIZE(entry); i++) {
            entry[i] = cpu_to_le32(trial_value());
        }
        qtest_memwrite(qts, ring_address(4) + n * sizeof(entry), entry,
                       sizeof(entry));
    }
    qtest_writel(qts, m->bar0 + NVME_DOORBELL, 8);
    /* the first queue of I/O, if there is one */
    qtest_writel(qts, m->bar0 + NVME_DOORBELL + 8, trial_below(32));
}

#define XHCI_USBCMD 0x00
#define XHCI_CRCR 0x18
#define XHCI_DCBAAP 0x30
#define XHCI_CONFIG 0x38
#define XHCI_ERSTSZ 0x28        /* of interrupter 0, in the runtime registers */
#define XHCI_ERSTBA 0x30
#define XHCI_ERDP 0x38
#define TRB_ENABLE_SLOT 9

/* A ring of TRBs; the commands are 9 to 23, transfers 1 to 8. */
static void xhci_fill(QTestState *qts, unsigned ring)
{
    for (unsigned n = 0; n < 16; n++) {
        unsigned type = n ? 1 + trial_below(23) : TRB_ENABLE_SLOT;
        uint32_t trb[4];

        stq_le_p(trb, trial_once_in(2) ? ring_address(6 + trial_below(4)) :
                                         master_address());
        trb[2] = cpu_to_le32(trial_value());
        trb[3] = cpu_to_le32(1 | type << 10 | trial_below(32) << 16 |
                             (trial_below(3) + 1) << 24);
        qtest_memwrite(qts, ring_address(ring) + n * sizeof(trb), trb,
                       sizeof(trb));
    }
}

void master_xhci(QTestState *qts, const Master *m)
{
    uint64_t op = m->bar0 + qtest_readb(qts, m->bar0);
    uint64_t doorbell = m->bar0 + (qtest_readl(qts, m->bar0 + 0x14) & ~3u);
    uint64_t runtime = m->bar0 + (qtest_readl(qts, m->bar0 + 0x18) & ~31u);
    uint32_t segment[4] = { 0, 0, cpu_to_le32(64), 0 };

    stq_le_p(segment, ring_or_any(8));
    qtest_memwrite(qts, ring_address(9), segment, sizeof(segment));
    xhci_fill(qts, 6);
    xhci_fill(qts, 7);
    qtest_writel(qts, op + XHCI_USBCMD, trial_once_in(4) ? 2 : 0);
    qtest_writeq(qts, op + XHCI_CRCR, ring_or_any(6) | 1);
    qtest_writeq(qts, op + XHCI_DCBAAP, ring_or_any(7));
    qtest_writel(qts, op + XHCI_CONFIG, 8);
    qtest_writel(qts, runtime + XHCI_ERSTSZ, 1);
    qtest_writeq(qts, runtime + XHCI_ERSTBA, ring_or_any(9));
    qtest_writeq(qts, runtime + XHCI_ERDP, ring_or_any(8));
    qtest_writel(qts, op + XHCI_USBCMD, 5);
    qtest_writel(qts, doorbell, 0);
    qtest_writel(qts, doorbell + 4, 1 + trial_below(31));
}

void master_fw_cfg(QTestState *qts)
{
    uint64_t descriptor = ring_address(10);
    struct fw_cfg_dma_access access = {
        .control = cpu_to_be32(trial_below(32) | trial_below(0x40) << 16),
        .length = cpu_to_be32(trial_value()),
        .address = cpu_to_be64(master_address()),
    };

    qtest_memwrite(qts, descriptor, &access, sizeof(access));
    qtest_writeq(qts, vmspec_base("fw-cfg") + 16,
                 bswap64(trial_once_in(8) ? master_address() : descriptor));
}
