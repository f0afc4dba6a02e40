/*
 * vmspec qtest: screen, keyboard and pointer
 *
 * When the machine has them by itself, and when the user's devices replace
 * them (platform.md, section 9.5).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"
#include "vmspec/qom.h"

/* A server that nobody calls: a display that was chosen */
#define VNC "-vnc unix:@VNC@ "

typedef struct Seat {
    const char *name;
    const char *options;        /* behind -M vmspec; "@VNC@" is a socket */
    const char *devices;        /* of the machine's own: initials, see below */
} Seat;

/* The machine's own children, by initial */
static const char *const children[] = {
    "screen", "usb-controller", "keyboard", "pointer"
};

static const Seat seats[] = {
    { "no-display", "", "" },
    { "vnc", VNC, "sukp" },
    { "auto", VNC "-M graphics=auto", "sukp" },
    { "aarch32", VNC "-cpu cortex-a15", "sukp" },
    { "off", VNC "-M graphics=off", "" },
    { "nodefaults", VNC "-nodefaults", "" },
    { "nographic", VNC "-nographic", "" },
    { "no-usb", VNC "-M usb=off", "" },
    { "on", "-M graphics=on", "sukp" },
    { "on-nodefaults", "-M graphics=on -nodefaults", "sukp" },
    { "usb", "-M usb=on", "u" },
    { "usb-option", "-usb", "u" },
    { "usb-nodefaults", "-M usb=on -nodefaults", "u" },
    { "usb-off-display", VNC "-M usb=on,graphics=off", "u" },
    { "usbdevice", "-usbdevice tablet", "u" },
    { "own-screen", VNC "-device virtio-gpu-pci", "ukp" },
    { "own-screen-alias", VNC "-device virtio-gpu", "ukp" },
    { "own-screen-ramfb", VNC "-device ramfb", "ukp" },
    { "own-screen-bochs", VNC "-device bochs-display", "ukp" },
    { "own-screen-on", "-M graphics=on -device virtio-gpu-pci", "sukp" },
    { "own-screen-json",
      VNC "-device '{\"driver\": \"virtio-gpu-pci\"}'", "ukp" },
    { "own-keyboard-json",
      VNC "-device '{\"driver\": \"virtio-keyboard-pci\"}'", "sup" },
    { "own-keyboard", VNC "-device virtio-keyboard-pci", "sup" },
    { "own-keyboard-alias", VNC "-device virtio-keyboard", "sup" },
    { "own-usb-keyboard", VNC "-device usb-kbd", "sup" },
    { "own-pointer", VNC "-device virtio-mouse-pci", "suk" },
    { "own-all", VNC "-device virtio-gpu-pci -device qemu-xhci "
      "-device usb-kbd -device usb-tablet", "" },
    { "other-devices", VNC "-device virtio-rng-pci -device qemu-xhci",
      "sukp" },
};

static QTestState *start_seat(const char *options)
{
    g_autofree char *socket = scratch_path("vnc.sock");
    g_auto(GStrv) parts = g_strsplit(options, "@VNC@", 2);
    g_autofree char *words = g_strjoinv(socket, parts);

    return qtest_initf("-M vmspec -m 128M -bios %s -nic none %s",
                       vmspec_stub(), words);
}

/* The names of the properties that are children of @path */
static QList *list_children(QTestState *qts, const char *path)
{
    QDict *reply = qtest_qmp(qts, "{'execute': 'qom-list', "
                             "'arguments': {'path': %s}}", path);
    QList *list = qdict_get_qlist(reply, "return");

    g_assert_nonnull(list);
    qobject_ref(list);
    qobject_unref(reply);
    return list;
}

static bool has_child(QList *list, const char *name)
{
    QListEntry *entry;

    QLIST_FOREACH_ENTRY(list, entry) {
        QDict *property = qobject_to(QDict, qlist_entry_obj(entry));

        if (!strcmp(qdict_get_str(property, "name"), name)) {
            return true;
        }
    }
    return false;
}

static uint32_t pci_id(QTestState *qts, const char *device)
{
    unsigned number = contract_value(vmspec_contract(), device);

    return pci_read(qts, PCI_FN(0, number, 0), PCI_VENDOR_ID, 4);
}

#define ABSENT 0xffffffff
#define VIRTIO_GPU 0x10501af4   /* virtio 1.2, 4.1.2: 0x1040 + 16 */
#define XHCI 0x000d1b36

static void test_devices(const void *opaque)
{
    const Seat *seat = opaque;
    g_autoptr(QTestState) qts = start_seat(seat->options);
    QList *list = list_children(qts, "/machine");

    for (int i = 0; i < ARRAY_SIZE(children); i++) {
        g_test_message("%s", children[i]);
        g_assert_cmpint(has_child(list, children[i]), ==,
                        strchr(seat->devices, children[i][0]) != NULL);
    }
    qobject_unref(list);
    g_assert_cmphex(pci_id(qts, "screen-device"), ==,
                    strchr(seat->devices, 's') ? VIRTIO_GPU : ABSENT);
    g_assert_cmphex(pci_id(qts, "usb-device"), ==,
                    strchr(seat->devices, 'u') ? XHCI : ABSENT);
}

/* The bus has the name that it has on other machines. */
static void test_usb_bus_name(void)
{
    g_autoptr(QTestState) qts =
        start_seat("-usb -device usb-storage,bus=usb-bus.0,drive=d "
              "-drive if=none,id=d,driver=null-co,size=1M");
    g_autofree char *usb = qtest_hmp(qts, "info usb");

    g_test_message("%s", usb);
    g_assert_nonnull(strstr(usb, "MSD"));
}

/* A display that no guest drives has QEMU's own picture. */
#define INACTIVE "\n640 480\n"

/* screendump works without a display of QEMU. */
static void test_picture(void)
{
    g_autofree char *path = scratch_path("screen.ppm");
    g_autofree char *picture = NULL;
    g_autoptr(QTestState) qts =
        start_seat("-M graphics=on");

    qtest_qmp_assert_success(qts, "{'execute': 'screendump', 'arguments': "
                             "{'filename': %s, 'device': 'screen'}}", path);
    g_assert_true(g_file_get_contents(path, &picture, NULL, NULL));
    g_test_message("%.16s", picture);
    g_assert_true(strstr(picture, INACTIVE) == picture + 2);
}

/* -global reaches the device. */
static void test_size(void)
{
    g_autofree char *width = NULL;
    g_autoptr(QTestState) qts =
        start_seat("-M graphics=on -global virtio-gpu-pci.xres=800");

    width = qom_text(qts, "/machine/screen", "xres");
    g_assert_cmpstr(width, ==, "800");
}

static void test_own_screen_by_readconfig(void)
{
    g_autofree char *file = scratch_path("devices.cfg");
    g_autofree char *options = g_strdup_printf(VNC "-readconfig %s", file);
    Seat seat = { "own-screen-readconfig", options, "ukp" };

    g_assert_true(g_file_set_contents(file, "[device \"mine\"]\n"
                                      "  driver = \"virtio-gpu-pci\"\n", -1,
                                      NULL));
    test_devices(&seat);
}

/* Other machines keep QEMU's property. */
static void test_virt_has_a_bool(void)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M virt,graphics=auto -S "
                                          "-display none");
    g_autoptr(QTestState) qts = qtest_init("-M virt,graphics=off "
                                             "-nic none");

    g_test_message("%s", run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_false(qtest_qom_get_bool(qts, "/machine", "graphics"));
}

/* Start QEMU with @options, quit it, and return what it wrote to stderr. */
static char *errors_of(const char *options)
{
    g_autofree char *command = g_strdup_printf(
        "sh -c 'echo quit | exec %s -M vmspec %s -bios %s -serial none "
        "-display none -S -monitor stdio'", getenv("QTEST_QEMU_BINARY"),
        options, vmspec_stub());
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    g_test_message("%s: %s", options, run->err);
    g_assert_cmpint(run->status, ==, 0);
    return g_steal_pointer(&run->err);
}

/* -vga makes no screen here; QEMU says so, once and with what does. */
static void test_vga(void)
{
    g_autofree char *with_std = errors_of("-vga std");
    g_autofree char *with_none = errors_of("-vga none");
    g_autofree char *without = errors_of("");

    g_assert_nonnull(strstr(with_std, "-machine graphics=on"));
    g_assert_null(strstr(with_std, "No VGA device"));
    g_assert_cmpstr(with_none, ==, without);
    g_assert_null(strstr(without, "-vga"));
}

static void add_tests(void)
{
    for (int i = 0; i < ARRAY_SIZE(seats); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/seat/devices/%s",
                                                seats[i].name);

        qtest_add_data_func(path, &seats[i], test_devices);
    }
    qtest_add_func("/vmspec/seat/devices/own-screen-readconfig",
                   test_own_screen_by_readconfig);
    qtest_add_func("/vmspec/seat/usb-bus-name", test_usb_bus_name);
    qtest_add_func("/vmspec/seat/picture", test_picture);
    qtest_add_func("/vmspec/seat/size", test_size);
    qtest_add_func("/vmspec/seat/vga", test_vga);
    qtest_add_func("/vmspec/seat/virt-has-a-bool", test_virt_has_a_bool);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
