/*
 * vmspec qtest: QEMU's usual endpoints on the root bus and behind a port
 * (platform.md, section 4, and BSA section E)
 *
 * The devices are QEMU's own. A row of the table says which capabilities a
 * device has, and the reason for those that it lacks.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"

#define NO_FUNCTION UINT32_MAX
#define CLASS_NETWORK 0x0200

typedef struct Endpoint {
    const char *device;         /* and what of its options it needs */
    const char *no_msi;         /* why it has neither MSI nor MSI-X */
    const char *no_flr;         /* why it has no function level reset */
    bool legacy;                /* no PCI Express function anywhere */
    bool legacy_on_root;        /* ... or none on the root bus */
} Endpoint;

static const Endpoint endpoints[] = {
    { "virtio-blk-pci,drive=disk", .legacy_on_root = true },
    { "virtio-net-pci", .legacy_on_root = true },
    { "virtio-scsi-pci", .legacy_on_root = true },
    { "virtio-rng-pci", .legacy_on_root = true },
    { "nvme,serial=1" },
    { "igb" },
    { "e1000e", .no_flr = "QEMU's model has none" },
    { "qemu-xhci", .no_flr = "QEMU's model has none" },
    { "ivshmem-plain,memdev=shm", .no_msi = "no interrupts",
      .no_flr = "no PCI Express function", .legacy = true },
};

/* Each endpoint on the root bus, from device 1 on, or behind a port */
static QTestState *start_all(bool behind)
{
    g_autoptr(GString) options = g_string_new(
        "-m 64M -object memory-backend-ram,id=shm,size=1M,share=on "
        "-drive if=none,id=disk,driver=null-co,read-zeroes=on");
    g_autofree char *machine = g_strdup_printf(",hotplug-ports=%d",
                                               behind ?
                                               (int)ARRAY_SIZE(endpoints) : 0);

    for (int i = 0; i < ARRAY_SIZE(endpoints); i++) {
        g_string_append_printf(options, " -device %s,", endpoints[i].device);
        if (behind) {
            g_string_append_printf(options, "bus=hotplug%d", i);
        } else {
            g_string_append_printf(options, "addr=%x", i + 1);
        }
    }
    return vmspec_start(machine, "%s", options->str);
}

/* Run @check on each endpoint, on the root bus and behind a port. */
static void for_all(void (*check)(QTestState *qts, uint32_t fn,
                                  const Endpoint *e, bool behind))
{
    for (int behind = 0; behind < 2; behind++) {
        g_autoptr(QTestState) qts = start_all(behind);

        for (int i = 0; i < ARRAY_SIZE(endpoints); i++) {
            uint32_t fn = behind ? PCI_FN(i + 1, 0, 0) : PCI_FN(0, i + 1, 0);

            if (behind) {
                pci_open_port(qts, pci_port(i), i + 1,
                              vmspec_base("pcie-mmio32") + i * 2 * MiB);
            }
            g_test_message("%s%s", endpoints[i].device,
                           behind ? " behind a port" : "");
            g_assert_cmphex(pci_read(qts, fn, PCI_VENDOR_ID, 4), !=,
                            NO_FUNCTION);
            check(qts, fn, &endpoints[i], behind);
        }
    }
}

static void check_msi(QTestState *qts, uint32_t fn, const Endpoint *e,
                      bool behind)
{
    bool msi = pci_cap(qts, fn, PCI_CAP_ID_MSI);
    bool msi_x = pci_cap(qts, fn, PCI_CAP_ID_MSIX);

    g_test_message("MSI %d, MSI-X %d; without: %s", msi, msi_x,
                   e->no_msi ?: "-");
    g_assert_cmpint(msi || msi_x, ==, !e->no_msi);
}

/* PCI_MSI_1: a function that interrupts has MSI or MSI-X. */
static void test_endpoint_msi(void)
{
    for_all(check_msi);
}

/* Bits of an endpoint that must read 0 (BSA ACS, p02x_data.h) */
static const struct {
    const char *name;
    unsigned reg;
    unsigned size;
    uint32_t zero;
} header_bits[] = {
    { "Command", PCI_COMMAND, 2, 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 9 |
      0xf800 },
    { "Status", PCI_STATUS, 2, 1 << 5 | 1 << 7 | 3 << 9 },
    { "Latency Timer", PCI_LATENCY_TIMER, 1, 0xff },
    { "Min_Gnt", PCI_MIN_GNT, 1, 0xff },
    { "Max_Lat", PCI_MAX_LAT, 1, 0xff },
};

static void check_header(QTestState *qts, uint32_t fn, const Endpoint *e,
                         bool behind)
{
    unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);
    unsigned type = behind ? PCI_EXP_TYPE_ENDPOINT : PCI_EXP_TYPE_RC_END;

    g_assert_cmphex(pci_read(qts, fn, PCI_HEADER_TYPE, 1), ==, 0);
    g_assert_cmpint(!exp, ==, e->legacy || (e->legacy_on_root && !behind));
    if (!exp) {
        return;
    }
    g_assert_cmphex(pci_read(qts, fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST,
                    ==, PCI_STATUS_CAP_LIST);
    for (int i = 0; i < ARRAY_SIZE(header_bits); i++) {
        unsigned reg = header_bits[i].reg, size = header_bits[i].size;
        uint32_t old = pci_read(qts, fn, reg, size);

        g_test_message("%s", header_bits[i].name);
        pci_write(qts, fn, reg, size, UINT32_MAX);
        g_assert_cmphex(pci_read(qts, fn, reg, size) & header_bits[i].zero,
                        ==, 0);
        pci_write(qts, fn, reg, size, old);
    }
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_FLAGS, 2) &
                    PCI_EXP_FLAGS_TYPE, ==, type << 4);
    /*
     * DevCap2 bits of a port: ARI Forwarding, No RO-enabled PR-PR Passing, LN
     */
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_DEVCAP2, 4) &
                    (1 << 5 | 1 << 10 | 3 << 14), ==, 0);
}

/* PCI_IN_19, PCI_IEP_1: header and type, integrated or behind a port */
static void test_endpoint_header(void)
{
    for_all(check_header);
}

static void check_flr(QTestState *qts, uint32_t fn, const Endpoint *e,
                      bool behind)
{
    unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);
    bool flr = exp && pci_read(qts, fn, exp + PCI_EXP_DEVCAP, 4) &
                      PCI_EXP_DEVCAP_FLR;

    g_test_message("FLR %d; without: %s", flr, e->no_flr ?: "-");
    g_assert_cmpint(flr, ==, !e->no_flr && exp);
    if (!flr) {
        return;
    }
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    pci_write(qts, fn, PCI_BASE_ADDRESS_0, 4, vmspec_base("pcie-mmio32"));
    g_assert_cmphex(pci_read(qts, fn, PCI_COMMAND, 2), ==,
                    PCI_COMMAND_MASTER);
    pci_write(qts, fn, exp + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR);
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_DEVCTL, 2) &
                    PCI_EXP_DEVCTL_BCR_FLR, ==, 0);
    g_assert_cmphex(pci_read(qts, fn, PCI_COMMAND, 2), ==, 0);
    g_assert_cmphex(pci_read(qts, fn, PCI_BASE_ADDRESS_0, 4) & ~0xf, ==, 0);
    g_assert_cmphex(pci_read(qts, fn, PCI_VENDOR_ID, 4), !=, NO_FUNCTION);
}

/* PCI_SM_02: a function that announces function level reset has it. */
static void test_endpoint_flr(void)
{
    for_all(check_flr);
}

static void check_no_pasid(QTestState *qts, uint32_t fn, const Endpoint *e,
                           bool behind)
{
    const uint32_t fns[] = { fn, behind ? pci_port((fn >> 20) - 1) : fn };

    for (int i = 0; i < ARRAY_SIZE(fns); i++) {
        if (pci_cap(qts, fns[i], PCI_CAP_ID_EXP)) {
            g_assert_cmpuint(pci_ext_cap(qts, fns[i], PCI_EXT_CAP_ID_PASID),
                             ==, 0);
            g_assert_cmpuint(pci_ext_cap(qts, fns[i], PCI_EXT_CAP_ID_PTM),
                             ==, 0);
        }
    }
}

/* PCI_PAS_1, PCI_PTM_1: no function here has PASID or PTM. */
static void test_no_pasid(void)
{
    for_all(check_no_pasid);
}

/*
 * PCI_IN_17: with ARI forwarding a function number has eight bits. The first
 * virtual function of igb is number 128; without ARI that is device 16.
 */
static void test_ari(void)
{
    g_autoptr(QTestState) qts = vmspec_start(
        ",hotplug-ports=1", "-m 64M -device igb,bus=hotplug0");
    uint32_t port = pci_port(0), pf = PCI_FN(1, 0, 0), vf = PCI_FN(1, 16, 0);
    unsigned exp = pci_cap(qts, port, PCI_CAP_ID_EXP), sriov;
    unsigned ctl = exp + PCI_EXP_DEVCTL2;

    g_assert_cmphex(pci_read(qts, port, exp + PCI_EXP_DEVCAP2, 4) &
                    PCI_EXP_DEVCAP2_ARI, ==, PCI_EXP_DEVCAP2_ARI);
    g_assert_cmphex(pci_read(qts, port, ctl, 2) & PCI_EXP_DEVCTL2_ARI, ==, 0);
    pci_open_port(qts, port, 1, vmspec_base("pcie-mmio32"));
    pci_write(qts, port, ctl, 2, PCI_EXP_DEVCTL2_ARI);
    g_assert_cmphex(pci_read(qts, port, ctl, 2) & PCI_EXP_DEVCTL2_ARI, ==,
                    PCI_EXP_DEVCTL2_ARI);

    sriov = pci_ext_cap(qts, pf, PCI_EXT_CAP_ID_SRIOV);
    g_assert_cmpuint(pci_ext_cap(qts, pf, PCI_EXT_CAP_ID_ARI), >, 0);
    g_assert_cmpuint(sriov, >, 0);
    g_assert_cmpuint(pci_read(qts, pf, sriov + PCI_SRIOV_VF_OFFSET, 2), ==,
                     128);
    g_assert_cmphex(pci_read(qts, vf, PCI_CLASS_DEVICE, 2), ==, UINT16_MAX);
    pci_write(qts, pf, sriov + PCI_SRIOV_NUM_VF, 2, 1);
    pci_write(qts, pf, sriov + PCI_SRIOV_CTRL, 2, PCI_SRIOV_CTRL_VFE |
              PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
    g_assert_cmphex(pci_read(qts, vf, PCI_CLASS_DEVICE, 2), ==,
                    CLASS_NETWORK);
    for (unsigned devfn = 1; devfn < 256; devfn++) {
        if (devfn != 128) {
            g_assert_cmphex(pci_read(qts, PCI_FN(1, 0, devfn), 8, 4), ==,
                            NO_FUNCTION);
        }
    }

    /*
     * The guest can clear ARI forwarding again. Whether the virtual function
     * is out of reach then is only printed: QEMU's core does not look at the
     * bit.
     */
    pci_write(qts, port, ctl, 2, 0);
    g_assert_cmphex(pci_read(qts, port, ctl, 2) & PCI_EXP_DEVCTL2_ARI, ==, 0);
    g_assert_cmphex(pci_read(qts, pf, PCI_CLASS_DEVICE, 2), ==,
                    CLASS_NETWORK);
    g_test_message("device 16 without ARI forwarding: class %x",
                   pci_read(qts, vf, PCI_CLASS_DEVICE, 2));
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/pcie/endpoint-interrupts", test_endpoint_msi);
    g_test_add_func("/vmspec/pcie/endpoint-header", test_endpoint_header);
    g_test_add_func("/vmspec/pcie/endpoint-function-level-reset",
                    test_endpoint_flr);
    g_test_add_func("/vmspec/pcie/no-pasid-no-ptm", test_no_pasid);
    g_test_add_func("/vmspec/pcie/ari", test_ari);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
