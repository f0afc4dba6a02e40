#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Each citation of the contract resolves: sections and rule IDs in code, rows,
# tests and pages to docs/platform.md. See citations.py for the form.
#
#   citations.sh REPO

cd "$1" || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/style/planted.sh
. tests/style/planted.sh
export PYTHONDONTWRITEBYTECODE=1     # leave nothing in the sources

citations() { # WHAT
    python3 tests/style/citations.py "$1"
}

rule_sections_are_cited_in_one_form() { citations form; }
rule_cited_sections_exist() { citations sections; }
rule_cited_rules_exist() { citations rules; }
rule_each_rule_of_the_table_is_cited() { citations uncited; }
rule_the_oracle_has_the_numbers_of_the_page() { citations facts; }

# FILE's text TEXT breaks the rule WHAT
breaks() { # WHAT FILE TEXT
    planted_sources
    plant "$2" "$3"
    caught "$2" citations "$1"
}

# the words are put together here, so that this file cites nothing itself
page='platform.md' s='section'

rule_planted_citations_are_caught() {
    breaks form hw/arm/vmspec/board.c "/* $s 4.5 */" &&
        breaks form docs/firmware.md "as the contract's $s 7 says" &&
        breaks form tests/host/plan-test.c "/* platform"" page */" &&
        breaks sections hw/arm/vmspec/boot.c "/* ($page, $s 4.8) */" &&
        breaks sections include/hw/arm/vmspec-map.h \
            "/* $page, ${s}s 2 and 12 */" &&
        breaks sections tests/data/contract.txt "# $page, $s 2.9" &&
        breaks sections tests/data/pcie-rules.txt '4.7.3 | more | |' &&
        breaks rules hw/arm/vmspec/platform/platform.c \
            '.rules = "B_MEM_''99",' &&
        breaks rules firmware/VmspecPkg/DescriptionDxe/DescriptionDxe.c \
            "/* (H""9) */" &&
        breaks rules README.md "PCI_IN_""21" &&
        breaks uncited docs/platform.md \
            "| B_SMMU_""01 | nobody asks for it | BSA |" &&
        breaks facts tests/data/contract.txt 'irq extra 200 1 level' &&
        breaks facts docs/platform.md '| extra | 0x0B00_0000 | 4 KiB | more |'
}

# what is another document's is not taken for ours
rule_other_documents_are_left_alone() {
    planted_sources
    plant hw/arm/vmspec/board.c "/* UEFI 2.10 $s 8.2 */"
    plant hw/arm/vmspec/board.c "/* PI 1.8 volume 3 $s 3.2 */"
    plant hw/arm/vmspec/board.c "/* PCIe 6.0, 7.5.3.6; ACPI 6.5, 5.6.9 */"
    plant hw/arm/vmspec/board.c "/* the BSA, $s E */"
    cd "$planted_copy" && citations form && citations sections &&
        citations rules
}

tap_run
