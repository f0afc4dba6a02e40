/*
 * vmspec: the variable store, byte by byte
 *
 * Offsets and values of EDK2's structures, for the files of this folder only.
 * Numbers are little-endian. In flash a program can only clear bits and an
 * erase sets all bits of a block, so an erased byte is 0xff and EDK2 marks
 * each finished step by clearing one more bit.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_VARSTORE_LAYOUT_H
#define HW_ARM_VMSPEC_VARSTORE_LAYOUT_H

#ifdef VMSPEC_HOST
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#else
#include "qemu/osdep.h"
#endif
#include "hw/arm/vmspec-varstore.h"


/* EFI_FIRMWARE_VOLUME_HEADER with one block map entry and its terminator */
#define FV_GUID 16
#define FV_LENGTH 32
#define FV_SIGNATURE 40
#define FV_ATTRIBUTES 44
#define FV_HEADER_LENGTH 48
#define FV_CHECKSUM 50
#define FV_REVISION 55
#define FV_BLOCKS 56
#define FV_BLOCK_LENGTH 60
#define FV_HEADER_SIZE 72
#define FV_REVISION_2 2
#define FV_ATTRIBUTES_NV 0x0004feff

/* VARIABLE_STORE_HEADER */
#define VS_GUID FV_HEADER_SIZE
#define VS_SIZE (VS_GUID + 16)
#define VS_FORMAT (VS_GUID + 20)
#define VS_STATE (VS_GUID + 21)
#define VS_FORMATTED 0x5a
#define VS_HEALTHY 0xfe

/*
 * AUTHENTICATED_VARIABLE_HEADER, name and data, padded to VAR_ALIGN bytes:
 *
 *   0      2       3       4            36          40          44     60
 *   +------+-------+-------+------------+-----------+-----------+------+----
 *   | ID   | state | resvd | attributes | name size | data size | GUID | name
 *   | 55aa |       |       | .. time .. |           |           |      | data
 *   +------+-------+-------+------------+-----------+-----------+------+----
 *
 * SetVariable writes one in two steps (EDK2's Variable.c, UpdateVariable()):
 *
 *   1. header, name and data at once, low addresses first, while the state
 *      byte stays erased
 *   2. the state byte becomes STATE_ADDED
 *
 * If it replaces a variable, that one's state becomes STATE_LEAVING before
 * step 1 and STATE_REPLACED after step 2.
 */
#define VAR_START_ID 0x55aa
#define VAR_STATE 2
#define VAR_ATTRIBUTES 4
#define VAR_COUNT 8
#define VAR_TIME 16
#define VAR_KEY 32
#define VAR_NAME_SIZE 36
#define VAR_DATA_SIZE 40
#define VAR_GUID 44
#define VAR_HEADER_SIZE VARSTORE_VAR_HEADER
#define VAR_ALIGN 4

/* Bytes that EDK2's flash driver programs at once, and their alignment */
#define PROGRAM_SIZE 128

/* A variable's state; each step of its life clears one more bit. */
#define STATE_ERASED 0xff       /* step 1 is not complete */
#define STATE_HEADER 0x7f       /* header only: name and data to come */
#define STATE_ADDED 0x3f
#define STATE_LEAVING 0x3e      /* in delete transition: being replaced */
#define STATE_DELETED 0x3d
#define STATE_REPLACED 0x3c

/*
 * The FTW work space: EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER, then the queue.
 * A queue entry is an EFI_FAULT_TOLERANT_WRITE_HEADER and one
 * EFI_FAULT_TOLERANT_WRITE_RECORD for each write. ftw.c draws an entry.
 */
#define FTW_WORK_HEADER_SIZE 32
#define FTW_WORK_FLAGS 20
#define FTW_HEADER_SIZE 40
#define FTW_RECORD_SIZE 40
#define FTW_WRITES 24
#define FTW_PRIVATE_SIZE 32
/* Bits of an entry's first byte: set until the step is done */
#define FTW_NO_HEADER 0x01
#define FTW_NOT_ALLOCATED 0x02
#define FTW_NOT_COMPLETE 0x04
/* The same of a record's first byte */
#define FTW_RECORD_NO_SPARE 0x02
#define FTW_RECORD_NO_TARGET 0x04
#define FTW_RECORD_LBA 8
#define FTW_RECORD_TARGET 32    /* bytes from the spare block, signed */

extern const uint8_t varstore_volume_guid[VARSTORE_GUID_SIZE];
extern const uint8_t varstore_header_guid[VARSTORE_GUID_SIZE];
/* The header of the FTW work space */
extern const uint8_t varstore_ftw_header[FTW_WORK_HEADER_SIZE];

/* A little-endian number of 2, 4 or 8 bytes at @p, which need not be aligned */
static inline uint16_t get16(const uint8_t *p)
{
    return p[0] | p[1] << 8;
}

static inline uint32_t get32(const uint8_t *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static inline uint64_t get64(const uint8_t *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

/* Write the low @bytes bytes of @value to @p, little-endian. */
static inline void put_le(uint8_t *p, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        p[i] = value >> (8 * i);
    }
}

/* @n rounded up to a multiple of @unit, which is a power of two */
static inline size_t align_to(size_t n, size_t unit)
{
    return (n + unit - 1) & ~(unit - 1);
}

/* Bytes of a variable with its padding */
static inline size_t align_var(size_t n)
{
    return align_to(n, VAR_ALIGN);
}

/*
 * The sum of the 16-bit words at @p, modulo 0x10000; @bytes is even. It is 0
 * over the volume header if the header's checksum is right.
 */
static inline uint16_t sum16(const uint8_t *p, size_t bytes)
{
    uint16_t sum = 0;

    for (size_t i = 0; i < bytes; i += 2) {
        sum += get16(p + i);
    }
    return sum;
}

/* The number of bytes at @p, up to @size, before one that is not @value */
static inline size_t span_of(const uint8_t *p, size_t size, uint8_t value)
{
    size_t n = 0;

    if (size && p[0] == value && !memcmp(p, p + 1, size - 1)) {
        return size;
    }
    while (n < size && p[n] == value) {
        n++;
    }
    return n;
}

/* Set @damage to @offset and the message. Returns false, for its caller. */
static inline bool __attribute__((format(printf, 3, 4)))
damaged(VarstoreDamage *damage, uint64_t offset, const char *fmt, ...)
{
    va_list ap;

    damage->offset = offset;
    va_start(ap, fmt);
    vsnprintf(damage->what, sizeof(damage->what), fmt, ap);
    va_end(ap);
    return false;
}

/*
 * Bytes from the variable header at @offset of @area to the next one; 0 if
 * there is no header at @offset. For a header whose state is erased that is
 * VAR_HEADER_SIZE: EDK2 goes on right behind it, whatever its sizes are.
 */
size_t varstore_step(const uint8_t *area, size_t offset);

/* Is there an added variable of the same name and GUID before @offset? */
bool varstore_is_second(const uint8_t *area, size_t offset);

/* Would the guest's GetVariable find the variable at @offset of @area? */
bool varstore_is_live(const uint8_t *area, size_t offset);

/*
 * Check the FTW work space of the store at @data, and set @vs->ftw_replay and
 * @vs->ftw_record. Returns false with @damage set if EDK2 would hang on it or
 * write what nobody asked for.
 */
bool varstore_check_ftw(const uint8_t *data, Varstore *vs,
                        VarstoreDamage *damage);

#endif
