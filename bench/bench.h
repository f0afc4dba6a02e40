/*
 * vmspec benchmark: what its files share
 *
 * A row is something that costs: a start, a boot, a transfer.  A side is who
 * does it: vmspec, or a peer that it is compared with.  A probe does it once
 * and returns what it cost, in the unit of the row's measure.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_BENCH_H
#define VMSPEC_BENCH_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* A host or guest count that grew by more than this is a regression. */
#define BENCH_TOLERANCE 0.03

#define BENCH_SIDES 5

/* Seconds after which a process that is measured is killed */
#define BENCH_TIME_LIMIT 900

typedef enum Measure {
    HOST_INSTRUCTIONS,  /* of QEMU, by callgrind */
    GUEST_INSTRUCTIONS, /* by QEMU's plugin insn */
    CPU_TIME,           /* seconds of QEMU, user and system */
    WALL_TIME,          /* seconds; only ratios are shown */
    MEMORY,             /* bytes that are private and dirty */
    COUNT,              /* what the title says */
    MEASURES
} Measure;

typedef struct MeasureInfo {
    const char *name;
    const char *unit;
    double scale;       /* a value is divided by this before it is shown */
    int digits;         /* behind the point */
    bool is_count;      /* a whole number */
    bool is_gated;      /* instructions: growth is a regression, and the host's
                           load does not matter */
} MeasureInfo;

typedef struct Row Row;

typedef struct Side {
    const char *who;        /* names a program of command.c */
    const char *options;    /* with @NAME@; see command_expand() */
} Side;

/* One measurement; threads make several at once. */
typedef struct Run {
    const Row *row;
    const Side *side;
    unsigned number;        /* of all runs of this program: names its files */
    double value;           /* what the probe found */
    char *why;              /* or why there is no value; the owner frees it */
} Run;

/* Does it once.  Sets value, or why; may set why only by run_fail(). */
typedef void Probe(Run *run);

struct Row {
    const char *name;       /* GROUP/NAME */
    const char *title;
    Measure measure;
    Probe *probe;
    unsigned runs;          /* of each side */
    unsigned quick;         /* the same in a quick benchmark; 0: left out */
    Side sides[BENCH_SIDES];
    const char *argument;   /* what the probe makes of it */
};

/* rows.c: the rows, which end with one that has no name */
extern const Row bench_rows[];
extern const MeasureInfo bench_measures[MEASURES];
/* Return the number of the measure of this name, or -1. */
int bench_measure(const char *name);
/* Does the text match a pattern of the list, or is the list empty? */
bool bench_matches(const char *text, char **patterns);

/* command.c: what is started */

/* The build directory, absolute; set once. */
void command_set_build(const char *build);
/* The path of a file below the build directory; the caller frees it. */
char *command_build_file(const char *name);
/*
 * Return the words that start this side of the row; the caller frees them by
 * g_strfreev().  NULL if it cannot run here: *why says what is missing, and the
 * caller frees that.
 */
char **command_words(const Side *side, char **why);
/*
 * Replace each @NAME@: a file of the table in command.c by its path, @blk:N@ by
 * N virtio disks, @ports:N@ by N root ports.  NULL as above.
 */
char *command_expand(const char *options, char **why);

/* run.c: a process, and what it cost */

/* The run has no value, because of @format; a later call changes nothing. */
void run_fail(Run *run, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A path in the scratch directory that no other run has; the caller frees it */
char *run_path(const Run *run, const char *suffix);
/* Start the side's command and wait until it ends by itself, with status 0. */
void probe_exit(Run *run);
/* The same so many times as the argument says, and so many at once: "50 1" */
void probe_storm(Run *run);
/* flushes to stable storage (fdatasync and fsync) of such a process */
void probe_flushes(Run *run);

/* dialog.c, transfer.c: guests that are talked with */
void probe_memory(Run *run);
void probe_hot_add(Run *run);
void probe_hot_remove(Run *run);
void probe_savevm(Run *run);
void probe_loadvm(Run *run);
void probe_migrate(Run *run);
void probe_command(Run *run);
void probe_network(Run *run);

/* store.c: boots with a variable store */
void probe_full_store(Run *run);
void probe_set_variable(Run *run);

/* measure.c: all runs of a row */

/* Measure; the result is JSON as in results.h.  Prints what it does. */
struct json_object *measure_row(const Row *row, bool quick, unsigned number,
                                unsigned total);

#endif
