# Tests in which the real libusb meets a kernel played by umockdev.
MOCK_USB  := $(patsubst %.c,$O/%.o,$(wildcard tests/usb/mock_*.c))
MOCKED    := $(addprefix $O/tests/test_,transport_usb probe)
UMOCKDEV_CFLAGS = $(shell pkg-config --cflags umockdev-1.0)
UMOCKDEV_LIBS   = $(shell pkg-config --libs umockdev-1.0)

$O/tests/usb/%.o: private ALL_CFLAGS += $(UMOCKDEV_CFLAGS)
$(MOCKED): private ALL_LDLIBS += $(UMOCKDEV_LIBS)
$(MOCKED): $(MOCK_USB)

# The firmware alone needs neither.
$O/tests/test_transport_fault: $O/tests/usb/mock_firmware.o
