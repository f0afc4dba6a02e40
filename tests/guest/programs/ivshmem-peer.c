/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * The inter-VM shared memory device, without a driver of its own
 *
 *   ivshmem-peer FUNCTION GROUP wait      prints the message of an interrupt
 *   ivshmem-peer FUNCTION GROUP send PEER TEXT
 *
 * FUNCTION is a PCI address, GROUP the number of its IOMMU group; the driver is
 * vfio-pci.  The message is at the start of the shared memory, and vector 1 of
 * the peer tells it (QEMU's docs/specs/ivshmem-spec.rst).
 */

#include "linux.h"

/* Linux' uapi/linux/vfio.h */
#define VFIO(n) (';' << 8 | (100 + (n)))
#define VFIO_SET_IOMMU VFIO(2)
#define VFIO_GROUP_SET_CONTAINER VFIO(4)
#define VFIO_GROUP_GET_DEVICE_FD VFIO(6)
#define VFIO_DEVICE_GET_REGION_INFO VFIO(8)
#define VFIO_DEVICE_SET_IRQS VFIO(10)
#define VFIO_TYPE1_IOMMU 1
#define VFIO_PCI_MSIX_IRQ_INDEX 2
#define VFIO_IRQ_SET_DATA_EVENTFD (1 << 2)
#define VFIO_IRQ_SET_ACTION_TRIGGER (1 << 5)

typedef struct RegionInfo {
    uint32_t argsz, flags, index, cap_offset;
    uint64_t size, offset;
} RegionInfo;

typedef struct IrqSet {
    uint32_t argsz, flags, index, start, count;
    int32_t fd[2];
} IrqSet;

#define VFIO_PCI_CONFIG_REGION 7
#define PCI_COMMAND 4
#define PCI_MEMORY_AND_MASTER 6

#define BAR_REGISTERS 0
#define BAR_MEMORY 2
#define IV_POSITION 2           /* registers of 32 bits */
#define DOORBELL 3
#define VECTOR 1

static long open_file(const char *path)
{
    return check(call(SYS_OPENAT, AT_FDCWD, (long)path, O_RDWR, 0, 0, 0),
                 path);
}

static long control(long fd, long request, const void *argument,
                    const char *what)
{
    return check(call(SYS_IOCTL, fd, request, (long)argument, 0, 0, 0), what);
}

static void append(char *to, const char *text)
{
    to += length(to);
    do {
        *to = *text++;
    } while (*to++);
}

static long open_device(const char *function, const char *group)
{
    char path[64] = "/dev/vfio/";
    long container = open_file("/dev/vfio/vfio"), fd;

    append(path, group);
    fd = open_file(path);
    control(fd, VFIO_GROUP_SET_CONTAINER, &(int){ container }, "container");
    control(container, VFIO_SET_IOMMU, (void *)VFIO_TYPE1_IOMMU, "IOMMU");
    return control(fd, VFIO_GROUP_GET_DEVICE_FD, function, function);
}

static RegionInfo region(long device, unsigned index)
{
    RegionInfo info = { .argsz = sizeof(info), .index = index };

    control(device, VFIO_DEVICE_GET_REGION_INFO, &info, "region");
    return info;
}

/* A function that is no bus master sends no MSI; vfio-pci makes it none. */
static void make_master(long device)
{
    uint16_t command = PCI_MEMORY_AND_MASTER;

    check(call(SYS_PWRITE64, device, (long)&command, sizeof(command),
               region(device, VFIO_PCI_CONFIG_REGION).offset + PCI_COMMAND, 0,
               0), "command register");
}

static void *map_bar(long device, unsigned bar)
{
    RegionInfo info = region(device, bar);

    return (void *)check(call(SYS_MMAP, 0, info.size, PROT_READ | PROT_WRITE,
                              MAP_SHARED, device, info.offset), "mmap");
}

/* An event for each vector; that of VECTOR counts */
static long listen(long device)
{
    IrqSet set = {
        sizeof(set), VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
        VFIO_PCI_MSIX_IRQ_INDEX, 0, 2, { 0, 0 },
    };

    for (int n = 0; n < 2; n++) {
        set.fd[n] = check(call(SYS_EVENTFD2, 0, 0, 0, 0, 0, 0), "eventfd");
    }
    control(device, VFIO_DEVICE_SET_IRQS, &set, "interrupts");
    return set.fd[VECTOR];
}

/* volatile: MMIO */
static void wait_message(long device, const volatile uint32_t *registers,
                         const char *memory)
{
    long event = listen(device);
    uint64_t count;

    put("ivshmem: peer ");
    put_number(registers[IV_POSITION]);
    put(" waits\n");
    check(call(SYS_READ, event, (long)&count, sizeof(count), 0, 0, 0), "read");
    put("ivshmem: interrupt, ");
    put(memory);
    put("\n");
}

int main(int argc, char **argv)
{
    volatile uint32_t *registers;       /* volatile: MMIO */
    char *memory;
    long device;

    if (argc < 4) {
        put("ivshmem: FUNCTION GROUP wait|send PEER TEXT\n");
        return 2;
    }
    device = open_device(argv[1], argv[2]);
    make_master(device);
    registers = map_bar(device, BAR_REGISTERS);
    memory = map_bar(device, BAR_MEMORY);
    if (argc < 6) {
        wait_message(device, registers, memory);
        return 0;
    }
    *memory = 0;
    append(memory, argv[5]);
    __asm__ volatile("dsb sy" : : : "memory");
    registers[DOORBELL] = (uint32_t)(*argv[4] - '0') << 16 | VECTOR;
    put("ivshmem: sent\n");
    return 0;
}
