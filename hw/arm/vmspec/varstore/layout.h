/*
 * vmspec: EDK2's variable store, byte by byte
 *
 * Offsets and values for varstore.c and varstore-check.c only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_VARSTORE_LAYOUT_H
#define HW_ARM_VMSPEC_VARSTORE_LAYOUT_H

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

/* AUTHENTICATED_VARIABLE_HEADER */
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

/* States: each step of a variable's life clears one more bit. */
#define STATE_ERASED 0xff
#define STATE_HEADER 0x7f       /* name and data not written yet */
#define STATE_ADDED 0x3f
#define STATE_LEAVING 0x3e      /* until its successor is complete */
#define STATE_DELETED 0x3d
#define STATE_REPLACED 0x3c

/* EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER, _WRITE_HEADER, _WRITE_RECORD */
#define FTW_WORK_HEADER_SIZE 32
#define FTW_WORK_FLAGS 20
#define FTW_HEADER_SIZE 40
#define FTW_RECORD_SIZE 40
#define FTW_WRITES 24
#define FTW_PRIVATE_SIZE 32
#define FTW_NO_HEADER 0x01      /* bits are set until the step is done */
#define FTW_NOT_ALLOCATED 0x02
#define FTW_NOT_COMPLETE 0x04
#define FTW_RECORD_NO_SPARE 0x02
#define FTW_RECORD_NO_TARGET 0x04
#define FTW_RECORD_LBA 8
#define FTW_RECORD_TARGET 32    /* bytes from the spare area, signed */

extern const uint8_t varstore_volume_guid[VARSTORE_GUID_SIZE];
extern const uint8_t varstore_header_guid[VARSTORE_GUID_SIZE];
/* The head of the FTW work area */
extern const uint8_t varstore_ftw_header[FTW_WORK_HEADER_SIZE];

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

static inline void put(uint8_t *p, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        p[i] = value >> (8 * i);
    }
}

static inline size_t align_to(size_t n, size_t unit)
{
    return (n + unit - 1) & ~(unit - 1);
}

static inline size_t align(size_t n)
{
    return align_to(n, VAR_ALIGN);
}

static inline uint16_t sum16(const uint8_t *p, size_t bytes)
{
    uint16_t sum = 0;

    for (size_t i = 0; i < bytes; i += 2) {
        sum += get16(p + i);
    }
    return sum;
}

/*
 * Bytes from the header at @offset of @area to the next one, if there is a
 * header, else 0. One whose state was never written has neither name nor
 * data: EDK2 goes on right behind it.
 */
size_t varstore_step(const uint8_t *area, size_t offset);

/* Would the guest's GetVariable find the variable at @offset? */
bool varstore_is_live(const uint8_t *area, size_t offset);

#endif
