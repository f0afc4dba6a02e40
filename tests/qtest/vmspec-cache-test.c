/*
 * vmspec tests: caches
 *
 * What -smp and -machine smp-cache say of caches is in the FDT, with the sizes
 * that the core's reference manual names; what cannot be described is refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "vmspec/machine.h"

#define TOPOLOGY " -cpu cortex-a57 -smp 8,sockets=2,clusters=2,cores=2"

static void *read_fdt(const char *options)
{
    g_autofree char *path = vmspec_tmp("cache.dtb");
    g_autoptr(VmspecRun) run = vmspec_run(
        "-M vmspec,dumpdtb=%s -nodefaults -bios %s %s", path, vmspec_stub(),
        options);
    char *fdt;

    g_test_message("%s: %s", options, run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(path, &fdt, NULL, NULL));
    return fdt;
}

static uint32_t cell(const void *fdt, int node, const char *name)
{
    int size;
    const fdt32_t *value = fdt_getprop(fdt, node, name, &size);

    g_test_message("%s %s: %d bytes", fdt_get_name(fdt, node, NULL), name,
                   size);
    g_assert_cmpint(size, ==, sizeof(*value));
    return fdt32_to_cpu(*value);
}

static int cpu_node(const void *fdt, int cpu)
{
    g_autofree char *path = g_strdup_printf("/cpus/cpu@%x", cpu);

    return fdt_path_offset(fdt, path);
}

/* The cache behind a CPU or a cache; what it names must be one. */
static int next_cache(const void *fdt, int node, uint32_t level)
{
    uint32_t phandle = cell(fdt, node, "next-level-cache");
    int next = fdt_node_offset_by_phandle(fdt, phandle);

    g_assert_cmpint(next, >, 0);
    g_assert_cmpint(fdt_node_check_compatible(fdt, next, "cache"), ==, 0);
    g_assert_nonnull(fdt_getprop(fdt, next, "cache-unified", NULL));
    g_assert_cmpuint(cell(fdt, next, "cache-level"), ==, level);
    return next;
}

static void assert_geometry(const void *fdt, int node, const char *prefix,
                            unsigned size, unsigned ways, unsigned line)
{
    g_autofree char *size_name = g_strconcat(prefix, "cache-size", NULL);
    g_autofree char *sets_name = g_strconcat(prefix, "cache-sets", NULL);
    g_autofree char *line_name = g_strconcat(prefix, "cache-line-size", NULL);

    g_assert_cmpuint(cell(fdt, node, size_name), ==, size);
    g_assert_cmpuint(cell(fdt, node, sets_name), ==, size / ways / line);
    g_assert_cmpuint(cell(fdt, node, line_name), ==, line);
}

/* The CCSIDRs that QEMU gives a Cortex-A57: data 4-way, instruction 3-way */
static void test_default(void)
{
    g_autofree void *fdt = read_fdt(TOPOLOGY);
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
    g_autofree void *fdt = read_fdt(
        TOPOLOGY " -M smp-cache.0.cache=l2,smp-cache.0.topology=core,"
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

static void assert_refused(const char *caches, const char *why)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec,%s -bios %s" TOPOLOGY,
                                          caches, vmspec_stub());

    g_test_message("%s: %s", caches, run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, why));
}

static void test_refused(void)
{
    assert_refused("smp-cache.0.cache=l1d,smp-cache.0.topology=cluster",
                   "Use topology=core for l1d and l1i");
    assert_refused("smp-cache.0.cache=l3,smp-cache.0.topology=cluster,"
                   "smp-cache.1.cache=l2,smp-cache.1.topology=socket",
                   "Order the topologies of -machine smp-cache");
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/cache/default", test_default);
    qtest_add_func("/vmspec/cache/smp-cache", test_smp_cache);
    qtest_add_func("/vmspec/cache/refused", test_refused);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
