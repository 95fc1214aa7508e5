/* Putting a check into the history: see check_keep.h. */
#include "analyzer/check/check_keep.h"

#include <string.h>

#include "analyzer/check/check_draw.h"

/* ---- from events to a row ---- */

static const struct event *last_of(const struct events *ev, enum event_kind kind)
{
	for (size_t i = events_len(ev); i-- > 0;)
		if (events_at(ev, i)->kind == kind)
			return events_at(ev, i);
	return NULL;
}

static const char *text_in(const struct events *ev, enum event_kind kind, const char *field)
{
	const struct event *e = last_of(ev, kind);
	int i = e ? event_field_find(kind, field) : -1;

	return i >= 0 && e->v[i].has ? e->v[i].text : NULL;
}

static struct check_number number_in(const struct events *ev, enum event_kind kind,
				     const char *field)
{
	const struct event *e = last_of(ev, kind);
	int i = e ? event_field_find(kind, field) : -1;

	return i >= 0 && e->v[i].has ? (struct check_number){ true, e->v[i].num }
				     : (struct check_number){ 0 };
}

/* How often the probe answered again after it was opened anew; it counts on. */
static struct check_number recoveries(const struct events *ev)
{
	struct check_number n = number_in(ev, EVENT_USB_RECOVERED, "count");

	n.has = true;
	return n;
}

/* Of all words that were read twice at whatever speed. */
static struct check_number link_errors(const struct events *ev)
{
	int64_t words = 0, bad = 0;

	for (size_t i = 0; i < events_len(ev); i++) {
		const struct event *e = events_at(ev, i);

		if (e->kind != EVENT_LINK_READS)
			continue;
		words += e->v[1].num;
		bad += e->v[2].num + e->v[3].num;
	}
	return words ? (struct check_number){ true, bad * 1000000 / words }
		     : (struct check_number){ 0 };
}

static struct check_number clean_khz(const struct exam *x)
{
	const struct exam_margin *m;
	size_t n = exam_margins(x, &m);

	return n ? (struct check_number){ true, check_recommended_khz(m, n) }
		 : (struct check_number){ 0 };
}

void check_keep_row(const struct check_keep *k, int64_t at, struct check_past *ret)
{
	const struct events *ev = k->events;

	*ret = (struct check_past){
		.at = at,
		.probe = k->probe,
		.firmware = text_in(ev, EVENT_PROBE_VERSION, "text"),
		.board = text_in(ev, EVENT_CHIP_UID, "uid"),
		.label = k->label,
		.chip = text_in(ev, EVENT_CHIP_FAMILY, "family"),
		.verdict = verdict_name(k->d->verdict),
		.cause = *k->end->cause ? k->end->cause : NULL,
		.cls = k->end->cls,
		.code = k->end->code,
	};
	ret->metric[METRIC_VTREF] = number_in(ev, EVENT_VOLTAGE_TREND, "most_mv");
	ret->metric[METRIC_SPREAD] = number_in(ev, EVENT_VOLTAGE_TREND, "spread_mv");
	ret->metric[METRIC_LATENCY] = number_in(ev, EVENT_USB_LATENCY, "median_us");
	ret->metric[METRIC_RECOVERIES] = recoveries(ev);
	ret->metric[METRIC_LINK] = link_errors(ev);
	ret->metric[METRIC_KHZ] = clean_khz(k->exam);
}

/* ---- keeping it ---- */

int check_keep(const struct check_past *row, struct arena *a, struct trend *ret, struct err *e)
{
	struct check_history *h = NULL;
	const struct check_past *past;
	size_t n = 0;
	int rc = check_history_open(NULL, true, &h, e);

	if (rc)
		return rc;
	rc = check_history_add(h, row, e);
	if (!rc)
		rc = check_history_read(h, a, &past, &n, e);
	check_history_close(h);
	if (rc)
		return rc;
	/* The last row is this check, as the board that its label names. */
	*ret = trend_of(past, n, row->probe, n ? past[n - 1].board : NULL, a);
	return 0;
}
