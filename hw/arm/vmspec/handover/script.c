/*
 * vmspec: the loader script, applied
 *
 * QEMU describes in a script how its files of ACPI tables refer to each other,
 * and firmware applies it to its copies. Without firmware this file does, with
 * QEMU's hw/acpi/bios-linker-loader.c as the description of the format.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "bytes.h"
#include "efi.h"

/* A command: a number, and up to two file names before its parameters */
#define COMMAND_SIZE 128
#define NAME_SIZE 56
#define FIRST_NAME 4
#define SECOND_NAME (FIRST_NAME + NAME_SIZE)

#define ALLOCATE 1
#define ALLOCATE_ALIGN (FIRST_NAME + NAME_SIZE)

#define ADD_POINTER 2           /* to the second file, in the first */
#define POINTER_OFFSET (SECOND_NAME + NAME_SIZE)
#define POINTER_SIZE (POINTER_OFFSET + 4)

#define ADD_CHECKSUM 3
#define CHECKSUM_OFFSET (FIRST_NAME + NAME_SIZE)
#define CHECKSUM_START (CHECKSUM_OFFSET + 4)
#define CHECKSUM_LENGTH (CHECKSUM_START + 4)

#define WRITE_POINTER 4         /* to the second file, for QEMU */
#define POINTER_TARGET (POINTER_OFFSET + 4)

/* Every file begins at such a boundary (efi.c). */
#define FILE_ALIGN 4096

typedef struct Linker {
    const VmspecHandoverInput *in;
    VmspecHandover *h;
    uint8_t *out;
} Linker;

/* VMSPEC_HANDOVER_NUM_FILES: there is no file with this name */
static VmspecHandoverId find_file(const Linker *l, const uint8_t *name)
{
    VmspecHandoverId id;

    for (id = 0; id < VMSPEC_HANDOVER_NUM_FILES; id++) {
        const VmspecHandoverFile *file = &l->in->file[id];

        if (file->name && !strncmp(file->name, (const char *)name,
                                   NAME_SIZE)) {
            break;
        }
    }
    return id;
}

/* The @size bytes at @offset of file @id, in the copy; NULL: not within */
static uint8_t *bytes_of(const Linker *l, VmspecHandoverId id, uint64_t offset,
                         uint64_t size)
{
    if (id == VMSPEC_HANDOVER_NUM_FILES ||
        offset + size > l->in->file[id].size) {
        return NULL;
    }
    return l->out + (l->h->file[id] - l->h->region.base) + offset;
}

static const char *check_allocation(const Linker *l, const uint8_t *command)
{
    if (find_file(l, command + FIRST_NAME) == VMSPEC_HANDOVER_NUM_FILES) {
        return "the script has an unknown file";
    }
    if (handover_get(command + ALLOCATE_ALIGN, 4) > FILE_ALIGN) {
        return "the script wants a larger alignment than a page";
    }
    return NULL;
}

static const char *add_pointer(const Linker *l, const uint8_t *command)
{
    VmspecHandoverId to = find_file(l, command + SECOND_NAME);
    unsigned size = command[POINTER_SIZE];
    uint8_t *field;
    uint64_t value;

    if (size != 1 && size != 2 && size != 4 && size != 8) {
        return "the script has a pointer of an odd size";
    }
    field = bytes_of(l, find_file(l, command + FIRST_NAME),
                     handover_get(command + POINTER_OFFSET, 4), size);
    if (!field || to == VMSPEC_HANDOVER_NUM_FILES) {
        return "the script has a pointer outside of the files";
    }
    value = handover_get(field, size) + l->h->file[to];
    handover_put(field, value, size);
    if (handover_get(field, size) != value) {
        return "the script has a pointer that is too small";
    }
    return NULL;
}

static const char *write_pointer(const Linker *l, const uint8_t *command)
{
    VmspecHandoverId to = find_file(l, command + SECOND_NAME);
    uint64_t offset = handover_get(command + POINTER_TARGET, 4);

    if (!bytes_of(l, to, offset, 1)) {
        return "the script has a pointer outside of the files";
    }
    l->h->pointer = l->h->file[to] + offset;
    return NULL;
}

static const char *add_checksum(const Linker *l, const uint8_t *command)
{
    VmspecHandoverId id = find_file(l, command + FIRST_NAME);
    uint64_t length = handover_get(command + CHECKSUM_LENGTH, 4);
    uint8_t *field = bytes_of(l, id, handover_get(command + CHECKSUM_OFFSET,
                                                  4), 1);
    const uint8_t *start = bytes_of(l, id,
                                    handover_get(command + CHECKSUM_START, 4),
                                    length);
    uint8_t sum = 0;

    if (!field || !start) {
        return "the script has a checksum outside of the files";
    }
    for (; length; length--) {
        sum += *start++;
    }
    *field -= sum;
    return NULL;
}

/* A command 0 ends nothing: it pads the script to its size. */
static const char *apply_command(const Linker *l, const uint8_t *command)
{
    switch (handover_get(command, 4)) {
    case 0:
        return NULL;
    case ALLOCATE:
        return check_allocation(l, command);
    case ADD_POINTER:
        return add_pointer(l, command);
    case ADD_CHECKSUM:
        return add_checksum(l, command);
    case WRITE_POINTER:
        return write_pointer(l, command);
    default:
        return "the script has an unknown command";
    }
}

const char *vmspec_handover_link(const VmspecHandoverInput *in,
                                 VmspecHandover *h, uint8_t *out)
{
    const Linker linker = { in, h, out };
    const uint8_t *script = in->script;
    const char *why = NULL;

    for (size_t at = 0; !why && at + COMMAND_SIZE <= in->script_size;
         at += COMMAND_SIZE) {
        why = apply_command(&linker, script + at);
    }
    return why;
}
