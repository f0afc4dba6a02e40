/*
 * vmspec tests: four views of one running machine, compared
 *
 * A view is what one source says: the FDT, the ACPI tables, the memory tree
 * or the ID registers. It is a list of facts, "device: field: value" in words
 * that no source owns ("serial 0: interrupt: 33 level high"), so that two
 * views compare without knowing a number of the platform.
 *
 * agree-raw.c takes the raw data from the machine, agree-fdt*.c, agree-acpi*.c
 * with agree-asl.c, and agree-registers.c read them, agree-view.c compares.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_AGREE_H
#define VMSPEC_TEST_AGREE_H

#include "machine.h"
#include "mtree.h"

/* A file of fw_cfg, at the address where the loader script put it */
typedef struct AgreeFile {
    char *name;
    uint8_t *data;
    size_t size;
    uint64_t address;           /* 0: not placed by the script */
} AgreeFile;

/* What the machine shows, before anything reads it */
typedef struct AgreeRaw {
    QTestState *qts;
    void *fdt;
    GPtrArray *files;           /* empty: no ACPI */
    GPtrArray *flat;            /* MtreeRange: info mtree -f */
    GPtrArray *board;           /* MtreeRange: what the board put up */
} AgreeRaw;

/*
 * Take it from a machine that has not run; the machine's RAM must be writable
 * at the end of its first piece. A loader script that breaks QEMU's rules
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

/* A device with registers of its own */
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

typedef struct AgreeView {
    const char *name;
    GTree *facts;               /* "device: field" -> value */
    GPtrArray *devices;         /* AgreeDevice */
    GPtrArray *ranges;          /* AgreeRange */
    GPtrArray *silences;        /* what it cannot know */
    GPtrArray *problems;        /* AgreeDifference */
} AgreeView;

typedef struct AgreeDifference {
    char *device;
    char *field;
    char *text;
} AgreeDifference;

AgreeView *agree_view_new(const char *name);
void agree_view_free(AgreeView *view);

/* A fact; the same field twice with two values is a problem of the view. */
void agree_say(AgreeView *view, const char *device, const char *field,
               const char *fmt, ...) G_GNUC_PRINTF(4, 5);
const char *agree_said(const AgreeView *view, const char *device,
                       const char *field);
/* A range of addresses that belongs to @device */
void agree_range(AgreeView *view, const char *device, uint64_t base,
                 uint64_t size);
/* A device whose number follows when all are known; takes @interrupt. */
void agree_device(AgreeView *view, const char *kind, uint64_t base,
                  uint64_t size, char *interrupt, bool coherent);
/* Number the devices and turn them into facts and ranges. */
void agree_name_devices(AgreeView *view);
/* The view contradicts itself or cannot be read. */
void agree_problem(AgreeView *view, const char *device, const char *field,
                   const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/* The source has no place for these facts: patterns, and the reason */
void agree_silent(AgreeView *view, const char *device, const char *field,
                  const char *reason);

/* "33 level high" */
char *agree_interrupt(unsigned intid, bool edge, bool low);
/* "0x0..0xffff to its 0x8080000 as 0x0" is one of requester IDs' ways. */
char *agree_rid_map(unsigned first, unsigned last, const char *to,
                    uint64_t to_base, unsigned as);

/* One CPU and the groups that it is in, the outermost first */
#define AGREE_MAX_LEVELS 6
typedef struct AgreeCpu {
    uint64_t mpidr;
    unsigned levels;
    uint64_t group[AGREE_MAX_LEVELS];   /* any number that is the group's own */
    bool thread;
} AgreeCpu;

char *agree_cpu_name(uint64_t mpidr);
/* Facts of who shares which group, by the least MPIDR in it */
void agree_topology(AgreeView *view, const GArray *cpus);

AgreeView *agree_read_fdt(const AgreeRaw *raw);
/* NULL if the machine has no ACPI */
AgreeView *agree_read_acpi(const AgreeRaw *raw);
AgreeView *agree_read_registers(const AgreeRaw *raw, const AgreeView *fdt);

/* Differences, in order of discovery, and how many values were compared */
typedef struct AgreeResult {
    GPtrArray *differences;     /* AgreeDifference */
    unsigned compared;
} AgreeResult;

AgreeResult *agree_compare_all(const AgreeRaw *raw);
void agree_result_free(AgreeResult *result);
/* Each difference, with device and both values; @name says where it was. */
void agree_print(const AgreeResult *result, const char *name);
void agree_differ(AgreeResult *result, const char *device, const char *field,
                  char *text);

/* The devices of @view answer at their addresses as what they are. */
void agree_probe(AgreeResult *result, QTestState *qts, const AgreeView *view);
/* The ranges of both descriptions and the memory tree explain each other. */
void agree_compare_mtree(AgreeResult *result, const AgreeRaw *raw,
                         AgreeView *const *views, unsigned num_views);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeRaw, agree_raw_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeView, agree_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgreeResult, agree_result_free)

#endif
