/*
 * vmspec: the UEFI variable store
 *
 * The layout that EDK2's variable, fault-tolerant-write and flash drivers
 * keep in flash1: a firmware volume of one 256 KiB block of variables, one of
 * fault-tolerant-write (FTW) work and one spare. Shared by the machine, the
 * tool vmspec-nvram and the tests; plain C with <stdint.h> only, no I/O, no
 * allocation. Structures: UEFI PI 1.8 volume 3 section 3.2 (volume header),
 * EDK2 MdeModulePkg Guid/VariableFormat.h and Guid/SystemNvDataGuid.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_VARSTORE_H
#define HW_ARM_VMSPEC_VARSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "hw/arm/vmspec-map.h"

/* Bytes of each of the three areas, a block each, and of the volume */
#define VARSTORE_AREA_SIZE VMSPEC_FLASH_BLOCK_SIZE
#define VARSTORE_SIZE (3 * VARSTORE_AREA_SIZE)
/* Bytes of the largest file: a whole flash bank */
#define VARSTORE_MAX_SIZE VMSPEC_FLASH_MAX_SIZE
/* Where the first variable is, and how many bytes variables can have */
#define VARSTORE_FIRST 100
#define VARSTORE_CAPACITY (VARSTORE_AREA_SIZE - VARSTORE_FIRST)
/* Bytes of a variable's header */
#define VARSTORE_VAR_HEADER 60
#define VARSTORE_GUID_SIZE 16
#define VARSTORE_TIME_SIZE 16

/* Attributes, UEFI 2.10 section 8.2 */
#define VARSTORE_NON_VOLATILE 0x01
#define VARSTORE_BOOTSERVICE_ACCESS 0x02
#define VARSTORE_RUNTIME_ACCESS 0x04
#define VARSTORE_HARDWARE_ERROR 0x08
#define VARSTORE_TIME_BASED_AUTH 0x20
#define VARSTORE_ATTRIBUTES 0x7f

/* What is wrong, and at which byte of the store */
typedef struct VarstoreDamage {
    uint64_t offset;
    char what[160];
} VarstoreDamage;

/* A variable; the pointers are into the store, unaligned. */
typedef struct VarstoreVar {
    size_t offset;              /* of its header, in the variable area */
    uint32_t attributes;
    uint64_t count;             /* monotonic count */
    uint32_t key;               /* public key index */
    const uint8_t *time;        /* EFI_TIME, VARSTORE_TIME_SIZE bytes */
    const uint8_t *guid;        /* EFI_GUID as stored, VARSTORE_GUID_SIZE */
    const uint8_t *name;        /* UTF-16LE with its terminator */
    uint32_t name_size;         /* bytes, with the terminator */
    const uint8_t *data;
    uint32_t data_size;         /* bytes */
} VarstoreVar;

typedef struct Varstore {
    /* The variable area that counts; the spare one if @replay */
    const uint8_t *area;
    /*
     * A crash interrupted the guest's write of the variable area after its
     * new content was safe in the spare one: varstore_replay() completes it.
     */
    bool replay;
    /*
     * Where in the area an unfinished variable is, and its bytes; 0: none.
     * The guest never saw it, but EDK2 takes what it left for free space.
     */
    size_t torn;
    size_t torn_size;
    /*
     * Where in the store the queue of updates has an entry that was begun and
     * asks for nothing, and its bytes; 0: none. EDK2 would believe its sizes.
     */
    size_t queue;
    size_t queue_size;
    unsigned variables;         /* that the guest can read */
    size_t live;                /* bytes of these with headers and padding */
    size_t used;                /* of VARSTORE_CAPACITY; a reclaim frees */
} Varstore;

/* Bytes of a file's start that varstore_image() looks at; zeros for missing */
#define VARSTORE_IMAGE_HEADER 80

typedef struct VarstoreImage {
    bool qcow2;                 /* else raw */
    bool names_others;          /* a backing or data file: not to be read */
    uint64_t size;              /* bytes that a qcow2 image gives */
} VarstoreImage;

/* The format of the file whose first VARSTORE_IMAGE_HEADER bytes are given */
VarstoreImage varstore_image(const uint8_t *header);

/*
 * Check the store of @size bytes (whole blocks, at least VARSTORE_SIZE; more
 * is the bank's padding) and fill in @vs. Whatever EDK2 would erase silently,
 * hang on or lose is damage; what an interrupted write leaves is not. Returns
 * false with @damage set to the first damage (platform.md, section 7).
 */
bool varstore_check(const uint8_t *data, size_t size, Varstore *vs,
                    VarstoreDamage *damage);

/*
 * The guest-visible variable after @var of a store that passed the check;
 * the first one if @var->offset is 0. Returns false at the end.
 */
bool varstore_next(const Varstore *vs, VarstoreVar *var);

/* Find a variable by @name (UTF-16LE, terminated) and @guid. */
bool varstore_find(const Varstore *vs, const uint8_t *name,
                   uint32_t name_size, const uint8_t *guid, VarstoreVar *var);

/*
 * Complete the write that @vs->replay tells of, and erase the unfinished
 * variable of @vs->torn and what @vs->queue tells of, in @data itself.
 */
void varstore_replay(uint8_t *data, const Varstore *vs);

/* Make @size bytes (at least VARSTORE_SIZE) an empty store. */
void varstore_format(uint8_t *data, size_t size);

/*
 * Append @var to the store at @data, whose used bytes are @used; returns the
 * new number of used bytes, or 0 if the variable does not fit. Does not look
 * for a variable of the same name.
 */
size_t varstore_append(uint8_t *data, size_t used, const VarstoreVar *var);

#endif
