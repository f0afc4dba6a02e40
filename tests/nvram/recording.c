/*
 * vmspec tests: the recorded writes of a guest that changes variables
 *
 *     guest's SetVariable -> firmware's flash driver -> pflash device
 *         -> raw or qcow2 -> blklogwrites -> image file
 *                                 |
 *                                 +-> recorded.log
 *
 * QEMU's block driver blklogwrites lies below the image's format. With raw it
 * records the writes of the flash as they are; with qcow2 it records those of
 * the qcow2 file, with its tables. qemu-img writes the qcow2 file in one piece,
 * so that the variable store is contiguous in it:
 *
 *     | header, tables | variable store (BANK_SIZE) | what is added later |
 *     0                start                                           size
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "bank.h"
#include "blklog.h"
#include "crash.h"
#include "efi-run.h"
#include "scratch.h"

#define PAGE 4096

Recording recordings[2] = {
    { .format = "raw", .name = "recorded.fd", .operations = 660,
      .reclaims = 3, .part = 1 },
    { .format = "qcow2", .name = "recorded.qcow2", .operations = 250,
      .reclaims = 1, .part = 4 },
};

bool is_erase(const Write *w)
{
    return w->size == VARSTORE_AREA_SIZE;
}

void do_writes(const Recording *r, uint8_t *image, unsigned first,
               unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        memcpy(image + write_at(r, i)->offset, write_at(r, i)->data,
               write_at(r, i)->size);
    }
}

void read_log(Recording *r, const char *path)
{
    char *data = NULL;          /* is that of the writes */
    BlkLogEntry entry;
    BlkLog log;
    size_t size;

    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    r->writes = g_array_new(FALSE, FALSE, sizeof(Write));
    blklog_open(&log, data, size);
    while (blklog_next(&log, &entry)) {
        Write w = {
            .offset = entry.offset, .size = entry.size, .data = entry.data,
        };

        if (w.size) {
            g_array_append_val(r->writes, w);
        } else if (entry.flush && r->writes->len) {
            g_array_index(r->writes, Write, r->writes->len - 1).flushed = true;
        }
    }
}

/* The image before the first write, with room for what the writes add */
static void read_base(Recording *r, const char *path)
{
    g_autofree char *content = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    r->size = size;
    for (unsigned i = 0; i < r->writes->len; i++) {
        r->size = MAX(r->size, write_at(r, i)->offset + write_at(r, i)->size);
    }
    r->base = g_malloc0(r->size);
    memcpy(r->base, content, size);
    while (memcmp(r->base + r->start, prefilled, BANK_SIZE)) {
        r->start += PAGE;
        g_assert_cmpuint(r->start + BANK_SIZE, <=, r->size);
    }
}

void ensure_recorded(Recording *r)
{
    g_autofree char *store = scratch_path(r->name);
    g_autofree char *log = scratch_path("recorded.log");
    g_autofree char *options = g_strdup_printf(
        "-blockdev %s,node-name=store,file.driver=blklogwrites,"
        "file.file.driver=file,file.file.filename=%s,"
        "file.file.cache.no-flush=on,file.log.driver=file,"
        "file.log.filename=%s,file.log.cache.no-flush=on", r->format, store,
        log);
    g_autofree char *line = g_strdup_printf("w 0 %d", r->operations);
    g_autofree char *out = NULL;

    if (r->writes) {
        return;
    }
    bank_save(r->name, prefilled);
    g_assert_true(g_file_set_contents(log, "", 0, NULL));
    out = efi_run(",pflash1=store", options, line);
    g_assert_nonnull(strstr(out, " end"));
    read_log(r, log);
    bank_save(r->name, prefilled);
    read_base(r, store);
}

GArray *store_writes(const Recording *r)
{
    GArray *writes = g_array_new(FALSE, FALSE, sizeof(Write));

    for (unsigned i = 0; i < r->writes->len; i++) {
        Write w = *write_at(r, i);

        g_assert_cmpuint(w.offset, >=, r->start);
        w.offset -= r->start;
        g_assert_cmpuint(w.offset + w.size, <=, BANK_SIZE);
        g_array_append_val(writes, w);
    }
    return writes;
}
