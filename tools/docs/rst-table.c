/*
 * vmspec-map: tables of the manual in reStructuredText
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rst-table.h"

const char *presence_text(VmspecPresence presence)
{
    switch (presence) {
    case VMSPEC_ALWAYS:
        return "always";
    case VMSPEC_NEVER:
        return "never";
    case VMSPEC_IF_FLASH0:
        return "with firmware";
    case VMSPEC_IF_FLASH1:
        return "with firmware or an image";
    case VMSPEC_IF_GICV2:
        return "GICv2";
    case VMSPEC_IF_GICV2_EL2:
        return "GICv2, virtualization=on";
    case VMSPEC_IF_GICV3:
    case VMSPEC_IF_ITS:
        return "GICv3, GICv4";
    case VMSPEC_IF_REDIST_HIGH:
        return "GICv3, GICv4 with more CPUs";
    case VMSPEC_IF_UART1:
        return "second -serial";
    case VMSPEC_IF_SMMU:
        return "iommu=smmuv3";
    case VMSPEC_IF_ACPI:
        return "ACPI";
    case VMSPEC_IF_MEMORY_HOTPLUG:
        return "ACPI, -m slots";
    case VMSPEC_IF_ACPI_PCIHP:
        return "ACPI, hot-plug ports";
    case VMSPEC_IF_VIRTIO_MMIO:
        return "virtio-mmio not 0";
    case VMSPEC_IF_DEVICE_MEMORY:
        return "maxmem above RAM";
    case VMSPEC_IF_MMIO64:
        return "AArch64 CPU";
    case VMSPEC_IF_RAM_HIGH:
        return "more RAM";
    case VMSPEC_IF_EL2:
        return "virtualization=on";
    case VMSPEC_IF_VHE:
        return "virtualization=on, FEAT_VHE";
    case VMSPEC_IF_PMU:
        return "CPU with a PMU";
    }
    abort();
}

void format_run(char *out, const char *prefix, unsigned first,
                unsigned count)
{
    int n = sprintf(out, "%s%u", prefix, first);

    if (count > 1) {
        sprintf(out + n, " to %u", first + count - 1);
    }
}

void format_literal(char *out, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(out + 2, CELL_SIZE - 4, fmt, ap);
    va_end(ap);
    if (n > 0 && n < CELL_SIZE - 4) {
        memcpy(out, "``", 2);
        strcpy(out + 2 + n, "``");
    } else if (!n) {
        *out = '\0';
    } else {
        abort();
    }
}

Cell *add_row(Table *t)
{
    if (t->rows == sizeof(t->cell) / sizeof(t->cell[0])) {
        abort();
    }
    return t->cell[t->rows++];
}

void add_heading(Table *t, const char *const *names)
{
    Cell *cell = add_row(t);

    for (t->columns = 0; names[t->columns]; t->columns++) {
        strcpy(cell[t->columns], names[t->columns]);
    }
}

static void print_rule(const unsigned *width, unsigned columns)
{
    printf("  ");
    for (unsigned i = 0; i < columns; i++) {
        printf(" ");
        for (unsigned j = 0; j < width[i]; j++) {
            putchar('=');
        }
    }
    printf("\n");
}

/* No blanks after the last cell that is not empty */
static void print_row(const Table *t, unsigned row, const unsigned *width)
{
    unsigned last = t->columns - 1;

    while (last && !*t->cell[row][last]) {
        last--;
    }
    printf("  ");
    for (unsigned i = 0; i < last; i++) {
        printf(" %-*s", width[i], t->cell[row][i]);
    }
    printf(" %s\n", t->cell[row][last]);
}

void print_table(const Table *t)
{
    unsigned width[MAX_COLUMNS] = { 0 };

    for (unsigned r = 0; r < t->rows; r++) {
        for (unsigned i = 0; i < t->columns; i++) {
            unsigned len = strlen(t->cell[r][i]);

            width[i] = len > width[i] ? len : width[i];
        }
    }
    printf("\n.. table:: %s\n\n", t->title);
    print_rule(width, t->columns);
    for (unsigned r = 0; r < t->rows; r++) {
        print_row(t, r, width);
        if (!r) {
            print_rule(width, t->columns);
        }
    }
    print_rule(width, t->columns);
}
