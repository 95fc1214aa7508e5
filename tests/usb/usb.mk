# Tests in which the real libusb meets a kernel played by umockdev.
MOCK_USB  := $O/tests/usb/mock_usb.o $O/tests/usb/mock_firmware.o
MOCKED    := $(addprefix $O/tests/test_,transport_usb probe)
UMOCKDEV_CFLAGS = $(shell pkg-config --cflags umockdev-1.0)
UMOCKDEV_LIBS   = $(shell pkg-config --libs umockdev-1.0)

$O/tests/usb/%.o: private ALL_CFLAGS += $(UMOCKDEV_CFLAGS)
$(MOCKED): private ALL_LDLIBS += $(UMOCKDEV_LIBS)
$(MOCKED): $(MOCK_USB)

# For the command line tests.
$O/tests/mock_run: $O/tests/usb/mock_run.o $(MOCK_USB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(SANFLAGS) $(UMOCKDEV_LIBS)
units: $O/tests/mock_run

# The firmware alone needs neither.
$O/tests/test_transport_fault: $O/tests/usb/mock_firmware.o
