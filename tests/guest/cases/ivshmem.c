/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory that two guests share
 *
 * The cases of QEMU's inter-VM shared memory device, which is plugged while a
 * guest by FDT and one by ACPI run: the memory alone, and with the doorbell,
 * whose interrupt tells the other guest of a message.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "demo.h"

#define PORT "/sys/bus/pci/devices/0000:00:1c.0"
#define DEVICE PORT "/0000:*:00.0"
/* A shell expands no pattern behind >, so $d is the device's folder. */
#define FOUND "until [ -e " DEVICE "/enable ]; do usleep 10000; done; " \
    "d=$(echo " DEVICE ")"

static Guest *launch_peer(const char *name, const char *machine,
                          const char *options)
{
    Guest *g = guest_new(name);
    g_autofree char *all = g_strconcat(",hotplug-ports=1", machine, NULL);

    demo_add_machine(g, &arch_aarch64, all);
    demo_add_programs(g);
    guest_add(g, "%s", options);
    guest_launch(g);
    return g;
}

static void plug_memory(Guest *g)
{
    g_free(guest_qmp(g, "{'execute': 'device_add', 'arguments': {"
                     "'driver': 'ivshmem-plain', 'memdev': 'shared'}}"));
    g_free(guest_ask(g, FOUND "; echo 1 > $d/enable; "
                     "at=$(awk 'NR == 3 { print $1 }' $d/resource)"));
}

static void expect_word(Guest *from, Guest *to, const char *word)
{
    g_autofree char *write = g_strdup_printf("devmem $at 32 %s", word);
    g_autofree char *answer = NULL;

    g_free(guest_ask(from, write));
    answer = guest_ask(to, "devmem $at");
    guest_check(to, answer, word, true);
}

static void test_shared_memory(void)
{
    g_autoptr(Guest) folder = guest_new("ivshmem/plain-folder");
    g_autofree char *shared = g_strdup_printf(
        "-object memory-backend-file,id=shared,mem-path='%s/shared',size=1M,"
        "share=on", guest_folder(folder));
    g_autoptr(Guest) a = launch_peer("ivshmem/plain-fdt", "", shared);
    g_autoptr(Guest) b = launch_peer("ivshmem/plain-acpi", ",fdt=off", shared);

    guest_expect(a, GUEST_PROMPT);
    guest_expect(b, GUEST_PROMPT);
    plug_memory(a);
    plug_memory(b);
    expect_word(a, b, "0x12345678");
    expect_word(b, a, "0x9ABCDEF0");
    demo_power_off(a);
    demo_power_off(b);
}

/*
 * The server ends its first process when it listens, and then writes its number
 * into a file, which may be there a little later. @listener is its socket. The
 * caller ends it.
 */
static GPid start_server(const char *folder, const char *listener)
{
    g_autofree char *program =
        guest_program("contrib/ivshmem-server/ivshmem-server");
    g_autofree char *number = g_build_filename(folder, "pid", NULL);
    const char *argv[] = {
        program, "-p", number, "-S", listener, "-m", folder, "-l", "1M",
        "-n", "2", NULL
    };
    gint64 deadline = g_get_monotonic_time() +
                      GUEST_TIME_LIMIT * G_TIME_SPAN_SECOND;
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                 NULL, NULL, NULL, &status, &err);
    g_assert_no_error(err);
    g_assert_cmpint(status, ==, 0);
    while (g_get_monotonic_time() < deadline) {
        g_autofree char *text = NULL;

        if (g_file_get_contents(number, &text, NULL, NULL) &&
            strchr(text, '\n')) {
            return atoi(text);
        }
        g_usleep(1000);
    }
    g_error("%s wrote no number", program);
}

/* vfio-pci gets the device; $f is its address, $n the number of its group. */
static void plug_doorbell(Guest *g)
{
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "for m in $(ls /vfio); do insmod /vfio/$m; done"));
    g_free(guest_qmp(g, "{'execute': 'device_add', 'arguments': {"
                     "'driver': 'ivshmem-doorbell', 'chardev': 'peers',"
                     " 'vectors': 2}}"));
    g_free(guest_ask(g, FOUND "; f=$(basename $d)"));
    g_free(guest_ask(g, "echo vfio-pci > $d/driver_override; "
                     "echo $f > /sys/bus/pci/drivers_probe; "
                     "n=$(basename $(readlink $d/iommu_group))"));
}

static void expect_message(Guest *from, Guest *to, int peer)
{
    g_autofree char *waits = g_strdup_printf("ivshmem: peer %d waits", peer);
    g_autofree char *send = g_strdup_printf(
        "ivshmem-peer $f $n send %d to-%d", peer, peer);
    g_autofree char *message = g_strdup_printf("ivshmem: interrupt, to-%d",
                                               peer);

    guest_type(to, "ivshmem-peer $f $n wait\r");
    guest_expect(to, waits);
    g_free(guest_ask(from, send));
    guest_expect(to, message);
    guest_expect(to, GUEST_PROMPT);
}

static void test_doorbell(void)
{
    g_autoptr(Guest) home = guest_new("ivshmem/doorbell-folder");
    g_autofree char *listener = g_build_filename(guest_folder(home), "peers",
                                                 NULL);
    g_autofree char *options = g_strdup_printf(
        "-chardev socket,id=peers,path='%s'", listener);
    GPid server = start_server(guest_folder(home), listener);
    g_autoptr(Guest) a = launch_peer("ivshmem/doorbell-fdt", ",iommu=smmuv3",
                                     options);
    g_autoptr(Guest) b = launch_peer("ivshmem/doorbell-acpi",
                                     ",iommu=smmuv3,fdt=off", options);

    plug_doorbell(a);
    plug_doorbell(b);
    expect_message(b, a, 0);
    expect_message(a, b, 1);
    demo_power_off(a);
    demo_power_off(b);
    kill(server, SIGTERM);
}

static void add_ivshmem_cases(void)
{
    g_test_add_func("/guest/ivshmem/plain", test_shared_memory);
    g_test_add_func("/guest/ivshmem/doorbell", test_doorbell);
}

guest_cases(add_ivshmem_cases)
