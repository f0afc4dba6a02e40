/*
 * vmspec guest: an EFI application that prints what the firmware gives an OS
 *
 * The firmware starts it as -kernel. It prints lines of "fact NAME VALUE" and
 * turns the machine off; tests/guest/cases/efi-facts.c has the values that must
 * be printed. It calls the runtime services after ExitBootServices, as an OS
 * does, and therefore writes to the UART itself.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "efi.h"

#define UART_DATA ((volatile uint32_t *)UART0)  /* platform.md, section 2 */
#define UART_FLAGS ((volatile uint32_t *)(UART0 + 0x18))  /* UARTFR */
#define UART_FULL (1 << 5)

#define TABLES 6
#define RT_PROPERTIES 3
#define FDT 1
#define NO_MEMORY 99
#define TPM_LOG_2 2     /* with a digest of each algorithm */
#define HII_FORMS 2     /* a package of this type has a page of the menu */

/* Non-volatile, for boot and runtime services */
#define VARIABLE_ATTRIBUTES 7

typedef struct Capsule {
    Guid guid;
    uint32_t header_size, flags, size;
} Capsule;

typedef struct Time {
    uint16_t year;
    uint8_t month, day, hour, minute, second, pad;
    uint32_t nanosecond;
    int16_t zone;
    uint8_t daylight, pad2;
} Time;

typedef struct Rng {
    Status (*get_info)(struct Rng *self, Uintn *size, Guid *algorithms);
    Status (*get_rng)(struct Rng *self, const Guid *algorithm, Uintn size,
                      uint8_t *value);
} Rng;

/* UEFI 2.10, 12.9 */
typedef struct Gop {
    void *methods[3];
    struct {
        uint32_t modes, mode;
        struct {
            uint32_t version, width, height;
        } *info;
    } *mode;
} Gop;

/* UEFI 2.10, 34 and 35 */
typedef struct HiiDatabase {
    void *methods[3];
    Status (*list_package_lists)(struct HiiDatabase *self, uint8_t type,
                                 const Guid *guid, Uintn *size,
                                 void **handles);
} HiiDatabase;

typedef struct HiiConfigAccess {
    Status (*extract_config)(struct HiiConfigAccess *self,
                             const uint16_t *request, uint16_t **progress,
                             uint16_t **results);
} HiiConfigAccess;

/* TCG EFI Protocol Specification, 6 */
typedef struct Tcg2 {
    void *get_capability;
    Status (*get_event_log)(struct Tcg2 *self, uint32_t format,
                            uint64_t *first, uint64_t *last,
                            uint8_t *truncated);
    void *hash_log_extend_event;
    Status (*submit_command)(struct Tcg2 *self, uint32_t size,
                             const uint8_t *command, uint32_t answer_size,
                             uint8_t *answer);
} Tcg2;

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
    { "tpm-final-events", { { 0x96, 0xd0, 0x2e, 0x1e, 0xe2, 0x30, 0x54, 0x42,
                              0xbd, 0x89, 0x86, 0x3b, 0xbe, 0xf8, 0x23,
                              0x25 } } },
};
static const Guid rng_guid = { {
    0xa5, 0xbc, 0x52, 0x31, 0xde, 0xea, 0x3d, 0x43,
    0x86, 0x2e, 0xc0, 0x1c, 0xdc, 0x29, 0x1f, 0x44 } };
static const Guid rng_raw_guid = { {
    0xd7, 0x76, 0x31, 0xe4, 0xe8, 0xb6, 0x27, 0x48,
    0xb7, 0x84, 0x7f, 0xfd, 0xc4, 0xb6, 0x85, 0x61 } };
static const Guid gop_guid = { {
    0xde, 0xa9, 0x42, 0x90, 0xdc, 0x23, 0x38, 0x4a,
    0x96, 0xfb, 0x7a, 0xde, 0xd0, 0x80, 0x51, 0x6a } };
static const Guid tcg2_guid = { {
    0x6c, 0x76, 0x7f, 0x60, 0x55, 0x74, 0xbe, 0x42,
    0x93, 0x0b, 0xe4, 0xd7, 0x6d, 0xb2, 0x72, 0x0f } };
static const Guid vendor = { "vmspec facts" };
/* HII's protocols : the database first, the access last */
static const struct {
    const char *name;
    Guid guid;
} hii[] = {
    { "hii-database-",
      { { 0x72, 0xc1, 0x9f, 0xef, 0xb2, 0xa1, 0x93, 0x46,
          0xb3, 0x27, 0x6d, 0x32, 0xfc, 0x41, 0x60, 0x42 } } },
    { "hii-string-",
      { { 0x74, 0x69, 0xd9, 0x0f, 0xaa, 0x23, 0xdc, 0x4c,
          0xb9, 0xcb, 0x98, 0xd1, 0x77, 0x50, 0x32, 0x2a } } },
    { "hii-config-routing-",
      { { 0xd7, 0x72, 0x7e, 0x58, 0x50, 0xcc, 0x79, 0x4f,
          0x82, 0x09, 0xca, 0x29, 0x1f, 0xc1, 0xa1, 0x0f } } },
    { "hii-config-access-",
      { { 0x06, 0x47, 0x0d, 0x33, 0xa0, 0xf2, 0x4f, 0x4e,
          0xa3, 0x69, 0xb6, 0x6f, 0xa8, 0xd5, 0x43, 0x85 } } },
};
static SystemTable *st;
static uint8_t map[64 << 10];
static Uintn map_size, map_key, descriptor_size;

/* clang calls it for initializers, and there is no C library. */
void *memset(void *s, int c, Uintn n)
{
    volatile uint8_t *p = s;    /* or clang makes a call of memset() of it */

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

/* The error bit is the highest of a UINTN; it is printed as bit 63 always. */
static void status(const char *name, const char *more, Status value)
{
    uint64_t error = value & EFI_ERROR_BIT ? 1ULL << 63 : 0;

    fact(name, more, error | (value & ~EFI_ERROR_BIT));
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
    for (Uintn at = 0; at < map_size; at += descriptor_size) {
        const MemoryDescriptor *d = (MemoryDescriptor *)(map + at);

        if ((Uintn)address - d->physical < d->pages << 12) {
            return d->type;
        }
    }
    return NO_MEMORY;
}

static void tell_tables(void)
{
    for (Uintn i = 0; i < st->num_tables; i++) {
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

static void *locate(const char *name, const Guid *guid)
{
    void *protocol = 0;

    status(name, "protocol", st->boot->locate_protocol(guid, 0, &protocol));
    return protocol;
}

/* Two values that are equal, or one of zeros only, are not random. */
static void tell_random(void)
{
    static uint8_t zeros[32], values[2][32];
    static Guid algorithms[8];
    Uintn size = sizeof(algorithms);
    Rng *rng = locate("rng-", &rng_guid);

    if (!rng) {
        return;
    }
    status("rng-", "info", rng->get_info(rng, &size, algorithms));
    fact("rng-", "algorithms", size / sizeof(Guid));
    fact("rng-", "raw",
         !rng->get_rng(rng, &rng_raw_guid, 32, values[0]));
    status("rng-", "first", rng->get_rng(rng, 0, 32, values[0]));
    status("rng-", "second", rng->get_rng(rng, 0, 32, values[1]));
    fact("rng-", "random", !equal(values[0], values[1], 32) &&
         !equal(values[0], zeros, 32));
}

static void tell_display(void)
{
    Gop *gop = locate("gop-", &gop_guid);

    if (gop) {
        fact("gop-", "width", gop->mode->info->width);
        fact("gop-", "height", gop->mode->info->height);
    }
}

/*
 * The page that a form describes has its settings behind the access protocol,
 * which knows no names of others.
 */
static void tell_hii(void)
{
    static const uint16_t other[] = { 'x', 0 };
    static void *handles[16];
    void *found[sizeof(hii) / sizeof(hii[0])];
    Uintn size = sizeof(handles);
    uint16_t *progress = 0, *results = 0;
    HiiDatabase *database;
    HiiConfigAccess *access;

    for (unsigned i = 0; i < sizeof(hii) / sizeof(hii[0]); i++) {
        found[i] = locate(hii[i].name, &hii[i].guid);
    }
    database = found[0];
    access = found[3];
    if (database) {
        status("hii-", "list-forms", database->list_package_lists(
                   database, HII_FORMS, 0, &size, handles));
    }
    if (access) {
        status("hii-", "access-to-other", access->extract_config(
                   access, other, &progress, &results));
        fact("hii-", "access-stopped-at-start", progress == other);
    }
}

/*
 * TPM2_PCR_Read (TPM 2.0 Library, part 3, 22.4): the digest stands behind the
 * answer's header, counter, selection, and two counts. After a reset it is
 * zero (PC Client Platform TPM Profile, 4.6.1).
 */
static int is_extended(Tcg2 *tcg2, unsigned pcr)
{
    static const uint8_t zeros[32];
    static uint8_t answer[128];
    uint8_t command[] = {
        0x80, 0x01, 0, 0, 0, 20, 0, 0, 0x01, 0x7e, 0, 0, 0, 1,
        0x00, 0x0b /* SHA-256 */, 3, 0, 0, 0
    };

    command[17 + pcr / 8] = 1 << pcr % 8;
    return !tcg2->submit_command(tcg2, sizeof(command), command,
                                 sizeof(answer), answer) &&
           equal(answer + 6, zeros, 4) && answer[29] == 32 &&
           !equal(answer + 30, zeros, 32);
}

/* UEFI 2.10, 37.1: the firmware in PCR 0, what it started in PCR 4 */
static void tell_tpm(void)
{
    uint64_t first = 0, last = 0;
    uint8_t truncated;
    Tcg2 *tcg2 = locate("tpm-", &tcg2_guid);

    if (!tcg2) {
        return;
    }
    status("tpm-", "log", tcg2->get_event_log(tcg2, TPM_LOG_2, &first, &last,
                                              &truncated));
    fact("tpm-", "logged", last > first);
    fact("tpm-", "pcr0-extended", is_extended(tcg2, 0));
    fact("tpm-", "pcr4-extended", is_extended(tcg2, 4));
    fact("tpm-", "pcr16-extended", is_extended(tcg2, 16));
}

static void tell_variables(void)
{
    static const uint16_t name[] = { 'f', 'a', 'c', 't', 0 };
    static uint16_t first[256];
    RuntimeServices *rt = st->runtime;
    Uintn size = 1;
    uint64_t most, left, largest;
    uint32_t attributes;
    uint8_t byte = 0;
    Guid guid;

    status("rt-", "variable-of-last-boot",
           rt->get_variable(name, &vendor, &attributes, &size, &byte));
    fact("rt-", "last-variable", byte);
    byte = 42;
    status("rt-", "set-variable",
           rt->set_variable(name, &vendor, VARIABLE_ATTRIBUTES, 1, &byte));
    byte = 0;
    size = 1;
    status("rt-", "get-variable",
           rt->get_variable(name, &vendor, &attributes, &size, &byte));
    fact("rt-", "variable", byte);
    size = sizeof(first);
    status("rt-", "next-variable-name",
           rt->get_next_variable_name(&size, first, &guid));
    status("rt-", "query-variable-info",
           rt->query_variable_info(VARIABLE_ATTRIBUTES, &most, &left,
                                   &largest));
}

/* Sets a date that the clock cannot have had, and reads it again. */
static void tell_time(void)
{
    static const Time date = { 2040, 5, 17, 12, 0, 0, 0, 0, 0, 0, 0 };
    static Time now;
    RuntimeServices *rt = st->runtime;

    status("rt-", "get-time", rt->get_time(&now, 0));
    fact("rt-", "year", now.year);
    now = date;
    status("rt-", "set-time", rt->set_time(&now));
    now = (Time) { 0 };
    status("rt-", "get-time-again", rt->get_time(&now, 0));
    fact("rt-", "date-as-set", now.year == date.year &&
         now.month == date.month && now.day == date.day &&
         now.hour == date.hour);
}

static void tell_runtime(void)
{
    static uint8_t enabled, pending;
    static Time alarm;
    static Capsule capsule = {
        { "vmspec capsule" }, sizeof(Capsule), 0, sizeof(Capsule)
    };
    void *headers[] = { &capsule };
    RuntimeServices *rt = st->runtime;
    uint64_t most;
    uint32_t count;
    int reset;

    tell_time();
    status("rt-", "get-wakeup-time",
           rt->get_wakeup_time(&enabled, &pending, &alarm));
    status("rt-", "set-wakeup-time", rt->set_wakeup_time(0, &alarm));
    status("rt-", "next-high-monotonic-count",
           rt->get_next_high_monotonic_count(&count));
    status("rt-", "update-capsule", rt->update_capsule(headers, 1, 0));
    status("rt-", "query-capsule-capabilities",
           rt->query_capsule_capabilities(headers, 1, &most, &reset));
    tell_variables();
}

static Uintn exception_level(void)
{
    Uintn state;

#if UINTPTR_MAX == UINT64_MAX
    __asm__("mrs %0, CurrentEL" : "=r" (state));
    return state >> 2;
#else
    __asm__("mrs %0, cpsr" : "=r" (state));
    return (state & 0x1f) == 0x1a /* Hyp */ ? 2 : 1;
#endif
}

Status efi_main(void *image, SystemTable *table)
{
    st = table;
    fact("exception-", "level", exception_level());
    status("memory-", "map", read_map());
    tell_tables();
    tell_random();
    tell_display();
    tell_hii();
    tell_tpm();
    read_map();
    status("exit-", "boot-services", st->boot->exit_boot_services(image,
                                                                  map_key));
    tell_runtime();
    say("facts end\r\n");
    st->runtime->reset_system(EFI_RESET_SHUTDOWN, 0, 0, 0);
    return 0;
}
