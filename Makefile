# Every command of the project; `make` shows them.  What a command needs is set up on the way, once.

# Overridable from the command line or the environment.
PYTHON          ?= python3
JOBS            ?= $(shell nproc)
BOARD           ?=
COMMIT          ?= HEAD
MICROPYTHON_DIR ?=
# 1 for boards too: images with the GPL's codecs (docs/dependencies.md), which may not be shipped like the others.
GPL_CODECS      ?=
# KB of flash for the keyboard's table of pinyin; 0: an image whose keyboard knows no pinyin.
PINYIN_KB       ?= 80
TESTOPTS        ?=
K               ?=
WORKERS         ?= $(JOBS)
TARGET          ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# One step at a time, so that its one line on the screen stays one line; MicroPython's own make runs $(JOBS) jobs.
.NOTPARALLEL:

STAMPS := build/stamps
VENV   := .venv/bin/kiosk

## everyday commands:

help: ## show this help
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n%s\n", substr($$0, 4)} \
		/^[a-z0-9_-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@printf '%s\n' '' 'MICROPYTHON_DIR=<git checkout with submodules> replaces the fetched sources;' \
		'GPL_CODECS=1 builds a board'"'"'s other image, with the codecs of the GPL (docs/dependencies.md);' \
		'K=<expression> and TESTOPTS=<options> go to pytest, WORKERS=<n> at a time; JOBS=<n> to the builds.'

run: setup ## set up what is missing, then the demonstration
	@.venv/bin/python -m host_tools.demo

setup: $(VENV) unix ## everything below up to date: .venv, sources, the emulator

# Python's caches stay out of firmware/ and boards/: a new folder in there would look like an edit.
test bench api: export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache

# The image that is proved by tests: that of the board which needs no sources but the fetched ones.
TEST_IMAGE := build/firmware/ARDUINO_NANO_RP2040_CONNECT/firmware.bin
GPL_IMAGE  := build/firmware/ARDUINO_NANO_RP2040_CONNECT-gpl/firmware.bin

# A board on the desk is one; else each worker has its own.
PARALLEL = $(if $(findstring serial,$(TARGET)),,-n $(WORKERS) --dist worksteal)

test: setup unix32 virtual $(TEST_IMAGE) $(STAMPS)/peers lint ## lint and all tests (K=, TESTOPTS=, TARGET=virtual)
ifneq ($(TARGET),)
	@.venv/bin/pytest $(PARALLEL) --target $(TARGET) $(TESTOPTS) $(if $(K),-k '$(K)') \
		--ignore tests/system/virtual tests/unit tests/system tests/conformance/test_bad_input.py
else
	@.venv/bin/pytest $(PARALLEL) $(TESTOPTS) $(if $(K),-k '$(K)')
	@.venv/bin/pytest $(PARALLEL) --target virtual -m board $(TESTOPTS) $(if $(K),-k '$(K)') || test $$? = 5 # none chosen by K
endif

bench: setup unix32 virtual $(TEST_IMAGE) $(GPL_IMAGE) $(STAMPS)/peers ## the table of measurements (BENCH=: only these)
	@.venv/bin/python -m tests.bench $(BENCH)

api: setup $(STAMPS)/peers ## write docs/api.md anew: what of the API is there
	@.venv/bin/pytest -q --write-api -k document_is_what tests/conformance/test_table.py

lint: $(VENV) ## ruff check, ruff format --check, codespell
	@echo '  ruff and codespell' >&2
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check . || { echo 'mpkiosk: run `make format`' >&2; exit 1; }
	@.venv/bin/codespell

format: $(VENV) ## let ruff mend the layout and what else it can
	@.venv/bin/ruff check --quiet --fix .
	@.venv/bin/ruff format .

clean: ## remove what was built; .venv and the fetched sources stay
	@rm -rf $(filter-out build/sources,$(wildcard build/*))

## firmware commands:

unix: build/unix/mpkiosk ## the emulator, 64 bits

unix32: build/unix32/mpkiosk ## the emulator, 32 bits: bytes mean what they mean on a board

firmware: build/firmware/$(BOARD)$(if $(filter 1,$(GPL_CODECS)),-gpl)/firmware.bin ## a board's image: make firmware BOARD=<folder under boards/>

size: firmware ## flash and RAM of a board's image by module (BOARD=)
	@$(PYTHON) -m host_tools.firmware.size $(BOARD)

size-diff: firmware ## the same, against the image of a commit (BOARD=, COMMIT=HEAD)
	@$(PYTHON) -m host_tools.firmware.size $(BOARD) --against $(COMMIT) --tree $(TREE) --jobs $(JOBS)

docs: ## docs/boards.md from the boards' folders
	@$(PYTHON) -m host_tools.firmware.docs

virtual: $(VENV) $(STAMPS)/virtual ## the emulated RP2040 that runs a board's image

.PHONY: help run setup test bench api lint format clean unix unix32 virtual firmware size size-diff docs

# $(call logged,log,title,command): one line with the seconds, and on failure the end of the log.
define logged
@mkdir -p build/log; printf '  $(2) ... ' >&2; start=$$(date +%s%N); \
if { $(3); } >build/log/$(1).log 2>&1; then \
	awk -v ns=$$(($$(date +%s%N) - start)) 'BEGIN {printf "%.1f s\n", ns / 1e9}' >&2; \
else \
	echo failed >&2; tail -n 20 build/log/$(1).log >&2; exit 1; \
fi
endef

$(STAMPS)/packages-build $(STAMPS)/packages-sources $(STAMPS)/packages-unix32 $(STAMPS)/packages-peers \
$(STAMPS)/packages-virtual: \
$(STAMPS)/packages-%: host_tools/setup/packages.py
	@$(PYTHON) -m host_tools.setup.packages $*
	@mkdir -p $(@D) && touch $@

$(VENV): requirements.txt pyproject.toml | $(STAMPS)/packages-build
	$(call logged,venv,installing the Python packages into .venv,\
		$(PYTHON) -m venv .venv && .venv/bin/python -m pip install -r requirements.txt && \
		.venv/bin/python -m pip install --no-deps --no-build-isolation --editable . && touch $@)

build/sources/versions.json: $(addprefix host_tools/setup/,edit.py faad2.py freetype.py sources.py) | $(STAMPS)/packages-sources $(VENV)
	@.venv/bin/python -m host_tools.setup.sources $(@D)

# The servers and programs that tests and bench talk to.
$(STAMPS)/peers: host_tools/setup/peers.py $(wildcard tests/peers/*.json) | $(STAMPS)/packages-peers
	@$(PYTHON) -m host_tools.setup.peers build/peers
	@touch $@

$(STAMPS)/virtual: host_tools/setup/virtual.py $(wildcard host_tools/virtual_board/*.json host_tools/virtual_board/rom/*) \
| $(STAMPS)/packages-virtual
	@$(PYTHON) -m host_tools.setup.virtual build/virtual_board
	@touch $@

# The stamp's name holds the tree's path, and there is never more than one: another tree means building anew.
ifeq ($(MICROPYTHON_DIR),)
TREE       := $(CURDIR)/build/sources/micropython
TREE_STAMP := $(STAMPS)/tree-fetched
$(TREE_STAMP): build/sources/versions.json
else
TREE       := $(abspath $(MICROPYTHON_DIR))
TREE_STAMP := $(STAMPS)/tree$(subst /,+,$(TREE))
endif

$(TREE_STAMP):
	$(if $(MICROPYTHON_DIR),$(foreach part,ports/unix/Makefile lib/mbedtls/library lib/micropython-lib/README.md,\
		$(if $(wildcard $(TREE)/$(part)),,$(error mpkiosk: MICROPYTHON_DIR=$(MICROPYTHON_DIR) has no $(part); \
		it must be a git checkout of MicroPython with its submodules))))
	@mkdir -p $(@D) && rm -f $(STAMPS)/tree* && touch $@

# Not $(MAKE) in the recipes: make would run those even under -n.  Hence no flags and no job slots of ours either.
PORT_MAKE = MAKEFLAGS= $(MAKE) -j$(JOBS)

build/mpy-cross/mpy-cross: $(TREE_STAMP) | $(STAMPS)/packages-build
	@rm -rf $(@D)
	$(call logged,mpy-cross,building $@,\
		$(PORT_MAKE) -C $(TREE)/mpy-cross BUILD=$(CURDIR)/$(@D) && touch $@)

# The trusted certificates that every image carries.
ROOTS := build/roots/kiosk/net/shipped_roots.py
$(ROOTS): host_tools/roots.py $(VENV)
	@.venv/bin/python -m host_tools.roots $@

# The fonts that every image carries.
FONTS := build/fonts/kiosk/ui/fonts/__init__.py
FONT_SOURCES := build/sources/fonts/unifont.otf
$(FONT_SOURCES): host_tools/setup/fonts.py | $(STAMPS)/packages-sources $(VENV)
	@.venv/bin/python -m host_tools.setup.fonts $(@D) && touch $@
$(FONTS): $(FONT_SOURCES) $(wildcard host_tools/fonts/*.py) $(VENV)
	@.venv/bin/python -m host_tools.fonts.shipped $(dir $(FONT_SOURCES)) build/fonts

# The keyboard's table of pinyin.  The stamp's name holds its size: another one means making it anew.
PINYIN := $(STAMPS)/pinyin-$(PINYIN_KB)
$(PINYIN): $(wildcard host_tools/pinyin/*.py) $(VENV)
	@mkdir -p $(@D) && rm -f $(STAMPS)/pinyin-*
	@.venv/bin/python -m host_tools.pinyin.table $(PINYIN_KB) build/pinyin && touch $@

# Folders are in the list for the files that vanish from them; `firmware` is a goal too, so the folder has another name.
files_in = $(patsubst firmware,firmware/.,$(shell find $(wildcard $(1)) -name __pycache__ -prune -o -print))
IMAGE_FILES := $(call files_in,firmware drivers boards/common boards/UNIX)

# MicroPython's make sees every edit but these: its own flags, C modules that come or go, another tree.
FROM_SCRATCH = $(filter %.mk firmware/cmodules $(TREE_STAMP),$?)

build/unix/mpkiosk build/unix32/mpkiosk: \
build/%/mpkiosk: $(TREE_STAMP) build/mpy-cross/mpy-cross $(ROOTS) $(FONTS) $(PINYIN) $(IMAGE_FILES)
	$(if $(FROM_SCRATCH),@rm -rf $(@D))
	$(call logged,$*,building $@,$(PORT_MAKE) -C $(TREE)/ports/unix $(WORD_SIZE) \
		BUILD=$(CURDIR)/$(@D) VARIANT=UNIX VARIANT_DIR=$(CURDIR)/boards/UNIX/variant \
		MICROPY_MPYCROSS=$(CURDIR)/build/mpy-cross/mpy-cross \
		USER_C_MODULES=$(abspath $(wildcard firmware/cmodules)) GPL_CODECS=1 && touch $@)

build/unix32/mpkiosk: WORD_SIZE := MICROPY_FORCE_32BIT=1
build/unix32/mpkiosk: | $(STAMPS)/packages-unix32

IMAGE_NEEDS := $(TREE_STAMP) build/mpy-cross/mpy-cross $(ROOTS) $(FONTS) $(PINYIN) \
 $(call files_in,firmware drivers boards host_tools/firmware)

build/firmware/%/firmware.bin: $(IMAGE_NEEDS)
	@GPL_CODECS= $(PYTHON) -m host_tools.firmware.build $* --tree $(TREE) --jobs $(JOBS)

# The shorter stem is preferred: BOARD-gpl is no board.
build/firmware/%-gpl/firmware.bin: $(IMAGE_NEEDS)
	@GPL_CODECS=1 $(PYTHON) -m host_tools.firmware.build $* --tree $(TREE) --jobs $(JOBS)

# Before anything is fetched for a board that does not exist.
ifneq ($(filter firmware size size-diff,$(MAKECMDGOALS)),)
BOARDS := $(notdir $(patsubst %/board.json,%,$(wildcard boards/*/board.json)))
$(if $(filter $(BOARDS),$(BOARD)),,$(error mpkiosk: BOARD=$(BOARD) is no board; there are: $(BOARDS)))
endif
