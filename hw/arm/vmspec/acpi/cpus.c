/*
 * vmspec: CPUs in the ACPI namespace
 *
 * A container for each socket, in it one for each cluster, in it the CPUs.
 * The PPTT names the containers by their _UIDs.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "aml.h"

uint32_t vmspec_acpi_socket_uid(const VmspecCpuPlan *cpu)
{
    return cpu->place.socket;
}

uint32_t vmspec_acpi_cluster_uid(const VmspecPlan *plan,
                                 const VmspecCpuPlan *cpu)
{
    return VMSPEC_CLUSTER_UID_BASE +
           cpu->place.socket * plan->topology.clusters + cpu->place.cluster;
}

static bool same_cluster(const VmspecCpuPlan *a, const VmspecCpuPlan *b)
{
    return a->place.socket == b->place.socket &&
           a->place.cluster == b->place.cluster;
}

/* The cluster that begins with CPU @i; returns the first CPU of the next. */
static unsigned aml_cluster(const VmspecPlan *plan, Aml *socket, unsigned i)
{
    const VmspecCpuPlan *first = &plan->cpu[i];
    Aml *cluster = vmspec_aml_identify(
        aml_device(VMSPEC_CLUSTER_NAME, first->place.cluster),
        VMSPEC_CONTAINER_HID, vmspec_acpi_cluster_uid(plan, first));

    for (; i < plan->num_cpus && same_cluster(first, &plan->cpu[i]); i++) {
        aml_append(cluster,
                   vmspec_aml_identify(aml_device(VMSPEC_CPU_NAME, i),
                                       VMSPEC_CPU_HID, i));
    }
    aml_append(socket, cluster);
    return i;
}

void vmspec_aml_cpus(const VmspecPlan *plan, Aml *scope)
{
    unsigned i = 0;

    while (i < plan->num_cpus) {
        const VmspecCpuPlan *first = &plan->cpu[i];
        Aml *socket = vmspec_aml_identify(
            aml_device(VMSPEC_SOCKET_NAME, first->place.socket),
            VMSPEC_CONTAINER_HID, vmspec_acpi_socket_uid(first));

        while (i < plan->num_cpus &&
               plan->cpu[i].place.socket == first->place.socket) {
            i = aml_cluster(plan, socket, i);
        }
        aml_append(scope, socket);
    }
}
