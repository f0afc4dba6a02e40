/*
 * vmspec qtest: caches in the FDT
 *
 * The FDT describes the caches that -smp and -machine smp-cache ask for, with
 * the sizes of the core's reference manual. QEMU refuses a cache topology that
 * neither description can express.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vmspec/fdt-blob.h"
#include "vmspec/machine.h"

#define TOPOLOGY "-cpu cortex-a57 -smp 8,sockets=2,clusters=2,cores=2"

static int cpu_node(const void *fdt, int cpu)
{
    g_autofree char *path = g_strdup_printf("/cpus/cpu@%x", cpu);

    return fdt_path_offset(fdt, path);
}

/* The cache that next-level-cache of a CPU or a cache names */
static int next_cache(const void *fdt, int node, uint32_t level)
{
    uint32_t phandle = vmspec_fdt_cell(fdt, node, "next-level-cache");
    int next = fdt_node_offset_by_phandle(fdt, phandle);

    g_assert_cmpint(next, >, 0);
    g_assert_cmpint(fdt_node_check_compatible(fdt, next, "cache"), ==, 0);
    g_assert_nonnull(fdt_getprop(fdt, next, "cache-unified", NULL));
    g_assert_cmpuint(vmspec_fdt_cell(fdt, next, "cache-level"), ==, level);
    return next;
}

static void assert_geometry(const void *fdt, int node, const char *prefix,
                            unsigned size, unsigned ways, unsigned line)
{
    g_autofree char *size_name = g_strconcat(prefix, "cache-size", NULL);
    g_autofree char *sets_name = g_strconcat(prefix, "cache-sets", NULL);
    g_autofree char *line_name = g_strconcat(prefix, "cache-line-size", NULL);

    g_assert_cmpuint(vmspec_fdt_cell(fdt, node, size_name), ==, size);
    g_assert_cmpuint(vmspec_fdt_cell(fdt, node, sets_name), ==,
                     size / ways / line);
    g_assert_cmpuint(vmspec_fdt_cell(fdt, node, line_name), ==, line);
}

/* The CCSIDRs that QEMU gives a Cortex-A57: data 4-way, instruction 3-way */
static void test_caches_of_core(void)
{
    g_autofree void *fdt = vmspec_fdt_dump("", TOPOLOGY);
    int cpu = cpu_node(fdt, 0);
    int l2 = next_cache(fdt, cpu, 2);

    assert_geometry(fdt, cpu, "i-", 48 * 1024, 3, 64);
    assert_geometry(fdt, cpu, "d-", 32 * 1024, 4, 64);
    assert_geometry(fdt, l2, "", 2 * 1024 * 1024, 16, 64);
    g_assert_null(fdt_getprop(fdt, l2, "next-level-cache", NULL));
    for (int i = 0; i < 8; i++) {
        g_assert_cmpint(next_cache(fdt, cpu_node(fdt, i), 2) ==
                        next_cache(fdt, cpu_node(fdt, i ^ 1), 2), ==, true);
        g_assert_cmpint(next_cache(fdt, cpu_node(fdt, i), 2) ==
                        next_cache(fdt, cpu_node(fdt, i ^ 2), 2), ==, false);
    }
}

/* A level that the core does not have is described without sizes. */
static void test_smp_cache(void)
{
    g_autofree void *fdt = vmspec_fdt_dump(
        "", TOPOLOGY " -M smp-cache.0.cache=l2,smp-cache.0.topology=core,"
        "smp-cache.1.cache=l3,smp-cache.1.topology=socket");

    for (int i = 0; i < 8; i++) {
        int l2 = next_cache(fdt, cpu_node(fdt, i), 2);
        int l3 = next_cache(fdt, l2, 3);
        int first = next_cache(fdt, cpu_node(fdt, i & 4), 2);

        g_assert_cmpint(l2 == first, ==, !(i & 3));
        g_assert_cmpint(l3, ==, next_cache(fdt, first, 3));
        g_assert_null(fdt_getprop(fdt, l3, "cache-size", NULL));
    }
    g_assert_cmpint(next_cache(fdt, next_cache(fdt, cpu_node(fdt, 0), 2), 3),
                    !=,
                    next_cache(fdt, next_cache(fdt, cpu_node(fdt, 4), 2), 3));
}

static void test_caches_refused(void)
{
    vmspec_assert_refused(
        TOPOLOGY " -M smp-cache.0.cache=l1d,smp-cache.0.topology=cluster",
        "Use topology=core for l1d and l1i");
    vmspec_assert_refused(
        TOPOLOGY " -M smp-cache.0.cache=l3,smp-cache.0.topology=cluster,"
        "smp-cache.1.cache=l2,smp-cache.1.topology=socket",
        "Order the topologies of -machine smp-cache");
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/cache/sizes-of-the-core", test_caches_of_core);
    qtest_add_func("/vmspec/cache/smp-cache-topology", test_smp_cache);
    qtest_add_func("/vmspec/cache/bad-topology-refused", test_caches_refused);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
