/*
 * vmspec-map: the pictures of the manual
 *
 * A picture has its own background, and a reader's dark or light colours, so
 * that it can be read on any page. It is narrow enough for a small screen.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-plan.h"
#include "numbers.h"
#include "pictures.h"

#define WIDTH 500
#define LEFT 150        /* what stands before a box ends here */
#define MARGIN 10
#define STEP 26         /* from one box to the next */
#define BOX 22
#define GAP 7           /* where regions do not touch */
#define TEXT_SIZE 160

static const char *const kinds[] = {
    [VMSPEC_KIND_DEVICE] = "device",
    [VMSPEC_KIND_RAM] = "ram",
    [VMSPEC_KIND_WINDOW] = "window",
    [VMSPEC_KIND_HOLE] = "hole",
};

static void begin(const char *title, unsigned height)
{
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
           "height=\"%u\" viewBox=\"0 0 %d %u\" role=\"img\">\n"
           "<!-- written by vmspec-map (tools/docs/pictures.c) from the rows "
           "of\n     hw/arm/vmspec/platform/platform.c: make refresh-docs -->\n"
           "<title>%s</title>\n", WIDTH, height, WIDTH, height, title);
    printf("<style>text{font:13px sans-serif;fill:#222}"
           ".number{font-family:monospace;font-size:12px}"
           ".page{fill:#fff}.device{fill:#cfe8dc}.ram{fill:#cfdff5}"
           ".window{fill:#f5e3c3}.hole{fill:none;stroke-dasharray:4 3}"
           "rect{stroke:#555}.page{stroke:none}path{stroke:#555;fill:none}"
           "@media(prefers-color-scheme:dark){text{fill:#e4e4e4}"
           ".page{fill:#1a1c1e}.device{fill:#1f4a39}.ram{fill:#22406e}"
           ".window{fill:#5c451a}.hole{fill:none}rect,path{stroke:#999}"
           ".page{stroke:none}}</style>\n"
           "<rect class=\"page\" width=\"%d\" height=\"%u\"/>\n",
           WIDTH, height);
}

static void end(void)
{
    printf("</svg>\n");
}

/* @anchor: start, middle or end; no text here has a character of XML. */
static void text(int x, int y, const char *anchor, const char *class,
                 const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static void text(int x, int y, const char *anchor, const char *class,
                 const char *fmt, ...)
{
    char line[TEXT_SIZE];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    printf("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
           x, y, anchor, class, line);
}

static void box(int x, int y, int width, int height, const char *class)
{
    printf("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
           "rx=\"3\"/>\n", class, x, y, width, height);
}

/* A line of a list: @before, and a box with @name and @right in it */
static void list_line(int y, const char *class, const char *before,
                      const char *name, const char *right)
{
    box(LEFT + MARGIN, y, WIDTH - LEFT - 2 * MARGIN, BOX, class);
    text(LEFT, y + 15, "end", "number", "%s", before);
    text(LEFT + 2 * MARGIN, y + 15, "start", "", "%s", name);
    text(WIDTH - 2 * MARGIN, y + 15, "end", "", "%s", right);
}

static unsigned gap_before(const VmspecPlatform *p, size_t i)
{
    const VmspecRow *last = &p->rows[i ? i - 1 : 0];

    return i && last->base + last->size != p->rows[i].base ? GAP : 0;
}

static void size_of_row(const VmspecRow *row, char *out)
{
    if (row->id == VMSPEC_RAM_HIGH) {
        strcpy(out, "the rest");
    } else {
        format_bytes(out, row->size);
    }
}

static void print_memory_map(const VmspecPlatform *p)
{
    unsigned height = 2 * MARGIN, y = MARGIN;

    for (size_t i = 0; i < p->num_rows; i++) {
        height += STEP + gap_before(p, i);
    }
    begin("The memory map of vmspec", height);
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *row = &p->rows[i];
        char base[NUMBER_SIZE], size[NUMBER_SIZE];

        y += gap_before(p, i);
        format_hex(base, row->base);
        size_of_row(row, size);
        list_line(y, kinds[row->kind], base, row->name, size);
        y += STEP;
    }
    end();
}

/* The memory map in a few boxes, each from its first region to its last */
static void print_overview(const VmspecPlatform *p)
{
    static const struct {
        VmspecRowId first, last;
        const char *what;
    } parts[] = {
        { VMSPEC_FLASH0, VMSPEC_FLASH1, "flash: UEFI and its variables" },
        { VMSPEC_GIC_DIST, VMSPEC_GIC_REDIST, "interrupt controller" },
        { VMSPEC_UART0, VMSPEC_PLATFORM_BUS, "UART, RTC, virtio-mmio ..." },
        { VMSPEC_PCIE_ECAM, VMSPEC_PCIE_PIO, "PCIe" },
        { VMSPEC_RAM_LOW, VMSPEC_RAM_LOW, "RAM, up to 127 GiB" },
        { VMSPEC_DEVICE_MEMORY, VMSPEC_DEVICE_MEMORY, "RAM that is plugged" },
        { VMSPEC_PCIE_MMIO64, VMSPEC_PCIE_MMIO64, "PCIe, 64-bit window" },
        { VMSPEC_RAM_HIGH, VMSPEC_RAM_HIGH, "RAM beyond 127 GiB" },
    };
    const int n = sizeof(parts) / sizeof(parts[0]);

    begin("The memory map of vmspec in short", 2 * MARGIN + n * STEP);
    for (int i = 0; i < n; i++) {
        const VmspecRow *first = &p->rows[parts[i].first];
        const VmspecRow *last = &p->rows[parts[i].last];
        char base[NUMBER_SIZE], end_of[NUMBER_SIZE] = "";

        format_hex(base, first->base);
        if (last->id != VMSPEC_RAM_HIGH) {
            format_hex(end_of, last->base + last->size - 1);
        }
        list_line(MARGIN + i * STEP, kinds[first->kind], base, parts[i].what,
                  end_of);
    }
    end();
}

/* "33", or "35 to 38" */
static void format_range(char *out, unsigned first, unsigned count)
{
    if (count > 1) {
        sprintf(out, "%u to %u", first, first + count - 1);
    } else {
        sprintf(out, "%u", first);
    }
}

static void print_interrupts(const VmspecPlatform *p)
{
    unsigned lines = p->num_ppis, y = MARGIN + STEP;

    for (size_t i = 0; i < p->num_rows; i++) {
        lines += p->rows[i].irqs.count > 0;
    }
    begin("The interrupts of vmspec", 2 * MARGIN + (lines + 1) * STEP + GAP);
    list_line(MARGIN, "hole", "INTID", "source", "interrupt");
    for (size_t i = 0; i < p->num_ppis; i++, y += STEP) {
        const VmspecPpi *ppi = &p->ppis[i];
        char number[NUMBER_SIZE], kind[NUMBER_SIZE];

        format_range(number, ppi->intid, 1);
        sprintf(kind, "PPI %u", ppi->intid - VMSPEC_PPI_INTID_BASE);
        list_line(y, "ram", number, ppi->doc, kind);
    }
    y += GAP;
    for (unsigned spi = 0; spi < p->num_spis; spi++) {
        for (size_t i = 0; i < p->num_rows; i++) {
            const VmspecIrqs *irqs = &p->rows[i].irqs;
            char number[NUMBER_SIZE], kind[NUMBER_SIZE] = "SPI ";

            if (!irqs->count || irqs->spi != spi) {
                continue;
            }
            format_range(number, spi + VMSPEC_SPI_INTID_BASE, irqs->count);
            format_range(kind + strlen(kind), spi, irqs->count);
            list_line(y, "device", number, p->rows[i].name, kind);
            y += STEP;
        }
    }
    end();
}

static void print_window(const VmspecPlatform *p, VmspecRowId id, int y,
                         const char *what)
{
    char base[NUMBER_SIZE];

    format_hex(base, p->rows[id].base);
    list_line(y, kinds[p->rows[id].kind], base, what, "");
}

/* A line of bus 0, and what hangs on it */
static void print_on_bus(int y, const char *class, const char *where,
                         const char *what, const char *behind)
{
    printf("<path d=\"M%d %dv-%dM%d %dh%d\"/>\n", MARGIN + 20, y + BOX / 2,
           STEP, MARGIN + 20, y + BOX / 2, LEFT - MARGIN - 85);
    text(LEFT, y + 15, "end", "number", "%s", where);
    box(LEFT + MARGIN, y, WIDTH - LEFT - 2 * MARGIN, BOX, class);
    text(LEFT + 2 * MARGIN, y + 15, "start", "", "%s", what);
    text(WIDTH - 2 * MARGIN, y + 15, "end", "", "%s", behind);
}

static void print_pcie(const VmspecPlatform *p)
{
    int y = MARGIN;
    char where[NUMBER_SIZE], free[NUMBER_SIZE];

    begin("PCIe of vmspec", 2 * MARGIN +
          (7 + VMSPEC_HOTPLUG_PORTS_DEFAULT) * STEP + 2 * GAP);
    print_window(p, VMSPEC_PCIE_ECAM, y, "configuration space (ECAM)");
    print_window(p, VMSPEC_PCIE_MMIO32, y + STEP, "32-bit memory window");
    print_window(p, VMSPEC_PCIE_PIO, y + 2 * STEP, "I/O window");
    print_window(p, VMSPEC_PCIE_MMIO64, y + 3 * STEP, "64-bit memory window");
    y += 4 * STEP + GAP;
    text(MARGIN, y + 15, "start", "", "bus 0");
    y += STEP;
    print_on_bus(y, "window", "00:00.0", "host bridge", "");
    y += STEP;
    sprintf(free, "00:01 to 00:%02x", VMSPEC_HOTPLUG_DEVICE - 1);
    print_on_bus(y, "hole", "", "for -device", free);
    for (int i = 0; i < VMSPEC_HOTPLUG_PORTS_DEFAULT; i++) {
        char name[NUMBER_SIZE];

        y += STEP;
        sprintf(where, "00:%02x.%d", VMSPEC_HOTPLUG_DEVICE + i / 8, i % 8);
        sprintf(name, "port hotplug%d", i);
        print_on_bus(y, "device", where, name, "for device_add");
    }
    end();
}

bool print_picture(const VmspecPlatform *p, const char *name)
{
    if (!strcmp(name, "memory-map")) {
        print_memory_map(p);
    } else if (!strcmp(name, "overview")) {
        print_overview(p);
    } else if (!strcmp(name, "interrupts")) {
        print_interrupts(p);
    } else if (!strcmp(name, "pcie")) {
        print_pcie(p);
    } else {
        return false;
    }
    return true;
}
