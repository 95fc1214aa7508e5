# swdoctor: build, test, measure. `make deps demo` and `make deps-check check` are the two commands to know.
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
O       ?= build$(if $(SAN),-san)$(if $(filter clang%,$(CC)),-clang)
CFLAGS  ?= -O2 -g

include tests/deps.mk

PKGS    := yaml-0.1 libpcre2-8 jansson libxxhash
HYPERSCAN := $(shell pkg-config --exists libhs && echo 1)
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	   -Wundef -Wwrite-strings -Wswitch-enum -Werror
SANFLAGS := $(if $(SAN),-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -I. -I$O/gen $(WARN) $(CFLAGS) $(shell pkg-config --cflags $(PKGS)) $(SANFLAGS) \
	   $(if $(HYPERSCAN),-DHAVE_HYPERSCAN=1 $(shell pkg-config --cflags libhs))
ALL_LDLIBS = $(shell pkg-config --libs $(PKGS)) $(if $(HYPERSCAN),$(shell pkg-config --libs libhs)) $(SANFLAGS)

MAINS   := analyzer/main.c analyzer/pack.c
SRC     := $(filter-out $(MAINS),$(wildcard probe/base/*.c probe/*.c flash/*.c analyzer/*.c))
OBJ     := $(SRC:%.c=$O/%.o)
RULES   := $(shell find rules -name '*.yaml' | LC_ALL=C sort)
UNIT    := $(patsubst tests/unit/%.c,$O/tests/%,$(wildcard tests/unit/test_*.c))
TESTLIB := $(patsubst %.c,$O/%.o,$(wildcard tests/lib/*.c))

.PHONY: all
all: $O/swdoctor

$O/swdoctor: $O/analyzer/main.o $O/lib.a $O/rules.o
	$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/lib.a: $(OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$O/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The rules are compiled in: analyzer/pack.c writes them, parsed and with the prefilter compiled, into one file.
$O/pack: $O/analyzer/pack.o $O/lib.a $O/rules_none.o
	$(CC) -o $@ $^ $(ALL_LDLIBS)

$O/gen/rules.bin: $O/pack $(RULES)
	@mkdir -p $(@D)
	$O/pack $@ rules $(RULES)

$O/rules.o: analyzer/rules_blob.S $O/gen/rules.bin
	$(CC) -c -I$O/gen -DRULES_BLOB='"$O/gen/rules.bin"' -o $@ $<

$O/rules_none.o: analyzer/rules_blob.S
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

$O/tests/%: $O/tests/unit/%.o $(TESTLIB) $O/lib.a $O/rules.o
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(ALL_LDLIBS) $(shell pkg-config --libs cmocka)

.SECONDARY:
-include $(shell find $O -name '*.d' 2>/dev/null)
