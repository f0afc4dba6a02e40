/*
 * vmspec tests: variables and crashes
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_CRASH_H
#define VMSPEC_TESTS_NVRAM_CRASH_H

#include "states.h"

/* The writes of a guest that does @operations, and the image they went to */
typedef struct Recording {
    const char *format;         /* raw or qcow2 */
    const char *name;           /* of the image, a scratch file */
    int operations;             /* that the guest does */
    unsigned reclaims;          /* that the operations need at least */
    unsigned part;              /* boot only one state in so many */
    uint8_t *base;              /* the image before the first write */
    size_t size;                /* of the image, in bytes */
    size_t start;               /* of the variable store in the image */
    GArray *writes;             /* of Write; NULL: not recorded yet */
} Recording;

/*
 * The number in the environment variable @name, which says how much of a long
 * test to run; @initial if it is not set. docs/testing.md lists the names.
 */
unsigned wanted_number(const char *name, unsigned initial);

/* The variable store that each test begins with: bank_prefilled()'s */
extern uint8_t *prefilled;

/* recording.c */
extern Recording recordings[2]; /* raw, qcow2 */

/* Run the guest and record its writes, unless that has been done before. */
void ensure_recorded(Recording *r);
/* Read the writes that a blklogwrites node put into the file @path. */
void read_log(Recording *r, const char *path);
/* Is the write an erase, of the variables' block or of the spare block? */
bool is_erase(const Write *w);
/* The writes with their offsets in the store; each must be in the store. */
GArray *store_writes(const Recording *r);
/* Apply @count writes from number @first on to @image. */
void do_writes(const Recording *r, uint8_t *image, unsigned first,
               unsigned count);

/* Write number @i of @r, from 0 */
static inline const Write *write_at(const Recording *r, unsigned i)
{
    return &g_array_index(r->writes, Write, i);
}

/*
 * A state that a crash leaves: the image has all writes before number @write,
 * and then
 *   if @count is 0, the bytes @part of that write,
 *   else some of the pages that the next @count writes change: @seed chooses.
 */
typedef struct Image {
    unsigned write;
    Part part;
    unsigned count;
    unsigned seed;
    unsigned kind;              /* points.c */
    uint64_t sum;               /* points.c: tells states apart */
} Image;

/*
 * Boot each of the images, in the order of their writes, and free @images. The
 * variables must be those after some operation, none earlier than the last
 * one that SetVariable had confirmed. Return in how many images old and new
 * pages are mixed.
 */
unsigned try_images(const Recording *r, GArray *images);

/* The tests; nvram-crash's main() registers them. */

/* points.c */
void test_crash_points(const void *recording);

/* faults.c */
void test_kills_raw(void);
void test_kills_qcow2(void);
void test_survives(void);
void test_full_store(void);

/* failed.c */
void test_failed_write(const void *recording);
void test_failed_once(void);
void test_disk_full_in_reclaim(void);

#endif
