/*
 * vmspec tests: four sources about one running machine, compared
 *
 * A source is the FDT, the ACPI tables, the memory tree or the ID registers.
 * An AgreeSource holds the facts that it states, "device: field: value". The
 * words belong to no source ("serial 0: interrupt: 33 level high"), so that
 * two sources can be compared without knowing a number of the platform.
 *
 * raw.c takes the raw data from the machine; read-*.c turn them into facts,
 * with asl.c for AML; source.c compares the facts of two sources, and
 * compare-mtree.c compares both descriptions with the memory tree.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_H
#define VMSPEC_TEST_AGREE_H

#include "../machine.h"
#include "../mtree.h"

/* A file of fw_cfg, at the address where the loader script put it */
typedef struct AgreeFile {
    char *name;
    uint8_t *data;
    size_t size;
    uint64_t address;           /* 0: not placed by the script */
} AgreeFile;

/* The raw data of a machine */
typedef struct AgreeRaw {
    QTestState *qts;
    void *fdt;
    GPtrArray *files;           /* empty: no ACPI */
    GPtrArray *flat;            /* MtreeRange: info mtree -f */
    GPtrArray *board;           /* MtreeRange: the board's regions */
} AgreeRaw;

/*
 * Read the raw data of a machine that has not run. The test writes to the end
 * of the first range of RAM. A loader script that breaks the rules of QEMU
 * ends the test.
 */
AgreeRaw *agree_raw_read(QTestState *qts);
void agree_raw_free(AgreeRaw *raw);

/* @size bytes at an address that the loader script gave out, or NULL */
uint8_t *agree_raw_at(const AgreeRaw *raw, uint64_t address, size_t size);
/* The table of that signature by way of RSDP, XSDT and FADT, or NULL */
uint8_t *agree_raw_table(const AgreeRaw *raw, const char *signature);
/* Make the checksum of @table right. */
void agree_raw_sum(uint8_t *table);
/* 1, 2, 4 or 8 bytes, little-endian */
uint64_t agree_get(const uint8_t *data, unsigned size);
void agree_put(uint8_t *data, unsigned size, uint64_t value);

/* A device with registers */
typedef struct AgreeDevice {
    const char *kind;
    uint64_t base;
    uint64_t size;              /* 0: the source does not say */
    char *interrupt;            /* NULL: none */
    bool coherent;
    char *name;                 /* kind and number in order of address */
} AgreeDevice;

typedef struct AgreeRange {
    char *device;
    uint64_t base;
    uint64_t size;
} AgreeRange;

typedef struct AgreeSource {
    const char *name;
    GTree *facts;               /* "device: field" -> value */
    GPtrArray *devices;         /* AgreeDevice */
    GPtrArray *ranges;          /* AgreeRange */
    GPtrArray *unknowns;        /* facts that it has no place for */
    GPtrArray *problems;        /* AgreeDifference */
} AgreeSource;

typedef struct AgreeDifference {
    char *device;
    char *field;
    char *text;
} AgreeDifference;

/*
 * A source without facts, and with the unknowns that the table in source.c has
 * for @name. @name must live as long as the source.
 */
AgreeSource *agree_source_new(const char *name);
void agree_source_free(AgreeSource *source);

/* State a fact. A second value for the same field is a problem. */
void agree_fact(AgreeSource *source, const char *device, const char *field,
                const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/* The value of that fact, NULL if @source does not state it */
const char *agree_find_fact(const AgreeSource *source, const char *device,
                            const char *field);
/* A range of addresses that belongs to @device */
void agree_range(AgreeSource *source, const char *device, uint64_t base,
                 uint64_t size);
/*
 * State a device, which gets its number from agree_name_devices(); takes
 * @interrupt.
 */
void agree_device(AgreeSource *source, const char *kind, uint64_t base,
                  uint64_t size, char *interrupt, bool coherent);
/* Number the devices and turn them into facts and ranges. */
void agree_name_devices(AgreeSource *source);
/* @source contradicts itself or cannot be read. */
void agree_problem(AgreeSource *source, const char *device, const char *field,
                   const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/* @source has no place for these facts: patterns, and the reason */
void agree_unknown(AgreeSource *source, const char *device, const char *field,
                   const char *reason);

/* "33 level high" */
char *agree_interrupt(unsigned intid, bool edge, bool low);
/* "0x0..0xffff to its 0x8080000 as 0x0": where a range of requester IDs goes */
char *agree_rid_map(unsigned first, unsigned last, const char *to,
                    uint64_t to_base, unsigned as);

/* A CPU and the groups of CPUs that it is in, the outermost first */
#define AGREE_MAX_LEVELS 6
typedef struct AgreeCpu {
    uint64_t mpidr;
    unsigned levels;
    uint64_t group[AGREE_MAX_LEVELS];   /* any number, unique to the group */
    bool thread;
} AgreeCpu;

/* The name of a CPU in facts, such as "cpu 0x1"; g_free() it. */
char *agree_cpu_name(uint64_t mpidr);
/* State which CPUs are in one group, by the least MPIDR in it. */
void agree_topology(AgreeSource *source, const GArray *cpus);

/*
 * What the FDT, the ACPI tables, or the ID registers at the addresses of @fdt
 * state. What cannot be read is a problem of the source that is returned.
 */
AgreeSource *agree_read_fdt(const AgreeRaw *raw);
/* NULL if the machine has no ACPI */
AgreeSource *agree_read_acpi(const AgreeRaw *raw);
AgreeSource *agree_read_registers(const AgreeRaw *raw, const AgreeSource *fdt);

/* Differences in the order in which they were found */
typedef struct AgreeResult {
    GPtrArray *differences;     /* AgreeDifference */
    unsigned compared;
} AgreeResult;

/* Compare FDT, ACPI tables, ID registers and memory map of @raw. */
AgreeResult *agree_compare_all(const AgreeRaw *raw);
void agree_result_free(AgreeResult *result);
/* Print each difference with both values; @name is the configuration. */
void agree_print(const AgreeResult *result, const char *name);
/* Add a difference; takes @text. */
void agree_differ(AgreeResult *result, const char *device, const char *field,
                  char *text);

/*
 * The ID registers at the address of each device of @source are those of the
 * device.
 */
void agree_probe(AgreeResult *result, QTestState *qts,
                 const AgreeSource *source);
/*
 * Each range of the memory tree is described, and each described range is in
 * the memory tree.
 */
void agree_compare_mtree(AgreeResult *result, const AgreeRaw *raw,
                         AgreeSource *const *sources, unsigned num_sources);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeRaw, agree_raw_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeSource, agree_source_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeResult, agree_result_free)

#endif
