/*
 * vmspec-map: print the platform's tables for the manual
 *
 *   vmspec-map --rst    memory map and interrupts as reStructuredText
 *
 * Reads the rows that QEMU is built from and owns no number. Its output is
 * checked in as docs/system/arm/vmspec-map.rst.inc; a test compares the two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/arm/vmspec.h"

#define MAX_COLUMNS 5
#define CELL_SIZE 96

typedef char Cell[CELL_SIZE];

/* A table in reStructuredText's simple form; row 0 is the heading. */
typedef struct Table {
    const char *title;
    unsigned columns;
    unsigned rows;
    Cell cell[64][MAX_COLUMNS];
} Table;

static const char *presence_text(VmspecPresence presence)
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

/* Hexadecimal in groups of four digits, at least two groups */
static void format_hex(char *out, uint64_t n)
{
    char digits[20];
    int len = snprintf(digits, sizeof(digits), "%08" PRIX64, n);

    out += sprintf(out, "0x");
    for (int i = 0; i < len; i++) {
        *out++ = digits[i];
        if (i < len - 1 && (len - 1 - i) % 4 == 0) {
            *out++ = '_';
        }
    }
    *out = '\0';
}

/* In the largest unit that is exact, or hexadecimal if the number is long */
static void format_bytes(char *out, uint64_t size)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    uint64_t n = size;
    unsigned unit = 0;

    while (unit < 4 && n % 1024 == 0) {
        n /= 1024;
        unit++;
    }
    if (n < 1024) {
        sprintf(out, "%" PRIu64 " %s", n, units[unit]);
    } else {
        format_hex(out, size);
    }
}

static void format_size(char *out, const VmspecRow *row)
{
    switch (row->id) {
    case VMSPEC_RAM_HIGH:
        strcpy(out, "the rest");
        return;
    case VMSPEC_FLASH0:
    case VMSPEC_FLASH1:
    case VMSPEC_VIRTIO_MMIO:
    case VMSPEC_RAM_LOW:
    case VMSPEC_DEVICE_MEMORY:
        out += sprintf(out, "up to ");
        break;
    default:
        break;
    }
    format_bytes(out, row->size);
}

static void format_presence(char *out, const VmspecRow *row)
{
    int n = snprintf(out, CELL_SIZE, "%s", presence_text(row->presence));

    if (row->presence != VMSPEC_NEVER && row->pa_bits) {
        snprintf(out + n, CELL_SIZE - n, ", PA of %u bits", row->pa_bits);
    }
}

static void format_run(char *out, const char *prefix, unsigned first,
                       unsigned count)
{
    int n = sprintf(out, "%s%u", prefix, first);

    if (count > 1) {
        sprintf(out + n, " to %u", first + count - 1);
    }
}

static Cell *add_row(Table *t)
{
    if (t->rows == sizeof(t->cell) / sizeof(t->cell[0])) {
        abort();
    }
    return t->cell[t->rows++];
}

static void add_heading(Table *t, const char *const *names)
{
    Cell *cell = add_row(t);

    for (t->columns = 0; names[t->columns]; t->columns++) {
        strcpy(cell[t->columns], names[t->columns]);
    }
}

static void make_memory_table(Table *t, const VmspecPlatform *p)
{
    static const char *const names[] = {
        "Region", "Base", "Size", "Present", "What", NULL
    };

    t->title = "Memory map";
    add_heading(t, names);
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *row = &p->rows[i];
        Cell *cell = add_row(t);

        snprintf(cell[0], CELL_SIZE, "``%s``", row->name);
        format_hex(cell[1], row->base);
        format_size(cell[2], row);
        format_presence(cell[3], row);
        snprintf(cell[4], CELL_SIZE, "%s", row->doc);
    }
}

static void add_spis(Table *t, const VmspecRow *row)
{
    const VmspecIrqs *irqs = &row->irqs;
    Cell *cell = add_row(t);

    snprintf(cell[0], CELL_SIZE, "``%s``", row->name);
    format_run(cell[1], "SPI ", irqs->spi, irqs->count);
    format_run(cell[2], "", irqs->spi + VMSPEC_SPI_INTID_BASE, irqs->count);
    strcpy(cell[3], irqs->trigger == VMSPEC_EDGE_RISING ? "edge rising" :
                                                          "level high");
    strcpy(cell[4], presence_text(row->presence));
}

/* Private interrupts, then shared ones by number */
static void make_interrupt_table(Table *t, const VmspecPlatform *p)
{
    static const char *const names[] = {
        "Source", "Interrupt", "INTID", "Trigger", "Present", NULL
    };

    t->title = "Interrupts";
    add_heading(t, names);
    for (size_t i = 0; i < p->num_ppis; i++) {
        const VmspecPpi *ppi = &p->ppis[i];
        Cell *cell = add_row(t);

        snprintf(cell[0], CELL_SIZE, "%s", ppi->doc);
        format_run(cell[1], "PPI ", ppi->intid - VMSPEC_PPI_INTID_BASE, 1);
        format_run(cell[2], "", ppi->intid, 1);
        strcpy(cell[3], "level high");
        strcpy(cell[4], presence_text(ppi->presence));
    }
    for (unsigned spi = 0; spi < p->num_spis; spi++) {
        for (size_t i = 0; i < p->num_rows; i++) {
            if (p->rows[i].irqs.count && p->rows[i].irqs.spi == spi) {
                add_spis(t, &p->rows[i]);
            }
        }
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

static void print_table(const Table *t)
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
        printf("  ");
        for (unsigned i = 0; i < t->columns - 1; i++) {
            printf(" %-*s", width[i], t->cell[r][i]);
        }
        printf(" %s\n", t->cell[r][t->columns - 1]);
        if (!r) {
            print_rule(width, t->columns);
        }
    }
    print_rule(width, t->columns);
}

static void print_rst(const VmspecPlatform *p)
{
    static Table memory, interrupts;

    printf(".. Generated by tools/vmspec-map.c from the rows of\n"
           "   hw/arm/vmspec/platform.c. Do not edit; after a change of the "
           "rows run\n"
           "   \"ninja -C build refresh-docs\".\n");
    make_memory_table(&memory, p);
    print_table(&memory);
    make_interrupt_table(&interrupts, p);
    print_table(&interrupts);
}

int main(int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "--rst")) {
        fprintf(stderr, "usage: vmspec-map --rst\n");
        return 2;
    }
    print_rst(&vmspec_platform);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
