# SPDX-License-Identifier: GPL-2.0-or-later
#
# The front door. Each target does all of its own set-up and repeats none of
# it; what is done is said in meson.build and tools/.
#
#   make run                       a guest on this terminal
#   make run ARCH=arm              the same in AArch32
#   make run -- -m 4G -cpu max     anything after -- reaches QEMU ...
#   make run QEMU_ARGS='-m 4G'     ... and so do the words of QEMU_ARGS
#   make QEMU_SOURCE=DIR           build on a QEMU 10.0.x tree of yours
#                                  (remembered; meson configure changes it)
#   make B=DIR                     another build directory
#   make install PREFIX=/usr DESTDIR=DIR

ARCH ?= aarch64
B ?= build
QEMU_SOURCE ?=
QEMU_ARGS ?=
export QEMU_SOURCE QEMU_ARGS
# Debian's own tools first, whatever else the user has
export PATH := /usr/sbin:/usr/bin:/sbin:/bin:$(PATH)
export VMSPEC_BUILD := $(abspath $(B))
build_now = ninja --quiet -C $(B)
DISKS := demo/demo-aarch64.img demo/demo-arm.img

.NOTPARALLEL:
.PHONY: build setup run check check-long demo install checkpatch \
	refresh-docs refresh-golden clean distclean help

build: setup ## build QEMU, the firmware and both demo disks
	@$(build_now) all qemu firmware $(DISKS)

setup: ## install missing Debian packages, create the build directory
	@tools/build/setup.sh $(B)

run: setup ## boot the demo guest on this terminal
	@$(build_now) qemu firmware demo/demo-$(ARCH).img
	@tools/build/run.sh $(B) $(ARCH) $$PPID

# whatever follows "run" is QEMU's, not a target of ours
ifeq (run,$(firstword $(MAKECMDGOALS)))
MAKEFLAGS += -s
.DEFAULT: ; @:
else
check: setup ## build everything and run every test but the long ones
	@$(build_now) all qemu-tests firmware $(DISKS) configured
	@tools/build/check.sh $(B)

check-long: setup ## build everything and run every test
	@$(build_now) all qemu-tests firmware $(DISKS) configured \
		long-files tests/schema/schema.stamp qemu-fuzz
	@tools/build/check.sh $(B) long

demo: setup ## make the demo disks: build/demo/demo-ARCH.img
	@$(build_now) $(DISKS)

install: build ## install QEMU and the firmware: PREFIX (/usr/local), DESTDIR
	@[ -z "$(PREFIX)" ] || \
		meson setup --reconfigure $(B) -Dprefix=$(PREFIX) > /dev/null
	@DESTDIR=$(DESTDIR) meson install -C $(B) --no-rebuild

checkpatch: setup ## the style rules alone: checkpatch, lengths, shellcheck
	@$(build_now) stage-10.0.stamp
	@meson test -C $(B) --no-rebuild --print-errorlogs style

refresh-docs: setup ## write the manual's tables and docs/pcie.md anew
	@$(build_now) qemu-tests tests/guest/guest-test
	@$(build_now) refresh-docs refresh-docs-pcie

refresh-golden: setup ## write tests/data/vmspec anew: what guests see, as text
	@$(build_now) qemu-tests
	@$(build_now) refresh-golden

clean: ## remove what was built, keep what was downloaded
	@tools/build/clean.sh $(B) apt source

distclean: ## remove the whole build directory
	@tools/build/clean.sh $(B)

help: ## list the targets
	@sed -n 's/^#   make/  make/p' Makefile
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile
endif
