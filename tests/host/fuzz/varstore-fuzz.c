/*
 * vmspec fuzz target: the variable store's parser
 *
 * An input is what a guest, or a disk gone bad, could leave in a store. Its
 * first byte says where: over the variable area from its first byte, behind
 * the headers of a sound one, over the FTW work area, or in the spare area of
 * a store whose update is pending. Whatever passes the check can be walked,
 * and rebuilt from what the walk gave.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    }
}

static void demand(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    uint8_t *data = malloc(VARSTORE_SIZE);
    uint8_t *copy = malloc(VARSTORE_SIZE);
    VarstoreDamage damage = { 0 };
    VarstoreVar var = { 0 };
    VarstoreVar found;
    Varstore vs;
    Varstore again;
    unsigned n = 0;
    size_t used = 0;

    if (size && data && copy) {
        place(data, input, size);
        if (!varstore_check(data, VARSTORE_SIZE, &vs, &damage)) {
            demand(damage.what[0] && damage.offset <= VARSTORE_SIZE,
                   "damage without a reason or a place");
        } else {
            varstore_format(copy, VARSTORE_SIZE);
            while (varstore_next(&vs, &var)) {
                demand(var.data + var.data_size <=
                       vs.area + VARSTORE_AREA_SIZE, "beyond the area");
                demand(varstore_find(&vs, var.name, var.name_size, var.guid,
                                     &found), "a variable is not found");
                used = varstore_append(copy, used, &var);
                n++;
            }
            demand(n == vs.variables, "the count is wrong");
            demand(!n || used, "what fitted does not fit");
            demand(varstore_check(copy, VARSTORE_SIZE, &again, &damage) &&
                   again.variables == n, "the rebuilt store is not sound");
            varstore_replay(data, &vs);
        }
    }
    free(data);
    free(copy);
    return 0;
}
