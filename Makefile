# Makefile: states the walls of the house once, and derives the build, the tests and the checks.
# `make help` lists the targets.

VERSION := 0.1.0
BUILD   ?= build
CORPUS  ?= ../shared/corpus
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g

MAKEFLAGS += --no-print-directory
Q := $(if $(V),,@) # make V=1 shows whole commands

# ---- The walls -------------------------------------------------------------------------------
# A layer may include only its own headers, the public ones of the layers it may use (users before
# what they use: this is also the order of linking) and those of its libraries (pkg-config names,
# or -lNAME where there is none).
# What it keeps off is checked in its objects; everything but app keeps off printing, exiting
# and clocks without being told. Rows for layers that have no sources yet do no harm.

row = $(eval $(call keep_row,$(strip $1),$(strip $2),$(strip $3),$(strip $4)))
define keep_row
ROWS   += $1
uses.$1 := $2
libs.$1 := $3
off.$1  := $4
endef

CODECS := zlib libzstd liblz4 liblzma -lbz2

#           layer    | may use                                     | libraries | keeps off
$(call row, app      , tui host lab report diagnose track capture packet base, libcap-ng,          )
$(call row, tui      , report diagnose track packet base           , ncursesw  , sockets           )
$(call row, host     , packet base                                 , libmnl    ,                   )
$(call row, lab      , capture packet base                         ,           ,                   )
$(call row, report   , diagnose track packet base                  , libmd     , sockets           )
$(call row, diagnose , track packet base                           ,           , sockets stdio     )
$(call row, track    , packet base                                 ,           , sockets stdio     )
$(call row, capture  , packet base                                 , libpcap $(CODECS), sockets    )
$(call row, packet   , base                                        ,           , sockets stdio heap)
$(call row, base     ,                                             , libsodium , sockets           )

LAYERS := $(foreach layer,$(ROWS),$(if $(wildcard src/$(layer)/*.c),$(layer)))

# ---- What a machine needs (Debian's names) ---------------------------------------------------

PACKAGES      := gcc libc6-dev make pkg-config libpcap-dev libsodium-dev libcap-ng-dev libmnl-dev \
                 libmd-dev libncurses-dev zlib1g-dev libzstd-dev liblz4-dev liblzma-dev libbz2-dev
TEST_PACKAGES := libcriterion-dev jq mandoc tmux
CI_PACKAGES   := clang tshark tcpdump nginx-light wrk curl iproute2

named       = $(filter-out -l%,$1)
LIBRARIES  := $(foreach layer,$(LAYERS),$(libs.$(layer)))
has_build   = { echo '\#include <bzlib.h>' | $(CC) -E - && pkg-config --exists $(call named,$(LIBRARIES)); } >/dev/null 2>&1
has_tools   = { command -v jq && command -v mandoc && command -v tmux; } >/dev/null
has_test    = $(has_build) && pkg-config --exists criterion && $(has_tools)

# ---- Building --------------------------------------------------------------------------------

export BUILD CORPUS
export SHAKEDOWN := $(BUILD)/shakedown

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
COMPILE   = $(CC) -std=c11 -D_DEFAULT_SOURCE -Iinclude -Isrc $(WARNINGS) $(CFLAGS) $(CPPFLAGS)
LINK      = $(CC) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed

# The archives, and the linker's flags, of some layers. Both are worked out when a recipe runs:
# pkg-config may have been installed a moment ago.
archives   = $(foreach layer,$(filter $1,$(LAYERS)),$(BUILD)/lib$(layer).a)
pkg_cflags = $(if $(call named,$1),$(shell pkg-config --cflags-only-I $(call named,$1)))
pkg_libs   = $(if $(call named,$1),$(shell pkg-config --libs $(call named,$1))) $(filter -l%,$1)
libraries  = $(call pkg_libs,$(foreach layer,$(filter $1,$(LAYERS)),$(libs.$(layer))))
objects    = $(patsubst %.c,$(BUILD)/%.o,$1)

all: $(BUILD)/shakedown ## build the program (the default)
	@:

$(BUILD)/shakedown: $(BUILD)/src/app/main.o $(call archives,$(ROWS))
	@echo "link $@"
	$(Q)$(LINK) -o $@ $^ $(call libraries,$(ROWS))

$(BUILD)/src/app/%: CPPFLAGS += -DSHAKEDOWN_VERSION='"$(VERSION)"'

# One archive per layer; main is no part of app's, so that tests can link the rest of it.
define layer_rules
objects.$1 := $(filter-out %/app/main.o,$(call objects,$(wildcard src/$1/*.c)))
$(BUILD)/lib$1.a: $$(objects.$1) src/$1
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && ar rcsD $$@ $$(objects.$1)
$(BUILD)/src/$1/%.o: src/$1/%.c Makefile
	@mkdir -p $$(@D) && echo "cc   $$<"
	$$(Q)$$(COMPILE) $$(call pkg_cflags,$(libs.$1)) -MMD -MP -c -o $$@ $$<
endef
$(foreach layer,$(LAYERS),$(eval $(call layer_rules,$(layer))))

# The writer of captures/: the lab's stories and the savefile writer.
STORY_LAYERS := lab $(uses.lab)
$(BUILD)/shakedown-captures: $(BUILD)/tests/tools/captures.o $(call archives,$(STORY_LAYERS))
	@echo "link $@"
	$(Q)$(LINK) -o $@ $^ $(call libraries,$(STORY_LAYERS))

captures: $(BUILD)/shakedown-captures ## rewrite captures/ from the stories, byte for byte the same
	$< captures

# The writer of a capture that is larger than any screen, for their tests.
CROWD_LAYERS := capture $(uses.capture)
$(BUILD)/shakedown-crowd: $(BUILD)/tests/tools/crowd.o $(call archives,$(CROWD_LAYERS))
	@echo "link $@"
	$(Q)$(LINK) -o $@ $^ $(call libraries,$(CROWD_LAYERS))

# ---- Tests -----------------------------------------------------------------------------------
# A layer's unit tests link that layer and those it may use; the whole-program tests everything
# but app. Tests may include private headers as "layer/x.h", and each other's helpers.

$(BUILD)/tests/%.o: tests/%.c Makefile
	@mkdir -p $(@D) && echo "cc   $<"
	$(Q)$(COMPILE) -Itests $(call pkg_cflags,criterion $(LIBRARIES)) -MMD -MP -c -o $@ $<

define test_rules
objects.$1-tests := $(call objects,$(wildcard tests/$2/*.c) $4)
$(BUILD)/tests/$2-tests: $$(objects.$1-tests) $(call archives,$3)
	@echo "link $$@"
	$$(Q)$$(LINK) -o $$@ $$^ $$(call libraries,$3) $$(call pkg_libs,criterion)
TESTS += $(BUILD)/tests/$2-tests
endef
with_tests = $(if $(wildcard tests/$2/*_test.c),$(eval $(call test_rules,$1,$2,$3,$4)))
# The tests of views hear what the tracker's tests hear.
helpers.tui := track/play.c track/inspect.c
$(foreach layer,$(LAYERS),$(call with_tests,$(layer),unit/$(layer),$(layer) $(uses.$(layer)),$(addprefix tests/unit/,$(helpers.$(layer)))))
$(call with_tests,whole,whole,$(uses.app))

# These run the program itself; what they read is made with helpers of the layers' own tests.
HELPERS := capture/folder.c capture/ground.c capture/packed.c packet/samples.c packet/wire.c
$(call with_tests,program,program,$(uses.app),$(addprefix tests/unit/,$(HELPERS)))
$(BUILD)/tests/program-tests: | $(BUILD)/shakedown

SCRIPTS := tests/tools/rewritten tests/golden/run tests/screens/run tests/tools/replay tests/tools/pictures \
           tests/tools/terminal tests/tools/survive tests/tools/man tests/tools/importers
CHECKS  := tests/tools/layers tests/tools/rooms

# layer:may use:headers of:keeps off, a line each, for tests/tools/layers.
export WALLS := $(foreach row,$(ROWS),$(row):$(uses.$(row)):$(libs.$(row)):$(off.$(row))|)

test: ## set up what is missing, then run every test
	@$(has_test) || $(MAKE) deps-test
	@$(MAKE) $(JOBS) check

check: check-build
	@tests/tools/run $(CHECKS) $(sort $(TESTS)) $(SCRIPTS)

check-build: $(BUILD)/shakedown $(BUILD)/shakedown-captures $(BUILD)/shakedown-crowd $(TESTS)

layers: $(call archives,$(ROWS)) ## check that no layer crosses a wall, and that rooms are small
	@tests/tools/run $(CHECKS)

# Its own folder; the checks of the objects are left out, since the sanitizers add calls to them.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: export ASAN_OPTIONS := exitcode=99:detect_stack_use_after_return=1
asan: export UBSAN_OPTIONS := print_stacktrace=1:exitcode=99
asan: ## run the tests under the address and undefined-behaviour sanitizers
	@$(has_test) || $(MAKE) deps-test
	@$(MAKE) $(JOBS) BUILD=$(BUILD)/asan CFLAGS='-O1 -g $(SANITIZE)' CHECKS= check

accept: all $(BUILD)/shakedown-crowd ## rewrite the golden files, screens and pictures as the program shows them now
	@tests/golden/run --accept
	@tests/screens/run --accept
	@tests/tools/pictures --accept

pictures: all ## rewrite the pictures of the views
	@tests/tools/pictures --accept

mutate: check-build ## flip every arrow and guard of track; fails if no test notices one
	@COMPILE='$(COMPILE) -Isrc/track' LINK='$(LINK)' \
	UNIT='$(call test_parts,track,track $(uses.track))' \
	WHOLE='$(call test_parts,whole,$(uses.app))' tests/mutate/run $(MUTATE)

test_parts = $(if $(objects.$1-tests),$(objects.$1-tests) $(call archives,$2) \
             $(call libraries,$2) $(call pkg_libs,criterion))

conformance: all ## compare with other tools' answers (CORPUS=../shared/corpus)
	@tests/conformance/run $(CORPUS)

# ---- Everything else -------------------------------------------------------------------------

# The analyses are wrapped, so that the stages can be timed without them: see tests/bench/stages.c.
bench         := $(BUILD)/tests/bench
bench_object   = $(patsubst %,$(bench)/%.o,$1)
STAGE_LAYERS  := track capture packet base
$(bench)/traffic: $(call bench_object,traffic talk savefile) $(call archives,packet base)
$(bench)/traffic: LAYERS_OF = packet base
$(bench)/loop: $(call bench_object,loop)
$(bench)/loop: LAYERS_OF = capture
$(bench)/measure: $(call bench_object,measure)
$(bench)/stages: $(call bench_object,stages) $(call archives,$(STAGE_LAYERS))
$(bench)/stages: LAYERS_OF = $(STAGE_LAYERS)
$(bench)/stages: LDFLAGS += -Wl,--wrap=sequence_take,--wrap=zeek_take
BENCH_TOOLS := $(addprefix $(bench)/,traffic loop measure stages)
$(BENCH_TOOLS):
	@echo "link $@"
	$(Q)$(LINK) -o $@ $^ $(call libraries,$(LAYERS_OF))

bench: all $(BENCH_TOOLS) ## cost beside an empty loop and other tools (BENCH=DIR, FACTOR=1, ROUNDS=5)
	@tests/bench/run

bench-quick: all $(BENCH_TOOLS) ## the same with small captures, in seconds
	@tests/bench/run --quick

bench-clean: ## remove the captures of bench
	@tests/bench/run --clean

# The view is used by a program that sees its screen.
load_object = $(patsubst %,$(BUILD)/tests/load/%.o,$1)
$(BUILD)/tests/load/churn: $(call load_object,churn)
$(BUILD)/tests/load/typist: $(call load_object,typist glass)
LOAD_TOOLS := $(addprefix $(BUILD)/tests/load/,churn typist)
$(LOAD_TOOLS):
	@echo "link $@"
	$(Q)$(LINK) -o $@ $^

load: all $(LOAD_TOOLS) $(bench)/traffic ## many connections, a flood, and keys pressed meanwhile (root, nginx and wrk)
	@tests/load/run $(SECONDS_OF_LOAD)

demo: ## set up what is missing, build, and show what the program does
	@$(has_build) || $(MAKE) deps
	@$(MAKE) $(JOBS) all
	@tests/tools/demo

deps: ## install what building and running need
	@tests/tools/install $(PACKAGES)

deps-test: ## install what the tests need, too
	@tests/tools/install $(PACKAGES) $(TEST_PACKAGES)

deps-ci: ## install what only .ci/run needs: another compiler, other people's analysers
	@tests/tools/install $(PACKAGES) $(TEST_PACKAGES) $(CI_PACKAGES)

install: all ## install the program and its man page (DESTDIR, PREFIX=/usr/local)
	install -D -m 755 $(BUILD)/shakedown $(DESTDIR)$(PREFIX)/bin/shakedown
	install -D -m 644 man/shakedown.1 $(DESTDIR)$(PREFIX)/share/man/man1/shakedown.1

setcap: all ## let build/shakedown capture without root; again after each build
	$(if $(filter 0,$(shell id -u)),,sudo) setcap cap_net_raw+ep $(BUILD)/shakedown

fmt: ## format the sources with clang-format
	clang-format -i $(wildcard src/*/*.[ch] include/*/*.h tests/unit/*/*.[ch] tests/whole/*.[ch] tests/program/*.[ch] tests/bench/*.[ch] tests/load/*.[ch] tests/tools/*.c)

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

# As many jobs as processors, unless somebody said otherwise.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all captures pictures test check check-build layers asan accept mutate conformance bench bench-quick \
        bench-clean load demo deps deps-test deps-ci install setcap fmt clean help
.DELETE_ON_ERROR:

-include $(wildcard $(BUILD)/src/*/*.d $(BUILD)/tests/*.d $(BUILD)/tests/*/*.d $(BUILD)/tests/*/*/*.d)
