# The virtual bench: a program of its own, because it links an emulator, and two libraries that other
# programs get to see instead of the USB bus and the clock. Without libunicorn-dev it is left out.
SIM_HAVE := $(shell pkg-config --exists unicorn 2>/dev/null && echo 1)

# Without libusbredirparser-dev it is not shown to virtual machines.
SIM_REDIR := $(shell pkg-config --exists libusbredirparser-0.5 2>/dev/null && echo 1)
SIM_REDIR_LIBS = $(if $(SIM_REDIR),$(shell pkg-config --libs libusbredirparser-0.5))

SIM_DIR  := $O/lib/swdoctor
SIM      := $(SIM_DIR)/swdoctor-sim
SIM_OBJ  := $(patsubst %.c,$O/%.o,$(filter-out probe/sim/sim_main.c $(if $(SIM_REDIR),,$(wildcard probe/sim/server_redir*.c)),$(wildcard probe/sim/*.c)))
SIM_BASE := $(patsubst %.c,$O/%.o,$(wildcard probe/base/*.c))
SIM_LIBS := $(SIM_DIR)/sim/libusb-1.0.so.0 $(SIM_DIR)/sim/vtime.so
SCENARIOS := $(wildcard rules/scenarios/*.yaml)
SIM_LDLIBS = $(SANFLAGS) $(LDFLAGS) $(shell pkg-config --libs unicorn yaml-0.1) -lm

ifeq ($(SIM_HAVE),1)
all: $(SIM) $(SIM_LIBS) $(SIM_DIR)/sim.so
units: $(SIM) $(SIM_LIBS) $(SIM_DIR)/sim.so
else
UNITS := $(filter-out $O/tests/test_sim_%,$(UNITS))
endif

ifeq ($(SIM_REDIR),1)
$O/probe/sim/sim_main.o: private ALL_CFLAGS += -DHAVE_USBREDIR
$O/tests/test_sim_redir: private SIM_LDLIBS += $(SIM_REDIR_LIBS)
else
UNITS := $(filter-out $O/tests/test_sim_redir,$(UNITS))
endif
$O/probe/sim/sim_main.o: $(call remember,sim-redir,$(SIM_REDIR))

$(SIM): $O/probe/sim/sim_main.o $O/sim.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(SIM_LDLIBS) $(SIM_REDIR_LIBS)

$O/sim.a: $(SIM_OBJ) $(SIM_BASE) $O/gen/scenarios.o $(call remember,sim-objects,$(SIM_OBJ) $(SIM_BASE))
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $(SIM_OBJ) $(SIM_BASE) $O/gen/scenarios.o

# The scenarios are compiled in, as they are.
$O/gen/scenarios.c: probe/sim/scenarios.sh $(SCENARIOS) $(call remember,scenarios,$(SCENARIOS))
	@mkdir -p $(@D)
	$(call say,GEN,$@)probe/sim/scenarios.sh $(SCENARIOS) >$@.new && mv $@.new $@

$O/gen/scenarios.o: $O/gen/scenarios.c
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Loaded into other programs, so never with sanitizers; libusb shows libusb's functions only.
SIM_SO_CFLAGS := -std=gnu17 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -fPIC $(shell pkg-config --cflags libusb-1.0)

$(SIM_DIR)/sim/libusb-1.0.so.0: $(wildcard probe/sim/libusb/*.c) $(wildcard probe/sim/libusb/*.h) probe/sim/proto.h \
		probe/sim/libusb/exports.map
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(SIM_SO_CFLAGS) -shared -Wl,-soname,libusb-1.0.so.0 -Wl,-z,defs \
		-Wl,--version-script=probe/sim/libusb/exports.map -o $@ $(filter %.c,$^) -lpthread

$(SIM_DIR)/sim/vtime.so: probe/sim/preload/vtime.c probe/sim/proto.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(SIM_SO_CFLAGS) -shared -Wl,-z,defs -o $@ $<

# The bench inside a program that loads it: only its table is seen from outside. The objects serve the programs, too.
SIM_PIC := -fPIC -fvisibility=hidden
$(SIM_OBJ) $(SIM_BASE) $O/gen/scenarios.o: private ALL_CFLAGS += $(SIM_PIC)
$(SIM_OBJ) $(SIM_BASE) $O/gen/scenarios.o: $(call remember,sim-flags,$(SIM_PIC))

$(SIM_DIR)/sim.so: $O/probe/sim/plugin.o $O/sim.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -shared -o $@ $^ $(SIM_LDLIBS)

# Unit tests of the bench see nothing but the bench.
$O/tests/test_sim_%: $O/tests/unit/test_sim_%.o $O/sim.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(SIM_LDLIBS) $(shell pkg-config --libs cmocka)

# ---- measuring ----

.PHONY: sim-fit sim-parallel
# Published sessions, run again: how far the bench's seconds are from theirs.
sim-fit: all
	@python3 tests/bench/sim_fit.py $O/swdoctor --median-at-most 0.05 --within-10-at-least 0.8

sim-parallel: all
	@tests/sim_parallel.sh $O/swdoctor 20 0.5

# ---- installing ----

.PHONY: install-sim
ifeq ($(SIM_HAVE),1)
install: install-sim
endif
install-sim: $(SIM) $(SIM_DIR)/sim.so $(SIM_LIBS)
	install -D -m 755 $(SIM) $(DESTDIR)$(PREFIX)/lib/swdoctor/swdoctor-sim
	install -m 644 $(SIM_DIR)/sim.so $(DESTDIR)$(PREFIX)/lib/swdoctor/sim.so
	install -d $(DESTDIR)$(PREFIX)/lib/swdoctor/sim
	install -m 644 $(SIM_LIBS) $(DESTDIR)$(PREFIX)/lib/swdoctor/sim
