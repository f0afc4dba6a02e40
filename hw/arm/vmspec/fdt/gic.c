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

static void gicv2_properties(const VmspecPlan *plan, VmspecFdt *fdt)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_CPU],
        plan->region[VMSPEC_GIC_HYP], plan->region[VMSPEC_GIC_VCPU],
    };

    vmspec_fdt_string(fdt, "compatible", VMSPEC_FDT_GICV2);
    vmspec_fdt_reg(fdt, reg, reg[2].size ? 4 : 2);
}

static void gicv3_properties(const VmspecPlan *plan, VmspecFdt *fdt)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_REDIST],
        plan->region[VMSPEC_GIC_REDIST_HIGH],
    };

    vmspec_fdt_string(fdt, "compatible", VMSPEC_FDT_GICV3);
    vmspec_fdt_cell(fdt, "#redistributor-regions", plan->gic.num_redists);
    vmspec_fdt_reg(fdt, reg, 1 + plan->gic.num_redists);
}

void vmspec_fdt_open_gic(const VmspecPlan *plan, VmspecFdt *fdt)
{
    const VmspecPpi *maintenance =
        &plan->platform->ppis[VMSPEC_PPI_ID_GIC_MAINTENANCE];

    vmspec_fdt_open_at(fdt, VMSPEC_FDT_GIC_NODE,
                       plan->region[VMSPEC_GIC_DIST].base);
    if (plan->gic.version == VMSPEC_GIC_V2) {
        gicv2_properties(plan, fdt);
    } else {
        gicv3_properties(plan, fdt);
    }
    vmspec_fdt_flag(fdt, "interrupt-controller");
    vmspec_fdt_cell(fdt, "#interrupt-cells", 3);
    vmspec_fdt_cell(fdt, "#address-cells", 2);
    vmspec_fdt_cell(fdt, "#size-cells", 2);
    vmspec_fdt_flag(fdt, "ranges");
    if (plan->ppi[VMSPEC_PPI_ID_GIC_MAINTENANCE]) {
        vmspec_fdt_ppis(plan, fdt, &maintenance->intid, 1);
    }
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_GIC);
}
