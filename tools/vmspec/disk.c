/*
 * vmspec: a disk image, read while no guest runs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-c/json.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "text.h"

/* qemu-img reads as much at once, and the last such piece is kept */
#define PIECE (256 * 1024)

struct Disk {
    char *path;
    char *format;
    char *qemu_img;
    int fd;                     /* of a raw image, else -1 */
    guint64 size;
    guint64 piece_start;        /* of @piece in the disk */
    GByteArray *piece;
};

static const struct {
    const char *suffix;
    const char *format;
} suffixes[] = {
    { ".qcow2", "qcow2" }, { ".raw", "raw" }, { ".iso", "raw" },
    { ".vmdk", "vmdk" }, { ".vdi", "vdi" }, { ".vhdx", "vhdx" },
    { ".vhd", "vpc" },
};

static const struct {
    const char *magic;
    const char *format;
} magics[] = {
    { "QFI\xfb", "qcow2" }, { "KDMV", "vmdk" }, { "vhdxfile", "vhdx" },
    { "conectix", "vpc" },
};

const char *disk_guess_format(const char *path)
{
    char head[8] = { 0 };
    int fd;

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        if (g_str_has_suffix(path, suffixes[i].suffix)) {
            return suffixes[i].format;
        }
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        if (read(fd, head, sizeof(head)) < 0) {
            head[0] = '\0';
        }
        close(fd);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(magics); i++) {
        if (!memcmp(head, magics[i].magic, strlen(magics[i].magic))) {
            return magics[i].format;
        }
    }
    return "raw";
}

static bool run_qemu_img(const Disk *disk, const char *const *args, char **out,
                         GError **error)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *err = NULL;
    int status;

    g_ptr_array_add(argv, disk->qemu_img);
    for (int i = 0; args[i]; i++) {
        g_ptr_array_add(argv, (char *)args[i]);
    }
    g_ptr_array_add(argv, NULL);
    if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, 0, NULL, NULL, out,
                      &err, &status, error)) {
        return false;
    }
    if (!g_spawn_check_wait_status(status, NULL)) {
        return bail(error, "%s", g_strstrip(err));
    }
    return true;
}

/* The size of an image by qemu-img, or 0 */
static guint64 virtual_size(const Disk *disk, GError **error)
{
    g_autofree char *out = NULL;
    struct json_object *info;
    guint64 size = 0;

    if (!run_qemu_img(disk, (const char *[]) { "info", "-U", "-f",
                      disk->format, "--output=json", disk->path, NULL }, &out,
                      error)) {
        return 0;
    }
    info = json_tokener_parse(out);
    if (json_object_is_type(info, json_type_object)) {
        size = json_object_get_int64(json_object_object_get(info,
                                                            "virtual-size"));
    }
    json_object_put(info);
    if (!size) {
        bail(error, "%s: qemu-img does not tell its size", disk->path);
    }
    return size;
}

Disk *disk_open(const char *path, const char *format, const char *qemu_img,
                GError **error)
{
    g_autoptr(Disk) disk = g_new0(Disk, 1);

    disk->path = g_strdup(path);
    disk->format = g_strdup(format);
    disk->qemu_img = g_strdup(qemu_img);
    disk->fd = -1;
    if (!strcmp(format, "raw")) {
        disk->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        disk->size = disk->fd < 0 ? 0 : lseek(disk->fd, 0, SEEK_END);
        if (disk->fd < 0) {
            bail(error, "%s: cannot open: %s", path, g_strerror(errno));
            return NULL;
        }
    } else {
        disk->size = virtual_size(disk, error);
        if (!disk->size) {
            return NULL;
        }
    }
    return g_steal_pointer(&disk);
}

void disk_close(Disk *disk)
{
    if (disk) {
        if (disk->fd >= 0) {
            close(disk->fd);
        }
        if (disk->piece) {
            g_byte_array_unref(disk->piece);
        }
        g_free(disk->path);
        g_free(disk->format);
        g_free(disk->qemu_img);
        g_free(disk);
    }
}

guint64 disk_size(const Disk *disk)
{
    return disk->size;
}

/* Have qemu-img copy the piece that begins at @start to a file, and read it. */
static bool load_piece(Disk *disk, guint64 start, GError **error)
{
    g_autofree char *path = NULL;
    g_autofree char *input = g_strconcat("if=", disk->path, NULL);
    g_autofree char *output = NULL;
    g_autofree char *block = g_strdup_printf("bs=%d", PIECE);
    g_autofree char *skip = g_strdup_printf("skip=%" G_GUINT64_FORMAT,
                                            start / PIECE);
    /* QEMU 10.0's count= counts from the start of the image, not from skip= */
    g_autofree char *count = g_strdup_printf("count=%" G_GUINT64_FORMAT,
                                             start / PIECE + 1);
    g_autofree char *data = NULL;
    gsize size = 0;
    int fd = g_file_open_tmp("vmspec-XXXXXX", &path, error);
    bool ok;

    if (fd < 0) {
        return false;
    }
    close(fd);
    output = g_strconcat("of=", path, NULL);
    ok = run_qemu_img(disk, (const char *[]) { "dd", "-U", "-f", disk->format,
                      "-O", "raw", block, count, skip, input, output,
                      NULL }, NULL, error) &&
         g_file_get_contents(path, &data, &size, error);
    g_unlink(path);
    if (!ok) {
        return false;
    }
    if (disk->piece) {
        g_byte_array_unref(disk->piece);
    }
    disk->piece = g_byte_array_new_take((guint8 *)g_steal_pointer(&data), size);
    disk->piece_start = start;
    return true;
}

static bool read_by_pieces(Disk *disk, guint64 offset, char *data, size_t size,
                           GError **error)
{
    while (size) {
        guint64 start = offset / PIECE * PIECE;
        size_t in_piece = offset - start;
        size_t n;

        if ((!disk->piece || disk->piece_start != start) &&
            !load_piece(disk, start, error)) {
            return false;
        }
        if (in_piece >= disk->piece->len) {
            return bail(error, "%s: truncated", disk->path);
        }
        n = MIN(size, disk->piece->len - in_piece);
        memcpy(data, disk->piece->data + in_piece, n);
        data += n;
        offset += n;
        size -= n;
    }
    return true;
}

bool disk_read(Disk *disk, guint64 offset, void *data, size_t size,
               GError **error)
{
    if (offset > disk->size || size > disk->size - offset) {
        return bail(error, "%s: ends before byte %" G_GUINT64_FORMAT,
                    disk->path, offset + size);
    }
    if (disk->fd < 0) {
        return read_by_pieces(disk, offset, data, size, error);
    }
    for (size_t done = 0; done < size; ) {
        ssize_t n = pread(disk->fd, (char *)data + done, size - done,
                          offset + done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return bail(error, "%s: cannot read: %s", disk->path,
                        n ? g_strerror(errno) : "it is truncated");
        }
        done += n;
    }
    return true;
}
