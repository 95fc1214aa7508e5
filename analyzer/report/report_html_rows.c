/* Gathering what a page shows of a capture: see report_html_rows.h. */
#include "analyzer/report/report_html_rows.h"

#include <string.h>

#include "analyzer/usb/trace_table.h"
#include "probe/stlink_say.h"

void html_rows_init(struct html_rows *h)
{
	*h = (struct html_rows){ .arena = arena_new(), .phase = "", .n_speeds = 1 };
	buf_init(&h->rows);
	buf_init(&h->volts);
	buf_init(&h->registers);
}

void html_rows_done(struct html_rows *h)
{
	buf_done(&h->rows);
	buf_done(&h->volts);
	buf_done(&h->registers);
	arena_free(h->arena);
}

static const char *keep(struct html_rows *h, struct buf *text)
{
	const char *kept = arena_str(h->arena, buf_str(text));

	buf_clear(text);
	return kept;
}

static enum html_kind kind_of(const struct trace_row *row)
{
	enum stlink_status_kind kind = row->told_by ? row->told_kind : row->said.kind;

	if (row->is_mark)
		return HTML_MARK;
	if (!trace_row_failed(row))
		return HTML_OK;
	return kind == STLINK_STATUS_WAIT && row->x.outcome == XACT_OK ? HTML_WAIT : HTML_BAD;
}

static void add_row(struct html_rows *h, const struct trace_row *row, enum html_kind kind)
{
	struct html_row r = { .number = row->number,
			      .packet = row->packet,
			      .last_packet = row->last_packet > row->packet ? row->last_packet
									    : row->packet,
			      .since_us = row->since_us,
			      .took_us = row->x.took_us,
			      .retry = row->said.retry,
			      .kind = kind,
			      .phase = h->phase };
	struct buf text;

	buf_init(&text);
	if (row->is_mark) {
		r.command = arena_str(h->arena, row->mark);
		r.arguments = r.status = r.says = "";
	} else {
		stlink_say_command(&text, &row->said, &row->x);
		r.command = keep(h, &text);
		stlink_say_arguments(&text, &row->said, &row->x);
		r.arguments = keep(h, &text);
		trace_table_status(&text, row);
		r.status = keep(h, &text);
		trace_table_says(&text, row);
		r.says = keep(h, &text);
	}
	buf_add(&h->rows, &r, sizeof(r));
	buf_done(&text);
}

static void add_speed(struct html_rows *h, uint32_t khz)
{
	size_t i = 0;

	while (i < h->n_speeds && h->speeds[i].khz != khz)
		i++;
	if (i == HTML_SPEEDS_MAX)
		return;
	if (i == h->n_speeds)
		h->speeds[h->n_speeds++].khz = khz;
	h->speed_now = i;
}

/* An error on the wires is a lost bit or no answer; WAIT and FAULT are answers. */
static void count_access(struct html_rows *h, const struct trace_row *row)
{
	enum stlink_status_kind kind = row->told_by ? row->told_kind : row->said.kind;
	bool told = row->told_by || row->said.has_status;

	if (row->said.has_khz && !row->said.n_khz)
		add_speed(h, row->said.khz);
	if (!told || (!row->said.n_access && !row->said.memory.there))
		return;
	h->speeds[h->speed_now].accesses++;
	h->speeds[h->speed_now].errors +=
		kind == STLINK_STATUS_SIGNAL || kind == STLINK_STATUS_NOLINK;
}

static void add_register(struct html_rows *h, const struct stlink_access *a, uint64_t number)
{
	const struct coresight_reg *reg = coresight_reg_find(a->space, a->address, a->write);
	struct html_register r = { reg, a->ap, a->value, number };
	struct html_register *at = (struct html_register *)h->registers.at;
	size_t n = h->registers.len / sizeof(r);

	if (!reg || a->write || !a->has_value)
		return;
	for (size_t i = 0; i < n; i++)
		if (at[i].reg == reg && at[i].ap == a->ap) {
			at[i] = r;
			return;
		}
	buf_add(&h->registers, &r, sizeof(r));
}

void html_rows_add(void *rows, const struct trace_row *row)
{
	struct html_rows *h = rows;
	enum html_kind kind = kind_of(row);
	size_t n = html_rows_n(h);

	h->seen++;
	if (kind == HTML_MARK) {
		h->attempts++;
		if (!row->concluded)
			h->phase = arena_str(h->arena, row->mark);
	} else {
		count_access(h, row);
		for (unsigned i = 0; i < row->said.n_access; i++)
			add_register(h, &row->said.access[i], row->number);
		if (row->said.has_voltage &&
		    h->volts.len < HTML_VOLTS_MAX * sizeof(struct html_volt)) {
			struct html_volt v = { row->since_us, row->said.mv };

			buf_add(&h->volts, &v, sizeof(v));
		}
	}
	if (n < HTML_ROWS_MAX || (kind != HTML_OK && n < HTML_ROWS_MAX + HTML_FAILURES_MAX))
		add_row(h, row, kind);
}
