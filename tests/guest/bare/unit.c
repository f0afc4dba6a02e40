/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A flat program in the manner of kvm-unit-tests
 *
 * It takes its arguments from -append and its environment from the file of
 * -initrd.  It ends QEMU with a status, by the character device testdev behind
 * a virtio console on virtio-mmio; without that, it turns the machine off.  As
 * kvm-unit-tests does, it uses the legacy interface and sets no device status.
 */

#include "bare.h"
#include "fdt.h"

#define CONSOLE         3               /* Virtio 1.2, 5 */
#define VIRT_MAGIC      0x74726976
#define QUEUE           8               /* entries */
#define PAGE            4096

/* Virtio 1.2, 4.2.4: the legacy interface */
#define DEVICE_ID       0x008
#define PAGE_SIZE       0x028
#define QUEUE_SELECT    0x030
#define QUEUE_NUMBER    0x038
#define QUEUE_ALIGN     0x03c
#define QUEUE_PAGE      0x040
#define QUEUE_NOTIFY    0x050

typedef struct Descriptor {
    uint32_t address, high, length;
    uint16_t flags, next;
} Descriptor;

typedef struct Queue {
    Descriptor descriptors[QUEUE];
    uint16_t flags, index, ring[QUEUE];
    uint8_t pad[PAGE - 16 * QUEUE - 4 - 2 * QUEUE];
    uint8_t used[PAGE];
} Queue;

static Queue queues[2] __attribute__((aligned(PAGE)));
static char message[] = "0q";

void bare_fault(void)
{
    put("unit: unexpected exception\r\n");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

void bare_irq(void)
{
}

void bare_second(void)
{
}

/* The first transport of the FDT that has the device; 0 if none has */
static uintptr_t find_console(const void *fdt)
{
    const uint32_t *node = NULL;

    while ((node = fdt_find(fdt, node, NULL, "virtio,mmio"))) {
        Property reg = fdt_property(fdt, node, "reg");
        uintptr_t base = from_be(reg.words[1]);

        if (*mmio(base) == VIRT_MAGIC &&
            *mmio(base + DEVICE_ID) == CONSOLE) {
            return base;
        }
    }
    return 0;
}

static void set_up_queue(uintptr_t base, unsigned n)
{
    *mmio(base + QUEUE_SELECT) = n;
    *mmio(base + QUEUE_NUMBER) = QUEUE;
    *mmio(base + QUEUE_ALIGN) = PAGE;
    *mmio(base + QUEUE_PAGE) = (uintptr_t)&queues[n] / PAGE;
}

/* testdev takes a number and a letter, q for quit. */
static void send_status(uintptr_t base, char digit)
{
    Queue *output = &queues[1];

    *mmio(base + PAGE_SIZE) = PAGE;
    set_up_queue(base, 0);
    set_up_queue(base, 1);
    message[0] = digit;
    output->descriptors[0] = (Descriptor){
        .address = (uintptr_t)message, .length = 2,
    };
    output->ring[0] = 0;
    output->index = 1;
    __asm__ volatile("dsb sy" : : : "memory");
    *mmio(base + QUEUE_NOTIFY) = 1;
}

/* The last character of the text is the status. */
static char put_arguments(const void *fdt)
{
    const uint32_t *chosen = fdt_find(fdt, NULL, "chosen", NULL);
    Property p = fdt_property(fdt, chosen, "bootargs");

    put("unit: arguments ");
    put((const char *)p.words);
    put("\r\n");
    return ((const char *)p.words)[p.size - 2];
}

static void put_environment(const void *fdt)
{
    const uint32_t *chosen = fdt_find(fdt, NULL, "chosen", NULL);
    Property first = fdt_property(fdt, chosen, "linux,initrd-start");
    Property last = fdt_property(fdt, chosen, "linux,initrd-end");
    char byte[2] = "";
    uintptr_t at, end;

    if (!first.words) {
        put("unit: no environment\r\n");
        return;
    }
    at = from_be(first.words[first.size / 4 - 1]);
    end = from_be(last.words[last.size / 4 - 1]);
    put("unit: environment ");
    for (; at < end; at++) {
        byte[0] = *(const char *)at;
        put(byte);
    }
    put("\r\n");
}

void bare_main(uintptr_t x0, uintptr_t start)
{
    const void *fdt = (const void *)x0;
    char status = put_arguments(fdt);
    uintptr_t console = find_console(fdt);

    (void)start;
    put_environment(fdt);
    put("EXIT: STATUS=");
    put_digits((status - '0') << 1 | 1);
    put("\r\n");
    if (console) {
        send_status(console, status);
    }
    psci(exception_level(), PSCI_SYSTEM_OFF, 0, 0, 0);
}
