/* A bench by itself with a probe's USB endpoints before it: commands go in, replies come out. */
#ifndef SWDOCTOR_TESTS_DESK_H
#define SWDOCTOR_TESTS_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/bench.h"

struct desk {
	struct bench b;
	uint8_t reply[8192];
	size_t len;
};

static inline void desk_init(struct desk *d, const char *probe, const char *firmware,
			     const char *chip)
{
	struct scenario s;

	scenario_defaults(&s);
	s.probe = probe_row_find(probe);
	s.version = s.probe->version;
	s.chip = chip_find(chip);
	if (firmware)
		assert_int_equal(probe_version_parse(firmware, &s.version, NULL), 0);
	assert_int_equal(bench_init(&d->b, &s, NULL), 0);
}

static inline void send(struct desk *d, const uint8_t *bytes, size_t len)
{
	struct usb_transfer t = {
		.endpoint = d->b.timed.ep_out, .data = (uint8_t *)bytes, .len = len, .turn = true
	};

	assert_int_equal(bench_transfer(&d->b, &t), USB_DONE);
}

static inline enum usb_result fetch(struct desk *d, size_t room)
{
	struct usb_transfer t = {
		.endpoint = d->b.timed.ep_in, .data = d->reply, .len = room, .turn = true
	};
	enum usb_result result = bench_transfer(&d->b, &t);

	d->len = t.got;
	return result;
}

#define SAY(d, ...) send(d, (const uint8_t[16]){ __VA_ARGS__ }, 16)

/* A command and its reply, which has exactly this length. */
#define ASK(d, room, ...)                                                                          \
	do {                                                                                       \
		SAY(d, __VA_ARGS__);                                                               \
		assert_int_equal(fetch(d, room), USB_DONE);                                        \
		assert_int_equal((d)->len, room);                                                  \
	} while (0)

static inline void enter(struct desk *d)
{
	ASK(d, 2, 0xf2, 0x30, 0xa3);
	assert_int_equal(get_le16(d->reply), 0x80);
	if (d->b.fw.version.jtag >= 28 || d->b.fw.version.hardware >= 3) {
		ASK(d, 2, 0xf2, 0x4b, 0);
		assert_int_equal(d->reply[0], 0x80);
	}
}

#endif
