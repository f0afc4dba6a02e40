/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The demo guest on the machine
 *
 * The parts of QEMU's command line that most cases have in common: the
 * machine of either architecture, the demo disk, a network, Debian's kernel.
 * And what every case does with the running demo guest.
 */

#ifndef VMSPEC_TESTS_GUEST_DEMO_H
#define VMSPEC_TESTS_GUEST_DEMO_H

#include "guest.h"

typedef struct Arch {
    const char *name;
    const char *options;    /* its CPU, and memory enough for it */
} Arch;

extern const Arch arch_aarch64;
extern const Arch arch_arm;

/* The machine type under test */
const char *demo_machine(void);

/*
 * Adds -M vmspec with further properties ("" or ",NAME=VALUE..."), the CPU,
 * memory, a console on serial0 and a QMP monitor.
 */
void demo_add_machine(Guest *g, const Arch *arch, const char *properties);

/*
 * The same for the configuration @name of tests/qtest/vmspec/configs.c; its
 * options come last.  More properties follow by guest_add(g, "-M ...").
 */
void demo_add_config(Guest *g, const Arch *arch, const char *name);

/* Adds the demo disk as a virtio PCI device; what a guest writes is dropped. */
void demo_add_disk(Guest *g, const Arch *arch);

/* Adds a virtio network card on PCI, behind which QEMU plays the network. */
void demo_add_network(Guest *g);

/*
 * Makes a qcow2 layer over AArch64's demo disk in the guest's folder, which
 * keeps what the guest writes.  Returns its path, which the caller frees.
 */
char *demo_new_layer(Guest *g);

/* Adds -kernel, -initrd and -append quiet: without -bios a direct boot. */
void demo_add_kernel(Guest *g, const Arch *arch);

/* The same for AArch64, with an initramfs that has tests/guest/programs */
void demo_add_programs(Guest *g);

/* The same, with an initramfs that has lspci */
void demo_add_lspci(Guest *g, const Arch *arch);

/* Waits for the shell; returns what "report" prints, which the caller frees. */
char *demo_report(Guest *g);

/* Types poweroff; QEMU must send SHUTDOWN, as the guest calls PSCI, and end. */
void demo_power_off(Guest *g);

#endif
