/* What the steps share: events of their own, words of memory, pauses. */
#include "analyzer/check/exam_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/event/event_mark.h"
#include "probe/base/bytes.h"
#include "probe/stlink_status.h"

/* So that who reads the trace later judges by the same events. */
static void write_down(const struct exam *x, const struct event *e)
{
	struct buf mark;

	buf_init(&mark);
	event_mark_write(e, &mark);
	transport_mark(x->s->t, buf_str(&mark));
	buf_done(&mark);
}

void exam_write_down_begin(const struct exam *x)
{
	for (size_t i = 0; i < events_len(x->ev); i++) {
		const struct event *e = events_at(x->ev, i);

		if (e->kind >= EVENT_EXAM_BEGIN) /* the others are read from transactions */
			write_down(x, e);
	}
}

void exam_tell(struct exam *x, enum event_kind kind, const struct exam_value v[EVENT_FIELDS_MAX],
	       const char *fmt, ...)
{
	struct event e = { .kind = kind, .pattern = -1, .times = 1 };
	char text[EVENT_TEXT_MAX + 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		e.v[i] = (struct event_value){ v[i].has, v[i].num, v[i].text };
	e.line = e.last_line = x->count ? x->count : 1;
	e.text = text;
	event_add(x->ev, &e);
	if (x->s)
		write_down(x, &e);
}

void exam_tell_change(struct exam *x, const char *what, const char *says)
{
	for (size_t i = 0; i < events_len(x->ev); i++) {
		const struct event *e = events_at(x->ev, i);

		if (e->kind == EVENT_EXAM_CHANGED && !strcmp(e->v[0].text, what))
			return;
	}
	exam_say(x, EVENT_EXAM_CHANGED, EXAM_VALUES(EXAM_TEXT(what)), "%s", says);
}

bool exam_is_signal(int status)
{
	return stlink_status_kind_of(STLINK_STATUS_DEBUG, (uint32_t)status) == STLINK_STATUS_SIGNAL;
}

bool exam_is_refused(int status)
{
	return stlink_status_kind_of(STLINK_STATUS_DEBUG, (uint32_t)status) ==
	       STLINK_STATUS_REFUSED;
}

void exam_lose_link(struct exam *x)
{
	x->reached &= ~(unsigned)(EXAM_HAS_LINK | EXAM_HAS_CORE | EXAM_HAS_CHIP);
}

/* No acknowledge once or twice is noise; more in a row is a target that is gone. */
#define NO_ANSWER_TRIES 4

#define WAITS_MAX 4 /* words in a row that the target asked to wait for, each again and again */

/* It could be read before: the bus has no clock any more. */
static void count_waits(struct exam *x, enum stlink_status_kind kind)
{
	x->waits = kind == STLINK_STATUS_WAIT ? x->waits + 1 : 0;
	if (x->waits < WAITS_MAX || !(x->reached & EXAM_HAS_CORE))
		return;
	exam_say(x, EVENT_LINK_LOST, EXAM_VALUES(EXAM_NO_VALUE),
		 "whatever is asked, the target asks to wait, and did not before");
	x->waits = 0;
	exam_lose_link(x);
}

/* The command for one word knows the first access port only. */
static int read_word(struct exam *x, uint32_t address, uint32_t *ret, struct err *e)
{
	uint8_t bytes[4];
	int rc;

	if (!x->ap)
		return stlink_word_read(x->s, address, ret, e);
	rc = stlink_mem_read(x->s, x->ap, 4, 0, address, bytes, 4, e);
	if (!rc)
		*ret = get_le32(bytes);
	return rc;
}

int exam_write_word(struct exam *x, uint32_t address, uint32_t value, struct err *e)
{
	uint8_t bytes[4];

	if (!x->ap)
		return stlink_word_write(x->s, address, value, e);
	put_le32(bytes, value);
	return stlink_mem_write(x->s, x->ap, 4, 0, address, bytes, 4, e);
}

int exam_word(struct exam *x, uint32_t address, uint32_t *ret, unsigned *ret_status, struct err *e)
{
	enum stlink_status_kind kind = STLINK_STATUS_OK;
	struct err now = { 0 };
	int rc = 0;

	*ret_status = 0;
	for (unsigned tries = 0; tries < NO_ANSWER_TRIES; tries++) {
		rc = read_word(x, address, ret, &now);
		if (!rc) {
			x->waits = 0;
			return 0;
		}
		if (rc != ERR_STATUS) {
			if (e)
				*e = now;
			return rc;
		}
		*ret_status = (unsigned)now.native & 0xff;
		kind = stlink_status_kind_of(STLINK_STATUS_DEBUG, *ret_status);
		if (kind != STLINK_STATUS_SIGNAL)
			break;
		x->signal_errors++;
		rc = exam_mend(x, e);
		if (rc)
			return rc;
		if (!(x->reached & EXAM_HAS_LINK))
			break;
	}
	if (kind == STLINK_STATUS_SIGNAL || kind == STLINK_STATUS_NOLINK ||
	    kind == STLINK_STATUS_SICK)
		exam_lose_link(x);
	count_waits(x, kind);
	return 0;
}

int exam_sleep_ms(struct exam *x, unsigned ms, struct err *e)
{
	int rc = deadline_check(x->s->deadline, e);

	if (!rc)
		clock_sleep_us(x->s->clock, (uint64_t)ms * 1000);
	return rc;
}
