/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The machine as the cases use it
 *
 * Owns QEMU's command lines: which machine, disk, network and kernel a guest
 * of each architecture gets, and what every guest is asked.
 */

#ifndef VMSPEC_TESTS_MACHINE_H
#define VMSPEC_TESTS_MACHINE_H

#include "guest.h"

typedef struct Arch {
    const char *name;
    const char *options;    /* its CPU, and memory enough for it */
} Arch;

extern const Arch arch_aarch64;
extern const Arch arch_arm;

/* -M with these further properties (or ""), CPU, memory, and a console. */
void demo_add_machine(Guest *g, const Arch *arch, const char *properties);

/* The demo disk and a network, on PCI; what is written is thrown away. */
void demo_add_disk(Guest *g, const Arch *arch);
void demo_add_network(Guest *g);

/* -kernel and -initrd: no firmware. */
void demo_add_kernel(Guest *g, const Arch *arch);

/* The same, and the guest has lspci. */
void demo_add_lspci(Guest *g, const Arch *arch);

/* Waits for the demo guest's shell; gives its report. */
char *demo_report(Guest *g);

/* Types poweroff; the machine is off by PSCI, and QEMU says and does so. */
void demo_power_off(Guest *g);

#endif
