/*
 * vmspec fuzz target: the variable store's parser
 *
 * An input is what a guest or a bad disk could leave in a store. Its first
 * byte says where it goes: over the variable area from its first byte, behind
 * the headers of a sound store, over the FTW work space, or in the spare block
 * of a store with a pending update. A store that passes the check can be
 * walked and rebuilt from the walk. It has the same variables after an
 * interrupted update is complete. The input is also the header of an image.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "demand.h"
#include "hw/arm/vmspec-varstore.h"

#define WORK_HEADER 32

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void place(uint8_t *data, const uint8_t *input, size_t size)
{
    uint8_t *spare = data + 2 * VARSTORE_AREA_SIZE;

    varstore_format(data, VARSTORE_SIZE);
    switch (input[0] % 4) {
    case 0:
        memcpy(data, input + 1, min(size - 1, VARSTORE_AREA_SIZE));
        break;
    case 1:
        memcpy(data + VARSTORE_FIRST, input + 1,
               min(size - 1, VARSTORE_CAPACITY));
        break;
    case 2:
        memcpy(data + VARSTORE_AREA_SIZE + WORK_HEADER, input + 1,
               min(size - 1, VARSTORE_AREA_SIZE - WORK_HEADER));
        break;
    default:
        memcpy(spare, data, VARSTORE_AREA_SIZE);
        memcpy(spare + VARSTORE_FIRST, input + 1,
               min(size - 1, VARSTORE_CAPACITY));
        memset(data + VARSTORE_AREA_SIZE + WORK_HEADER, 0, 80);
        data[VARSTORE_AREA_SIZE + WORK_HEADER] = 0xfc;
        data[VARSTORE_AREA_SIZE + WORK_HEADER + 24] = 1;
        data[VARSTORE_AREA_SIZE + WORK_HEADER + 40] = 0xfd;
        /* 512 KiB before the spare block */
        data[VARSTORE_AREA_SIZE + WORK_HEADER + 40 + 34] = 0xf8;
        memset(data + VARSTORE_AREA_SIZE + WORK_HEADER + 40 + 35, 0xff, 5);
    }
}

/* Only a qcow2 image has a size or names other files. */
static void fuzz_image(const uint8_t *input, size_t size)
{
    uint8_t header[VARSTORE_IMAGE_HEADER] = { 0 };
    VarstoreImage image;
    bool qcow2;

    memcpy(header, input, min(size, sizeof(header)));
    image = varstore_image(header);
    qcow2 = memcmp(header, "QFI\xfb", 4) == 0;
    demand(image.qcow2 == qcow2, "the wrong format");
    demand(image.qcow2 || (!image.size && !image.names_others),
           "a raw image with qcow2's properties");
    demand(!image.qcow2 || image.names_others ||
           !memcmp(header + 8, "\0\0\0\0\0\0\0\0", 8), "a backing file");
}

/* An empty store with the variables of @vs, one by one */
static void rebuild(uint8_t *copy, const Varstore *vs)
{
    VarstoreVar var = { 0 };
    VarstoreVar found;
    unsigned n = 0;
    size_t used = 0;

    varstore_format(copy, VARSTORE_SIZE);
    while (varstore_next(vs, &var)) {
        demand(var.data + var.data_size <= vs->area + VARSTORE_AREA_SIZE,
               "beyond the area");
        demand(varstore_find(vs, var.name, var.name_size, var.guid, &found),
               "a variable is not found");
        used = varstore_append(copy, used, &var);
        n++;
    }
    demand(n == vs->variables, "the count is wrong");
    demand(!n || used, "what fitted does not fit");
}

/* @data passes the check, and has the variables of @vs in their order. */
static void demand_same(const uint8_t *data, const Varstore *vs)
{
    VarstoreVar a = { 0 };
    VarstoreVar b = { 0 };
    VarstoreDamage damage;
    Varstore other;

    demand(varstore_check(data, VARSTORE_SIZE, &other, &damage), damage.what);
    demand(!other.ftw_replay && !other.incomplete_var && !other.ftw_record,
           "an update is not complete");
    demand(other.variables == vs->variables, "variables lost or found");
    while (varstore_next(vs, &a)) {
        demand(varstore_next(&other, &b) && a.attributes == b.attributes &&
               a.count == b.count && a.key == b.key &&
               a.name_size == b.name_size && a.data_size == b.data_size &&
               !memcmp(a.name, b.name, a.name_size) &&
               !memcmp(a.data, b.data, a.data_size) &&
               !memcmp(a.guid, b.guid, VARSTORE_GUID_SIZE) &&
               !memcmp(a.time, b.time, VARSTORE_TIME_SIZE),
               "a variable is not the same");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    uint8_t *data = malloc(VARSTORE_SIZE);
    uint8_t *copy = malloc(VARSTORE_SIZE);
    VarstoreDamage damage = { 0 };
    Varstore vs;
    Varstore rebuilt;

    if (size && data && copy) {
        fuzz_image(input, size);
        place(data, input, size);
        if (!varstore_check(data, VARSTORE_SIZE, &vs, &damage)) {
            demand(damage.what[0] && damage.offset <= VARSTORE_SIZE,
                   "damage without a reason or a place");
        } else {
            rebuild(copy, &vs);
            demand_same(copy, &vs);
            demand(varstore_check(copy, VARSTORE_SIZE, &rebuilt, &damage),
                   "the rebuilt store is not sound");
            varstore_replay(data, &vs);
            if (vs.ftw_replay) {
                /* which the firmware's next reclaim ends */
                memset(data + VARSTORE_AREA_SIZE + WORK_HEADER, 0xff,
                       VARSTORE_AREA_SIZE - WORK_HEADER);
            }
            demand_same(data, &rebuilt);
        }
    }
    free(data);
    free(copy);
    return 0;
}
