/* A session with a probe, made packet by packet, and the events that are told of it. */
#ifndef SWDOCTOR_TESTS_DECODE_STORY_H
#define SWDOCTOR_TESTS_DECODE_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/usb/decode.h"
#include "tests/lib/capture_make.h"

struct story {
	struct capture_make m;
	struct events *ev;
	struct capture_stats stats;
	struct buf text;
};

static inline int start(void **state)
{
	static struct story s;

	memset(&s, 0, sizeof(s));
	capture_make_init(&s.m);
	capture_make_begin(&s.m);
	buf_init(&s.text);
	*state = &s;
	return 0;
}

static inline int stop(void **state)
{
	struct story *s = *state;

	capture_make_done(&s->m);
	events_free(s->ev);
	buf_done(&s->text);
	return 0;
}

/* Events a line each: "dp.id 0x2ba01477" with the number of times where it is more than one. */
static inline void list(struct story *s)
{
	for (size_t i = 0; i < events_len(s->ev); i++) {
		const struct event *e = events_at(s->ev, i);
		const struct event_kind_row *row = &event_kind_rows[e->kind];

		buf_add_str(&s->text, row->name);
		for (int f = 0; f < EVENT_FIELDS_MAX && row->fields[f].name; f++) {
			if (!e->v[f].has)
				buf_add_str(&s->text, " -");
			else if (row->fields[f].type == EVENT_TEXT)
				buf_addf(&s->text, " %s", e->v[f].text);
			else if (row->fields[f].type == EVENT_HEX)
				buf_addf(&s->text, " 0x%llx", (unsigned long long)e->v[f].num);
			else
				buf_addf(&s->text, " %lld", (long long)e->v[f].num);
		}
		if (e->times > 1)
			buf_addf(&s->text, " x%u", e->times);
		buf_add_char(&s->text, '\n');
	}
}

static inline void end(struct story *s, unsigned probe)
{
	struct pcap_bytes bytes;

	s->ev = events_new();
	assert_int_equal(
		decode_capture(capture_make_source(&s->m, &bytes), probe, s->ev, &s->stats, NULL),
		0);
	list(s);
}

static inline void check(struct story *s, const char *want)
{
	end(s, 0);
	assert_string_equal(buf_str(&s->text), want);
}

#define OPENED                                                                                     \
	"usb.device 0x483 0x3748\nprobe.usb-id 0x483 0x3748\nprobe.version 2 37 2 V2J37S7\n"       \
	"probe.mode mass-storage\ntarget.voltage 3301\nprobe.speed 1800 -\n"

static inline void open_probe(struct capture_make *m)
{
	capture_make_in(m, "f1", "29 47 83 04 48 37");
	capture_make_in(m, "f5", "01 00");
	capture_make_in(m, "f7", "d1 05 00 00 00 08 00 00");
	capture_make_in(m, "f2 43 01", "80 00");
}

static const char status_ok[] = "80 00 00 00 00 00 00 00 00 00 00 00";

#define STORY(name) cmocka_unit_test_setup_teardown(name, start, stop)

#endif
