/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest that moves from one QEMU to another
 *
 * Each hop goes to a QEMU with a variable store of its own.  Where the other
 * release of QEMU is built, every second hop goes there and every other one
 * comes back.
 */

#ifndef VMSPEC_TESTS_GUEST_TRIP_H
#define VMSPEC_TESTS_GUEST_TRIP_H

#include "guest.h"

#define EFIVARS "/sys/firmware/efi/efivars"
#define OURS "-3c7e115a-9b42-4d4f-8a21-6e9033d107c4"

/*
 * What the guest does all the time.  Each round writes 256 KiB of random bytes
 * to one of 16 places of the disk, drops them from the cache, and reads them.
 */
#define TRIP_WORK "(n=0; while :; do n=$((n + 1)); at=$((n % 16 * 4));" \
    " dd if=/dev/urandom of=/tmp/block bs=64k count=4 2> /dev/null;" \
    " dd if=/tmp/block of=/dev/vdb bs=64k seek=$at conv=fsync 2> /dev/null;" \
    " echo 1 > /proc/sys/vm/drop_caches;" \
    " dd if=/dev/vdb bs=64k skip=$at count=4 2> /dev/null |" \
    " cmp - /tmp/block || echo \"round $n: disk\" >> /tmp/faults;" \
    " ping -c 1 -W 20 10.0.2.2 > /dev/null ||" \
    " echo \"round $n: network\" >> /tmp/faults;" \
    " echo $n > /tmp/count.new; mv /tmp/count.new /tmp/count; done) &"

/* The two ways a stream goes */
enum { BY_SOCKET, BY_FILE };

typedef struct Mode {
    const char *name;
    const char *capabilities;   /* of both sides: 'NAME' or 'NAME,NAME' */
    int way;
    bool postcopy;              /* begins before the first round has ended */
} Mode;

typedef struct Case {
    const Mode *mode;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    const char *options;        /* more, on each QEMU */
    int hops;
} Case;

/* A row of VMs that one guest moves through */
typedef struct Trip {
    const Case *c;
    char *name;
    Guest *folder;              /* never started: it owns the files */
    char *disk;
    Guest *at;                  /* where the guest is */
    int hop;
    const char *more;           /* options of the next QEMU; NULL: none */
} Trip;

/* Starts the guest in the first QEMU. */
void trip_start(Trip *t, const Case *c, const char *name);
void trip_end(Trip *t);

/* Waits for the shell, and starts the work: TRIP_WORK or another like it. */
void trip_work(Guest *g, const char *work);

/* The guest's work goes on, and nothing of it was lost. */
void trip_check_work(Guest *g);

/* Has the guest set the variable of hop @n. */
void trip_set_variable(Guest *g, int n);

/* One hop: the guest is then at another QEMU. */
void trip_hop(Trip *t);

/* The guest ends, and the variables of all hops are in the last file. */
void trip_check_arrived(Trip *t);

/* The two sides of a hop, for a case that does one step by step */
void trip_set_capability(Guest *g, const char *name);
void trip_migrate(Guest *g, const char *command, const char *uri);

#endif
