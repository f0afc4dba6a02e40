/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Boot by HTTP
 *
 * The case of a loader that the firmware fetches by HTTP. QEMU's user network
 * gives the address, and runs a small server of ours for each connection. Its
 * DHCP server names no URL, so a boot option has it (UEFI 2.10, section
 * 24.7.3.1).
 */

#include <stdint.h>
#include <string.h>

#include "cases.h"
#include "demo.h"

#define SERVER "10.0.2.100"
#define URL "http://" SERVER "/grub-aarch64.efi"
#define EFI_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* Appends a node of a device path (UEFI 2.10, section 10.3). */
static void add_node(GByteArray *path, uint8_t type, uint8_t subtype,
                     const void *data, unsigned size)
{
    const uint8_t header[] = { type, subtype, size + 4, (size + 4) >> 8 };

    g_byte_array_append(path, header, sizeof(header));
    g_byte_array_append(path, data, size);
}

/* PciRoot(0x0)/Pci(0x1,0x0)/MAC(525400123456,0x1)/IPv4(0.0.0.0)/Uri(URL) */
static GByteArray *url_path(void)
{
    static const uint8_t root[8] = { 0xd0, 0x41, 0x03, 0x0a };
    static const uint8_t pci[2] = { 0, 1 };             /* function, device */
    static const uint8_t ipv4[23] = { 0 };
    uint8_t mac[33] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56, [32] = 1 };
    GByteArray *path = g_byte_array_new();

    add_node(path, 2, 1, root, sizeof(root));
    add_node(path, 1, 1, pci, sizeof(pci));
    add_node(path, 3, 11, mac, sizeof(mac));
    add_node(path, 3, 12, ipv4, sizeof(ipv4));
    add_node(path, 3, 24, URL, strlen(URL));
    add_node(path, 0x7f, 0xff, "", 0);
    return path;
}

/* EFI_LOAD_OPTION (UEFI 2.10, section 3.1.3), active, with the name "h" */
static GByteArray *load_option(void)
{
    g_autoptr(GByteArray) path = url_path();
    const uint8_t head[] = {
        1, 0, 0, 0, path->len, path->len >> 8, 'h', 0, 0, 0,
    };
    GByteArray *option = g_byte_array_new();

    g_byte_array_append(option, head, sizeof(head));
    g_byte_array_append(option, path->data, path->len);
    return option;
}

static void run(Guest *g, const char *command)
{
    const char *argv[] = { "sh", "-c", command, NULL };
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, NULL, NULL, &status, NULL) || status) {
        guest_fail(g, "cannot run: %s", command);
    }
}

/* A store whose boot option for the next start is the URL */
static char *new_url_store(Guest *g)
{
    g_autofree char *tool = guest_program("../tools/vmspec-nvram");
    g_autofree char *template = guest_program(
        "../firmware/vmspec-vars-aarch64.fd");
    g_autofree char *data = g_build_filename(guest_folder(g), "option", NULL);
    char *store = g_build_filename(guest_folder(g), "vars.fd", NULL);
    g_autofree char *command = g_strdup_printf(
        "cp '%s' '%s' && '%s' write '%s' Boot0007 '%s' &&"
        " printf '\\007\\000' | '%s' write '%s' BootNext -",
        template, store, tool, store, data, tool, store);
    g_autoptr(GByteArray) option = load_option();

    g_assert_true(g_file_set_contents(data, (char *)option->data, option->len,
                                      NULL));
    run(g, command);
    return store;
}

/* A program that answers the requests of one connection with the loader */
static char *new_server(Guest *g, const char *loader)
{
    char *script = g_build_filename(guest_folder(g), "server.sh", NULL);
    g_autofree char *text = g_strdup_printf(
        "file='%s'\n"
        "while read -r method path rest; do\n"
        "    while read -r line && [ \"${line%%?}\" ]; do :; done\n"
        "    echo \"$method $path\" >> '%s.log'\n"
        "    if [ \"$path\" != /grub-aarch64.efi ]; then\n"
        "        printf 'HTTP/1.1 404 Not Found\\r\\n'\n"
        "        printf 'Content-Length: 0\\r\\n\\r\\n'\n"
        "        continue\n"
        "    fi\n"
        "    printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/efi\\r\\n'\n"
        "    printf 'Content-Length: %%s\\r\\n\\r\\n' $(stat -Lc %%s \"$file\")\n"
        "    [ \"$method\" = HEAD ] || cat \"$file\"\n"
        "done\n", loader, script);

    g_assert_true(g_file_set_contents(script, text, -1, NULL));
    return script;
}

static void test_http(void)
{
    g_autoptr(Guest) g = guest_new("firmware/http");
    g_autofree char *loader = guest_file("grub-aarch64.efi");
    g_autofree char *file = g_canonicalize_filename(loader, NULL);
    g_autofree char *store = new_url_store(g);
    g_autofree char *server = new_server(g, file);
    g_autofree char *log = g_strconcat(server, ".log", NULL);
    g_autofree char *requests = NULL;

    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-M nvram='%s' -netdev 'user,id=net,ipv6=off,"
              "guestfwd=tcp:" SERVER ":80-cmd:sh %s'"
              " -device virtio-net-pci,netdev=net,addr=1,bootindex=0,romfile=,"
              "mac=52:54:00:12:34:56", store, server);
    guest_launch(g);
    guest_expect(g, "grub>");
    g_assert_true(g_file_get_contents(log, &requests, NULL, NULL));
    g_test_message("%s", requests);
    g_assert_nonnull(strstr(requests, "GET /grub-aarch64.efi"));
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void add_http_cases(void)
{
    g_test_add_func("/guest/firmware/http", test_http);
}

guest_cases(add_http_cases)
