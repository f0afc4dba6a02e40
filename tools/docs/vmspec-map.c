/*
 * vmspec-map: print the platform's tables for the manual
 *
 *   vmspec-map --rst            memory map and interrupts
 *   vmspec-map --description    FDT and ACPI beside each other
 *   vmspec-map PICTURE          memory-map, overview, interrupts or pcie, as SVG
 *
 * Reads what QEMU is built from: the rows (hw/arm/vmspec/platform/), the FDT
 * that fdt/ makes of a plan, and the list of tables and names of acpi/. Its
 * output is reStructuredText and is checked in as
 * docs/system/arm/vmspec-map.rst.inc and vmspec-description.rst.inc;
 * "make refresh-docs" writes these files, and a test compares them with the
 * output.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include "map-tables.h"
#include "pictures.h"
#include "vmspec-description.h"

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";

    if (!strcmp(what, "--rst")) {
        print_map(&vmspec_platform_1_0);
    } else if (!strcmp(what, "--description")) {
        print_description(&vmspec_platform_1_0);
    } else if (!print_picture(&vmspec_platform_1_0, what)) {
        fprintf(stderr,
                "usage: vmspec-map --rst | --description | PICTURE\n");
        return 2;
    }
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
