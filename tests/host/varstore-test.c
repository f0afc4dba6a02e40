/*
 * vmspec host test: the check and the walk of the variable store
 *
 * The stores are typed by hand in tests/qtest/vmspec/store.c. Sound stores
 * pass the check and give their variables; so do the stores that a crash
 * leaves. The check finds the first wrong byte of each damaged store. An empty
 * store of varstore_format() has the bytes of one of EDK2's.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "hw/arm/vmspec-varstore.h"
#include "store-same.h"
#include "store.h"

static uint8_t *new_store(void)
{
    uint8_t *data = g_malloc(STORE_BANK);

    store_init(data, STORE_BANK);
    return data;
}

static void assert_sound(const uint8_t *data, size_t size, Varstore *vs)
{
    VarstoreDamage damage = { 0 };

    if (!varstore_check(data, size, vs, &damage)) {
        g_error("refused at 0x%" G_GINT64_MODIFIER "x: %s", damage.offset,
                damage.what);
    }
}

/* The check refuses the store: damage at @offset, with @what in its reason. */
static void assert_damage_at(const uint8_t *data, size_t size, uint64_t offset,
                             const char *what)
{
    VarstoreDamage damage = { 0 };
    Varstore vs;

    g_assert_false(varstore_check(data, size, &vs, &damage));
    g_test_message("0x%" G_GINT64_MODIFIER "x: %s", damage.offset,
                   damage.what);
    g_assert_cmphex(damage.offset, ==, offset);
    g_assert_nonnull(strstr(damage.what, what));
}

/* The names of all variables, each followed by a blank */
static char *names(const Varstore *vs)
{
    GString *list = g_string_new("");
    VarstoreVar var = { 0 };

    while (varstore_next(vs, &var)) {
        for (uint32_t i = 0; i + 2 < var.name_size; i += 2) {
            g_string_append_c(list, var.name[i]);
        }
        g_string_append_c(list, ' ');
    }
    return g_string_free(list, FALSE);
}

static void test_empty(void)
{
    g_autofree uint8_t *data = new_store();
    Varstore vs;

    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpuint(vs.variables, ==, 0);
    g_assert_cmpuint(vs.used, ==, 0);
    assert_sound(data, STORE_SIZE, &vs);
}

static void test_sample(void)
{
    g_autofree uint8_t *data = new_store();
    g_autofree char *list = NULL;
    size_t end = store_sample(data, STORE_BANK);
    Varstore vs;

    assert_sound(data, STORE_BANK, &vs);
    list = names(&vs);
    g_assert_cmpstr(list, ==, "First Second Big Last ");
    g_assert_cmpuint(vs.variables, ==, STORE_SAMPLE_VARIABLES);
    g_assert_cmpuint(vs.used, ==, end - STORE_FIRST);
    g_assert_cmpuint(vs.live, <, vs.used);
    g_assert_false(vs.ftw_replay);
}

static void test_formatted(void)
{
    g_autofree uint8_t *data = new_store();
    g_autofree uint8_t *ours = g_malloc(STORE_BANK);

    varstore_format(ours, STORE_BANK);
    g_assert_cmpmem(ours, STORE_BANK, data, STORE_BANK);
}

/* varstore_append() writes the bytes that the hand-typed writer writes. */
static void test_append(void)
{
    g_autofree uint8_t *data = new_store();
    g_autofree uint8_t *ours = g_malloc(STORE_BANK);
    size_t used = 0;
    VarstoreVar var = { 0 };
    Varstore vs;

    store_put(data, store_put(data, STORE_FIRST, "One", STORE_ADDED, 7),
              "Two", STORE_ADDED, 1000);
    assert_sound(data, STORE_BANK, &vs);
    varstore_format(ours, STORE_BANK);
    while (varstore_next(&vs, &var)) {
        used = varstore_append(ours, used, &var);
        g_assert_cmpuint(used, >, 0);
    }
    g_assert_cmpuint(used, ==, vs.used);
    g_assert_cmpmem(ours, STORE_BANK, data, STORE_BANK);
}

static void test_full(void)
{
    g_autofree uint8_t *data = new_store();
    g_autofree uint8_t *ours = g_malloc(STORE_BANK);
    VarstoreVar var = { 0 };
    size_t used = 0;
    size_t next;
    Varstore vs;

    store_put(data, STORE_FIRST, "V", STORE_ADDED, 1000);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_true(varstore_next(&vs, &var));
    varstore_format(ours, STORE_BANK);
    while ((next = varstore_append(ours, used, &var))) {
        used = next;
    }
    g_assert_cmpuint(used + 1064, >=, VARSTORE_CAPACITY);
    assert_sound(ours, STORE_BANK, &vs);
    g_assert_cmpuint(vs.used, ==, used);
}

static void test_find(void)
{
    g_autofree uint8_t *data = new_store();
    const uint8_t name[] = "B\0i\0g\0\0";
    uint8_t guid[16];
    VarstoreVar var;
    Varstore vs;

    memset(guid, 0x11, sizeof(guid));
    store_sample(data, STORE_BANK);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_true(varstore_find(&vs, name, 8, guid, &var));
    g_assert_cmpuint(var.data_size, ==, 3000);
    guid[15] = 0;
    g_assert_false(varstore_find(&vs, name, 8, guid, &var));
}

/* A store in which the variable V is being replaced; @next: behind the old V */
static uint8_t *store_with_update(size_t *next)
{
    uint8_t *data = new_store();

    *next = store_put(data, STORE_FIRST, "V", STORE_LEAVING, 4);
    return data;
}

static void assert_variables(const uint8_t *data, const char *names_wanted)
{
    g_autofree char *list = NULL;
    Varstore vs;

    assert_sound(data, STORE_BANK, &vs);
    list = names(&vs);
    g_assert_cmpstr(list, ==, names_wanted);
}

/* A crash interrupts the update while it writes the header or the data. */
static void test_interrupted_in_header(void)
{
    size_t next;
    g_autofree uint8_t *data = store_with_update(&next);

    assert_variables(data, "V ");
    /* the first 28 bytes of the header are written */
    store_put(data, next, "V", 0xff, 8);
    memset(data + next + 28, 0xff, 200);
    assert_variables(data, "V ");
    /*
     * the header is written without its state; EDK2 writes the next variable
     * behind it
     */
    store_put(data, next, "V", 0xff, 8);
    memset(data + next + STORE_VAR_HEADER, 0xff, 200);
    store_put(data, next + STORE_VAR_HEADER, "W", STORE_ADDED, 8);
    assert_variables(data, "V W ");
    memset(data + next + STORE_VAR_HEADER, 0xff, 200);
    /* the header and a part of the data are written */
    data[next + 2] = STORE_HEADER_ONLY;
    assert_variables(data, "V ");
}

/*
 * Header and data are written, the state is not: no guest has seen the new
 * variable, and replay erases it.
 */
static void test_interrupted_before_state(void)
{
    size_t next, end;
    g_autofree uint8_t *data = store_with_update(&next);
    Varstore vs;

    end = store_put(data, next, "V", 0xff, 8);
    assert_variables(data, "V ");
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmphex(vs.incomplete_var, ==, next);
    g_assert_cmpuint(vs.used, ==, next - STORE_FIRST);
    varstore_replay(data, &vs);
    g_assert_cmphex(data[next], ==, 0xff);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmphex(vs.incomplete_var, ==, 0);
    /* no byte behind it may be written */
    store_put(data, next, "V", 0xff, 8);
    data[end + 1] = 0;
    assert_damage_at(data, STORE_BANK, end + 1, "must be erased");
}

/* The new variable has a state: it counts, and its start must be right. */
static void test_interrupted_after_state(void)
{
    size_t next;
    g_autofree uint8_t *data = store_with_update(&next);

    store_put(data, next, "V", STORE_ADDED, 8);
    data[next] = data[next + 1] = 0xff;
    assert_damage_at(data, STORE_BANK, next + 2, "must be erased");
    /* old and new variable are complete: the new one counts */
    store_put(data, next, "V", STORE_ADDED, 8);
    assert_variables(data, "V ");
}

/*
 * Two copies of a variable are added: EDK2's FindVariableEx() takes the first
 * one. If no copy is added, it takes the last one that is being replaced. A
 * replay leaves one copy, which is the one that counts.
 */
static void test_second_copies(void)
{
    g_autofree uint8_t *data = new_store();
    size_t second = store_put(data, STORE_FIRST, "V", STORE_ADDED, 8);
    size_t other = store_put(data, second, "V", STORE_ADDED, 20);
    size_t third = store_put(data, other, "W", STORE_ADDED, 8);
    VarstoreVar var = { 0 };
    Varstore vs;

    store_put(data, third, "V", STORE_ADDED, 4);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpuint(vs.seconds, ==, 2);
    g_assert_cmpuint(vs.variables, ==, 2);
    assert_variables(data, "V W ");
    g_assert_true(varstore_next(&vs, &var));
    g_assert_cmpuint(var.data_size, ==, 8);
    varstore_replay(data, &vs);
    g_assert_cmphex(data[STORE_FIRST + 2], ==, STORE_ADDED);
    g_assert_cmphex(data[second + 2], ==, STORE_DELETED);
    g_assert_cmphex(data[third + 2], ==, STORE_DELETED);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpuint(vs.seconds, ==, 0);
    assert_variables(data, "V W ");
    data[STORE_FIRST + 2] = data[second + 2] = STORE_LEAVING;
    assert_sound(data, STORE_BANK, &vs);
    var = (VarstoreVar) { 0 };
    g_assert_true(varstore_next(&vs, &var));
    g_assert_cmpuint(var.data_size, ==, 20);
    assert_variables(data, "V W ");
}

/* What a file is, if it is no store */
static void test_kinds(void)
{
    g_autofree uint8_t *data = g_malloc0(STORE_BANK);

    g_assert_cmpint(varstore_kind(data, 0), ==, VARSTORE_KIND_EMPTY);
    g_assert_cmpint(varstore_kind(data, 512), ==, VARSTORE_KIND_ZERO);
    /* the end of a sector alone is no partition table, nor is garbage */
    data[510] = 0x55;
    data[511] = 0xaa;
    g_assert_cmpint(varstore_kind(data, 512), ==, VARSTORE_KIND_UNKNOWN);
    data[446 + 4] = 0x83;
    g_assert_cmpint(varstore_kind(data, 512), ==, VARSTORE_KIND_UNKNOWN);
    data[446 + 9] = data[446 + 13] = 8;
    g_assert_cmpint(varstore_kind(data, 512), ==, VARSTORE_KIND_DISK);
    data[446 + 16] = 7;
    g_assert_cmpint(varstore_kind(data, 512), ==, VARSTORE_KIND_UNKNOWN);
    store_sample(data, STORE_BANK);
    g_assert_cmpint(varstore_kind(data, STORE_BANK), ==, VARSTORE_KIND_STORE);
    /* a guest writes the header of another file into its store */
    memcpy(data, "QFI\xfb", 4);
    g_assert_cmpint(varstore_kind(data, STORE_BANK), ==,
                    VARSTORE_KIND_REMAINS);
    memset(data + STORE_AREA, 0, 16);
    g_assert_cmpint(varstore_kind(data, STORE_BANK), ==, VARSTORE_KIND_QCOW2);
}

/* The nodes of a volume of ours (VmspecPkg.fdf), and AAVMF's FvMain */
#define OUR_NODE "\4\7\x14\0\x0a\x1e\x5c\x2d\x7f\x6b\x0e\x4f" \
                 "\x9a\x3d\x5e\x8c\x1b\x2f\x7a\x44"
#define AAVMF_NODE "\4\7\x14\0\xfe\x4a\x07\x64\x0a\x34\xe6\x4b" \
                   "\x94\xba\x91\xb5\xb4\xd0\xf7\x1e"

/* Whose menu the boot options start tells which firmware used the store. */
static void test_makers(void)
{
    g_autofree uint8_t *data = new_store();
    size_t end = store_put(data, STORE_FIRST, "Boot0000", STORE_ADDED, 60);
    Varstore vs;

    memcpy(data + end - 40, OUR_NODE, 20);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpint(varstore_maker(&vs), ==, VARSTORE_MAKER_OURS);
    end = store_put(data, (end + 3) & ~3, "Boot0001", STORE_ADDED, 60);
    memcpy(data + end - 40, AAVMF_NODE, 20);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpint(varstore_maker(&vs), ==, VARSTORE_MAKER_UNKNOWN);
    data[STORE_FIRST + 2] = STORE_DELETED;
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpint(varstore_maker(&vs), ==, VARSTORE_MAKER_OTHER);
}

/* Of the new variable at @next only the bytes @from to @to are written. */
static void check_cut(uint8_t *data, size_t next, size_t from, size_t to)
{
    Varstore vs;

    memset(data + next, 0xff, 1000);
    store_put(data, next, "W", 0xff, 200);
    memset(data + next, 0xff, from - next);
    memset(data + to, 0xff, next + 1000 - to);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpuint(vs.variables, ==, 1);
    varstore_replay(data, &vs);
    assert_sound(data, STORE_BANK, &vs);
    g_assert_cmpuint(vs.variables, ==, 1);
    g_assert_cmphex(vs.incomplete_var, ==, 0);
}

/*
 * EDK2 programs at most 128 aligned bytes at a time. Of the first program of a
 * variable only an end may be written, of the others only a start. Each place
 * at which a program can stop is tried with some of the sizes; with
 * VMSPEC_EVERY_CUT, as in check-long, with all of them.
 */
static void test_program_cut_short(void)
{
    g_autofree uint8_t *data = new_store();
    size_t step = g_getenv("VMSPEC_EVERY_CUT") ? 1 : 8;
    size_t skip = 0;

    for (uint32_t size = 4; size < 4 + STORE_PROGRAM; size += 12) {
        size_t next = store_put(data, STORE_FIRST, "V", STORE_ADDED, size);
        size_t end = (next / STORE_PROGRAM + 1) * STORE_PROGRAM;

        for (size_t n = next + skip; n < end; n += step) {
            check_cut(data, next, n, end);
            check_cut(data, next, next, n);
        }
        for (size_t n = end + skip; n < next + STORE_VAR_HEADER + 204;
             n += step) {
            check_cut(data, next, next, n);
        }
        memset(data + STORE_FIRST, 0xff, 1000);
        skip = (skip + 3) % step;
    }
}

/* A crash interrupts the rewriting of the variables: the spare block counts. */
static void test_reclaim_replayed(void)
{
    g_autofree uint8_t *data = new_store();
    g_autofree uint8_t *sound = g_malloc(STORE_BANK);
    Varstore vs;

    store_sample(sound, STORE_BANK);
    for (size_t erased = 0; erased <= STORE_AREA; erased += STORE_AREA / 8) {
        store_sample(data, STORE_BANK);
        memcpy(data + 2 * STORE_AREA, sound, STORE_AREA);
        store_ftw_pending(data);
        memset(data, 0xff, erased);
        assert_sound(data, STORE_BANK, &vs);
        g_assert_true(vs.ftw_replay);
        g_assert_cmpuint(vs.variables, ==, STORE_SAMPLE_VARIABLES);
        varstore_replay(data, &vs);
        g_assert_cmpmem(data, STORE_AREA, sound, STORE_AREA);
    }
    /* a damaged spare block is no replacement */
    data[2 * STORE_AREA + 92] = 0;
    assert_damage_at(data, STORE_BANK, 2 * STORE_AREA + 92, "format byte 0x00");
    /* a spare block that was not complete is none either */
    data[STORE_AREA + 32 + 40] = 0xff;
    memset(data, 0xff, STORE_AREA);
    assert_damage_at(data, STORE_BANK, 0, "blank");
}

static void test_damage_is_located(void)
{
    g_autofree uint8_t *data = new_store();
    size_t end = store_sample(data, STORE_BANK);

    assert_damage_at(data, 1000, 1000, "truncated");
    assert_damage_at(data, 3 * STORE_AREA + 1, 3 * STORE_AREA + 1, "blocks");
    data[end + 200] = 0;
    assert_damage_at(data, STORE_BANK, end + 200, "must be erased");
    data[end + 200] = 0xff;
    data[STORE_FIRST + 2] = 0x12;
    assert_damage_at(data, STORE_BANK, STORE_FIRST + 2, "state 0x12");
    data[STORE_FIRST + 2] = STORE_ADDED;
    data[STORE_FIRST + 42] = 0xff;
    assert_damage_at(data, STORE_BANK, STORE_FIRST + 36, "more than");
    data[STORE_FIRST + 42] = 0;
    data[STORE_AREA + 3] = 0;
    assert_damage_at(data, STORE_BANK, STORE_AREA + 3, "FTW");
    data[50]++;
    assert_damage_at(data, STORE_BANK, 50, "checksum");
    data[40] = 0;
    assert_damage_at(data, STORE_BANK, 40, "_FVH");
}

/*
 * Each store of the corpus is refused, or has all variables of the sample, or
 * has a difference that nothing in the format could show.
 */
static void test_fate_of_each_damage(void)
{
    GPtrArray *corpus = store_corpus();
    g_autofree uint8_t *sample = g_malloc(STORE_BANK);
    unsigned fates[STORE_FATES] = { 0 };
    Varstore pristine;

    store_sample(sample, STORE_BANK);
    assert_sound(sample, STORE_BANK, &pristine);
    g_assert_cmpuint(pristine.variables, ==, STORE_SAMPLE_VARIABLES);

    for (unsigned i = 0; i < corpus->len; i++) {
        StoreDamage *d = g_ptr_array_index(corpus, i);
        VarstoreDamage damage = { 0 };
        Varstore vs;
        bool ok = varstore_check(d->data, d->size, &vs, &damage);
        StoreFate fate = STORE_REFUSED;

        if (ok) {
            fate = store_same(&vs, &pristine) ? STORE_WHOLE : STORE_ALTERED;
        }
        g_test_message("%s: fate %d %s", d->name, fate, damage.what);
        g_assert_cmpint(fate, ==, d->fate);
        g_assert_true(ok || damage.what[0]);
        g_assert_true(ok || !d->says || strstr(damage.what, d->says));
        fates[fate]++;
    }
    g_test_message("of %u %u refused, %u whole, %u altered", corpus->len,
                   fates[STORE_REFUSED], fates[STORE_WHOLE],
                   fates[STORE_ALTERED]);
    g_assert_cmpuint(fates[STORE_REFUSED], >=, 80);
    g_ptr_array_unref(corpus);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmspec/varstore/empty", test_empty);
    g_test_add_func("/vmspec/varstore/sample", test_sample);
    g_test_add_func("/vmspec/varstore/formatted", test_formatted);
    g_test_add_func("/vmspec/varstore/append", test_append);
    g_test_add_func("/vmspec/varstore/full", test_full);
    g_test_add_func("/vmspec/varstore/find", test_find);
    g_test_add_func("/vmspec/varstore/interrupted-in-header",
                    test_interrupted_in_header);
    g_test_add_func("/vmspec/varstore/interrupted-before-state",
                    test_interrupted_before_state);
    g_test_add_func("/vmspec/varstore/interrupted-after-state",
                    test_interrupted_after_state);
    g_test_add_func("/vmspec/varstore/second-copies", test_second_copies);
    g_test_add_func("/vmspec/varstore/kinds", test_kinds);
    g_test_add_func("/vmspec/varstore/makers", test_makers);
    g_test_add_func("/vmspec/varstore/program-cut-short",
                    test_program_cut_short);
    g_test_add_func("/vmspec/varstore/interrupted-reclaim",
                    test_reclaim_replayed);
    g_test_add_func("/vmspec/varstore/damage-is-located",
                    test_damage_is_located);
    g_test_add_func("/vmspec/varstore/corpus", test_fate_of_each_damage);
    return g_test_run();
}
