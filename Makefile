# swdoctor: build, test, measure. `make deps demo` and `make deps-check check` are the two commands to know.
#
# O is the folder of everything that is built. Variants have one of their own: SAN=1 (address and undefined
# behaviour sanitizers), CC=clang.
PREFIX  ?= /usr/local
DESTDIR ?=
O       ?= build
CFLAGS  ?= -O2 -g
FUZZ_SECONDS ?= 60

MAKEFLAGS += --no-print-directory

include tests/deps.mk

# Installing packages changes what pkg-config finds, so all other goals run in a make of their own after it.
INSTALL_GOALS := $(filter deps deps-check,$(MAKECMDGOALS))
OTHER_GOALS   := $(filter-out deps deps-check,$(MAKECMDGOALS))

ifneq ($(INSTALL_GOALS),)
.PHONY: $(MAKECMDGOALS)
deps:
	@tests/deps.sh $(DEPS_BUILD)
deps-check:
	@tests/deps.sh $(DEPS_BUILD) $(DEPS_CHECK)
	@tests/deps_npm.sh $O
$(firstword $(OTHER_GOALS)): $(INSTALL_GOALS)
	@$(MAKE) $(OTHER_GOALS)
$(filter-out $(firstword $(OTHER_GOALS)),$(OTHER_GOALS)): $(firstword $(OTHER_GOALS))
	@:
else

PKGS      := libusb-1.0 yaml-0.1 libpcre2-8 jansson libxxhash sqlite3
ifneq ($(MAKECMDGOALS),clean)
ifeq ($(shell pkg-config --exists $(PKGS) && echo 1),)
$(error something is missing that swdoctor is built with; `make deps` installs it)
endif
endif

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	   -Wundef -Wwrite-strings -Wswitch-enum -Werror
comma   := ,
SANFLAGS := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) \
	   $(if $(FUZZ),-fsanitize=fuzzer-no-link)
ALL_CFLAGS := -std=gnu17 -D_GNU_SOURCE -I. -I$O/gen $(WARN) $(CFLAGS) $(SANFLAGS) \
	   $(shell pkg-config --cflags $(PKGS))
ALL_LDLIBS := $(SANFLAGS) $(LDFLAGS) $(shell pkg-config --libs $(PKGS)) -lm

MAINS   := analyzer/main.c analyzer/pack.c analyzer/pages/pages_main.c
SRC     := $(filter-out $(MAINS),$(wildcard probe/base/*.c probe/*.c flash/*.c analyzer/*.c analyzer/*/*.c))
OBJ     := $(SRC:%.c=$O/%.o) $O/flash/chip_text.o $O/analyzer/report/report_assets.o
RULES   := $(shell find rules \( -path rules/scenarios -o -path rules/chips.yaml \) -prune -o -name '*.yaml' -print | LC_ALL=C sort)
UNITS   := $(patsubst tests/unit/%.c,$O/tests/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TESTLIB := $(patsubst %.c,$O/%.o,$(wildcard tests/lib/*.c))

# `make V=1` shows the commands.
say = $(if $(V),,@printf '  %-7s %s\n' $1 '$2'; )

# A file whose text is $2 and that is touched only when the text changes: what depends on it follows a
# changed flag and a file that was removed from a list.
remember = $(shell mkdir -p $O/lists && echo '$2' | cmp -s - $O/lists/$1 || echo '$2' >$O/lists/$1)$O/lists/$1

.PHONY: all units unit-objects replays
all: $O/swdoctor $O/share/done
units: $(UNITS)
# Compiled, not linked: what another compiler has to say about the tests.
unit-objects: $(UNITS:$O/tests/%=$O/tests/unit/%.o) $(TESTLIB)
replays: $(FUZZERS:%=$O/tests/replay_%)

$O/swdoctor: $O/analyzer/main.o $O/lib.a $O/rules.o
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/lib.a: $(OBJ) $(call remember,objects,$(OBJ))
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $(OBJ)

$O/%.o: %.c $(call remember,flags,$(CC) $(ALL_CFLAGS))
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The rules are compiled in: analyzer/pack.c writes them, parsed and with the prefilter compiled, into one file.
$O/pack: $O/analyzer/pack.o $O/lib.a $O/rules_none.o
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/gen/rules.bin: $O/pack $(RULES) $(call remember,rules,$(RULES))
	@mkdir -p $(@D)
	$(call say,PACK,$@)$O/pack $@ rules $(RULES)

$O/rules.o: analyzer/rule/rules_blob.S $O/gen/rules.bin
	$(call say,AS,$@)$(CC) -c -DRULES_BLOB='"$O/gen/rules.bin"' -o $@ $<

$O/rules_none.o: analyzer/rule/rules_blob.S
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) -c -o $@ $<

# The chips are compiled in as text.
$O/flash/chip_text.o: flash/chip_text.S rules/chips.yaml
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) -c -I. -o $@ $<

$O/analyzer/report/report_assets.o: analyzer/report/report_assets.S analyzer/report/report_page.css analyzer/report/report_page.js
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) -c -o $@ $<

# Manual pages and completions are written from the option tables.
MAN_DATE := November 24, 2026
$O/pages: $O/analyzer/pages/pages_main.o $O/lib.a $O/rules_none.o
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/share/done: $O/pages analyzer/usb/dissector.lua
	$(call say,PAGES,$(@D))rm -rf $(@D) && $O/pages $(@D) '$(MAN_DATE)' analyzer/usb/dissector.lua && touch $@

include probe/preload/preload.mk
-include probe/sim/sim.mk

# ---- tests ----

$O/tests/test_%: $O/tests/unit/test_%.o $(TESTLIB) $O/lib.a $O/rules.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS) $(shell pkg-config --libs cmocka)

include tests/usb/usb.mk

# A fuzz target as a plain program that is fed its corpus.
$O/tests/replay_%: $O/tests/fuzz/fuzz_%.o $O/tests/fuzz/replay.o $O/lib.a $O/rules.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/fuzz_%: $O/tests/fuzz/fuzz_%.o $O/lib.a $O/rules.o
	$(call say,LINK,$@)$(CC) -fsanitize=fuzzer -o $@ $^ $(ALL_LDLIBS)

.PHONY: check check-san check-clang lint
check-san:
	$(MAKE) SAN=1 O=$O-san all units replays
check-clang:
	$(MAKE) CC=clang O=$O-clang all unit-objects
check: all units check-san check-clang
	@tests/run.sh $O

lint:
	@tests/run.sh --lint

.PHONY: format
format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

.PHONY: demo golden-accept fuzz fuzz-build bench
demo: all
	@tests/demo.sh $O/swdoctor

golden-accept: all
	@tests/golden.sh --accept $O/swdoctor

# The README's blocks of output, as they come out now.
.PHONY: readme-accept
readme-accept: all golden-accept
	@README_ACCEPT=$(CURDIR)/README.md SWDOCTOR=$O/swdoctor tests/cli/readme.sh

fuzz-build: $(FUZZERS:%=$O/fuzz_%)
fuzz:
	$(MAKE) CC=clang SAN=1 FUZZ=1 O=$O-fuzz fuzz-build
	@tests/fuzz/run.sh $O-fuzz $(FUZZ_SECONDS) $(FUZZERS)

-include tests/score/score.mk tests/bench/bench.mk tests/kernel/kernel.mk

# ---- releasing ----

VERSION := $(shell sed -n 's/.*SWDOCTOR_VERSION "\(.*\)"/\1/p' analyzer/base/version.h)
.PHONY: dist
# The same commit makes the same bytes, wherever and whenever.
dist:
	@mkdir -p $O
	git archive --format=tar --prefix=swdoctor-$(VERSION)/ HEAD | gzip -9n >$O/swdoctor-$(VERSION).tar.gz
	@echo $O/swdoctor-$(VERSION).tar.gz

# The Debian packages of what is committed, checked by lintian: into $O.
.PHONY: deb
deb:
	@mkdir -p $O
	@tests/deb.sh $O

# ---- installing ----

DOCS := README.md LICENSE doc/rules.md doc/scenarios.md doc/add-a-cause.md doc/add-a-log-format.md doc/add-a-chip.md doc/add-a-recovery.md doc/add-a-scenario.md doc/result.schema.json doc/list.schema.json \
	doc/trace.schema.json doc/flash.schema.json doc/events.schema.json

BASH_DIR := share/bash-completion/completions
ZSH_DIR  := share/zsh/vendor-completions
FISH_DIR := share/fish/vendor_completions.d

.PHONY: install uninstall clean
install: all
	install -D -m 755 $O/swdoctor $(DESTDIR)$(PREFIX)/bin/swdoctor
	install -D -m 644 $(PRELOAD) $(DESTDIR)$(PREFIX)/lib/swdoctor/libusb-1.0.so.0
	install -D -m 644 probe/60-swdoctor.rules $(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-swdoctor.rules
	install -d $(DESTDIR)$(PREFIX)/share/doc/swdoctor
	install -m 644 $(DOCS) $(DESTDIR)$(PREFIX)/share/doc/swdoctor
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $O/share/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 $O/share/stlink.lua $(DESTDIR)$(PREFIX)/share/swdoctor/wireshark/stlink.lua
	install -D -m 644 analyzer/labgrid_swdoctor.py $(DESTDIR)$(PREFIX)/share/swdoctor/labgrid/labgrid_swdoctor.py
	install -D -m 644 $O/share/swdoctor.bash $(DESTDIR)$(PREFIX)/$(BASH_DIR)/swdoctor
	install -D -m 644 $O/share/_swdoctor $(DESTDIR)$(PREFIX)/$(ZSH_DIR)/_swdoctor
	install -D -m 644 $O/share/swdoctor.fish $(DESTDIR)$(PREFIX)/$(FISH_DIR)/swdoctor.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/swdoctor.1 $(DESTDIR)$(PREFIX)/share/man/man1/swdoctor-*.1
	rm -f $(DESTDIR)$(PREFIX)/$(BASH_DIR)/swdoctor $(DESTDIR)$(PREFIX)/$(ZSH_DIR)/_swdoctor
	rm -f $(DESTDIR)$(PREFIX)/$(FISH_DIR)/swdoctor.fish
	rm -rf $(DESTDIR)$(PREFIX)/share/swdoctor
	rm -f $(DESTDIR)$(PREFIX)/bin/swdoctor $(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-swdoctor.rules
	rm -rf $(DESTDIR)$(PREFIX)/lib/swdoctor
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/swdoctor

clean:
	rm -rf $O $O-san $O-clang $O-fuzz

.SECONDARY:
-include $(shell find $O -name '*.d' 2>/dev/null)
endif
