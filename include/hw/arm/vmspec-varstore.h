/*
 * vmspec: the variable store, as EDK2 keeps it in flash1
 *
 * Three blocks of 256 KiB, each the erase block of the flash:
 *
 *   0x00000  variable area   volume header, store header, variables
 *   0x40000  FTW work space  header, then a queue of entries: what the
 *                            fault-tolerant write (FTW) driver is doing
 *   0x80000  spare block     a copy of the block that is being replaced
 *
 * The bank's bytes behind them belong to nobody. varstore.c reads and makes
 * variables, check.c checks the variable area, ftw.c the work space, image.c
 * tells raw from qcow2, kind.c what a file is instead. The machine, the program
 * vmspec-nvram and the tests share them: C with <stdint.h> only, no I/O, no
 * allocation. The structures are those of UEFI PI 1.8, volume 3, section 3.2
 * (volume header) and of EDK2, MdeModulePkg/Include/Guid/VariableFormat.h,
 * SystemNvDataGuid.h and FaultTolerantWrite's headers.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_VARSTORE_H
#define HW_ARM_VMSPEC_VARSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "hw/arm/vmspec-map.h"

/* Bytes of a block, and of the three blocks together */
#define VARSTORE_AREA_SIZE VMSPEC_FLASH_BLOCK_SIZE
#define VARSTORE_SIZE (3 * VARSTORE_AREA_SIZE)
/* Where in the store the FTW work space and the spare block begin */
#define VARSTORE_FTW_WORK VARSTORE_AREA_SIZE
#define VARSTORE_FTW_SPARE (2 * VARSTORE_AREA_SIZE)
/* Bytes of the largest store file: a whole flash bank */
#define VARSTORE_MAX_SIZE VMSPEC_FLASH_MAX_SIZE
/* Where the first variable begins, and how many bytes variables can have */
#define VARSTORE_FIRST 100
#define VARSTORE_CAPACITY (VARSTORE_AREA_SIZE - VARSTORE_FIRST)
/* Bytes of a variable's header */
#define VARSTORE_VAR_HEADER 60
/*
 * Bytes of the largest variable that may be written, with its header and name:
 * the firmware's PcdMaxVariableSize, which has room for a dbx of 32 KiB
 */
#define VARSTORE_MAX_VAR 0x8400
#define VARSTORE_GUID_SIZE 16
#define VARSTORE_TIME_SIZE 16

/* Attributes, UEFI 2.10 section 8.2 */
#define VARSTORE_NON_VOLATILE 0x01
#define VARSTORE_BOOTSERVICE_ACCESS 0x02
#define VARSTORE_RUNTIME_ACCESS 0x04
#define VARSTORE_HARDWARE_ERROR 0x08
#define VARSTORE_TIME_BASED_AUTH 0x20
#define VARSTORE_ATTRIBUTES 0x7f

/* The first thing that is wrong with a store, and its offset in the store */
typedef struct VarstoreDamage {
    uint64_t offset;
    char what[160];
} VarstoreDamage;

/* A variable. The pointers point into the store and are not aligned. */
typedef struct VarstoreVar {
    size_t offset;              /* of the header, in the variable area */
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

/*
 * What varstore_check() found. The three cases of an interrupted write, and
 * second copies, are repaired by varstore_replay(); check.c and ftw.c draw the
 * cases.
 */
typedef struct Varstore {
    /* The variable area to read: block 0, or the spare block if @ftw_replay */
    const uint8_t *area;
    /*
     * A crash interrupted the FTW driver after the spare block was complete:
     * the spare block must be copied to the variable area.
     */
    bool ftw_replay;
    /*
     * Offset in the variable area, and bytes, of an incomplete variable: one
     * without a state, which the guest never saw. 0: there is none. EDK2 takes
     * these bytes for free space, although they are not erased.
     */
    size_t incomplete_var;
    size_t incomplete_var_size;
    /*
     * Offset in the store, and bytes, of an FTW queue entry that was begun and
     * not allocated. 0: there is none. EDK2 would believe its sizes.
     */
    size_t ftw_record;
    size_t ftw_record_size;
    /*
     * Second copies of variables that are added, too. No interrupted write
     * leaves one. EDK2 reads the first copy. If that is deleted, the second one
     * shows, and a walk over all names never gets beyond the two.
     */
    unsigned seconds;
    unsigned variables;         /* that the guest can read */
    size_t live;                /* their bytes, with headers and padding */
    size_t used;                /* of VARSTORE_CAPACITY, until a reclaim */
} Varstore;

/* Bytes at the start of a file that varstore_image() reads */
#define VARSTORE_IMAGE_HEADER 80

typedef struct VarstoreImage {
    bool qcow2;                 /* else raw */
    bool names_others;          /* it has a backing or data file */
    uint64_t size;              /* bytes of a qcow2 image's content, else 0 */
} VarstoreImage;

/*
 * The format of the file that begins with the VARSTORE_IMAGE_HEADER bytes at
 * @header (zeros in place of bytes that a short file does not have). Cannot
 * fail: what is not qcow2 is raw.
 */
VarstoreImage varstore_image(const uint8_t *header);

/*
 * Is the store file @path raw by its name? True for names that end in .fd or
 * .raw, also with the .bak or .bakN behind it that nvram-reset=on appends; any
 * other name is that of a qcow2 image. Cannot fail.
 */
bool varstore_is_raw_name(const char *path);

/* What a file can be, by its content */
typedef enum VarstoreKind {
    VARSTORE_KIND_UNKNOWN,
    VARSTORE_KIND_EMPTY,        /* no bytes at all */
    VARSTORE_KIND_ZERO,         /* all bytes are 0: firmware formats it */
    VARSTORE_KIND_ERASED,       /* all bytes are 0xff: the same */
    VARSTORE_KIND_STORE,        /* it has the volume header of a store */
    VARSTORE_KIND_REMAINS,      /* no such header, but other parts of a store */
    VARSTORE_KIND_FIRMWARE,     /* it has a UEFI firmware volume */
    VARSTORE_KIND_QCOW2,
    VARSTORE_KIND_ELF,
    VARSTORE_KIND_DISK,         /* a disk: MBR, GPT, FAT, ISO 9660, VMDK... */
} VarstoreKind;

/*
 * What the @size bytes at @data are: the whole file, or a start of it that is
 * long enough to find a volume in. Cannot fail.
 */
VarstoreKind varstore_kind(const uint8_t *data, size_t size);

/*
 * Is a file of @kind certainly something else than a store, which no program of
 * ours may rename, replace or offer to reset? What is left of a store, and what
 * is blank, is not.
 */
bool varstore_kind_is_other(VarstoreKind kind);

/*
 * Do the headers of the @size bytes at @data say that they are a store with the
 * blocks and the variables of ours? Stores of other firmware may differ.
 */
bool varstore_has_layout(const uint8_t *data, size_t size);

/* @kind for a message: "a disk image" */
const char *varstore_kind_name(VarstoreKind kind);

/*
 * Check the @size bytes at @data and fill in @vs (platform.md, section 7). A
 * store has whole blocks, VARSTORE_SIZE bytes at least; more is the bank's
 * padding. What EDK2 would erase silently, hang on or lose is damage. What an
 * interrupted write leaves is no damage. Returns false, with @damage set to
 * the first damage and @vs undefined, if there is any. @vs points into @data.
 */
bool varstore_check(const uint8_t *data, size_t size, Varstore *vs,
                    VarstoreDamage *damage);

/*
 * Step to the next variable that the guest can read: @var is the one before,
 * or has offset 0 for the first. @vs must be from varstore_check(). Returns
 * false, and leaves @var as it is, if there is no other.
 */
bool varstore_next(const Varstore *vs, VarstoreVar *var);

/*
 * Find the variable with the @name_size bytes of @name (UTF-16LE, with its
 * terminator) and @guid. Returns false, with @var undefined, if there is none.
 */
bool varstore_find(const Varstore *vs, const uint8_t *name,
                   uint32_t name_size, const uint8_t *guid, VarstoreVar *var);

/*
 * Repair what the interrupted writes left that @vs describes, in @data, the
 * store that @vs is from: copy the spare block if @vs->ftw_replay, erase the
 * incomplete variable and the FTW queue entry, delete second copies. Cannot
 * fail. In memory only: hw/arm/vmspec/nvram/replay.c writes the same to the
 * image in a safe order.
 */
void varstore_replay(uint8_t *data, const Varstore *vs);

/*
 * Mark the next second copy in @data as deleted: the first one, or with @after,
 * which this function has returned, the one behind that. @vs is from
 * varstore_check(). Returns the offset of the byte that changed, or 0 if there
 * is no other; also if the spare block is to be copied, which comes first.
 */
size_t varstore_drop_second(uint8_t *data, const Varstore *vs, size_t after);

/* The first bytes of the GUIDs of the volumes of our firmware's images */
#define VARSTORE_OUR_VOLUMES_SIZE 15
extern const uint8_t varstore_our_volumes[VARSTORE_OUR_VOLUMES_SIZE];

/* Whose programs the boot options of a store start from firmware volumes */
typedef enum VarstoreMaker {
    VARSTORE_MAKER_UNKNOWN,     /* nobody's, or those of several makers */
    VARSTORE_MAKER_OURS,        /* the bundled firmware's alone */
    VARSTORE_MAKER_OTHER,       /* other firmware's alone, such as AAVMF's */
} VarstoreMaker;

/* Which firmware has used the store? @vs is from varstore_check(). */
VarstoreMaker varstore_maker(const Varstore *vs);

/* Make the @size bytes (at least VARSTORE_SIZE) at @data an empty store. */
void varstore_format(uint8_t *data, size_t size);

/*
 * Append @var to the store at @data, of which @used bytes of VARSTORE_CAPACITY
 * are used. Returns the new number of used bytes, or 0 with @data unchanged if
 * there is no room. Does not look for a variable of the same name.
 */
size_t varstore_append(uint8_t *data, size_t used, const VarstoreVar *var);

#endif
