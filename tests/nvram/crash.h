/*
 * vmspec tests: variables and crashes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_CRASH_H
#define VMSPEC_TESTS_NVRAM_CRASH_H

#include "states.h"

/* The writes of a guest that does @operations, and what they were made to */
typedef struct Recording {
    const char *format;
    const char *name;           /* of the image, a scratch file */
    int operations;
    unsigned reclaims;          /* at least */
    unsigned part;              /* of the wanted numbers: one in so many */
    uint8_t *base;              /* the image before the first write */
    size_t size;
    size_t start;               /* of the store in it */
    GArray *writes;
} Recording;

/* recording.c */
extern Recording recordings[2]; /* raw, qcow2 */

/* Record if that is not done yet. */
void record(Recording *r);
/* The writes that a blklogwrites node put into the file @path */
void read_log(Recording *r, const char *path);
static inline const Write *write_at(const Recording *r, unsigned i)
{
    return &g_array_index(r->writes, Write, i);
}
/* Is it an erase, of the variables' block or the spare one? */
bool is_erase(const Write *w);
/* The writes, all of the store, at their offsets in it */
GArray *store_writes(const Recording *r);
/* Do @count writes from number @first to @image. */
void do_writes(const Recording *r, uint8_t *image, unsigned first,
               unsigned count);

/* The store that each test begins with: guest_prefill()'s */
extern uint8_t *prefilled;

/* A state that a crash leaves: all that is before a write, and of it ... */
typedef struct Image {
    unsigned write;
    Part part;                  /* ... this, */
    unsigned count;             /* or, if not 0, of so many writes ... */
    unsigned seed;              /* ... some pages */
    unsigned kind;              /* points.c */
    uint64_t sum;
} Image;

/*
 * Boot each of the images, in the order of their writes: the variables are
 * those after some operation, no earlier than what the guest had been told.
 * Frees @images. Returns how many had old and new pages mixed.
 */
unsigned try_images(const Recording *r, GArray *images);

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
