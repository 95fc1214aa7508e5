# Tests in which the real libusb meets a kernel played by umockdev.
MOCK_USB  := $O/tests/usb/mock_usb.o $O/tests/usb/mock_firmware.o $O/tests/usb/usbfs.o
MOCKED    := $(addprefix $O/tests/test_,transport_usb probe probe_list probe_flags each_probe)
UMOCKDEV_CFLAGS = $(shell pkg-config --cflags umockdev-1.0)
UMOCKDEV_LIBS   = $(shell pkg-config --libs umockdev-1.0)

$O/tests/usb/%.o: private ALL_CFLAGS += $(UMOCKDEV_CFLAGS)
$(MOCKED): private ALL_LDLIBS += $(UMOCKDEV_LIBS)
$(MOCKED): $(MOCK_USB)

# For the command line tests.
$O/tests/mock_run: $O/tests/usb/mock_run.o $(MOCK_USB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(SANFLAGS) $(UMOCKDEV_LIBS)
# A peer for the pass-through library, and a libusb that costs nothing to measure it with. Like any other program
# it is built without sanitizers.
PLAIN_CFLAGS := -std=gnu17 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) $(shell pkg-config --cflags libusb-1.0)
$O/tests/usb_peer: tests/usb/usb_peer.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) -o $@ $< $(shell pkg-config --libs libusb-1.0)
# What they call is compared with and without the bench.
$O/tests/usb_calls: tests/usb/usb_calls.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) -o $@ $< $(shell pkg-config --libs libusb-1.0) -pthread
$O/tests/time_calls: tests/usb/time_calls.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) -o $@ $<
units: $O/tests/usb_calls $O/tests/time_calls
$O/tests/null/libusb-1.0.so.0: tests/usb/null_libusb.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) -shared -fPIC -Wl,-soname,libusb-1.0.so.0 -o $@ $<
units: $O/tests/mock_run $O/tests/usb_peer $O/tests/null/libusb-1.0.so.0

# What recording costs beside a nominal transaction of 350 us: {"target":"bench-preload",...}
.PHONY: bench-preload
bench-preload: $(PRELOAD) $O/tests/usb_peer $O/tests/null/libusb-1.0.so.0
	@tests/usb/bench_preload.sh $O

# The firmware alone needs neither.
$O/tests/test_transport_fault: $O/tests/usb/mock_firmware.o

# Reaches the virtual bench as any other program does, and in the same process.
$O/tests/test_driver_on_bench: | $(if $(SIM_HAVE),$(SIM) $(SIM_LIBS))
$O/tests/test_transport_sim $O/tests/test_scenarios $O/tests/test_probe_flags: | $(if $(SIM_HAVE),$(SIM_DIR)/sim.so)

# The bench behind the real libusb.
$O/tests/bench_usb: tests/usb/bench_usb.c tests/usb/usbfs.c tests/usb/usbfs.h probe/sim/proto.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) $(UMOCKDEV_CFLAGS) -o $@ $(filter %.c,$^) $(UMOCKDEV_LIBS)
units: $O/tests/bench_usb
