/* A bench made of a scenario's text, with a probe's USB endpoints before it, whose transfers may
 * fail. */
#ifndef SWDOCTOR_TESTS_YAML_DESK_H
#define SWDOCTOR_TESTS_YAML_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/bench.h"

#define DESK_PATIENCE_NS (3 * NS_PER_S)

struct desk {
	struct arena *a;
	struct bench b;
	uint8_t reply[64];
	size_t len;
};

static inline void desk_init(struct desk *d, const char *yaml)
{
	struct scenario s;
	struct err e = { 0 };

	d->a = arena_new();
	if (scenario_parse(yaml, strlen(yaml), d->a, &s, &e))
		fail_msg("%s", e.text);
	assert_int_equal(bench_init(&d->b, &s, &e), 0);
}

static inline void desk_done(struct desk *d)
{
	bench_done(&d->b);
	arena_free(d->a);
}

static inline enum usb_result desk_send(struct desk *d, const uint8_t command[16])
{
	struct usb_transfer t = { .endpoint = d->b.timed.ep_out,
				  .data = (uint8_t *)command,
				  .len = 16,
				  .turn = true,
				  .timeout_ns = DESK_PATIENCE_NS };

	return bench_transfer(&d->b, &t);
}

static inline enum usb_result desk_fetch(struct desk *d, size_t room)
{
	struct usb_transfer t = { .endpoint = d->b.timed.ep_in,
				  .data = d->reply,
				  .len = room,
				  .turn = true,
				  .timeout_ns = DESK_PATIENCE_NS };
	enum usb_result result = bench_transfer(&d->b, &t);

	d->len = t.got;
	return result;
}

static inline enum usb_result desk_ask(struct desk *d, const uint8_t command[16], size_t room)
{
	enum usb_result result = desk_send(d, command);

	return result == USB_DONE ? desk_fetch(d, room) : result;
}

#endif
