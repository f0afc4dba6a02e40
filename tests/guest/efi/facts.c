/*
 * vmspec guest: an EFI application that says what the firmware gives an OS
 *
 * Started by the firmware as -kernel. Lines of "fact NAME VALUE", then it
 * shuts the machine down; tests/guest/facts.c knows what the values must be.
 * Runtime services are called after ExitBootServices, as an OS calls them: so
 * the UART is written to without the firmware's help.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "efi.h"

#define UART_DATA ((volatile uint32_t *)UART0)  /* contract, section 2 */
#define UART_FLAGS ((volatile uint32_t *)(UART0 + 0x18))  /* UARTFR */
#define UART_FULL (1 << 5)

#define TABLES 5
#define RT_PROPERTIES 3
#define FDT 1
#define NO_MEMORY 99

/* Non-volatile, for boot and runtime services */
#define VARIABLE_ATTRIBUTES 7

typedef struct Capsule {
    Guid guid;
    uint32_t header_size, flags, size;
} Capsule;

typedef struct Rng {
    Status (*get_info)(struct Rng *self, uint64_t *size, Guid *algorithms);
    Status (*get_rng)(struct Rng *self, const Guid *algorithm, uint64_t size,
                      uint8_t *value);
} Rng;

static const struct {
    const char *name;
    Guid guid;
} known[TABLES] = {
    { "acpi", { { 0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
                  0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 } } },
    { "fdt", { { 0xd5, 0x21, 0xb6, 0xb1, 0x9c, 0xf1, 0xa5, 0x41,
                 0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0 } } },
    { "smbios3", { { 0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a,
                     0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94 } } },
    { "rt-properties", { { 0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40,
                           0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 } } },
    { "smbios", { { 0x31, 0x2d, 0x9d, 0xeb, 0x88, 0x2d, 0xd3, 0x11,
                    0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } } },
};
static const Guid rng_guid = { {
    0xa5, 0xbc, 0x52, 0x31, 0xde, 0xea, 0x3d, 0x43,
    0x86, 0x2e, 0xc0, 0x1c, 0xdc, 0x29, 0x1f, 0x44 } };
static const Guid vendor = { "vmspec facts" };
static SystemTable *st;
static uint8_t map[64 << 10];
static uint64_t map_size, map_key, descriptor_size;

/* The compiler makes calls of it. */
void *memset(void *s, int c, unsigned long n)
{
    volatile uint8_t *p = s;    /* volatile, or the loop is made a memset() */

    while (n--) {
        *p++ = c;
    }
    return s;
}

static void say(const char *text)
{
    for (; *text; text++) {
        uint32_t flags;

        do {
            flags = *UART_FLAGS;
        } while (flags & UART_FULL);
        *UART_DATA = *text;
    }
}

static void fact(const char *name, const char *more, uint64_t value)
{
    char text[] = "0x0000000000000000\r\n";

    for (int i = 17; i > 1; i--, value >>= 4) {
        text[i] = "0123456789abcdef"[value & 15];
    }
    say("fact ");
    say(name);
    say(more);
    say(" ");
    say(text);
}

static int equal(const void *a, const void *b, unsigned n)
{
    const uint8_t *p = a, *q = b;

    while (n && *p++ == *q++) {
        n--;
    }
    return !n;
}

static Status read_map(void)
{
    uint32_t version;

    map_size = sizeof(map);
    return st->boot->get_memory_map(&map_size, (MemoryDescriptor *)map,
                                    &map_key, &descriptor_size, &version);
}

static uint64_t memory_type(const void *address)
{
    for (uint64_t at = 0; at < map_size; at += descriptor_size) {
        const MemoryDescriptor *d = (MemoryDescriptor *)(map + at);

        if ((uint64_t)address - d->physical < d->pages << 12) {
            return d->type;
        }
    }
    return NO_MEMORY;
}

static void tell_tables(void)
{
    for (uint64_t i = 0; i < st->num_tables; i++) {
        for (int k = 0; k < TABLES; k++) {
            const uint32_t *table = st->tables[i].table;

            if (!equal(&st->tables[i].guid, &known[k].guid, sizeof(Guid))) {
                continue;
            }
            fact("memory-of-", known[k].name, memory_type(table));
            if (k == RT_PROPERTIES) {
                fact("rt-", "supported", table[1]);
            } else if (k == FDT) {
                fact("fdt-", "magic", table[0]);
            }
        }
    }
}

/* Two values that are the same, or all zeros, are not random. */
static void tell_random(void)
{
    static uint8_t zeros[32], values[2][32];
    static Guid algorithms[8];
    uint64_t size = sizeof(algorithms);
    Rng *rng;
    Status status = st->boot->locate_protocol(&rng_guid, 0, (void **)&rng);

    fact("rng-", "protocol", status);
    if (status) {
        return;
    }
    fact("rng-", "info", rng->get_info(rng, &size, algorithms));
    fact("rng-", "algorithms", size / sizeof(Guid));
    fact("rng-", "first", rng->get_rng(rng, 0, 32, values[0]));
    fact("rng-", "second", rng->get_rng(rng, 0, 32, values[1]));
    fact("rng-", "random", !equal(values[0], values[1], 32) &&
         !equal(values[0], zeros, 32));
}

static void tell_variables(void)
{
    static const uint16_t name[] = { 'f', 'a', 'c', 't', 0 };
    static uint16_t first[256];
    RuntimeServices *rt = st->runtime;
    uint64_t size = 1, most, left, largest;
    uint32_t attributes;
    uint8_t byte = 42;
    Guid guid;

    fact("rt-", "set-variable",
         rt->set_variable(name, &vendor, VARIABLE_ATTRIBUTES, 1, &byte));
    byte = 0;
    fact("rt-", "get-variable",
         rt->get_variable(name, &vendor, &attributes, &size, &byte));
    fact("rt-", "variable", byte);
    size = sizeof(first);
    fact("rt-", "next-variable-name",
         rt->get_next_variable_name(&size, first, &guid));
    fact("rt-", "query-variable-info",
         rt->query_variable_info(VARIABLE_ATTRIBUTES, &most, &left,
                                 &largest));
}

static void tell_runtime(void)
{
    static uint8_t time[16], alarm[16], enabled, pending;
    static Capsule capsule = {
        { "vmspec capsule" }, sizeof(Capsule), 0, sizeof(Capsule)
    };
    void *headers[] = { &capsule };
    RuntimeServices *rt = st->runtime;
    uint64_t most;
    uint32_t count;
    int reset;

    fact("rt-", "get-time", rt->get_time(time, 0));
    fact("rt-", "year", time[0] | time[1] << 8);
    fact("rt-", "set-time", rt->set_time(time));
    fact("rt-", "get-wakeup-time",
         rt->get_wakeup_time(&enabled, &pending, alarm));
    fact("rt-", "set-wakeup-time", rt->set_wakeup_time(0, alarm));
    fact("rt-", "next-high-monotonic-count",
         rt->get_next_high_monotonic_count(&count));
    fact("rt-", "update-capsule", rt->update_capsule(headers, 1, 0));
    fact("rt-", "query-capsule-capabilities",
         rt->query_capsule_capabilities(headers, 1, &most, &reset));
    tell_variables();
}

Status efi_main(void *image, SystemTable *table)
{
    uint64_t el;

    st = table;
    __asm__("mrs %0, CurrentEL" : "=r" (el));
    fact("exception-", "level", el >> 2);
    fact("memory-", "map", read_map());
    tell_tables();
    tell_random();
    read_map();
    fact("exit-", "boot-services", st->boot->exit_boot_services(image,
                                                                map_key));
    tell_runtime();
    say("facts end\r\n");
    st->runtime->reset_system(EFI_RESET_SHUTDOWN, 0, 0, 0);
    return 0;
}
