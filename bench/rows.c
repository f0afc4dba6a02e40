/*
 * vmspec benchmark: the rows
 *
 * The first side is vmspec, the second what it is compared with first.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <string.h>

const MeasureInfo bench_measures[MEASURES] = {
    [HOST_INSTRUCTIONS] = { "host-instructions", "M host instructions", 1e6, 1,
                            true, true },
    [GUEST_INSTRUCTIONS] = { "guest-instructions", "M guest instructions", 1e6,
                             1, true, true },
    [CPU_TIME] = { "cpu-time", "CPU s", 1, 3, false, false },
    [WALL_TIME] = { "wall-time", "s", 1, 2, false, false },
    [MEMORY] = { "memory", "MiB", 1048576, 1, true, false },
    [COUNT] = { "count", "", 1, 0, true, false },
};

#define BARE "-nodefaults -m 128M"
#define OFF BARE " -kernel @off@"
/* no iPXE ROM: it is not part of this build */
#define DEFAULTS "-global virtio-net-pci.romfile= "
#define UEFI "-nodefaults -m 512M"
#define DISK " -drive if=none,id=disk,format=raw,snapshot=on,file=@disk@" \
             " -device virtio-blk-pci,drive=disk"
#define DISK32 " -drive if=none,id=disk,format=raw,snapshot=on,file=@disk32@" \
               " -device virtio-blk-pci,drive=disk"
#define GRUB " -drive if=none,id=disk,format=raw,snapshot=on,file=@grub@" \
             " -device virtio-blk-pci,drive=disk"
#define NO_WAIT " -boot menu=on,splash-time=0"
#define SAME "-M dtb-randomness=off "
/* a kernel takes other paths on another CPU */
#define SAME_CPU SAME "-cpu neoverse-n1 "
/* for a count that is the same in each run */
#define ICOUNT " -icount shift=2,sleep=off -seed 1" \
               " -rtc base=2026-01-01T00:00:00,clock=vm"
#define LINUX "-nodefaults -m 512M -kernel @kernel@ -initrd @initramfs@"
/*
 * Linux tests its cryptography with random keys: these tests take a third of
 * the instructions, another number for each seed, and nothing of the machine.
 */
#define TO_INIT " -append 'quiet cryptomgr.notests rdinit=/bin/busybox" \
                " -- poweroff -f'"
/* both sides on the same CPU, so that it is the machine that is measured */
#define SHELL LINUX " -cpu max -serial stdio -append quiet"
#define VIRT_PORT " -device pcie-root-port,id=hotplug0,chassis=1,addr=1c"
#define VMSPEC_PORT "-M hotplug-ports=1 "
#define NULL_DISK "-blockdev null-co,node-name=null,size=1073741824," \
                  "read-zeroes=on "
#define PCI_DISK NULL_DISK "-device virtio-blk-pci,drive=null "
#define MMIO_DISK NULL_DISK "-device virtio-blk-device,drive=null "
#define PCI_NET "-netdev user,id=net " \
                "-device virtio-net-pci,netdev=net,romfile= "
#define MMIO_NET "-netdev user,id=net -device virtio-net-device,netdev=net "
#define READ "dd if=/dev/vda of=/dev/null iflag=direct bs=64k count=4096"
#define READ_SMALL "dd if=/dev/vda of=/dev/null iflag=direct bs=4k count=8192"
#define WRITE "dd if=/dev/zero of=/dev/vda oflag=direct bs=64k count=4096"
#define PRINT "yes vmspec | head -c 60000"
#define STORE " -kernel @vars.efi@ -append 'w 0 420'"
#define VIRT_STORE "-drive if=pflash,format=raw,readonly=on,file=@aavmf@ " \
                   "-drive if=pflash,format=raw,file=%aavmf-vars%"

#define BOTH(options) { { "vmspec", options }, { "virt", options } }
#define START(name, title, quick, ...) \
    { "start/" name, title, HOST_INSTRUCTIONS, probe_exit, 2, quick, \
      __VA_ARGS__ }
#define BOOT(name, title, measure, runs, quick, ...) \
    { "boot/" name, title, measure, probe_exit, runs, quick, __VA_ARGS__ }
#define FIRMWARE(name, title, quick, ...) \
    { "firmware/" name, title, GUEST_INSTRUCTIONS, probe_exit, 3, quick, \
      __VA_ARGS__ }
#define IDLE(name, title, argument, ...) \
    { "memory/" name, title, MEMORY, probe_memory, 3, 0, __VA_ARGS__, argument }
#define TALK(name, title, measure, probe, argument, ...) \
    { name, title, measure, probe, 4, 0, __VA_ARGS__, argument }

const Row bench_rows[] = {
    /* QEMU's start, to a guest that turns the machine off at once */
    START("kernel", "-nodefaults, -kernel", 1,
          { { "vmspec", OFF }, { "virt", OFF }, { "debian", OFF } }),
    START("kernel-acpi", "the same, a kernel that can read ACPI", 1,
          BOTH(BARE " -kernel @off-efi@")),
    START("virtio-mmio-32", "the same, 32 virtio-mmio transports", 1,
          { { "vmspec", "-M virtio-mmio=32 " OFF }, { "virt", OFF } }),
    START("firmware", "-nodefaults, firmware", 1,
          BOTH(BARE " -bios @off.fd@")),
    START("defaults", "default options and firmware", 1,
          { { "vmspec", "-bios @off.fd@" },
            { "virt", DEFAULTS "-bios @off.fd@" },
            { "debian", DEFAULTS "-bios @off.fd@" } }),
    START("no-acpi", "-nodefaults, firmware, acpi=off", 0,
          BOTH("-M acpi=off " BARE " -bios @off.fd@")),
    START("ports-4", "4 hot-plug ports", 1,
          { { "vmspec", "-M hotplug-ports=4 " OFF },
            { "virt", OFF "@ports:4@" } }),
    START("ports-32", "32 hot-plug ports", 1,
          { { "vmspec", "-M hotplug-ports=32 " OFF },
            { "virt", OFF "@ports:32@" } }),
    START("disks-1", "1 virtio-blk-pci", 0, BOTH(OFF "@blk:1@")),
    START("disks-16", "16 virtio-blk-pci", 1, BOTH(OFF "@blk:16@")),
    START("disks-64", "64 virtio-blk-pci", 0, BOTH(OFF "@blk:64@")),
    START("cpus-8", "8 CPUs", 1, BOTH("-smp 8 " OFF)),
    START("cpus-64", "64 CPUs", 0, BOTH("-smp 64 " OFF)),
    { "start/cpus-256", "256 CPUs", HOST_INSTRUCTIONS, probe_exit, 1, 0,
      BOTH("-smp 256 " OFF) },
    START("ram-1024", "1 GiB of RAM", 0, BOTH(OFF " -m 1G")),
    START("ram-8192", "8 GiB of RAM", 0, BOTH(OFF " -m 8G")),
    START("version", "-version", 0,
          { { "vmspec", "-version" }, { "debian", "-version" } }),

    /* UEFI, from reset to the first instruction of a loader on a disk */
    FIRMWARE("loader", "UEFI to the loader", 3,
             { { "vmspec", SAME UEFI DISK },
               { "virt", SAME UEFI NO_WAIT " -bios @aavmf@" DISK },
               { "aavmf-sid", SAME UEFI NO_WAIT " -bios @aavmf-sid@" DISK },
               { "u-boot", SAME UEFI DISK } }),
    FIRMWARE("aarch32", "UEFI of AArch32 to the loader", 3,
             { { "vmspec", SAME "-cpu cortex-a15 " UEFI DISK32 },
               { "virt", SAME "-cpu cortex-a15 " UEFI NO_WAIT
                 " -bios @aavmf32@" DISK32 } }),
    FIRMWARE("secure", "UEFI with Secure Boot code, without keys", 3,
             { { "vmspec", SAME UEFI " -bios @secure@" DISK },
               { "virt", SAME UEFI NO_WAIT " -bios @aavmf-secure@" DISK } }),
    FIRMWARE("cpus-64", "UEFI to the loader, 64 CPUs", 3,
             { { "vmspec", SAME "-smp 64 " UEFI DISK },
               { "virt", SAME "-smp 64 " UEFI NO_WAIT " -bios @aavmf@"
                 DISK } }),
    FIRMWARE("ports-32", "UEFI to the loader, 32 hot-plug ports", 0,
             { { "vmspec", SAME "-M hotplug-ports=32 " UEFI DISK },
               { "virt", SAME UEFI NO_WAIT " -bios @aavmf@@ports:32@" DISK } }),
    { "firmware/full-store", "UEFI with a store that has no room",
      GUEST_INSTRUCTIONS, probe_full_store, 3, 1,
      { { "vmspec", SAME "-M nvram=%vars% " UEFI
          " -bios @uefi@ -kernel @off.efi@" } } },
    BOOT("loader-wall", "exec to loader, default options", WALL_TIME, 7, 0,
         { { "vmspec", DISK }, { "virt", DEFAULTS "-bios @aavmf@" DISK },
           { "aavmf-sid", DEFAULTS NO_WAIT " -bios @aavmf-sid@" DISK },
           { "u-boot", DEFAULTS DISK } }),
    BOOT("loader-cpu", "exec to loader, default options", CPU_TIME, 9, 0,
         { { "vmspec", DISK }, { "virt", DEFAULTS "-bios @aavmf@" DISK },
           { "aavmf-sid", DEFAULTS NO_WAIT " -bios @aavmf-sid@" DISK },
           { "u-boot", DEFAULTS DISK } }),

    /* exec to the init process of Debian's kernel, which powers off */
    BOOT("direct", "-kernel with the FDT, to init", GUEST_INSTRUCTIONS, 2, 1,
         BOTH(SAME_CPU LINUX TO_INIT ICOUNT)),
    BOOT("direct-acpi", "-kernel with ACPI, to init", GUEST_INSTRUCTIONS, 2, 0,
         { { "vmspec", SAME_CPU "-M fdt=off " LINUX TO_INIT ICOUNT },
           { "virt", SAME_CPU LINUX TO_INIT ICOUNT } }),
    BOOT("grub", "UEFI and GRUB on a disk, to init", GUEST_INSTRUCTIONS, 2, 0,
         { { "vmspec", SAME_CPU UEFI GRUB },
           { "virt", SAME_CPU UEFI NO_WAIT " -bios @aavmf@" GRUB },
           { "u-boot", SAME_CPU UEFI GRUB } }),
    BOOT("start-cpu", "-nodefaults, -kernel, to its first instruction",
         CPU_TIME, 25, 0,
         { { "vmspec", OFF }, { "virt", OFF }, { "debian", OFF },
           { "kvmtool", "-m 128 -k @off@" },
           { "crosvm", "--mem 128 @off@" } }),
    BOOT("cpus-1", "-kernel to init, 1 CPU", CPU_TIME, 7, 0,
         BOTH(LINUX TO_INIT)),
    BOOT("cpus-4", "-kernel to init, 4 CPUs", CPU_TIME, 7, 0,
         BOTH("-smp 4 " LINUX TO_INIT)),
    { "boot/storm-50", "50 starts one after the other", CPU_TIME, probe_storm,
      5, 0, { { "vmspec", OFF }, { "virt", OFF }, { "debian", OFF } }, "50 1" },
    { "boot/storm-8", "8 starts at once, with UEFI to the loader", CPU_TIME,
      probe_storm, 5, 0,
      { { "vmspec", UEFI DISK },
        { "virt", UEFI NO_WAIT " -bios @aavmf@" DISK } }, "8 8" },

    /* private dirty memory */
    IDLE("kernel", "-S, -nodefaults, -kernel", NULL, BOTH(OFF)),
    IDLE("firmware", "-S, firmware", NULL,
         { { "vmspec", UEFI }, { "virt", UEFI " -bios @aavmf@" } }),
    IDLE("cpus-64", "-S, 64 CPUs", NULL, BOTH("-smp 64 " OFF)),
    IDLE("shell", "at the UEFI shell", "Shell> ",
         { { "vmspec", UEFI " -serial stdio" },
           { "virt", UEFI NO_WAIT " -serial stdio -bios @aavmf@" } }),
    IDLE("linux", "Linux at its prompt", "demo:/# ", BOTH(SHELL)),

    /* hot-plug, savevm, loadvm, migration: Linux at its prompt */
    TALK("hotplug/add", "device_add until the driver is bound", WALL_TIME,
         probe_hot_add, "hotplug0",
         { { "vmspec", VMSPEC_PORT SHELL }, { "virt", SHELL VIRT_PORT } }),
    TALK("hotplug/remove", "device_del to DEVICE_DELETED", WALL_TIME,
         probe_hot_remove, "hotplug0",
         { { "vmspec", VMSPEC_PORT SHELL }, { "virt", SHELL VIRT_PORT } }),
    TALK("state/savevm", "savevm", CPU_TIME, probe_savevm, NULL, BOTH(SHELL)),
    TALK("state/loadvm", "loadvm", CPU_TIME, probe_loadvm, NULL, BOTH(SHELL)),
    TALK("state/migrate", "migration to a file", CPU_TIME, probe_migrate, NULL,
         BOTH(SHELL)),
    { "state/bytes", "bytes of a migration to a file", COUNT, probe_migrate, 2,
      0, BOTH(SHELL) },

    /* devices, in the guest by dd and nc */
    TALK("io/blk-pci-read", "virtio-blk-pci, 256 MiB read by 64 KiB", CPU_TIME,
         probe_command, READ, BOTH(PCI_DISK SHELL)),
    TALK("io/blk-pci-small", "virtio-blk-pci, 32 MiB read by 4 KiB", CPU_TIME,
         probe_command, READ_SMALL, BOTH(PCI_DISK SHELL)),
    TALK("io/blk-pci-write", "virtio-blk-pci, 256 MiB written by 64 KiB",
         CPU_TIME, probe_command, WRITE, BOTH(PCI_DISK SHELL)),
    TALK("io/blk-mmio-read", "virtio-blk by MMIO, 256 MiB read by 64 KiB",
         CPU_TIME, probe_command, READ, BOTH(MMIO_DISK SHELL)),
    TALK("io/blk-mmio-small", "virtio-blk by MMIO, 32 MiB read by 4 KiB",
         CPU_TIME, probe_command, READ_SMALL, BOTH(MMIO_DISK SHELL)),
    TALK("io/net-pci-receive", "virtio-net-pci, 64 MiB received", CPU_TIME,
         probe_network, "receive 64", BOTH(PCI_NET SHELL)),
    TALK("io/net-pci-send", "virtio-net-pci, 8 MiB sent", CPU_TIME,
         probe_network, "send 8", BOTH(PCI_NET SHELL)),
    TALK("io/net-mmio-receive", "virtio-net by MMIO, 64 MiB received", CPU_TIME,
         probe_network, "receive 64", BOTH(MMIO_NET SHELL)),
    TALK("io/net-mmio-send", "virtio-net by MMIO, 8 MiB sent", CPU_TIME,
         probe_network, "send 8", BOTH(MMIO_NET SHELL)),
    TALK("io/pl011", "pl011, 60,000 bytes printed", CPU_TIME, probe_command,
         PRINT, BOTH(SHELL)),

    /* 420 SetVariables, less the boot that they need */
    { "store/instructions", "420 SetVariables", GUEST_INSTRUCTIONS,
      probe_set_variable, 1, 1,
      { { "vmspec", "-M nvram=%vars% -bios @uefi@ " UEFI STORE },
        { "virt", UEFI NO_WAIT " " VIRT_STORE STORE } } },
    { "store/cpu", "420 SetVariables", CPU_TIME, probe_set_variable, 5, 0,
      { { "vmspec", "-M nvram=%vars% -bios @uefi@ " UEFI STORE },
        { "virt", UEFI NO_WAIT " " VIRT_STORE STORE } } },
    { "store/flushes", "flushes to stable storage of 420 SetVariables", COUNT,
      probe_set_variable, 1, 0,
      { { "vmspec", "-M nvram=%vars% -bios @uefi@ " UEFI STORE },
        { "virt", UEFI NO_WAIT " " VIRT_STORE STORE } } },
    { NULL }
};

int bench_measure(const char *name)
{
    for (int i = 0; i < MEASURES; i++) {
        if (!strcmp(bench_measures[i].name, name)) {
            return i;
        }
    }
    return -1;
}

bool bench_matches(const char *text, char **patterns)
{
    bool any = false;

    for (unsigned i = 0; patterns && patterns[i]; i++) {
        any = true;
        if (g_pattern_match_simple(patterns[i], text)) {
            return true;
        }
    }
    return !any;
}
