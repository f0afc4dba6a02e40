/*
 * vmspec: a TPM 2.0 with the command response buffer interface
 *
 * See include/hw/tpm/vmspec-tpm-crb.h. A driver requests the locality, asks
 * for the state Ready, writes a command into the buffer, starts the command,
 * polls until the start bit is clear, and reads the response from the buffer
 * (TCG PC Client Platform TPM Profile 1.05, 6.5.3.8). The backend works
 * on copies: the guest cannot change a command that has been started.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/acpi/tpm.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/pci/pci_ids.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "hw/tpm/vmspec-tpm-crb.h"
#include "migration/vmstate.h"
#include "qom/object.h"
#include "system/tpm_backend.h"
#include "system/tpm_util.h"
#include "tpm_prop.h"

OBJECT_DECLARE_SIMPLE_TYPE(VmspecTpmCrb, VMSPEC_TPM_CRB)

#define BUFFER_SIZE (VMSPEC_TPM_CRB_SIZE - A_CRB_DATA_BUFFER)
/* Tag, size and code (TPM 2.0 Library, part 1, 18) */
#define HEADER_SIZE 10

/* TPM_LOC_CTRL_0, TPM_LOC_STATE and TPM_LOC_STS_0 */
#define LOC_REQUEST_ACCESS      BIT(0)
#define LOC_RELINQUISH          BIT(1)
#define LOC_STATE_ASSIGNED      BIT(1)
#define LOC_STATE_VALID         BIT(7)
#define LOC_STS_GRANTED         BIT(0)
/* TPM_CRB_CTRL_REQ_0 and TPM_CRB_CTRL_STS_0 */
#define REQ_READY               BIT(0)
#define REQ_IDLE                BIT(1)
#define STS_FATAL               BIT(0)
#define STS_IDLE                BIT(1)
/*
 * TPM_CRB_INTF_ID_0: type, version and selected interface are CRB, locality 0
 * alone, transfers of 64 bytes
 */
#define INTF_ID_LOW             (1 | 1 << 4 | 3 << 11 | 1 << 14 | 1 << 17)

struct VmspecTpmCrb {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    TPMBackend *backend;
    TPMBackendCmd cmd;
    uint8_t command[BUFFER_SIZE], response[BUFFER_SIZE];
    uint32_t size;              /* of a command that the backend takes */

    /* What a guest sees, and a stream carries */
    bool assigned;              /* locality 0 is in use */
    bool idle;
    bool fatal;                 /* the backend failed */
    bool started;               /* a command is with the backend */
    uint8_t buffer[BUFFER_SIZE];
};

/* Where the guest finds the page: the sum over the regions that it is in */
static hwaddr base_address(VmspecTpmCrb *s)
{
    hwaddr base = 0;

    for (MemoryRegion *mr = &s->mmio; mr; mr = mr->container) {
        base += mr->addr;
    }
    return base;
}

static uint32_t read_loc_state(VmspecTpmCrb *s)
{
    uint32_t value = LOC_STATE_VALID;

    if (s->assigned) {
        value |= LOC_STATE_ASSIGNED;
    }
    if (!tpm_backend_get_tpm_established_flag(s->backend)) {
        value |= R_CRB_LOC_STATE_tpmEstablished_MASK;
    }
    return value;
}

static uint32_t read_status(VmspecTpmCrb *s)
{
    return (s->fatal ? STS_FATAL : 0) | (s->idle ? STS_IDLE : 0);
}

static uint32_t read_register(VmspecTpmCrb *s, hwaddr addr)
{
    hwaddr buffer = base_address(s) + A_CRB_DATA_BUFFER;

    switch (addr) {
    case A_CRB_LOC_STATE:
        return read_loc_state(s);
    case A_CRB_LOC_STS:
        return s->assigned ? LOC_STS_GRANTED : 0;
    case A_CRB_INTF_ID:
        return INTF_ID_LOW;
    case A_CRB_INTF_ID2:
        return PCI_VENDOR_ID_IBM;   /* as QEMU's other TPMs */
    case A_CRB_CTRL_STS:
        return read_status(s);
    case A_CRB_CTRL_START:
        return s->started;
    case A_CRB_CTRL_CMD_SIZE:
    case A_CRB_CTRL_RSP_SIZE:
        return BUFFER_SIZE;
    case A_CRB_CTRL_CMD_LADDR:
    case A_CRB_CTRL_RSP_ADDR:
        return buffer;
    case A_CRB_CTRL_CMD_HADDR:
    case A_CRB_CTRL_RSP_ADDR + 4:
        return buffer >> 32;
    default:
        return 0;
    }
}

static uint64_t vmspec_crb_read(void *opaque, hwaddr addr, unsigned size)
{
    VmspecTpmCrb *s = opaque;

    if (addr >= A_CRB_DATA_BUFFER) {
        return s->started ? 0 :
            ldn_le_p(s->buffer + addr - A_CRB_DATA_BUFFER, size);
    }
    return extract32(read_register(s, addr & ~3), (addr & 3) * 8, size * 8);
}

static void start_command(VmspecTpmCrb *s)
{
    uint32_t length = tpm_cmd_get_size(s->buffer);

    if (!s->assigned || s->idle || s->fatal || s->started) {
        qemu_log_mask(LOG_GUEST_ERROR, TYPE_VMSPEC_TPM_CRB
                      ": a command is started in the wrong state\n");
        return;
    }
    if (length < HEADER_SIZE || length > s->size) {
        qemu_log_mask(LOG_GUEST_ERROR, TYPE_VMSPEC_TPM_CRB
                      ": a command has %u bytes\n", length);
        length = MIN(MAX(length, HEADER_SIZE), s->size);
    }
    memcpy(s->command, s->buffer, sizeof(s->command));
    memset(s->response, 0, sizeof(s->response));
    s->cmd = (TPMBackendCmd) {
        .in = s->command,
        .in_len = length,
        .out = s->response,
        .out_len = s->size,
    };
    s->started = true;
    tpm_backend_deliver_request(s->backend, &s->cmd);
}

static void request_state(VmspecTpmCrb *s, uint32_t request)
{
    if (s->started) {
        qemu_log_mask(LOG_GUEST_ERROR, TYPE_VMSPEC_TPM_CRB
                      ": a state is requested while a command runs\n");
    } else if (request == REQ_READY) {
        s->idle = false;
    } else if (request == REQ_IDLE) {
        s->idle = true;
        memset(s->buffer, 0, sizeof(s->buffer));
    }
}

static void write_register(VmspecTpmCrb *s, hwaddr addr, uint32_t value)
{
    switch (addr) {
    case A_CRB_LOC_CTRL:
        if (value & LOC_REQUEST_ACCESS) {
            s->assigned = true;
        } else if (value & LOC_RELINQUISH) {
            s->assigned = false;
        }
        break;
    case A_CRB_CTRL_REQ:
        request_state(s, value);
        break;
    case A_CRB_CTRL_CANCEL:
        if (value && s->started) {
            tpm_backend_cancel_cmd(s->backend);
        }
        break;
    case A_CRB_CTRL_START:
        if (value & 1) {
            start_command(s);
        }
        break;
    default:
        break;
    }
}

static void vmspec_crb_write(void *opaque, hwaddr addr, uint64_t value,
                          unsigned size)
{
    VmspecTpmCrb *s = opaque;

    if (addr < A_CRB_DATA_BUFFER) {
        write_register(s, addr, value);
    } else if (!s->started && !s->idle) {
        stn_le_p(s->buffer + addr - A_CRB_DATA_BUFFER, size, value);
    }
}

static const MemoryRegionOps vmspec_crb_ops = {
    .read = vmspec_crb_read,
    .write = vmspec_crb_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* The backend calls this in the main thread. */
static void vmspec_crb_completed(TPMIf *tpm, int result)
{
    VmspecTpmCrb *s = VMSPEC_TPM_CRB(tpm);

    s->started = false;
    s->fatal = result != 0;
    memcpy(s->buffer, s->response, sizeof(s->buffer));
}

static enum TPMVersion vmspec_crb_version(TPMIf *tpm)
{
    return tpm_backend_get_tpm_version(VMSPEC_TPM_CRB(tpm)->backend);
}

static void vmspec_crb_reset(DeviceState *dev)
{
    VmspecTpmCrb *s = VMSPEC_TPM_CRB(dev);

    tpm_backend_reset(s->backend);
    s->assigned = false;
    s->idle = true;
    s->started = false;
    memset(s->buffer, 0, sizeof(s->buffer));
    s->size = MIN(tpm_backend_get_buffer_size(s->backend), BUFFER_SIZE);
    s->fatal = tpm_backend_startup_tpm(s->backend, s->size) < 0;
    if (s->fatal) {
        error_report(TYPE_VMSPEC_TPM_CRB ": the TPM of -tpmdev does not "
                     "start; the guest sees a TPM that has failed");
    }
}

/* No command is with the backend when the state is sent. */
static int vmspec_crb_pre_save(void *opaque)
{
    VmspecTpmCrb *s = opaque;

    tpm_backend_finish_sync(s->backend);
    return 0;
}

static const VMStateDescription vmstate_vmspec_crb = {
    .name = TYPE_VMSPEC_TPM_CRB,
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = vmspec_crb_pre_save,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(assigned, VmspecTpmCrb),
        VMSTATE_BOOL(idle, VmspecTpmCrb),
        VMSTATE_BOOL(fatal, VmspecTpmCrb),
        VMSTATE_BOOL(started, VmspecTpmCrb),
        VMSTATE_UINT8_ARRAY(buffer, VmspecTpmCrb, BUFFER_SIZE),
        VMSTATE_END_OF_LIST()
    },
};

static void vmspec_crb_init(Object *obj)
{
    VmspecTpmCrb *s = VMSPEC_TPM_CRB(obj);

    memory_region_init_io(&s->mmio, obj, &vmspec_crb_ops, s, "tpm-crb",
                          VMSPEC_TPM_CRB_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
}

static void vmspec_crb_realize(DeviceState *dev, Error **errp)
{
    if (!tpm_find()) {
        error_setg(errp, "at most one TPM device is permitted");
    } else if (!VMSPEC_TPM_CRB(dev)->backend) {
        error_setg(errp, "'tpmdev' property is required");
    } else if (vmspec_crb_version(TPM_IF(dev)) != TPM_VERSION_2_0) {
        error_setg(errp, "the TPM of -tpmdev is no TPM 2.0, which this "
                   "interface needs");
    }
}

static const Property vmspec_crb_properties[] = {
    DEFINE_PROP_TPMBE("tpmdev", VmspecTpmCrb, backend),
};

static void vmspec_crb_class_init(ObjectClass *oc, VmspecClassData *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    TPMIfClass *tc = TPM_IF_CLASS(oc);

    dc->desc = "TPM 2.0, command response buffer";
    dc->realize = vmspec_crb_realize;
    dc->vmsd = &vmstate_vmspec_crb;
    device_class_set_props(dc, vmspec_crb_properties);
    device_class_set_legacy_reset(dc, vmspec_crb_reset);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    tc->model = TPM_MODEL_TPM_CRB;
    tc->get_version = vmspec_crb_version;
    tc->request_completed = vmspec_crb_completed;
}

static const TypeInfo vmspec_crb_types[] = {
    {
        .name = TYPE_VMSPEC_TPM_CRB,
        .parent = TYPE_DYNAMIC_SYS_BUS_DEVICE,
        .instance_size = sizeof(VmspecTpmCrb),
        .instance_init = vmspec_crb_init,
        .class_init = vmspec_crb_class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_TPM_IF },
            { }
        },
    }, {
        .name = VMSPEC_TPM_CRB_OF_LIBVIRT,
        .parent = TYPE_VMSPEC_TPM_CRB,
    },
};

DEFINE_TYPES(vmspec_crb_types)
