/*
 * vmspec qtest: an access outside all devices aborts (platform.md, section
 * 1.4)
 *
 * A small program runs on TCG in place of the firmware. It accesses each
 * address of a table and prints on uart0 what happened.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/regions.h"

#define VECTORS 0x800
#define SYNC_HANDLER 0xa00      /* current EL with SP_ELx, synchronous */
#define TABLE 0x1000
#define IMAGE_SIZE (16 * KiB)
#define UART_LITERAL 0x58
#define END_OF_TABLE UINT64_MAX
#define PA_END (1ULL << 52)     /* of -cpu max */

/* What the program prints for an address */
#define READABLE 'R'
#define EXTERNAL_ABORT 'A'

static const uint32_t start_code[] = {
    0x10004000,     /*         adr  x0, VECTORS                 */
    0xd518c000,     /*         msr  vbar_el1, x0                */
    0xd5033fdf,     /*         isb                              */
    0x10007fa1,     /*         adr  x1, TABLE                   */
    0x10000249,     /*         adr  x9, UART_LITERAL            */
    0xf9400129,     /*         ldr  x9, [x9]                    */
    0xf8408422,     /* next:   ldr  x2, [x1], #8                */
    0xb100045f,     /*         cmn  x2, #1                      */
    0x54000120,     /*         b.eq off                         */
    0x52800a45,     /*         mov  w5, #'R'                    */
    0x37000062,     /*         tbnz w2, #0, store               */
    0xb9400043,     /*         ldr  w3, [x2]                    */
    0x14000003,     /*         b    report                      */
    0xd1000442,     /* store:  sub  x2, x2, #1                  */
    0xb900005f,     /*         str  wzr, [x2]                   */
    0xb9000125,     /* report: str  w5, [x9]                    */
    0x17fffff6,     /*         b    next                        */
    0x52800100,     /* off:    mov  w0, #8                      */
    0x72b08000,     /*         movk w0, #0x8400, lsl #16        */
    0xd4000002,     /*         hvc  #0      PSCI SYSTEM_OFF     */
    0x14000000,     /*         b    .                           */
};

/*
 * Prints A after a data abort (EC 0x25) with status 0x10, which is a
 * synchronous external abort, and ? after another exception.
 */
static const uint32_t handler_code[] = {
    0xd5385206,     /*         mrs  x6, esr_el1                 */
    0x528007e5,     /*         mov  w5, #'?'                    */
    0x531a7cc7,     /*         lsr  w7, w6, #26                 */
    0x710094ff,     /*         cmp  w7, #0x25                   */
    0x540000a1,     /*         b.ne skip                        */
    0x120014c7,     /*         and  w7, w6, #0x3f               */
    0x710040ff,     /*         cmp  w7, #0x10                   */
    0x54000041,     /*         b.ne skip                        */
    0x52800825,     /*         mov  w5, #'A'                    */
    0xd5384027,     /* skip:   mrs  x7, elr_el1                 */
    0x910010e7,     /*         add  x7, x7, #4                  */
    0xd5184027,     /*         msr  elr_el1, x7                 */
    0xd69f03e0,     /*         eret                             */
};

static void put_code(uint8_t *image, const uint32_t *code, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        stl_le_p(image + 4 * i, code[i]);
    }
}

/* An odd address in the table stands for a store to the address below it. */
static char *make_image(const char *name, GArray *addresses)
{
    g_autofree uint8_t *image = g_malloc0(IMAGE_SIZE);
    uint8_t *entry = image + TABLE;

    g_assert_cmpuint(TABLE + 8 * (addresses->len + 1), <=, IMAGE_SIZE);
    put_code(image, start_code, ARRAY_SIZE(start_code));
    put_code(image + SYNC_HANDLER, handler_code, ARRAY_SIZE(handler_code));
    stq_le_p(image + UART_LITERAL, vmspec_base("uart0"));
    for (unsigned i = 0; i < addresses->len; i++, entry += 8) {
        stq_le_p(entry, g_array_index(addresses, uint64_t, i));
    }
    stq_le_p(entry, END_OF_TABLE);
    return scratch_file(name, image, IMAGE_SIZE, IMAGE_SIZE);
}

/* The program prints @want for each of @addresses. */
static void expect(const TestConfig *config, GArray *addresses, char want)
{
    g_autofree char *image = NULL;
    /* the program's -serial takes the place of the configuration's first */
    g_auto(GStrv) rest = g_strsplit(config->options, "-serial null", 2);
    g_autofree char *options = g_strjoinv("", rest);
    g_autoptr(VmspecRun) run = NULL;

    if (!qtest_has_accel("tcg")) {
        g_test_skip("the program needs TCG, which this QEMU does not have");
        return;
    }
    image = make_image("probe.fd", addresses);
    run = vmspec_run("-accel tcg -cpu max -M vmspec%s -nodefaults -bios %s "
                     "-chardev stdio,id=out -serial chardev:out %s",
                     config->machine, image, options);
    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_cmpuint(strlen(run->out), ==, addresses->len);
    for (unsigned i = 0; i < addresses->len; i++) {
        uint64_t address = g_array_index(addresses, uint64_t, i);

        g_test_message("%s of %" PRIx64 ": %c",
                       address & 1 ? "store" : "load", address & ~(uint64_t)1,
                       run->out[i]);
        g_assert_cmpint(run->out[i], ==, want);
    }
}

/*
 * Add a load and a store, unless a region has the address or no CPU reaches
 * it.
 */
static void add_hole(const TestConfig *config, GArray *addresses,
                     uint64_t address)
{
    uint64_t store = address | 1;

    if (address < PA_END && !regions_overlap(config, address, 4)) {
        g_array_append_val(addresses, address);
        g_array_append_val(addresses, store);
    }
}

static GArray *holes(const TestConfig *config)
{
    const Contract *contract = vmspec_contract();
    GArray *addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];
        uint64_t size = region_present(config, r) ? region_size(config, r) :
                                                   r->size;

        /* where a region is absent, and the words before and behind one */
        add_hole(config, addresses, r->base);
        add_hole(config, addresses, r->base + size / 2);
        add_hole(config, addresses, r->base + size - 4);
        add_hole(config, addresses, r->base + size);
        if (r->base) {
            add_hole(config, addresses, r->base - 4);
        }
    }
    return addresses;
}

/* expect() has -cpu max: no other model can address the whole map. */
static void test_outside_regions(const void *config)
{
    g_autoptr(GArray) addresses = holes(config);

    g_assert_cmpuint(addresses->len, >, 0);
    expect(config, addresses, EXTERNAL_ABORT);
}

static void test_regions_answer(const void *opaque)
{
    const TestConfig *config = opaque;
    const Contract *contract = vmspec_contract();
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (unsigned i = 0; i < contract->num_regions; i++) {
        const ContractRegion *r = &contract->regions[i];

        /* a bus, a memory slot or a window answers only where a device is */
        if (region_present(config, r) && strcmp(r->name, "platform-bus") &&
            strcmp(r->name, "device-memory") &&
            (strcmp(r->kind, "window") || !strcmp(r->name, "pcie-ecam"))) {
            g_array_append_val(addresses, r->base);
        }
    }
    expect(config, addresses, READABLE);
}

/* Addresses in a region at which there is no register and no device */
static void test_inside_regions(const void *opaque)
{
    const TestConfig *config = opaque;
    uint64_t inside[] = {
        /* one CPU has one redistributor of two 64 KiB frames */
        vmspec_base("gic-redist") + 0x20000,
        vmspec_end("gic-redist") - 4,
        vmspec_base("fw-cfg") + 0xc,
        vmspec_base("platform-bus"),
        vmspec_end("platform-bus") - 4,
        vmspec_base("pcie-mmio32"),
        vmspec_end("pcie-mmio32") - 4,
        vmspec_base("pcie-mmio64"),
        vmspec_end("pcie-mmio64") - 4,
    };
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    g_array_append_vals(addresses, inside, ARRAY_SIZE(inside));
    expect(config, addresses, EXTERNAL_ABORT);
}

static void test_inside_memory_regions(const void *opaque)
{
    const TestConfig *config = opaque;
    uint64_t nvdimm = vmspec_base("acpi-memhp") +
                      contract_value(vmspec_contract(), "acpi-memhp-nvdimm");
    uint64_t inside[] = {
        vmspec_base("acpi-ged") + 4,
        /* there are 24 bytes of registers, and 4 bytes of the NVDIMMs */
        vmspec_base("acpi-memhp") + 24,
        nvdimm - 4,
        nvdimm + 4,
        vmspec_end("acpi-memhp") - 4,
        /* empty slots */
        vmspec_base("device-memory"),
        vmspec_base("device-memory") + config->device_memory - 4,
    };
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    g_array_append_vals(addresses, inside, ARRAY_SIZE(inside));
    expect(config, addresses, EXTERNAL_ABORT);
}

static void add_tests(void)
{
    static const char *const names[] = {
        "default", "no-acpi", "gicv2", "smmuv3", "second-serial",
        "no-virtio-mmio", "all-virtio-mmio", "cpus-124", "ram-128G",
        "slots-empty", NULL
    };
    static const char *const plain[] = { "default", NULL };
    static const char *const slots[] = { "slots-empty", NULL };

    configs_add_tests("/vmspec/holes/outside-regions-abort", names,
                      test_outside_regions);
    configs_add_tests("/vmspec/holes/regions-answer", names,
                      test_regions_answer);
    configs_add_tests("/vmspec/holes/inside-regions-abort", plain,
                      test_inside_regions);
    configs_add_tests("/vmspec/holes/inside-regions-abort", slots,
                      test_inside_memory_regions);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
