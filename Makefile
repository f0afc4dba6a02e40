# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The front door. Each target does all that it needs and repeats none of it;
# tools/build/drive.sh has the steps of each.
#
#   make run                       a guest on this terminal
#   make run ARCH=arm              the same in AArch32; armhf and arm64 do as well
#   make run QEMU_ARGS='-m 4G'     with options of QEMU; ./run -m 4G does the same
#   make QEMU=10.2                 build on another release of QEMU: 10.0 or 10.2
#                                  (remembered)
#   make QEMU_SOURCE=DIR           build on a QEMU tree of yours: 10.x or 11.x
#                                  (remembered; meson configure changes it)
#   make DEVICES=small             a QEMU without windows, sound, SPICE, USB of the
#                                  host and network disks (remembered)
#   make QEMU_HOST=arm64           build QEMU for hosts of arm64, with KVM
#   make B=DIR                     another build directory
#   make V=1                       show all that the build's tools print
#   make bench ROWS='start/* io/*'  some rows of the benchmark
#   make install PREFIX=/usr DESTDIR=DIR

ARCH ?= aarch64
B ?= build
export ARCH B DEVICES QEMU QEMU_HOST QEMU_SOURCE QEMU_ARGS V YES ROWS
# Debian's own tools first, whatever else the user has
export PATH := /usr/sbin:/usr/bin:/sbin:/bin:$(PATH)
drive = @tools/build/drive.sh

goals = build deps setup run check check-long check-libvirt asan bench \
	bench-quick bench-baseline demo docs docs-check install uninstall deb \
	checkpatch refresh-docs refresh-golden clean distclean help
.NOTPARALLEL:
.PHONY: $(goals)

# before anything is done; an option of QEMU looks like a target to make
unknown := $(filter-out $(goals),$(MAKECMDGOALS))
ifneq ($(unknown),)
$(error no target '$(unknown)'; make help lists the targets. To give options to \
	QEMU: make run QEMU_ARGS='-m 4G', or ./run -m 4G)
endif

# -nographic and the like reach make as -n, the dry run
ifeq ($(MAKECMDGOALS)$(findstring n,$(firstword -$(MAKEFLAGS))),runn)
$(warning -n shows what make would do. To give options to QEMU: ./run -nographic)
endif

build: ## build QEMU, the firmware, both demo disks, the tools
	$(drive) build

deps: ## install missing Debian packages (asks; YES=1 does not)
	$(drive) deps

setup: ## install missing packages, create the build directory
	$(drive) setup

run: ## boot the demo guest on this terminal
	@./run $(ARCH)

check: ## build everything and run every test but the long ones
	$(drive) check
	@tools/build/check.sh "$(B)"

check-long: ## build everything and run every test
	$(drive) check-long
	@tools/build/check.sh "$(B)" long

check-libvirt: ## run libvirt of three Debian releases on the machine (root)
	$(drive) check-libvirt
	@tools/build/check.sh "$(B)" libvirt libvirt

asan: ## build QEMU with ASan and UBSan, run qtests and guests on it
	$(drive) asan
	@tools/build/check.sh "$(B)" long asan

bench: ## measure every row of docs/performance.md: best on an idle host
	$(drive) bench
	@tools/build/bench.sh "$(B)" run

bench-quick: ## have instructions grown by more than 3 %? two minutes
	$(drive) bench-quick
	@tools/build/bench.sh "$(B)" quick

bench-baseline: ## take what make bench measured; write docs/performance.md anew
	@tools/build/bench.sh "$(B)" baseline

demo: ## make the demo disks: build/demo/demo-ARCH.img
	$(drive) demo

docs: ## build the manual: HTML with a search, and man pages, in build/docs
	$(drive) docs

docs-check: ## build the manual, and look at each page in a browser
	$(drive) docs-check
	@meson test -C "$(B)" --no-rebuild --print-errorlogs --setup long \
		docs-pages docs-build docs-look

install: ## install all that is for users: PREFIX (/usr/local), DESTDIR
	$(drive) install
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" tools/build/install.sh "$(B)"

uninstall: ## remove what the last make install put in place
	@DESTDIR="$(DESTDIR)" tools/build/uninstall.sh "$(B)"

deb: ## make Debian packages of it, in build/deb
	$(drive) deb
	@tools/build/deb.sh "$(B)"

checkpatch: ## the house rules alone: checkpatch, rooms, citations, patches ...
	$(drive) stage
	@meson test -C "$(B)" --no-rebuild --print-errorlogs style structure \
		citations patches edk2-style

refresh-docs: ## write the generated tables, pages and pictures of docs/ anew
	$(drive) qtests
	@ninja --quiet -C "$(B)" refresh-docs refresh-docs-messages \
		refresh-docs-pcie refresh-docs-performance

refresh-golden: ## write tests/data/vmspec anew: what guests see, as text
	$(drive) qtests
	@ninja --quiet -C "$(B)" refresh-golden

clean: ## remove what was built, keep what was downloaded
	@tools/build/clean.sh "$(B)" apt source

distclean: ## remove the whole build directory
	@tools/build/clean.sh "$(B)"

help: ## list the targets
	@sed -n 's/^#   make/  make/p' Makefile
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1 \2/p' Makefile | \
		while read -r goal about; do printf '  %-14s %s\n' "$$goal" "$$about"; done
