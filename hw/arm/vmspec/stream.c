/*
 * vmspec: what a migration stream says of its machine
 *
 * QEMU compares device by device, and says nothing if the source lacks a
 * device that the target has, or if both describe themselves differently to
 * the guest. So the stream has what the guest sees of the configuration, and
 * the target compares it with its own (platform.md, section 9).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "migration/vmstate.h"
#include "stream.h"

/* In the order of the stream; a new field needs a new version_id. */
typedef enum StreamField {
    FIELD_GIC_VERSION,
    FIELD_VIRTUALIZATION,
    FIELD_IOMMU,
    FIELD_ACPI,
    FIELD_FDT,
    FIELD_SECURE_BOOT,
    FIELD_FIRMWARE,
    FIELD_VIRTIO_MMIO,
    FIELD_HOTPLUG_PORTS,
    FIELD_UART1,
    FIELD_CPUS,
    FIELD_SOCKETS,
    FIELD_CLUSTERS,
    FIELD_CORES,
    FIELD_THREADS,
    FIELD_SLOTS,
    FIELD_DEVICE_MEMORY,
    FIELD_NVDIMM,
    FIELD_NODES,
    FIELD_AARCH64,
    FIELD_SCREEN,               /* from version 2 on */
    FIELD_USB,
    FIELD_KEYBOARD,
    FIELD_POINTER,
    FIELD_NO_ITS,               /* from version 3 on */
    FIELD_MTE,                  /* from version 4 on */
    FIELD_RAS,                  /* from version 5 on */
    NUM_FIELDS,
} StreamField;

/* The option that sets a field; its value is a number, or 1 for on */
static const char *const options[NUM_FIELDS] = {
    [FIELD_GIC_VERSION] = "-machine gic-version",
    [FIELD_VIRTUALIZATION] = "-machine virtualization",
    [FIELD_IOMMU] = "-machine iommu (1: smmuv3)",
    [FIELD_ACPI] = "-machine acpi",
    [FIELD_FDT] = "-machine fdt",
    [FIELD_SECURE_BOOT] = "-machine secure-boot",
    [FIELD_FIRMWARE] = "firmware (-bios, pflash0; 0: -kernel alone)",
    [FIELD_VIRTIO_MMIO] = "-machine virtio-mmio",
    [FIELD_HOTPLUG_PORTS] = "-machine hotplug-ports",
    [FIELD_UART1] = "a second -serial",
    [FIELD_CPUS] = "-smp cpus",
    [FIELD_SOCKETS] = "-smp sockets",
    [FIELD_CLUSTERS] = "-smp clusters",
    [FIELD_CORES] = "-smp cores",
    [FIELD_THREADS] = "-smp threads",
    [FIELD_SLOTS] = "-m slots",
    [FIELD_DEVICE_MEMORY] = "-m maxmem (bytes above RAM)",
    [FIELD_NVDIMM] = "-machine nvdimm",
    [FIELD_NODES] = "-numa node",
    [FIELD_AARCH64] = "-cpu (1: AArch64)",
    [FIELD_SCREEN] = "-machine graphics (1: it has a screen)",
    [FIELD_USB] = "-machine usb, graphics (1: it has USB)",
    [FIELD_KEYBOARD] = "-machine graphics (1: it has a keyboard)",
    [FIELD_POINTER] = "-machine graphics (1: it has a pointer)",
    [FIELD_NO_ITS] = "-machine its (1: off)",
    [FIELD_MTE] = "-machine mte",
    [FIELD_RAS] = "-machine ras",
};

typedef struct VmspecStream {
    uint64_t own[NUM_FIELDS];
    uint64_t value[NUM_FIELDS];     /* what is sent, and what came */
} VmspecStream;

static int vmspec_stream_pre_save(void *opaque)
{
    VmspecStream *s = opaque;

    memcpy(s->value, s->own, sizeof(s->value));
    return 0;
}

/* A stream of an older version is of a machine without what came later. */
static int vmspec_stream_pre_load(void *opaque)
{
    VmspecStream *s = opaque;

    memset(s->value, 0, sizeof(s->value));
    return 0;
}

static int vmspec_stream_post_load(void *opaque, int version_id)
{
    VmspecStream *s = opaque;
    int result = 0;

    for (int i = 0; i < NUM_FIELDS; i++) {
        if (s->value[i] != s->own[i]) {
            error_report("the state is of a machine with another %s: %" PRIu64
                         ", here %" PRIu64 "; start this machine with the "
                         "options of the source", options[i], s->value[i],
                         s->own[i]);
            result = -EINVAL;
        }
    }
    return result;
}

static const VMStateDescription vmstate_vmspec_stream = {
    .name = "vmspec-machine",
    .version_id = 5,
    .minimum_version_id = 1,
    /* Before RAM and devices, whose errors would not name the option. */
    .early_setup = true,
    .priority = MIG_PRI_IOMMU,
    .pre_save = vmspec_stream_pre_save,
    .pre_load = vmspec_stream_pre_load,
    .post_load = vmspec_stream_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64_SUB_ARRAY(value, VmspecStream, 0, FIELD_SCREEN),
        VMSTATE_SUB_ARRAY(value, VmspecStream, FIELD_SCREEN,
                          FIELD_NO_ITS - FIELD_SCREEN, 2, vmstate_info_uint64,
                          uint64_t),
        VMSTATE_SUB_ARRAY(value, VmspecStream, FIELD_NO_ITS,
                          FIELD_MTE - FIELD_NO_ITS, 3, vmstate_info_uint64,
                          uint64_t),
        VMSTATE_SUB_ARRAY(value, VmspecStream, FIELD_MTE,
                          FIELD_RAS - FIELD_MTE, 4, vmstate_info_uint64,
                          uint64_t),
        VMSTATE_SUB_ARRAY(value, VmspecStream, FIELD_RAS,
                          NUM_FIELDS - FIELD_RAS, 5, vmstate_info_uint64,
                          uint64_t),
        VMSTATE_END_OF_LIST()
    },
};

void vmspec_register_stream(VmspecMachineState *vms)
{
    const VmspecPlan *plan = vms->plan;
    VmspecStream *s = g_new0(VmspecStream, 1);
    const uint64_t own[NUM_FIELDS] = {
        [FIELD_GIC_VERSION] = plan->gic.version,
        [FIELD_VIRTUALIZATION] = plan->el2,
        [FIELD_IOMMU] = vmspec_has(plan, VMSPEC_SMMU),
        [FIELD_ACPI] = plan->acpi,
        [FIELD_FDT] = plan->fdt,
        [FIELD_SECURE_BOOT] = plan->secure_boot,
        [FIELD_FIRMWARE] = plan->firmware,
        [FIELD_VIRTIO_MMIO] = plan->count[VMSPEC_VIRTIO_MMIO],
        [FIELD_HOTPLUG_PORTS] = plan->pcie.hotplug_ports,
        [FIELD_UART1] = vmspec_has(plan, VMSPEC_UART1),
        [FIELD_CPUS] = plan->num_cpus,
        [FIELD_SOCKETS] = plan->topology.sockets,
        [FIELD_CLUSTERS] = plan->topology.clusters,
        [FIELD_CORES] = plan->topology.cores,
        [FIELD_THREADS] = plan->topology.threads,
        [FIELD_SLOTS] = plan->mem_slots,
        [FIELD_DEVICE_MEMORY] = plan->region[VMSPEC_DEVICE_MEMORY].size,
        [FIELD_NVDIMM] = plan->nvdimm,
        [FIELD_NODES] = plan->num_nodes,
        [FIELD_AARCH64] = plan->aarch64,
        [FIELD_SCREEN] = plan->pcie.seat.screen,
        [FIELD_USB] = plan->pcie.seat.usb,
        [FIELD_KEYBOARD] = plan->pcie.seat.keyboard,
        [FIELD_POINTER] = plan->pcie.seat.pointer,
        [FIELD_MTE] = plan->mte,
        [FIELD_RAS] = plan->ras,
        [FIELD_NO_ITS] = plan->gic.version >= VMSPEC_GIC_V3 && !plan->gic.its,
    };

    memcpy(s->own, own, sizeof(own));
    vmstate_register(NULL, 0, &vmstate_vmspec_stream, s);
}
