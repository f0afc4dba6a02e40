/*
 * vmspec qtest: QEMU refuses a user's mistakes before the guest runs
 *
 * Each row is a command line. QEMU must end with status 1 and print one error
 * that names the option and the way out. Those of -kernel, -initrd and -dtb
 * are in vmspec-kernel-test.c. One refusal is only in the host test
 * of the plan, because no command line reaches it: RAM above 3 GiB without
 * LPAE (every 32-bit core that the machine takes has LPAE).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qemu/bswap.h"
#include "vmspec/machine.h"
#include "vmspec/store.h"

#define PROGRAM "qemu-system-aarch64:"
#define FLASH_MAX (64 * MiB)
#define RAM(size) \
    "-m " size " -object memory-backend-ram,id=r,reserve=off,size=" size
#define NODE "-blockdev driver=file,node-name=n,filename=FILE "

/* Files that the rows use, in the scratch directory; "." is that directory */
#define FIRMWARE "firmware.fd"
#define TEXT "text"
#define EMPTY "empty"
#define HUGE "huge"
#define MISSING "missing"
#define DIRECTORY "."
#define FIFO "fifo"
#define ERASED "erased"
#define ELF "elf"
#define DISK "disk"
#define STORE "store"
#define ZERO "zero"
#define MBR "mbr"
#define DAMAGED "damaged.fd"
#define A64_UEFI "aarch64"
#define A32_UEFI "aarch32"

typedef struct BadInput {
    const char *name;
    const char *options;        /* FILE stands for the path of @file */
    const char *option;         /* what the error must name */
    const char *way_out;        /* and say */
    const char *file;
} BadInput;

static const BadInput rows[] = {
    { "gicv2-9-cpus", "-M vmspec,gic-version=2 -smp 9",
      "gic-version=2", "-smp 8" },
    { "gicv2-9-max-cpus", "-M vmspec,gic-version=2 -smp 1,maxcpus=9",
      "gic-version=2", "gic-version=3" },
    { "gicv4-without-el2", "-M vmspec,gic-version=4",
      "gic-version=4", "virtualization=on" },
    { "gic-host-without-kvm", "-accel tcg -M vmspec,gic-version=host",
      "gic-version=host", "gic-version=2, 3 or max" },
    { "gic-unknown", "-M vmspec,gic-version=5",
      "gic-version=5", "2, 3, 4, host or max" },
    { "cpus-513", "-M vmspec -smp 513", "SMP CPUs 513", "is 512" },
    { "ram-beyond-pa", "-cpu cortex-a53 -M vmspec,memory-backend=r "
      RAM("128G"), "-m 128G", "-m 127G" },
    { "ram-beyond-pa-aarch32", "-cpu cortex-a15 -M vmspec,memory-backend=r "
      RAM("128G"), "-m 128G", "-m 127G" },
    { "ram-127M-bundled-firmware", "-M vmspec -m 127M", "-m 127M",
      "-m 128M" },
    { "ram-127M-bundled-aarch32", "-M vmspec -cpu cortex-a15 -m 127M",
      "-m 127M", "-m 128M" },
    { "ram-127M-bundled-secure", "-M vmspec,secure-boot=on -m 127M",
      "-m 127M", "-m 128M" },
    { "ram-127M-bundled-by-name",
      "-M vmspec -bios vmspec-uefi-aarch64.fd -m 127M", "-m 127M",
      "-m 128M" },
    { "cpu-not-application", "-M vmspec -cpu cortex-m3",
      "CPU model: cortex-m3", "valid models are: max" },
    { "iommu-unknown", "-M vmspec,iommu=foo", "iommu=foo",
      "none or smmuv3" },
    { "virtio-mmio-33", "-M vmspec,virtio-mmio=33", "virtio-mmio=33",
      "virtio-mmio=32" },
    { "virtio-mmio-no-number", "-M vmspec,virtio-mmio=many", "virtio-mmio",
      "integer" },
    { "hotplug-ports-33", "-M vmspec,hotplug-ports=33", "hotplug-ports=33",
      "hotplug-ports=32" },
    { "graphics-without-usb", "-M vmspec,graphics=on,usb=off",
      "graphics=on", "Leave out usb=off" },
    { "graphics-no-value", "-M vmspec,graphics=perhaps", "graphics",
      "perhaps" },
    { "screen-place-taken", "-M vmspec,graphics=on -device virtio-rng-pci,"
      "addr=1b", "slot 27", "virtio-gpu-pci" },
    { "hotplug-ports-negative", "-M vmspec,hotplug-ports=-1",
      "hotplug-ports", "uint32_t" },
    { "virtualization-no-bool", "-M vmspec,virtualization=maybe",
      "virtualization", "'on' or 'off'" },
    { "slots-without-acpi", "-M vmspec,acpi=off -m 1G,slots=4,maxmem=8G",
      "slots=4", "acpi=on" },
    { "slots-aarch32", "-M vmspec -cpu cortex-a15 -m 1G,slots=4,maxmem=8G",
      "slots=4", "-cpu max" },
    { "slots-257", "-M vmspec,acpi=on -m 1G,slots=257,maxmem=8G",
      "slots=257", "slots=256" },
    { "maxmem-130G", "-M vmspec -m 1G,maxmem=130G", "maxmem", "128G" },
    { "maxmem-fraction", "-M vmspec -m 1G,maxmem=1049088K", "maxmem",
      "in M or G" },
    { "dimm-without-slots", "-M vmspec " RAM("1G") " -device pc-dimm,memdev=r",
      "pc-dimm", "slots=" },
    { "nvdimm-not-enabled", "-M vmspec,acpi=on -m 1G,slots=1,maxmem=2G "
      "-object memory-backend-ram,id=r,size=1G -device nvdimm,memdev=r",
      "nvdimm", "nvdimm=on" },
    { "virtio-mem-without-maxmem", "-M vmspec " RAM("1G")
      " -device virtio-mem-pci,memdev=r", "virtio-mem-pci", "maxmem" },
    { "port-device-1", "-M vmspec,hotplug-ports=2"
      " -device virtio-rng-pci,bus=hotplug1,addr=1.0", "addr=1.0", "addr=0.N" },
    { "port-occupied", "-M vmspec,hotplug-ports=2"
      " -device virtio-rng-pci,bus=hotplug1"
      " -device virtio-rng-pci,bus=hotplug1", "hotplug1", "addr=0.N" },
    { "port-behind-port", "-M vmspec,hotplug-ports=1"
      " -device pcie-root-port,bus=hotplug0", "pcie-root-port", "pcie.0" },
    { "port-behind-switch", "-M vmspec,hotplug-ports=1"
      " -device x3130-upstream,id=up,bus=hotplug0"
      " -device xio3130-downstream,id=down,bus=up,chassis=1"
      " -device vmspec-root-port,bus=down", "down", "bus=pcie.0" },
    { "port-two-reserves", "-M vmspec"
      " -device vmspec-root-port,pref32-reserve=1M,pref64-reserve=1G",
      "pref32-reserve and pref64-reserve", "leave out one" },
    { "ras-no-acpi", "-M vmspec,ras=on,acpi=off", "ras=on needs ACPI",
      "Leave out ras=on" },
    { "memory-error-at-start", "-M vmspec,ras=on,memory-error=1073741824",
      "memory-error: the machine reports no", "while the guest runs" },
    { "usb-net", "-M vmspec -nic user,model=usb-net",
      "model=usb-net", "-device usb-net" },
    { "sd-card", "-M vmspec -drive if=sd,format=raw,file=FILE",
      "if=sd", "virt-vmspec-1.0", DISK },
    { "ide-drive", "-M vmspec -drive if=ide,index=3,format=raw,file=FILE",
      "if=ide", "if=virtio", DISK },
    { "scsi-drive", "-M vmspec -drive if=scsi,format=raw,file=FILE",
      "if=scsi", "scsi-hd", DISK },
    { "floppy", "-M vmspec -drive if=floppy,format=raw,file=FILE",
      "if=floppy", "if=virtio", DISK },
    { "mtd", "-M vmspec -drive if=mtd,format=raw,file=FILE",
      "if=mtd", "if=virtio", DISK },
    { "third-serial", "-M vmspec -serial null -serial null -serial null",
      "third -serial", "virtconsole" },
    { "libvirt-gic", "-M vmspec,gic-version=2 -smp 9",
      "gic-version=2", "libvirt: <gic version='3'/>" },
    { "libvirt-slots", "-M vmspec,acpi=off -m 1G,slots=4,maxmem=8G",
      "slots=4", "libvirt: <acpi/>" },
    { "virt-highmem", "-M vmspec,highmem=off", "highmem=off",
      "Leave out highmem=off" },
    { "virt-highmem-ecam", "-M vmspec,highmem-ecam=on", "highmem-ecam=on",
      "Leave out highmem-ecam=on" },
    { "virt-highmem-mmio", "-M vmspec,highmem-mmio=off",
      "highmem-mmio=off", "Leave out highmem-mmio=off" },
    { "virt-highmem-mmio-size", "-M vmspec,highmem-mmio-size=1T",
      "highmem-mmio-size=1099511627776", "Leave out highmem-mmio-size" },
    { "virt-highmem-redists", "-M vmspec,highmem-redists=off",
      "highmem-redists=off", "Leave out highmem-redists=off" },
    { "virt-compact-highmem", "-M vmspec,compact-highmem=on",
      "compact-highmem=on", "Leave out compact-highmem=on" },
    { "its-no-bool", "-M vmspec,its=maybe", "its", "'on' or 'off'" },
    { "virt-secure", "-M vmspec,secure=on", "secure=on", "secure-boot=on" },
    { "mte-default-cpu", "-M vmspec,mte=on", "mte=on needs a CPU",
      "-cpu max" },
    { "mte-aarch32", "-M vmspec,mte=on -cpu cortex-a15",
      "mte=on needs a CPU", "-cpu max" },
    { "mte-maxmem", "-M vmspec,mte=on -cpu max -m 1G,maxmem=2G",
      "mte=on: memory that is plugged has no tags", "Leave out maxmem" },
    { "virt-bypass", "-M vmspec,default-bus-bypass-iommu=on",
      "default-bus-bypass-iommu=on", "iommu=none" },
    { "virt-oem-id", "-M vmspec,x-oem-id=ACME", "x-oem-id=ACME",
      "-smbios" },
    { "virt-oem-table-id", "-M vmspec,x-oem-table-id=ACME",
      "x-oem-table-id=ACME", "-smbios" },
    { "misspelt-property", "-M vmspec,gicversion=3", "gicversion' not found",
      "Did you mean 'gic-version'?" },
    { "misspelt-word", "-M vmspec,virtualisation=on",
      "virtualisation' not found", "Did you mean 'virtualization'?" },
    { "misspelt-beyond-likeness", "-M vmspec,frobnicate=on",
      "frobnicate' not found", "" },
    { "misspelt-device-property", "-M vmspec "
      "-device virtio-rng-pci,bootindx=1,max-byte=1", "not found",
      "Did you mean 'max-bytes'?" },

    { "bios-and-pflash-drive", "-M vmspec -bios FILE "
      "-drive if=pflash,format=raw,readonly=on,file=FILE",
      "-bios", "Leave out -bios", FIRMWARE },
    { "bios-and-pflash0", "-M vmspec,pflash0=n -bios FILE " NODE,
      "pflash0", "Leave out -bios", FIRMWARE },
    { "secure-boot-aarch32", "-M vmspec,secure-boot=on -cpu cortex-a15",
      "secure-boot=on", "an AArch64 CPU" },
    { "secure-boot-and-bios", "-M vmspec,secure-boot=on -bios FILE",
      "secure-boot=on and -bios", "Leave out one of them", FIRMWARE },
    { "secure-boot-and-pflash0", "-M vmspec,secure-boot=on,pflash0=n " NODE,
      "secure-boot=on and pflash0", "Leave out one of them", FIRMWARE },
    { "nvram-on", "-M vmspec,nvram=on -bios FILE", "nvram=on", "auto, none",
      FIRMWARE },
    { "nvram-off", "-M vmspec,nvram=off -bios FILE", "nvram=off",
      "auto, none", FIRMWARE },
    { "nvram-reset-without-store", "-M vmspec,nvram-reset=on -bios FILE",
      "nvram-reset=on", "nvram=PATH", FIRMWARE },
    { "nvram-reset-none", "-M vmspec,nvram=none,nvram-reset=on -bios FILE",
      "nvram-reset=on", "nvram=PATH", FIRMWARE },
    { "nvram-reset-pflash1", "-M vmspec,pflash1=n,nvram-reset=on -bios FILE "
      NODE, "nvram-reset=on", "nvram=PATH", FIRMWARE },
    { "nvram-reset-incoming", "-M vmspec,nvram=FILE,nvram-reset=on "
      "-incoming defer", "nvram-reset=on", "or -incoming", FIRMWARE },
    { "nvram-format-unknown", "-M vmspec,nvram-format=vmdk",
      "nvram-format=vmdk", "auto, raw or qcow2" },
    { "nvram-format-none", "-M vmspec,nvram=none,nvram-format=raw -bios FILE",
      "nvram-format=raw", "nvram=PATH", FIRMWARE },
    { "nvram-format-pflash1", "-M vmspec,pflash1=n,nvram-format=raw -bios FILE "
      NODE, "nvram-format=raw", "-drive or -blockdev", FIRMWARE },
    { "misspelt-nvram-format", "-M vmspec,nvram-fromat=raw",
      "nvram-fromat' not found", "Did you mean 'nvram-format'?" },
    { "bios-missing", "-M vmspec -bios FILE", "-bios", "Name a file",
      MISSING },
    { "bios-empty", "-M vmspec -bios FILE", "-bios", "to 64 MiB", EMPTY },
    { "bios-huge", "-M vmspec -bios FILE", "-bios", "to 64 MiB", HUGE },
    { "bios-fifo", "-M vmspec -bios FILE", "-bios", "regular file", FIFO },
    { "dtb-fifo", "-M vmspec -dtb FILE", "-dtb", "regular file", FIFO },
    { "dtb-endless", "-M vmspec -dtb /dev/zero", "-dtb", "regular file" },
    { "bios-directory", "-M vmspec -bios FILE", "-bios", "regular file",
      DIRECTORY },

    { "drive-missing", "-M vmspec -drive if=pflash,format=raw,file=FILE",
      "-drive if=pflash", "No such file or directory", MISSING },
    { "drive-empty", "-M vmspec -drive if=pflash,format=raw,file=FILE",
      "pflash0", "to 64 MiB", EMPTY },
    { "drive-huge", "-M vmspec -drive if=pflash,format=raw,file=FILE",
      "pflash0", "to 64 MiB", HUGE },
    { "drive-directory", "-M vmspec -drive if=pflash,format=raw,file=FILE",
      "-drive if=pflash", "regular file", DIRECTORY },
    { "drive1-empty",
      "-M vmspec -drive if=pflash,unit=1,format=raw,file=FILE",
      "pflash1", "to 64 MiB", EMPTY },
    { "drive1-huge",
      "-M vmspec -drive if=pflash,unit=1,format=raw,file=FILE",
      "pflash1", "to 64 MiB", HUGE },

    { "store-as-bios", "-M vmspec -bios FILE", "a variable store",
      "unit=0", STORE },
    { "store-as-pflash0",
      "-M vmspec -drive if=pflash,format=raw,file=FILE",
      "a variable store", "unit=0", STORE },
    { "disk-as-bios", "-M vmspec -bios FILE", "a disk image", "if=virtio",
      DISK },
    { "elf-as-bios", "-M vmspec -bios FILE", "an ELF program", "objcopy",
      ELF },
    { "erased-as-bios", "-M vmspec -bios FILE", "blank", "Name an image",
      ERASED },
    { "zero-as-bios", "-M vmspec -bios FILE", "blank (zero)",
      "Name an image", ZERO },
    { "mbr-as-bios", "-M vmspec -bios FILE", "a disk image", "if=virtio",
      MBR },
    { "mbr-as-pflash1", "-M vmspec,pflash1=n " NODE, "a disk image",
      "No guest has run", MBR },
    { "damaged-as-pflash1", "-M vmspec,pflash1=n " NODE,
      "corrupt at offset 0x66", "No guest has run", DAMAGED },
    { "mbr-as-nvram", "-M vmspec,nvram=FILE", "but a disk image",
      "Name a store", MBR },
    { "mbr-as-raw-nvram", "-M vmspec,nvram-format=raw,nvram=FILE",
      "but a disk image", "Name a store", MBR },
    { "mbr-as-nvram-reset", "-M vmspec,nvram-reset=on,nvram=FILE",
      "but a disk image", "Name a store", MBR },
    { "blank-disk-as-nvram", "-M vmspec,nvram=FILE", "but a blank image",
      "Name a store", HUGE },
    { "blank-disk-as-nvram-reset",
      "-M vmspec,nvram-reset=on,nvram-format=raw,nvram=FILE",
      "but a blank image", "Name a store", HUGE },
    { "text-as-nvram", "-M vmspec,nvram=FILE", "not a variable store",
      "Name a store", TEXT },
    { "text-as-nvram-reset", "-M vmspec,nvram-reset=on,nvram=FILE",
      "not a variable store", "Name a store", TEXT },
    { "aarch32-bios", "-M vmspec -bios FILE", "for AArch32",
      "-cpu cortex-a15", A32_UEFI },
    { "aarch64-bios", "-M vmspec -cpu cortex-a15 -bios FILE", "for AArch64",
      "-cpu max", A64_UEFI },
    { "aarch64-pflash0", "-M vmspec,pflash0=n -cpu cortex-a15 " NODE,
      "for AArch64", "-cpu max", A64_UEFI },
    { "firmware-as-pflash1",
      "-M vmspec -drive if=pflash,unit=1,format=raw,file=FILE",
      "a UEFI firmware image", "No guest has run", A64_UEFI },
    { "text-as-pflash1",
      "-M vmspec -drive if=pflash,unit=1,format=raw,file=FILE",
      "neither a variable store nor blank", "No guest has run", TEXT },
    { "disk-as-pflash1", "-M vmspec,pflash1=n " NODE, "a disk image",
      "No guest has run", DISK },
    { "disk-as-nvram", "-M vmspec,nvram=FILE", "but a disk image",
      "Name a store", DISK },
    { "firmware-as-nvram", "-M vmspec,nvram=FILE", "but a UEFI firmware image",
      "Name a store", A64_UEFI },
    { "elf-as-nvram", "-M vmspec,nvram=FILE", "but an ELF program",
      "Name a store", ELF },
    { "pflash0-unknown", "-M vmspec,pflash0=nosuchnode",
      "pflash0=nosuchnode", "node-name of a -blockdev" },
    { "pflash1-unknown", "-M vmspec,pflash1=nosuchnode",
      "pflash1=nosuchnode", "node-name of a -blockdev" },
    { "pflash0-missing", "-M vmspec,pflash0=n " NODE, "-blockdev",
      "No such file or directory", MISSING },
    { "pflash0-empty", "-M vmspec,pflash0=n " NODE, "pflash0", "to 64 MiB",
      EMPTY },
    { "pflash0-huge", "-M vmspec,pflash0=n " NODE, "pflash0",
      "to 64 MiB", HUGE },
    { "pflash0-directory", "-M vmspec,pflash0=n " NODE, "-blockdev",
      "Is a directory", DIRECTORY },
    { "pflash1-empty", "-M vmspec,pflash1=n " NODE, "pflash1", "to 64 MiB",
      EMPTY },
    { "pflash1-huge", "-M vmspec,pflash1=n " NODE, "pflash1",
      "to 64 MiB", HUGE },
};

static VmspecRun *run_row(const BadInput *row)
{
    g_autofree char *path = scratch_path(row->file ?: "");
    g_auto(GStrv) parts = g_strsplit(row->options, "FILE", -1);
    g_autofree char *options = g_strjoinv(path, parts);

    return vmspec_run("%s", options);
}

/* QEMU ends by itself, with the exit status of a user's mistake. */
static void test_ends_with_status_1(const void *opaque)
{
    g_autoptr(VmspecRun) r = run_row(opaque);

    g_test_message("%s", r->err);
    g_assert_cmpint(r->status, ==, 1);
}

/* QEMU prints one error and at most one line of hint. */
static void test_one_error(const void *opaque)
{
    g_autoptr(VmspecRun) r = run_row(opaque);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(r->err), "\n", -1);
    unsigned errors = 0;

    for (int i = 0; lines[i]; i++) {
        g_test_message("%s", lines[i]);
        errors += g_str_has_prefix(lines[i], PROGRAM);
    }
    g_assert_cmpuint(errors, ==, 1);
    g_assert_true(g_str_has_prefix(lines[0], PROGRAM));
    g_assert_cmpuint(g_strv_length(lines), <=, 2);
    g_assert_cmpstr(r->out, ==, "");
}

static void test_names_option_and_way_out(const void *opaque)
{
    const BadInput *row = opaque;
    g_autoptr(VmspecRun) r = run_row(row);

    g_test_message("'%s' and '%s' in: %s", row->option, row->way_out, r->err);
    g_assert_nonnull(strstr(r->err, row->option));
    g_assert_nonnull(strstr(r->err, row->way_out));
}

static void make_file(const char *name, size_t offset, const char *magic,
                      off_t size)
{
    char data[64] = { 0 };
    size_t n = strlen(magic);

    g_assert_cmpuint(offset + n, <=, sizeof(data));
    memcpy(data + offset, magic, n);
    g_free(scratch_file(name, data, MIN(size, sizeof(data)), size));
}

/* EFI_SYSTEM_NV_DATA_FV_GUID, the file system of a variable store's volume */
static const uint8_t store_guid[16] = {
    0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c,
    0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
};

/*
 * A volume with the file system @guid; its first word, which is the reset
 * vector of firmware, is @insn.
 */
static void make_volume(const char *name, uint32_t insn, const uint8_t *guid)
{
    uint8_t data[4 * KiB] = { 0 };
    uint16_t sum = 0;

    stl_le_p(data, insn);
    memcpy(data + 16, guid, 16);
    stq_le_p(data + 32, sizeof(data));
    memcpy(data + 40, "_FVH", 4);
    stw_le_p(data + 48, 72);
    for (int i = 0; i < 72; i += 2) {
        sum += lduw_le_p(data + i);
    }
    stw_le_p(data + 50, -sum);
    g_free(scratch_file(name, data, sizeof(data), 256 * KiB));
}

/* One partition, as fdisk makes it: type 0x83, at sector 2048 */
static void make_mbr(void)
{
    uint8_t data[512] = { 0 };

    data[446 + 4] = 0x83;
    stl_le_p(data + 446 + 8, 2048);
    stl_le_p(data + 446 + 12, 4096);
    stw_le_p(data + 510, 0xaa55);
    g_free(scratch_file(MBR, data, sizeof(data), 8 * MiB));
}

/* A store with a variable whose state does not exist */
static void make_damaged(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);

    store_sample(data, STORE_BANK);
    data[STORE_FIRST + 2] = 0x55;
    g_free(scratch_file(DAMAGED, data, STORE_BANK, STORE_BANK));
}

static void make_others(void)
{
    static const uint8_t other_guid[16] = { 0x55 };
    uint8_t data[4 * KiB];

    memset(data, 0xff, sizeof(data));
    g_free(scratch_file(ERASED, data, sizeof(data), sizeof(data)));
    make_file(ELF, 0, "\x7f" "ELF", 4 * KiB);
    memset(data, 0, sizeof(data));
    memcpy(data + 512, "EFI PART", 8);
    g_free(scratch_file(DISK, data, sizeof(data), 1 * MiB));
    make_volume(A64_UEFI, 0x14000400, other_guid);
    make_volume(A32_UEFI, 0xea000400, other_guid);
    make_volume(STORE, 0, store_guid);
    g_free(scratch_file(ZERO, "", 0, 256 * KiB));
    make_mbr();
    make_damaged();
}

static void add_row(const char *rule, const BadInput *row,
                    void (*test)(const void *))
{
    g_autofree char *path = g_strdup_printf("/vmspec/badinput/%s/%s", rule,
                                            row->name);

    g_test_add_data_func(path, row, test);
}

static void add_tests(void)
{
    g_autofree char *fifo = NULL;

    make_file(FIRMWARE, 0, "", 4 * KiB);
    make_file(TEXT, 0, "This is no kernel.\n", 64);
    make_file(EMPTY, 0, "", 0);
    make_file(HUGE, 0, "", FLASH_MAX + 1);
    make_others();
    fifo = scratch_path(FIFO);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        add_row("status", &rows[i], test_ends_with_status_1);
        add_row("one-error", &rows[i], test_one_error);
        add_row("names-option-and-way-out", &rows[i],
                test_names_option_and_way_out);
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
