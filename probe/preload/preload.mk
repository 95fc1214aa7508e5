# The pass-through libusb that `swdoctor run --trace` puts before the real one. It is loaded into other
# programs, so it is never built with sanitizers, and shows nothing but libusb's own functions.
PRELOAD     := $O/lib/swdoctor/libusb-1.0.so.0
PRELOAD_SRC := $(wildcard probe/preload/*.c) $(addprefix probe/base/,err.c buf.c clock.c) \
	       $(wildcard probe/stlink_decode*.c) $(addprefix probe/,transport_trace.c stlink_say.c stlink_say_command.c pcapng_write.c \
	       capture_extra.c usb_packet.c stlink_cmd.c stlink_status.c stlink_version.c stlink_speed.c \
	       coresight_regs.c usb_ids.c xact.c)
PRELOAD_OBJ := $(PRELOAD_SRC:%.c=$O/pic/%.o)
PRELOAD_CFLAGS := -std=gnu17 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -fPIC -fvisibility=hidden \
	       $(shell pkg-config --cflags libusb-1.0)

all: $(PRELOAD)
units: $(PRELOAD)

$(PRELOAD): $(PRELOAD_OBJ)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -shared -Wl,-soname,libusb-1.0.so.0 -Wl,-z,defs -o $@ $^ -lpthread -ldl

$O/pic/%.o: %.c $(call remember,pic-flags,$(CC) $(PRELOAD_CFLAGS))
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(PRELOAD_CFLAGS) -MMD -MP -c -o $@ $<
