/*
 * vmspec host test: the table of the tests' configurations is consistent
 *
 * Names are unique, and conditions are words of tests/data/contract.txt. Each
 * condition of the contract is met by one configuration and not by another.
 * vmspec-agree-test starts all configurations and shows that they meet the
 * conditions that they name.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "configs.h"
#include "contract.h"

static const Contract *contract;

/* The contract's conditions, without "always" and "never"; a set of strings */
static GHashTable *contract_conditions(void)
{
    GHashTable *words = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < contract->num_regions; i++) {
        g_hash_table_add(words, (char *)contract->regions[i].when);
    }
    for (unsigned i = 0; i < contract->num_ppis; i++) {
        g_hash_table_add(words, (char *)contract->ppis[i].when);
    }
    g_hash_table_remove(words, "always");
    g_hash_table_remove(words, "never");
    return words;
}

static void test_names_are_unique(void)
{
    for (size_t i = 0; i < num_test_configs; i++) {
        g_test_message("%s", test_configs[i].name);
        g_assert_true(config_find(test_configs[i].name) == &test_configs[i]);
    }
    g_assert_null(config_find("no-such-configuration"));
}

static void test_properties_begin_with_comma(void)
{
    for (size_t i = 0; i < num_test_configs; i++) {
        const char *machine = test_configs[i].machine;

        g_test_message("%s", test_configs[i].name);
        g_assert_true(!*machine || *machine == ',');
    }
}

static void test_conditions_are_of_contract(void)
{
    g_autoptr(GHashTable) words = contract_conditions();

    for (size_t i = 0; i < num_test_configs; i++) {
        g_auto(GStrv) have = g_strsplit(test_configs[i].conditions, " ", -1);

        for (unsigned j = 0; have[j]; j++) {
            g_test_message("%s: %s", test_configs[i].name, have[j]);
            g_assert_true(!*have[j] || g_hash_table_contains(words, have[j]));
        }
    }
}

/*
 * Not "image": every configuration has firmware. Not "steal-time": it needs
 * KVM, and guest-kvm has it.
 */
static void test_each_condition_is_tested_both_ways(void)
{
    g_autoptr(GHashTable) words = contract_conditions();
    GHashTableIter iter;
    void *word;

    g_hash_table_remove(words, "image");
    g_hash_table_remove(words, "steal-time");
    g_hash_table_iter_init(&iter, words);
    while (g_hash_table_iter_next(&iter, &word, NULL)) {
        size_t met = 0;

        for (size_t i = 0; i < num_test_configs; i++) {
            met += config_meets(&test_configs[i], word);
        }
        g_test_message("%s: in %zu of %zu", (char *)word, met,
                       num_test_configs);
        g_assert_cmpuint(met, >, 0);
        g_assert_cmpuint(met, <, num_test_configs);
    }
}

/* config_meets() compares whole words, and "always" is always met. */
static void test_meets(void)
{
    static const TestConfig config = { "x", "", "", "gicv2-el2 el2", 0, 0, 0 };

    g_assert_true(config_meets(&config, "el2"));
    g_assert_true(config_meets(&config, "gicv2-el2"));
    g_assert_true(config_meets(&config, "always"));
    g_assert_false(config_meets(&config, "gicv2"));
    g_assert_false(config_meets(&config, "el2-vhe"));
    g_assert_false(config_meets(&config, "never"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    contract = contract_load(NULL);

    g_test_add_func("/vmspec/configs/names-are-unique",
                    test_names_are_unique);
    g_test_add_func("/vmspec/configs/properties-begin-with-comma",
                    test_properties_begin_with_comma);
    g_test_add_func("/vmspec/configs/conditions-are-of-contract",
                    test_conditions_are_of_contract);
    g_test_add_func("/vmspec/configs/each-condition-both-ways",
                    test_each_condition_is_tested_both_ways);
    g_test_add_func("/vmspec/configs/meets-whole-words", test_meets);
    return g_test_run();
}
