/*
 * vmspec guest: what our EFI applications need of UEFI
 *
 * UEFI 2.10: 4.3 (system table), 4.6 (configuration table), 7 (boot services),
 * 8 (runtime services), 12.4 (text output). Members that nobody calls have no
 * type.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_EFI_H
#define VMSPEC_TEST_EFI_H

#include <stdint.h>

typedef uintptr_t Uintn;
typedef Uintn Status;
typedef struct { uint8_t bytes[16]; } Guid;
typedef struct { uint8_t bytes[24]; } Header;

#define EFI_ERROR_BIT (~((Uintn)-1 >> 1))
#define EFI_ERROR(n) (EFI_ERROR_BIT | (n))
#define EFI_ABORTED EFI_ERROR(21)
#define EFI_RESET_SHUTDOWN 2

typedef struct MemoryDescriptor {
    uint32_t type;
    uint64_t physical, virtual, pages, attributes;
} MemoryDescriptor;

typedef struct TextOutput {
    void *reset;
    Status (*output_string)(struct TextOutput *self, const uint16_t *text);
} TextOutput;

typedef struct RuntimeServices {
    Header header;
    Status (*get_time)(void *time, void *capabilities);
    Status (*set_time)(void *time);
    Status (*get_wakeup_time)(uint8_t *enabled, uint8_t *pending, void *time);
    Status (*set_wakeup_time)(uint8_t enable, void *time);
    void *set_virtual_address_map, *convert_pointer;
    Status (*get_variable)(const uint16_t *name, const Guid *guid,
                           uint32_t *attributes, Uintn *size, void *data);
    Status (*get_next_variable_name)(Uintn *size, uint16_t *name,
                                     Guid *guid);
    Status (*set_variable)(const uint16_t *name, const Guid *guid,
                           uint32_t attributes, Uintn size, void *data);
    Status (*get_next_high_monotonic_count)(uint32_t *count);
    void (*reset_system)(int type, Status status, Uintn size, void *data);
    Status (*update_capsule)(void **headers, Uintn count, uint64_t list);
    Status (*query_capsule_capabilities)(void **headers, Uintn count,
                                         uint64_t *most, int *reset);
    Status (*query_variable_info)(uint32_t attributes, uint64_t *most,
                                  uint64_t *left, uint64_t *largest);
} RuntimeServices;

typedef struct BootServices {
    Header header;
    void *tpl_and_pages[4];
    Status (*get_memory_map)(Uintn *size, MemoryDescriptor *map,
                             Uintn *key, Uintn *descriptor_size,
                             uint32_t *version);
    void *pool_events_protocols[11];
    Status (*handle_protocol)(void *handle, const Guid *guid, void **protocol);
    void *protocols_images[9];
    Status (*exit_boot_services)(void *image, Uintn key);
    void *others[10];
    Status (*locate_protocol)(const Guid *guid, void *registration,
                              void **protocol);
} BootServices;

typedef struct ConfigurationTable {
    Guid guid;
    void *table;
} ConfigurationTable;

typedef struct SystemTable {
    Header header;
    void *vendor;
    uint32_t revision;
    void *con_in_handle, *con_in, *con_out_handle;
    TextOutput *con_out;
    void *std_err_handle, *std_err;
    RuntimeServices *runtime;
    BootServices *boot;
    Uintn num_tables;
    ConfigurationTable *tables;
} SystemTable;

#endif
