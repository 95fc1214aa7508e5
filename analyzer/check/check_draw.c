/* The margin of the link as bars, the supply as a line, the wires on their connector: see
 * check_draw.h. */
#include "analyzer/check/check_draw.h"

#include <math.h>

#include "analyzer/base/error_rate.h"
#include "analyzer/report/report_wiring.h"

#define BAR	  20
#define BAR_CLEAN 6 /* decades below 1 that fill the bar */

double check_rate_most(uint64_t errors, uint64_t words)
{
	return error_rate_interval(errors, words).most;
}

static uint64_t errors_of(const struct exam_margin *m)
{
	return m->read_errors + m->write_errors;
}

static bool is_clean(const struct exam_margin *m)
{
	return m->worked && !errors_of(m) && m->words_read;
}

uint32_t check_recommended_khz(const struct exam_margin *m, size_t n)
{
	/* The list falls. */
	for (size_t i = 0; i < n; i++)
		if (is_clean(&m[i]) && (!i || is_clean(&m[i - 1])))
			return m[i].khz;
	for (size_t i = 0; i < n; i++)
		if (is_clean(&m[i]))
			return i + 1 < n && is_clean(&m[i + 1]) ? m[i + 1].khz : m[i].khz;
	return 0;
}

static void add_bar(struct buf *out, double rate, bool unicode)
{
	int filled = (int)(-log10(rate) / BAR_CLEAN * BAR + 0.5);

	for (int i = 0; i < BAR; i++)
		buf_add_str(out, i < filled ? unicode ? "\u2588" : "#" : unicode ? "\u2591" : ".");
}

static void add_speed(struct buf *out, const struct exam_margin *m, bool unicode)
{
	uint64_t words = m->words_read + m->words_written;
	double most = check_rate_most(errors_of(m), words);

	buf_addf(out, "  %6u kHz  ", m->khz);
	if (!m->worked) {
		buf_add_str(out, "no session\n");
		return;
	}
	add_bar(out, most, unicode);
	buf_addf(out, "  read %llu of %llu wrong, written %llu of %llu, at most %.1e a word",
		 (unsigned long long)m->read_errors, (unsigned long long)m->words_read,
		 (unsigned long long)m->write_errors, (unsigned long long)m->words_written, most);
	if (m->waits)
		buf_addf(out, ", %llu WAITs", (unsigned long long)m->waits);
	if (m->faults)
		buf_addf(out, ", %llu faults", (unsigned long long)m->faults);
	if (m->id_errors)
		buf_addf(out, ", %llu of %llu ids wrong", (unsigned long long)m->id_errors,
			 (unsigned long long)m->ids_read);
	buf_add_char(out, '\n');
}

void check_draw_margins(const struct exam *x, const struct term *t, struct buf *out)
{
	const struct exam_margin *m;
	size_t n = exam_margins(x, &m);
	uint32_t khz = check_recommended_khz(m, n);

	if (!n)
		return;
	buf_add_str(out, "margin of the link (longer is better):\n");
	for (size_t i = 0; i < n; i++)
		add_speed(out, &m[i], t->utf8);
	if (exam_curve(m, n) == EXAM_CURVE_FLAT)
		buf_add_str(out,
			    "  slowly as many words go wrong as fast: it is not the speed that "
			    "makes the errors\n");
	if (khz)
		buf_addf(out, "  recommended: %u kHz\n\n", khz);
	else
		buf_add_str(out, "  no speed is free of errors\n\n");
}

/* ---- the supply ---- */

#define SPARK_COLUMNS 32
#define SPAN_MV_LEAST 200 /* what the voltmeter's own noise does shall look flat */

static int lowest(const int *mv, size_t n)
{
	int low = mv[0];

	for (size_t i = 1; i < n; i++)
		low = mv[i] < low ? mv[i] : low;
	return low;
}

static int highest(const int *mv, size_t n)
{
	int high = mv[0];

	for (size_t i = 1; i < n; i++)
		high = mv[i] > high ? mv[i] : high;
	return high;
}

void check_draw_spark(const int *values, size_t n, int span_least, size_t columns, bool unicode,
		      struct buf *out)
{
	static const char *const blocks[] = { "\u2581", "\u2582", "\u2583", "\u2584",
					      "\u2585", "\u2586", "\u2587", "\u2588" };
	static const char *const ascii[] = { "_", ".", ",", "-", "~", "=", "+", "#" };
	int top, span;

	if (!n)
		return;
	top = highest(values, n);
	span = top - lowest(values, n);
	span = span < span_least ? span_least : span;
	if (columns > n)
		columns = n;
	for (size_t i = 0; i < columns; i++) {
		size_t from = i * n / columns, to = (i + 1) * n / columns;
		int level = 7 - (top - lowest(values + from, to - from)) * 7 / span;

		buf_add_str(out, unicode ? blocks[level] : ascii[level]);
	}
}

void check_draw_voltage(const struct exam *x, const struct term *t, struct buf *out)
{
	const int *mv;
	size_t n = exam_voltages(x, &mv);

	if (!n)
		return;
	buf_add_str(out, "VTref over the examination: ");
	check_draw_spark(mv, n, SPAN_MV_LEAST, SPARK_COLUMNS, t->utf8, out);
	buf_addf(out, "  %.2f to %.2f V\n\n", lowest(mv, n) / 1000.0, highest(mv, n) / 1000.0);
}

/* ---- the wires ---- */

static bool has_suspects(const struct wire_map *m)
{
	for (enum wire w = 0; w < WIRES; w++)
		if (m->state[w].mark == WIRE_SUSPECT || m->state[w].mark == WIRE_BAD)
			return true;
	return false;
}

static uint16_t product_of(const struct events *ev)
{
	for (size_t i = events_len(ev); i-- > 0;) {
		const struct event *e = events_at(ev, i);

		if (e->kind == EVENT_PROBE_USB_ID && e->v[1].has)
			return (uint16_t)e->v[1].num;
	}
	return 0;
}

void check_draw_wires(const struct diagnosis *d, const struct rules *r, const struct events *ev,
		      const struct connector *named, const struct term *t, struct buf *out)
{
	const struct connector *list[3] = { named };
	size_t n = named ? 1 : connectors_of_probe(product_of(ev), list);
	struct arena *notes = arena_new();
	struct wire_map m;

	report_wire_states(d, r, notes, &m);
	if (named || has_suspects(&m)) {
		m.connector = list[0];
		wire_map_text(&m, t, out);
		for (size_t i = 1; i < n; i++)
			buf_addf(out, "%s%s", i == 1 ? "  another connector: --connector " : ", ",
				 list[i]->id);
		buf_add_str(out, n > 1 ? "\n\n" : "\n");
	}
	arena_free(notes);
}

/* ---- for programs ---- */

static void put_margin(const struct exam_margin *m, struct json *j)
{
	uint64_t words = m->words_read + m->words_written;

	json_open_object(j, NULL);
	json_put_int(j, "khz", m->khz);
	json_put_bool(j, "session", m->worked);
	json_put_int(j, "words_read", (int64_t)m->words_read);
	json_put_int(j, "words_written", (int64_t)m->words_written);
	json_put_int(j, "read_errors", (int64_t)m->read_errors);
	json_put_int(j, "write_errors", (int64_t)m->write_errors);
	json_put_int(j, "ids_read", (int64_t)m->ids_read);
	json_put_int(j, "id_errors", (int64_t)m->id_errors);
	json_put_int(j, "waits", (int64_t)m->waits);
	json_put_int(j, "faults", (int64_t)m->faults);
	if (words) {
		struct error_rate bounds = error_rate_interval(errors_of(m), words);

		json_put_real(j, "error_rate_least", bounds.least, 9);
		json_put_real(j, "error_rate_most", bounds.most, 9);
	}
	json_close_object(j);
}

void check_draw_json(const struct exam *x, struct json *j)
{
	const struct exam_margin *m;
	const int *mv;
	size_t n = exam_voltages(x, &mv);

	json_open_array(j, "voltage_mv");
	for (size_t i = 0; i < n; i++)
		json_put_int(j, NULL, mv[i]);
	json_close_array(j);
	n = exam_margins(x, &m);
	if (!n)
		return;
	json_open_array(j, "sweep");
	for (size_t i = 0; i < n; i++)
		put_margin(&m[i], j);
	json_close_array(j);
	json_put_int(j, "clean_khz", check_recommended_khz(m, n));
}
