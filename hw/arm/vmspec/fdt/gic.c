/*
 * vmspec: the FDT's interrupt controller
 *
 * The GIC of platform.md, section 3. Its MSI controller is a row whose node
 * fdt.c puts into the GIC's node.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include "fdt.h"
#include "names.h"
#include "nodes.h"
#include "props.h"

char *vmspec_fdt_gic_path(const VmspecPlan *plan)
{
    return g_strdup_printf("/" VMSPEC_FDT_GIC_NODE "@%" PRIx64,
                           plan->region[VMSPEC_GIC_DIST].base);
}

static void gicv2_properties(const VmspecPlan *plan, void *fdt,
                             const char *path)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_CPU],
        plan->region[VMSPEC_GIC_HYP], plan->region[VMSPEC_GIC_VCPU],
    };

    vmspec_fdt_string(fdt, path, "compatible", VMSPEC_FDT_GICV2);
    vmspec_fdt_reg(fdt, path, reg, reg[2].size ? 4 : 2);
}

static void gicv3_properties(const VmspecPlan *plan, void *fdt,
                             const char *path)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_REDIST],
        plan->region[VMSPEC_GIC_REDIST_HIGH],
    };

    vmspec_fdt_string(fdt, path, "compatible", VMSPEC_FDT_GICV3);
    vmspec_fdt_cell(fdt, path, "#redistributor-regions",
                          plan->gic.num_redists);
    vmspec_fdt_reg(fdt, path, reg, 1 + plan->gic.num_redists);
}

void vmspec_fdt_gic(const VmspecPlan *plan, void *fdt)
{
    g_autofree char *path = vmspec_fdt_gic_path(plan);
    const VmspecPpi *maintenance =
        &plan->platform->ppis[VMSPEC_PPI_ID_GIC_MAINTENANCE];

    vmspec_fdt_node(fdt, path);
    if (plan->gic.version == VMSPEC_GIC_V2) {
        gicv2_properties(plan, fdt, path);
    } else {
        gicv3_properties(plan, fdt, path);
    }
    vmspec_fdt_flag(fdt, path, "interrupt-controller");
    vmspec_fdt_cell(fdt, path, "#interrupt-cells", 3);
    vmspec_fdt_cell(fdt, path, "#address-cells", 2);
    vmspec_fdt_cell(fdt, path, "#size-cells", 2);
    vmspec_fdt_flag(fdt, path, "ranges");
    if (plan->ppi[VMSPEC_PPI_ID_GIC_MAINTENANCE]) {
        vmspec_fdt_ppis(plan, fdt, path, &maintenance->intid, 1);
    }
    vmspec_fdt_cell(fdt, path, "phandle", VMSPEC_PHANDLE_GIC);
}
