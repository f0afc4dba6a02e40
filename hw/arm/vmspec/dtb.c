/*
 * vmspec: does the FDT of -dtb describe this machine?
 *
 * A guest that believes another machine's FDT hangs without a word. So an FDT
 * is refused whose RAM, CPUs, GIC, PSCI or devices are others. What it does
 * not describe is not compared: an FDT may leave devices out, and QEMU adds
 * the memory nodes that it lacks.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/datadir.h"
#include "qemu/units.h"
#include "fdt/names.h"
#include "kernel.h"

#define HINT "QEMU makes an FDT that fits if -dtb is left out; -machine " \
    "dumpdtb=FILE writes it, to be changed.\n"

typedef struct Dtb {
    const char *name;
    const VmspecPlan *plan;
    const void *fdt;
    int address_cells, size_cells;      /* the root's */
} Dtb;

static bool is_enabled(const Dtb *d, int node)
{
    const char *status = fdt_getprop(d->fdt, node, "status", NULL);

    return !status || g_str_equal(status, "okay") ||
           g_str_equal(status, "ok");
}

static uint64_t cells(const fdt32_t *cell, int n)
{
    uint64_t value = 0;

    while (n--) {
        value = value << 32 | fdt32_to_cpu(*cell++);
    }
    return value;
}

/*
 * The range number @n of the reg of a child of the root. False if it has
 * fewer
 */
static bool get_reg(const Dtb *d, int node, unsigned n, VmspecRange *range)
{
    int size;
    const fdt32_t *reg = fdt_getprop(d->fdt, node, "reg", &size);
    unsigned entry = d->address_cells + d->size_cells;

    if (!reg || size < (int)((n + 1) * entry * sizeof(*reg))) {
        return false;
    }
    reg += n * entry;
    range->base = cells(reg, d->address_cells);
    range->size = cells(reg + d->address_cells, d->size_cells);
    return true;
}

static bool is_memory(const Dtb *d, int node)
{
    const char *type = fdt_getprop(d->fdt, node, "device_type", NULL);

    return type && g_str_equal(type, "memory");
}

/* RAM in the memory nodes, without what was in a memory slot */
static uint64_t described_ram(const Dtb *d)
{
    VmspecRange slots = d->plan->region[VMSPEC_DEVICE_MEMORY];
    VmspecRange range;
    uint64_t ram = 0;
    int node;

    fdt_for_each_subnode(node, d->fdt, 0) {
        for (unsigned n = 0; is_memory(d, node) && get_reg(d, node, n, &range);
             n++) {
            if (range.base - slots.base >= slots.size) {
                ram += range.size;
            }
        }
    }
    return ram;
}

static bool check_dtb_ram(const Dtb *d, Error **errp)
{
    uint64_t ram = described_ram(d);
    uint64_t has = d->plan->region[VMSPEC_RAM_LOW].size +
                   d->plan->region[VMSPEC_RAM_HIGH].size;

    if (!ram || ram == has) {
        return true;
    }
    error_setg(errp, "-dtb: '%s' has %" PRIu64 " MiB of RAM, the machine has "
               "%" PRIu64, d->name, ram / MiB, has / MiB);
    error_append_hint(errp, "Use -m %" PRIu64 "M, or remove its memory nodes, "
                      "which QEMU then adds.\n", ram / MiB);
    return false;
}

static bool check_cpus(const Dtb *d, Error **errp)
{
    int cpus = fdt_path_offset(d->fdt, "/cpus");
    unsigned n = 0;
    int node;

    if (cpus < 0) {
        return true;
    }
    fdt_for_each_subnode(node, d->fdt, cpus) {
        const char *type = fdt_getprop(d->fdt, node, "device_type", NULL);

        n += type && g_str_equal(type, "cpu") && is_enabled(d, node) ? 1 : 0;
    }
    if (n == d->plan->num_cpus) {
        return true;
    }
    error_setg(errp, "-dtb: '%s' has %u CPUs, the machine has %u", d->name, n,
               d->plan->num_cpus);
    error_append_hint(errp, "Use -smp %u, or an FDT for this machine.\n",
                      MAX(n, 1));
    return false;
}

/* The version that a compatible string means; 0: it is no GIC's */
static unsigned gic_version(const char *compatible)
{
    static const char *const v2[] = {
        VMSPEC_FDT_GICV2, "arm,gic-400", "arm,cortex-a7-gic",
        "arm,cortex-a9-gic",
    };

    for (int i = 0; i < ARRAY_SIZE(v2); i++) {
        if (g_str_equal(compatible, v2[i])) {
            return 2;
        }
    }
    return g_str_equal(compatible, VMSPEC_FDT_GICV3) ? 3 : 0;
}

static bool refuse_place(const Dtb *d, int node, uint64_t base, Error **errp)
{
    error_setg(errp, "-dtb: '%s' has '%s' at 0x%" PRIx64 ", where the machine "
               "has none", d->name, fdt_get_name(d->fdt, node, NULL), base);
    error_append_hint(errp, HINT);
    return false;
}

static bool check_gic(const Dtb *d, int node, unsigned version,
                      VmspecRange reg, Error **errp)
{
    unsigned has = MIN(d->plan->gic.version, 3);

    if (version != has) {
        error_setg(errp, "-dtb: '%s' has a GICv%u, the machine has a GICv%u",
                   d->name, version, d->plan->gic.version);
        error_append_hint(errp, "Use -machine gic-version=%u, or an FDT for "
                          "this machine.\n", version);
        return false;
    }
    return reg.base == d->plan->region[VMSPEC_GIC_DIST].base ||
           refuse_place(d, node, reg.base, errp);
}

/*
 * A device of a kind that the machine has must be within a row of that kind.
 * Other kinds may be anything, such as -device's.
 */
static bool is_placed(const Dtb *d, const char *compatible, uint64_t base)
{
    bool known = false;

    if (g_str_equal(compatible, VMSPEC_FDT_PCIE)) {
        return base == d->plan->pcie.ecam.base;
    }
    for (int id = 0; id < d->plan->platform->num_rows; id++) {
        const VmspecRow *row = vmspec_row(d->plan, id);
        VmspecRange range = d->plan->region[id];

        if (row->compatible[0] &&
            g_str_equal(row->compatible[0], compatible)) {
            known = true;
            if (base - range.base < range.size) {
                return true;
            }
        }
    }
    return !known;
}

static bool check_device(const Dtb *d, int node, Error **errp)
{
    const char *compatible = fdt_getprop(d->fdt, node, "compatible", NULL);
    VmspecRange reg;
    unsigned version;

    if (!compatible || !is_enabled(d, node) || !get_reg(d, node, 0, &reg)) {
        return true;
    }
    version = gic_version(compatible);
    if (version) {
        return check_gic(d, node, version, reg, errp);
    }
    return is_placed(d, compatible, reg.base) ||
           refuse_place(d, node, reg.base, errp);
}

static bool check_psci(const Dtb *d, Error **errp)
{
    int node = fdt_path_offset(d->fdt, "/psci");
    const char *has = d->plan->conduit_smc ? "smc" : "hvc";
    const char *method = node < 0 ? NULL :
                         fdt_getprop(d->fdt, node, "method", NULL);

    if (!method || g_str_equal(method, has)) {
        return true;
    }
    error_setg(errp, "-dtb: '%s' calls PSCI by %s, the machine takes %s",
               d->name, method, has);
    error_append_hint(errp, "Use -machine virtualization=%s, or remove its "
                      "psci node, which QEMU then adds.\n",
                      d->plan->conduit_smc ? "off" : "on");
    return false;
}

static bool check_fdt(Dtb *d, Error **errp)
{
    int node;

    d->address_cells = fdt_address_cells(d->fdt, 0);
    d->size_cells = fdt_size_cells(d->fdt, 0);
    if (d->address_cells < 1 || d->address_cells > 2 || d->size_cells < 1 ||
        d->size_cells > 2) {
        error_setg(errp, "-dtb: '%s' has no usable #address-cells and "
                   "#size-cells", d->name);
        error_append_hint(errp, "Set both to 2 in its root.\n");
        return false;
    }
    if (!check_dtb_ram(d, errp) || !check_cpus(d, errp) ||
        !check_psci(d, errp)) {
        return false;
    }
    fdt_for_each_subnode(node, d->fdt, 0) {
        if (!check_device(d, node, errp)) {
            return false;
        }
    }
    return true;
}

/*
 * The bytes of the file @name, or NULL with @errp set. A FIFO would keep QEMU
 * waiting, and a device such as /dev/zero has no end.
 */
static char *read_dtb(const char *name, gsize *size, Error **errp)
{
    ERRP_GUARD();
    g_autofree char *path = qemu_find_file(QEMU_FILE_TYPE_BIOS, name);
    g_autoptr(GError) error = NULL;
    char *blob = NULL;
    struct stat st;

    if (stat(path ?: name, &st) == 0 && !S_ISREG(st.st_mode) &&
        !S_ISDIR(st.st_mode)) {
        error_setg(errp, "-dtb: '%s' is not a regular file", name);
    } else if (!g_file_get_contents(path ?: name, &blob, size, &error)) {
        error_setg(errp, "-dtb: %s", error->message);
    }
    if (!blob) {
        error_append_hint(errp, "Name a readable file.\n");
    }
    return blob;
}

bool vmspec_check_dtb(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    const char *name = MACHINE(vms)->dtb;
    g_autofree char *blob = NULL;
    Dtb d = { .name = name, .plan = vms->plan };
    gsize size;

    if (!name) {
        return true;
    }
    blob = read_dtb(name, &size, errp);
    if (!blob) {
        return false;
    }
    if (fdt_check_full(blob, size)) {
        error_setg(errp, "-dtb: '%s' is not a device tree, or is damaged",
                   name);
        error_append_hint(errp, "Compile it by dtc -O dtb.\n");
        return false;
    }
    d.fdt = blob;
    return check_fdt(&d, errp);
}
